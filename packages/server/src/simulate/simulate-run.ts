import { writeFile } from 'node:fs/promises';
import {
  planEpisodes,
  shrinkSimulation,
  totalsOf,
  type SimulationOptions,
  type SimulationReport,
} from '@loft/sync-core/testing';
import type { Output } from '../cli/output.js';
import type { EpisodePool } from './episode-pool.js';
import type { EpisodeTask } from './episode-task.js';
import type { SimulateArguments } from './simulate-arguments.js';
import { simulationJson } from './simulation-json.js';
import { announcement, count, replayCommand, summary } from './simulation-words.js';

/** Maximum lines of a printed trace; a longer one is written to a file. */
const LINES_ON_SCREEN = 200;
/** Maximum of failing episodes that are described; further ones are only counted. */
const MAX_REPORTED = 10;

/** The dependencies of the command besides its arguments. */
export interface SimulateWorld {
  readonly pool: Pick<EpisodePool, 'run' | 'runAll'>;
  readonly output: Output;
  /** Shows the progress; no effect without a terminal. */
  readonly progress: (words: string) => void;
}

/** Runs all episodes and prints the result. @returns whether all episodes passed */
export async function simulateRun(given: SimulateArguments, world: SimulateWorld): Promise<boolean> {
  const { pool, output, progress } = world;
  const { faults, skip } = given;
  const tasks = planEpisodes(given).map((episode): EpisodeTask => ({ ...episode, faults, skip, trace: false }));
  if (!given.json) output.out(announcement(given, tasks.length));
  const startedAt = performance.now();
  const seconds = (): number => (performance.now() - startedAt) / 1000;
  const done: SimulationReport[] = [];
  const reports = await pool.runAll(tasks, given.jobs, (report) => {
    done.push(report);
    const { episodes, failed, steps } = totalsOf(done);
    progress(
      `${count(episodes)} of ${count(tasks.length)} episodes, ${failed} failed, ${count(steps / seconds())} steps a second`,
    );
  });
  progress('');
  const failing = tasks.filter((_, index) => (reports[index]?.violations.length ?? 0) > 0);
  if (given.json) {
    output.out(JSON.stringify(simulationJson(given, tasks, reports, seconds()), null, 2));
    return failing.length === 0;
  }
  output.out(summary(totalsOf(reports), seconds()));
  for (const task of failing.slice(0, MAX_REPORTED)) {
    const report = reports[tasks.indexOf(task)];
    if (report) await reportFailure(task, report, given, world);
  }
  if (failing.length > MAX_REPORTED) output.err(`\n… and ${failing.length - MAX_REPORTED} more.`);
  const [first] = failing;
  if (first && given.shrink) await reportShrunk(first, world);
  const [only] = tasks;
  if (failing.length === 0 && given.trace && only && tasks.length === 1) await printTrace(only, world);
  return failing.length === 0;
}

async function reportFailure(
  task: EpisodeTask,
  { seed, violations }: SimulationReport,
  { trace }: SimulateArguments,
  world: SimulateWorld,
): Promise<void> {
  const { output } = world;
  output.err(`\nFAILED with seed ${seed}:`);
  for (const violation of violations) output.err(`  ${violation}`);
  output.err(`Replay it: ${replayCommand(task, trace ? '' : '--trace')}`);
  if (trace) await printTrace(task, world);
}

/** Runs the episode once more to record the trace: a run without a trace is faster. */
async function printTrace(task: EpisodeTask, { pool, output }: SimulateWorld): Promise<void> {
  const { trace } = await pool.run({ ...task, trace: true });
  const text = trace.join('\n');
  if (trace.length <= LINES_ON_SCREEN) return output.out(`\n${text}`);
  const path = `simulation-${task.seed}.log`;
  await writeFile(path, `${text}\n`);
  output.out(`Trace of ${count(trace.length)} lines in ${path}.`);
}

/** Shrinks the failing episode, and prints the remaining actions. */
async function reportShrunk(task: EpisodeTask, world: SimulateWorld): Promise<void> {
  const { pool, output, progress } = world;
  output.out(`\nShrinking seed ${task.seed} …`);
  let runs = 0;
  const run = (options: SimulationOptions): Promise<SimulationReport> => {
    progress(`${++runs} simulations`);
    return pool.run(taskOf(options));
  };
  const shrunk = await shrinkSimulation({ ...task, skip: new Set(task.skip) }, run);
  progress('');
  if (!shrunk)
    return output.err('It did not fail again: the simulation is not deterministic, which is a bug of its own.');
  const { options, report } = shrunk;
  const acts = report.acts - taskOf(options).skip.filter((act) => act < report.acts).length;
  output.out(`After ${shrunk.runs} simulations ${acts} actions and ${options.faults.length} kinds of faults remain:`);
  for (const violation of report.violations) output.out(`  ${violation}`);
  output.out(`Replay it: ${replayCommand(taskOf(options), '--trace')}`);
  await printTrace(taskOf(options), world);
}

function taskOf({ seed, steps, faults, skip }: SimulationOptions): EpisodeTask {
  return { seed, steps, faults, skip: [...(skip ?? [])], trace: false };
}
