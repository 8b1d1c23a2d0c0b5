import { format } from './rows.mjs';

/** @typedef {import('./rows.mjs').Row & { benchmark: string }} NamedRow */

const HEADS = ['benchmark', 'what', 'median', 'p99', 'yardstick', 'its p99', 'ratio', 'p99 ratio', 'aim', 'met'];

/** @param {NamedRow} row @returns {string[]} */
function cells(row) {
  const unit = row.unit === '' || !Number.isFinite(row.median) ? '' : ` ${row.unit}`;
  const ratio = (/** @type {number | null} */ value) => (value === null ? '–' : value.toFixed(2));
  return [
    row.benchmark,
    row.note === '' ? row.name : `${row.name} (${row.note})`,
    `${format(row.median)}${unit}`,
    format(row.p99),
    format(row.yardstick),
    format(row.yardstickP99),
    ratio(row.ratio),
    ratio(row.p99Ratio),
    row.aim === '' ? '–' : row.aim,
    row.met === null ? '–' : row.met ? 'yes' : '**no**',
  ];
}

/** @param {readonly NamedRow[]} rows A Markdown table, which is also readable in a terminal. */
export function table(rows) {
  const lines = [HEADS, ...rows.map(cells)];
  const widths = HEADS.map((_, column) => Math.max(3, ...lines.map((line) => line[column].length)));
  const isNumber = (/** @type {number} */ column) => column >= 2 && column <= 7;
  const text = (/** @type {string[]} */ line) =>
    `| ${line.map((cell, column) => (isNumber(column) ? cell.padStart(widths[column]) : cell.padEnd(widths[column]))).join(' | ')} |`;
  const rule = widths.map((width, column) => (isNumber(column) ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width)));
  return [text(lines[0]), text(rule), ...lines.slice(1).map(text)].join('\n');
}
