import { DAY, MINUTE } from '@loft/sync-core';

/** Duration of one row of the day's grid. */
export const ROW_MS: number = 5 * MINUTE;

/** Maximum rows: a day with a change of the clocks has an hour more. */
const ROWS: number = DAY / ROW_MS + 12;

/**
 * Renders the position of a block in the day's grid as classes, because the page's policy forbids inline styles. `r12`
 * begins at the 13th row, `h6` is six rows high, `n168` is a lane of 168 rows.
 */
export function gridStyle(): string {
  const rules: string[] = [];
  for (let row = 0; row <= ROWS; row++) {
    rules.push(`.r${row}{grid-row-start:${row + 1}}.h${row}{grid-row-end:span ${Math.max(1, row)}}`);
    if (row % 12 === 0) rules.push(`.n${row}{--rows:${row}}`);
  }
  return rules.join('\n');
}
