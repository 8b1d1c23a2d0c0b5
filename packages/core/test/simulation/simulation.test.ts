import { expect } from 'chai';
import { FAULT_KINDS, type FaultKind, type SimulationReport } from '#src/testing/index.js';
import { findings, freshSeeds, simulate } from './simulate.js';

const FIXED_SEEDS = [1, 3, 4, 5, 6, 7, 8, 11, 14, 38, 41];
const FRESH_WORLDS = 2;
/** Faults of the worlds that failed last: only fixed seeds use them (docs/correctness.md#open-worlds). */
const FIXED_ONLY: ReadonlySet<FaultKind> = new Set([
  'clock-jump',
  'second-installation',
  'unshared-calendar',
  'ids-recycled',
]);
const FRESH_FAULTS: readonly FaultKind[] = FAULT_KINDS.filter((kind) => !FIXED_ONLY.has(kind));
const STEPS = 3000;

function clean(seed: number, faults: readonly FaultKind[]): Promise<SimulationReport> {
  return simulate({ seed, steps: STEPS, faults }).then((report) => {
    expect(findings(report, { seed, steps: STEPS, faults })).to.deep.equal([]);
    return report;
  });
}

describe('the simulation of the whole engine', function () {
  this.timeout(300_000);

  it('finds no failure from fixed seeds, and contains every kind of act and fault', async () => {
    const reports: SimulationReport[] = [];
    for (const seed of FIXED_SEEDS) reports.push(await clean(seed, FAULT_KINDS));
    const struck = FAULT_KINDS.filter((kind) => reports.some(({ faults }) => (faults[kind] ?? 0) > 0));
    expect(struck).to.deep.equal(FAULT_KINDS);
    for (const count of ['acts', 'crashes', 'calendarWrites', 'bookingWrites'] as const) {
      expect(Math.max(...reports.map((report) => report[count])), count).to.be.greaterThan(0);
    }
  });

  it('finds no failure from random seeds, without the faults that are for fixed seeds only', async () => {
    for (const seed of freshSeeds(FRESH_WORLDS)) await clean(seed, FRESH_FAULTS);
  });

  it('makes exactly the writes of the decision table without faults, from fixed and random seeds', async () => {
    for (const seed of [1, 2, ...freshSeeds(2)]) await clean(seed, []);
  });
});

describe('a replayed simulation', function () {
  this.timeout(300_000);

  it('has the same trace', async () => {
    const [seed] = freshSeeds(1);
    const first = await simulate({ seed: seed!, steps: 1500, trace: true });
    expect(first.trace.length).to.be.greaterThan(100);
    expect(await simulate({ seed: seed!, steps: 1500, trace: true })).to.deep.equal(first);
  });

  it('has the same result without a trace', async () => {
    const { trace, ...report } = await simulate({ seed: 7, steps: 1500, trace: true });
    expect(trace).to.not.deep.equal([]);
    expect(await simulate({ seed: 7, steps: 1500 })).to.deep.equal({ ...report, trace: [] });
  });

  it('is the same up to the first omitted act, and continues without that act', async () => {
    const traceOf = async (skip: ReadonlySet<number>): Promise<readonly string[]> =>
      (await simulate({ seed: 3, steps: 600, faults: [], trace: true, skip })).trace;
    const whole = await traceOf(new Set());
    const without = await traceOf(new Set([5]));
    const parting = whole[whole.findIndex((line, index) => line !== without[index])];
    expect(parting).to.match(/h {2}a (customer|person) /);
    expect(without).to.not.include(parting);
  });
});
