import { expect } from 'chai';
import { FAULT_KINDS, type FaultKind, type SimulationReport } from '#src/testing/index.js';
import { findings, freshSeeds, simulate } from './simulate.js';

const FIXED_SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];
const STEPS = 3000;

/** Worlds in which the simulation once took for wrong what is right, or the other way round, and what happens there. */
const FOUND_BEFORE: readonly { readonly seed: number; readonly what: string }[] = [
  { seed: 241637455, what: 'a refused edit is put back, and the answer to that is lost' },
  { seed: 241637491, what: 'a refused edit is put back, and the process dies before it can say so' },
  { seed: 241637633, what: 'a refused edit is put back, and the store fails before it can be noted' },
  { seed: 241637543, what: 'a booking goes to the bay in which its unmarked event stands already' },
  { seed: 914951245, what: 'an event is moved to the other bay, and the answer to that is lost' },
  { seed: 914951495, what: 'a booking changes its bay, and then is read as it was before' },
  { seed: 914951546, what: 'an unmarked event is taken out of the bin and deleted again' },
];

function clean(seed: number, faults: readonly FaultKind[], steps = STEPS): Promise<SimulationReport> {
  return simulate({ seed, steps, faults }).then((report) => {
    expect(findings(report, { seed, steps, faults })).to.deep.equal([]);
    return report;
  });
}

describe('the simulation of the whole engine', function () {
  this.timeout(120_000);

  it('finds nothing wrong from fixed seeds, and is made of all that it promises', async () => {
    const reports: SimulationReport[] = [];
    for (const seed of FIXED_SEEDS) reports.push(await clean(seed, FAULT_KINDS));
    const struck = FAULT_KINDS.filter((kind) => reports.some(({ faults }) => (faults[kind] ?? 0) > 0));
    expect(struck).to.deep.equal(FAULT_KINDS);
    for (const count of ['acts', 'crashes', 'calendarWrites', 'bookingWrites'] as const) {
      expect(Math.max(...reports.map((report) => report[count])), count).to.be.greaterThan(0);
    }
  });

  it('finds nothing wrong from seeds drawn afresh', async () => {
    for (const seed of freshSeeds(4)) await clean(seed, FAULT_KINDS);
  });

  it('finds exactly the writes the table asks for where nothing fails, from seeds fixed and fresh', async () => {
    for (const seed of [1, 2, ...freshSeeds(2)]) await clean(seed, []);
  });

  for (const { seed, what } of FOUND_BEFORE) {
    it(`finds nothing wrong where ${what} (seed ${seed})`, async () => {
      await clean(seed, FAULT_KINDS, 5000);
    });
  }
});

describe('a simulation that is replayed', function () {
  this.timeout(60_000);

  it('goes exactly as before, line by line', async () => {
    const [seed] = freshSeeds(1);
    const first = await simulate({ seed: seed!, steps: 1500, trace: true });
    expect(first.trace.length).to.be.greaterThan(100);
    expect(await simulate({ seed: seed!, steps: 1500, trace: true })).to.deep.equal(first);
  });

  it('goes the same way without its trace', async () => {
    const { trace, ...told } = await simulate({ seed: 7, steps: 1500, trace: true });
    expect(trace).to.not.deep.equal([]);
    expect(await simulate({ seed: 7, steps: 1500 })).to.deep.equal({ ...told, trace: [] });
  });

  it('goes the same way up to the first act that is left out, and without that act from there', async () => {
    const traceOf = async (skip: ReadonlySet<number>): Promise<readonly string[]> =>
      (await simulate({ seed: 3, steps: 600, faults: [], trace: true, skip })).trace;
    const whole = await traceOf(new Set());
    const without = await traceOf(new Set([5]));
    const parting = whole[whole.findIndex((line, index) => line !== without[index])];
    expect(parting).to.match(/h {2}a (customer|person) /);
    expect(without).to.not.include(parting);
  });
});
