import { expect } from 'chai';
import { Ok } from '#src/result.js';
import type { MemoryStore } from '#src/store/memory-store.js';
import {
  FAULT_KINDS,
  runSimulation,
  shrinkSimulation,
  type FaultKind,
  type SimulationOptions,
  type SimulationReport,
} from '#src/testing/index.js';
import { settle } from './simulate.js';

const ACTS = 100;

function reportOf({ seed }: SimulationOptions, acts: number, violations: readonly string[]): SimulationReport {
  return {
    seed,
    steps: acts * 10,
    acts,
    crashes: 0,
    faults: {},
    bookingChanges: 0,
    calendarWrites: 0,
    eventChanges: 0,
    bookingWrites: 0,
    deadLetters: 0,
    virtualHours: 1,
    violations,
    trace: [],
  };
}

/** Fails after the last of these acts, if all of them happen under these faults. */
function failingWith(acts: readonly number[], faults: readonly FaultKind[], violation = 'booking 7 has 0 events') {
  return async (options: SimulationOptions): Promise<SimulationReport> => {
    const fails = acts.every((act) => !options.skip?.has(act)) && faults.every((kind) => options.faults.includes(kind));
    return fails ? reportOf(options, Math.max(...acts) + 1, [violation]) : reportOf(options, ACTS, []);
  };
}

/** The acts up to the failure. */
function kept({ options, report }: NonNullable<Awaited<ReturnType<typeof shrinkSimulation>>>): readonly number[] {
  return Array.from({ length: report.acts }, (_, act) => act).filter((act) => !options.skip?.has(act));
}

const FAILING: SimulationOptions = { seed: 1, steps: 1000, faults: FAULT_KINDS };

describe('shrinking a simulation', () => {
  it('keeps only the necessary acts and faults', async () => {
    const shrunk = await shrinkSimulation(FAILING, failingWith([3, 41, 77], ['crash', 'stale-read']));
    expect(kept(shrunk!)).to.deep.equal([3, 41, 77]);
    expect([...shrunk!.options.faults].sort()).to.deep.equal(['crash', 'stale-read']);
  });

  it('keeps no fault if none is necessary', async () => {
    const shrunk = await shrinkSimulation(FAILING, failingWith([10], []));
    expect(kept(shrunk!)).to.deep.equal([10]);
    expect(shrunk!.options.faults).to.deep.equal([]);
  });

  it('does nothing for a world without a failure', async () => {
    expect(await shrinkSimulation(FAILING, async (options) => reportOf(options, ACTS, []))).to.equal(null);
  });

  it('does not confuse different failures', async () => {
    const one = failingWith([5, 50], []);
    const other = failingWith([50], [], 'both 1 and 2 are live');
    const shrunk = await shrinkSimulation(FAILING, async (options) => {
      const report = await one(options);
      return report.violations.length > 0 ? report : other(options);
    });
    expect(kept(shrunk!)).to.deep.equal([5, 50]);
  });

  it('treats the same failure of another booking as equal', async () => {
    let number = 0;
    const shrunk = await shrinkSimulation(FAILING, (options) =>
      failingWith([5], [], `booking ${++number} has 0 events`)(options),
    );
    expect(kept(shrunk!)).to.deep.equal([5]);
  });

  it('stops shrinking after the maximum number of simulations', async () => {
    const shrunk = await shrinkSimulation(FAILING, failingWith([3, 41, 77], ['crash']), { maxRuns: 10 });
    expect(shrunk!.runs).to.equal(10);
    expect(shrunk!.report.violations).to.have.length(1);
  });
});

/** A second installation has its own store, which loses nothing. */
const OWN_FAULTS = FAULT_KINDS.filter((kind) => kind !== 'second-installation');

describe('shrinking a world whose store loses tasks', function () {
  this.timeout(300_000);

  it('keeps a few acts, which still fail when they are replayed', async () => {
    const forgetful = (store: MemoryStore): MemoryStore =>
      new Proxy(store, {
        get: (target, name) => {
          if (name === 'addTasks') return async () => Ok.EMPTY;
          const member: unknown = Reflect.get(target, name, target);
          return typeof member === 'function' ? (member.bind(target) as unknown) : member;
        },
      });
    const run = (options: SimulationOptions): Promise<SimulationReport> =>
      runSimulation({ ...options, settle }, { store: forgetful });
    const shrunk = await shrinkSimulation({ seed: 1, steps: 500, faults: OWN_FAULTS }, run, { maxRuns: 80 });
    expect(kept(shrunk!).length).to.be.within(1, 3);
    expect(shrunk!.options.faults).to.deep.equal([]);
    expect((await run(shrunk!.options)).violations).to.deep.equal(shrunk!.report.violations);
  });
});
