/**
 * Decisions per second, over every combination of map, booking, event and settings that the tests of docs/decision-table.md
 * use. It counts processor time, so that other programs have no influence.
 */
import { cpuMs, median, progress } from '../harness/measure.mjs';
import { plain } from '../harness/rows.mjs';

const PASSES = 15;
/** Decisions until the code is compiled. */
const WARM_UP = 5;

/** @param {string} path Of a built module of core. */
const core = (path) => import(new URL(`../../packages/core/${path}`, import.meta.url).href);

export async function run() {
  const { decide } = await core('dist/rules/decide.js');
  const { everySituation } = await core('dist-test/rules/every-situation.js');
  const asked = [...everySituation()].map(({ situation, rules }) => ({ situation, rules }));
  progress(`${asked.length} situations`);
  const rates = [];
  for (let pass = 0; pass < WARM_UP + PASSES; pass++) {
    const before = cpuMs();
    let looks = 0;
    for (const { situation, rules } of asked) if (decide(situation, rules).kind === 'observe') looks++;
    if (looks === 0 || looks === asked.length) throw new Error('the decisions are not used');
    if (pass >= WARM_UP) rates.push((asked.length / (cpuMs() - before)) * 1000);
  }
  return [plain({ name: 'decisions a second over the whole table', unit: '', value: median(rates), atLeast: 1e6 })];
}
