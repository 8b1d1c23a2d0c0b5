import { expect } from 'chai';
import { FAULT_HELP } from '#src/simulate/simulate-defaults.js';
import { FAULT_KINDS, type SimulationReport } from '@loft/sync-core/testing';
import { EpisodePool } from '#src/simulate/episode-pool.js';
import type { EpisodeTask } from '#src/simulate/episode-task.js';
import { brokenReport } from '#src/simulate/run-episode.js';
import { formatRanges, parseSimulateOptions, type SimulateArguments } from '#src/simulate/simulate-arguments.js';
import { simulateRun } from '#src/simulate/simulate-run.js';

const TYPED = { seed: '7', steps: '20000', faults: 'all', episodeSteps: '5000', skip: '' };

describe('the options of loft-sync simulate', () => {
  it('are explained by --help, with every kind of fault', () => {
    for (const kind of FAULT_KINDS) expect(FAULT_HELP).to.include(kind);
  });

  it('are a seed, steps, faults, and how to run them', () => {
    const given = parseSimulateOptions({ ...TYPED, jobs: '3', skip: '0-2,9', trace: true }).unwrap();
    expect(given).to.deep.equal({
      seed: 7,
      steps: 20_000,
      faults: FAULT_KINDS,
      episodeSteps: 5000,
      jobs: 3,
      skip: [0, 1, 2, 9],
      trace: true,
      shrink: false,
      json: false,
    });
  });

  it('include a random seed if none is given', () => {
    const { seed: _, ...typed } = TYPED;
    const seeds = [1, 2, 3].map(() => parseSimulateOptions(typed).unwrap().seed);
    expect(new Set(seeds)).to.have.length(3);
  });

  it('select some faults, or none', () => {
    expect(parseSimulateOptions({ ...TYPED, faults: 'none' }).unwrap().faults).to.deep.equal([]);
    const some = parseSimulateOptions({ ...TYPED, faults: 'stale-read, crash' }).unwrap().faults;
    expect([...some].sort()).to.deep.equal(['crash', 'stale-read']);
  });

  for (const [option, value, complaint] of [
    ['seed', '-1', '--seed must be a whole number of at least 0, not "-1".'],
    ['steps', '0', '--steps must be a whole number of at least 1, not "0".'],
    ['steps', '1e6', '--steps must be a whole number of at least 1, not "1e6".'],
    ['jobs', 'two', '--jobs must be a whole number of at least 1, not "two".'],
    ['skip', '3-', '--skip is a list of numbers and ranges like 0-24,30, not "3-".'],
  ] as const) {
    it(`refuse --${option} ${value}, and say why`, () => {
      expect(parseSimulateOptions({ ...TYPED, [option]: value }).val).to.equal(complaint);
    });
  }

  it('refuse unknown faults, and list the known ones', () => {
    const { val: complaint } = parseSimulateOptions({ ...TYPED, faults: 'crash,flood' });
    expect(complaint).to.include('there is no "flood"').and.include('lost-answer');
  });

  it('refuse --json together with output for people', () => {
    for (const output of [{ trace: true }, { shrink: true }]) {
      const { val: complaint } = parseSimulateOptions({ ...TYPED, json: true, ...output });
      expect(complaint).to.equal('--json cannot be combined with --trace or --shrink: their output is text.');
    }
  });

  it('parse the ranges that they print', () => {
    const skip = [0, 1, 2, 7, 9, 10];
    expect(formatRanges(skip)).to.equal('0-2,7,9-10');
    expect(parseSimulateOptions({ ...TYPED, skip: formatRanges(skip) }).unwrap().skip).to.deep.equal(skip);
  });
});

/** Fails in the world of one seed if step 4 is executed, and reports the failure with its trace. */
function reportOf(task: EpisodeTask): SimulationReport {
  const fails = task.seed === 8 && !task.skip.includes(4);
  const violations = fails ? ['booking 7 has 0 events'] : [];
  const trace = task.trace ? ['0.0 h  one process', '0.1 h  a customer books 7'] : [];
  return { ...brokenReport(task, ''), steps: task.steps, acts: 10, crashes: 1, violations, trace };
}

/** The output of a run, and whether it found no failure. */
async function run(change: Partial<SimulateArguments>): Promise<{ clean: boolean; out: string; err: string }> {
  const out: string[] = [];
  const err: string[] = [];
  const given = { ...parseSimulateOptions(TYPED).unwrap(), ...change };
  const pool = {
    run: async (task: EpisodeTask) => reportOf(task),
    runAll: async (tasks: readonly EpisodeTask[]) => tasks.map(reportOf),
  };
  const output = { out: (text: string) => void out.push(text), err: (text: string) => void err.push(text) };
  const clean = await simulateRun(given, { pool, output, progress: () => undefined });
  return { clean, out: out.join('\n'), err: err.join('\n') };
}

describe('loft-sync simulate', () => {
  it('prints steps, crashes, faults by kind and writes per human change', async () => {
    const { clean, out } = await run({ seed: 1, steps: 5000 });
    expect(clean).to.equal(true);
    expect(out).to.match(/^episodes +1, all clean$/m);
    expect(out).to.match(/^steps +5,000 in /m);
    expect(out).to.match(/^crashes +1$/m);
    expect(out).to.match(/^writes per human change /m);
    expect(out).to.match(/^faults injected /m);
  });

  it('reports each failing world with the command that replays it', async () => {
    const { clean, out, err } = await run({});
    expect(clean).to.equal(false);
    expect(out).to.match(/^episodes +4, 1 FAILED$/m);
    expect(err).to.include('FAILED with seed 8:\n  booking 7 has 0 events');
    expect(err).to.include('Replay it: npm run simulate -- --seed 8 --steps 5000 --trace');
  });

  it('reports the same as JSON', async () => {
    const { clean, out, err } = await run({ json: true });
    expect(clean).to.equal(false);
    expect(err).to.equal('');
    const replay = 'npm run simulate -- --seed 8 --steps 5000 --trace';
    expect(JSON.parse(out)).to.deep.include({
      passed: false,
      seed: 7,
      episodes: 4,
      failed: 1,
      failures: [{ seed: 8, violations: ['booking 7 has 0 events'], replay }],
    });
    expect(JSON.parse((await run({ json: true, seed: 1 })).out)).to.deep.include({ passed: true, failures: [] });
  });

  it('prints the trace with --trace', async () => {
    expect((await run({ seed: 8, steps: 5000, trace: true })).out).to.include('a customer books 7');
    expect((await run({ seed: 1, steps: 5000, trace: true })).out).to.include('a customer books 7');
  });

  it('shrinks the first failure, and prints how to replay the remaining steps', async () => {
    const { out } = await run({ shrink: true });
    expect(out).to.match(/After \d+ simulations 1 actions and 0 kinds of faults remain:/);
    expect(out).to.include('--seed 8 --steps 5000 --faults none --skip 0-3,5-9 --trace');
  });
});

describe('the threads of simulations', function () {
  this.timeout(300_000);

  it('answer in the order of the tasks, with equal results for equal seeds', async () => {
    const pool = new EpisodePool();
    const task = { steps: 300, faults: FAULT_KINDS, skip: [], trace: false };
    const tasks = [5, 6, 5].map((seed) => ({ ...task, seed }));
    const [first, second, again] = await pool.runAll(tasks, 2);
    await pool.close();
    expect([first?.seed, second?.seed]).to.deep.equal([5, 6]);
    expect(first?.steps).to.be.at.least(300);
    expect(again).to.deep.equal(first);
  });
});
