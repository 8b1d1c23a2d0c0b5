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

/** Fails where these acts take place under these faults, when the last of the acts has taken place. */
function failingWith(acts: readonly number[], faults: readonly FaultKind[], violation = 'booking 7 has 0 events') {
  return async (options: SimulationOptions): Promise<SimulationReport> => {
    const fails = acts.every((act) => !options.skip?.has(act)) && faults.every((kind) => options.faults.includes(kind));
    return fails ? reportOf(options, Math.max(...acts) + 1, [violation]) : reportOf(options, ACTS, []);
  };
}

/** The acts that take place up to the failure. */
function kept({ options, report }: NonNullable<Awaited<ReturnType<typeof shrinkSimulation>>>): readonly number[] {
  return Array.from({ length: report.acts }, (_, act) => act).filter((act) => !options.skip?.has(act));
}

const FAILING: SimulationOptions = { seed: 1, steps: 1000, faults: FAULT_KINDS };

describe('shrinking a simulation', () => {
  it('leaves the acts and the faults that it takes, and no others', async () => {
    const shrunk = await shrinkSimulation(FAILING, failingWith([3, 41, 77], ['crash', 'stale-read']));
    expect(kept(shrunk!)).to.deep.equal([3, 41, 77]);
    expect([...shrunk!.options.faults].sort()).to.deep.equal(['crash', 'stale-read']);
  });

  it('leaves no fault where it takes none', async () => {
    const shrunk = await shrinkSimulation(FAILING, failingWith([10], []));
    expect(kept(shrunk!)).to.deep.equal([10]);
    expect(shrunk!.options.faults).to.deep.equal([]);
  });

  it('has nothing to do with what does not fail', async () => {
    expect(await shrinkSimulation(FAILING, async (options) => reportOf(options, ACTS, []))).to.equal(null);
  });

  it('does not take another failure for the same', async () => {
    const one = failingWith([5, 50], []);
    const other = failingWith([50], [], 'both 1 and 2 are live');
    const shrunk = await shrinkSimulation(FAILING, async (options) => {
      const report = await one(options);
      return report.violations.length > 0 ? report : other(options);
    });
    expect(kept(shrunk!)).to.deep.equal([5, 50]);
  });

  it('takes the same failure of another booking for the same', async () => {
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

/** A second installation has a store of its own, which forgets nothing. */
const OWN_FAULTS = FAULT_KINDS.filter((kind) => kind !== 'second-installation');

describe('shrinking a world whose store forgets what it is given to do', function () {
  this.timeout(300_000);

  it('leaves a few acts, which still fail when they are replayed', async () => {
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
