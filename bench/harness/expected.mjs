import { readFile } from 'node:fs/promises';

/**
 * What is expected of a row, by `<benchmark>: <name>`: the highest ratio (`max`), the highest ratio of the 99th
 * percentiles (`maxP99`), or the lowest ratio to the aim (`min`), each generous enough for a busy machine.
 *
 * @typedef {{ max?: number, maxP99?: number, min?: number }} Bounds
 */

const EXPECTED = new URL('../expected.json', import.meta.url);

/** @param {readonly import('./table.mjs').NamedRow[]} rows @returns The rows out of bounds, as text. */
export async function comparison(rows) {
  /** @type {Record<string, Bounds>} */
  const expected = JSON.parse(await readFile(EXPECTED, 'utf8'));
  const lines = [];
  let within = 0;
  for (const row of rows) {
    const name = `${row.benchmark}: ${row.name}`;
    const bounds = expected[name];
    if (bounds === undefined) {
      if (row.ratio !== null) lines.push(`- ${name}: nothing is expected of it in expected.json`);
      continue;
    }
    if (!Number.isFinite(row.median)) {
      lines.push(`- ${name}: ${row.note}`);
      continue;
    }
    const { max = Infinity, maxP99 = Infinity, min = 0 } = bounds;
    const problems = [
      ...(row.ratio !== null && row.ratio > max ? [`ratio ${row.ratio.toFixed(2)}, expected at most ${max}`] : []),
      ...(row.p99Ratio !== null && row.p99Ratio > maxP99
        ? [`p99 ratio ${row.p99Ratio.toFixed(2)}, expected at most ${maxP99}`]
        : []),
      ...(row.ratio !== null && row.ratio < min
        ? [`${row.ratio.toFixed(2)} of the aim, expected at least ${min}`]
        : []),
    ];
    if (problems.length === 0) within++;
    else lines.push(`- ${name}: ${problems.join('; ')}`);
  }
  const summary = `${within} rows are within what bench/expected.json allows, ${lines.length} are worth a look`;
  return [`${summary}${lines.length > 0 ? ':' : '.'}`, '', ...lines].join('\n').trimEnd();
}
