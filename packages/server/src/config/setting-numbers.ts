import * as z from 'zod';

/** The largest durations: a year, or ten years of days. A longer one is a mistake, and no timer or date can hold it. */
const LARGEST = new Map([
  ['milliseconds', 31_536_000_000],
  ['seconds', 31_536_000],
  ['minutes', 525_600],
  ['hours', 8760],
  ['days', 3650],
]);

function atMost<T extends z.ZodNumber>(schema: T, unit: string, largest: number = LARGEST.get(unit) ?? Infinity): T {
  return largest === Infinity ? schema : schema.max(largest, { error: `at most ${largest} ${unit}` });
}

/** A number above 0, with or without a fraction. */
export function positive(unit: string, largest?: number): z.ZodNumber {
  const what = `a number of ${unit} above 0`;
  return atMost(z.number({ error: what }).positive({ error: what }), unit, largest);
}

/** A number of at least 0, with or without a fraction. */
export function notNegative(unit: string): z.ZodNumber {
  const what = `a number of ${unit}, 0 or more`;
  return atMost(z.number({ error: what }).nonnegative({ error: what }), unit);
}

export function whole(unit: string, min: number): z.ZodInt {
  const what = `a whole number${unit === '' ? '' : ` of ${unit}`}, ${min} or more`;
  return atMost(z.int({ error: what }).min(min, { error: what }), unit);
}
