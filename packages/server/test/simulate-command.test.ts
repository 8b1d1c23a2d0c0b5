import { expect } from 'chai';
import type { SimulationReport } from '@loft/sync-core/testing';
import type { Output } from '#src/cli/output.js';
import type { EpisodeTask } from '#src/simulate/episode-task.js';
import { parseSimulateOptions, type SimulateArguments } from '#src/simulate/simulate-arguments.js';
import { simulateRun, type SimulateWorld } from '#src/simulate/simulate-run.js';

const GIVEN = { seed: '7', steps: '6000', faults: 'all', episodeSteps: '2000', skip: '', jobs: '1' };

function argumentsOf(change: Readonly<Record<string, string | boolean>> = {}): SimulateArguments {
  const given = parseSimulateOptions({ ...GIVEN, ...change });
  if (given.err) throw new Error(given.val);
  return given.val;
}

const report = ({ seed, steps }: EpisodeTask): SimulationReport => ({
  seed,
  steps,
  acts: 50,
  crashes: 1,
  faults: { 'slow-call': 3 },
  bookingChanges: 10,
  calendarWrites: 12,
  eventChanges: 4,
  bookingWrites: 4,
  deadLetters: 0,
  virtualHours: 48,
  violations: seed === 8 ? ['booking 700003 is twice in the calendar'] : [],
  trace: [],
});

/** Episodes that are told, and not run; that of seed 8 goes wrong. */
function worldOf(): { world: SimulateWorld; said: { out: string; err: string } } {
  const said = { out: '', err: '' };
  const output: Output = {
    out: (text) => void (said.out += `${text}\n`),
    err: (text) => void (said.err += `${text}\n`),
  };
  const pool: SimulateWorld['pool'] = {
    run: async (task) => report(task),
    runAll: async (tasks) => tasks.map(report),
  };
  return { world: { pool, output, progress: () => undefined }, said };
}

describe('loft-sync simulate', () => {
  it('tells what happened, and how to replay what went wrong', async () => {
    const { world, said } = worldOf();
    expect(await simulateRun(argumentsOf(), world)).to.equal(false);
    expect(said.out).to.match(
      /^Simulating 6,000 steps with \d+ kinds of faults from seed 7: 3 episodes on 1 threads\.$/m,
    );
    expect(said.out).to.match(/^episodes +3, 1 FAILED$/m);
    expect(said.err).to.contain('FAILED with seed 8:\n  booking 700003 is twice in the calendar\n');
    expect(said.err).to.contain('Replay it: npm run simulate -- --seed 8 --steps 2000 --trace\n');
  });

  it('tells the same to a program', async () => {
    const { world, said } = worldOf();
    expect(await simulateRun(argumentsOf({ json: true }), world)).to.equal(false);
    expect(said.err).to.equal('');
    expect(JSON.parse(said.out)).to.deep.include({
      passed: false,
      seed: 7,
      episodes: 3,
      failed: 1,
      faults: { 'slow-call': 9 },
      failures: [
        {
          seed: 8,
          violations: ['booking 700003 is twice in the calendar'],
          replay: 'npm run simulate -- --seed 8 --steps 2000 --trace',
        },
      ],
    });
  });

  for (const [what, change, sentence] of [
    ['a number that is none', { steps: 'many' }, '--steps is a whole number from 1 on, not "many".'],
    ['an unknown kind of fault', { faults: 'crash,flood' }, '; there is no "flood".'],
    ['a list that is none', { skip: '1-' }, '--skip is a list of numbers and ranges like 0-24,30, not "1-".'],
    ['a trace as JSON', { json: true, trace: true }, '--json goes with neither --trace nor --shrink'],
  ] as const) {
    it(`says in a sentence what is wrong with ${what}`, () => {
      const parsed = parseSimulateOptions({ ...GIVEN, ...change });
      expect(parsed.err && parsed.val).to.contain(sentence);
    });
  }
});
