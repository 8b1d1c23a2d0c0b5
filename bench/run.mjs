/**
 * `npm run bench`: every benchmark, or those that are named. See docs/performance.md.
 *
 *     npm run bench -- [name …] [--json file] [--markdown file] [--compare]
 *
 * Prints a table on standard output, progress on standard error. `--json` writes the rows into a file; `--markdown` puts
 * the table into a document, between the lines `<!-- bench -->` and `<!-- /bench -->`; `--compare` reports numbers outside the bounds
 * of expected.json. It exits with 1 only if a benchmark could not be run: numbers are reported, never enforced.
 */
import { fork } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { argumentsOf } from '../scripts/arguments.mjs';
import { BENCHMARKS } from './benchmarks.mjs';
import { comparison } from './harness/expected.mjs';
import { nowMs } from './harness/measure.mjs';
import { table } from './harness/table.mjs';

/** @typedef {import('./harness/table.mjs').NamedRow} NamedRow */

const ONE = fileURLToPath(new URL('one.mjs', import.meta.url));
const BEGIN = '<!-- bench -->';
const END = '<!-- /bench -->';

/** @param {string} text */
const tell = (text) => process.stderr.write(`${text}\n`);

/** @param {string} name @returns {Promise<NamedRow[] | null>} null: it failed */
async function runOne(name) {
  const child = fork(ONE, [name], {
    execArgv: ['--expose-gc'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    serialization: 'advanced',
  });
  /** @type {import('./harness/rows.mjs').Row[] | null} */
  let rows = null;
  child.on('message', (message) => (rows = /** @type {import('./harness/rows.mjs').Row[]} */ (message)));
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (rows === null || code !== 0) return null;
  return /** @type {import('./harness/rows.mjs').Row[]} */ (rows).map((row) => ({ benchmark: name, ...row }));
}

const USAGE = `npm run bench -- [name …] [--json file] [--markdown file] [--compare]

Runs the named benchmarks, or all of them: ${Object.keys(BENCHMARKS).join(', ')}.
  --json file      writes the rows into a file
  --markdown file  puts the table into a document, between the lines ${BEGIN} and ${END}
  --compare        reports numbers outside the bounds of bench/expected.json`;
const { values, positionals } = argumentsOf(
  USAGE,
  { json: { type: 'string' }, markdown: { type: 'string' }, compare: { type: 'boolean' } },
  true,
);
const names = positionals.length > 0 ? positionals : Object.keys(BENCHMARKS);
const unknown = names.filter((name) => !Object.hasOwn(BENCHMARKS, name));
if (unknown.length > 0) {
  tell(`There is no benchmark ${unknown.join(', ')}. There are: ${Object.keys(BENCHMARKS).join(', ')}.`);
  process.exit(64);
}

const begunAt = nowMs();
/** @type {NamedRow[]} */
const rows = [];
/** @type {string[]} */
const failed = [];
for (const [index, name] of names.entries()) {
  const startedAt = nowMs();
  tell(`${index + 1}/${names.length} ${name}`);
  const answered = await runOne(name);
  if (answered) rows.push(...answered);
  else failed.push(name);
  tell(`  ${answered ? 'done' : 'FAILED'} after ${((nowMs() - startedAt) / 1000).toFixed(0)} s`);
}
const minutes = (nowMs() - begunAt) / 60_000;

const machine = `${availableParallelism()} cores, ${process.platform} ${process.arch}, Node ${process.versions.node}`;
const shown = table(rows);
process.stdout.write(`${shown}\n\n${machine}; ${minutes.toFixed(1)} minutes.\n`);
if (values.compare) process.stdout.write(`\n${await comparison(rows)}\n`);
if (values.json) {
  const json = { machine, minutes: Number(minutes.toFixed(2)), failed, rows };
  await writeFile(values.json, `${JSON.stringify(json, null, 2)}\n`);
}
if (values.markdown) {
  const page = await readFile(values.markdown, 'utf8');
  const [before, rest] = page.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error(`${values.markdown} has no ${BEGIN} … ${END}`);
  const part = `${BEGIN}\n\n${shown}\n\nMeasured on ${machine}, in ${minutes.toFixed(1)} minutes.\n\n${END}`;
  await writeFile(values.markdown, `${before}${part}${after}`);
}
if (failed.length > 0) {
  tell(`Could not be run: ${failed.join(', ')}.`);
  process.exitCode = 1;
}
