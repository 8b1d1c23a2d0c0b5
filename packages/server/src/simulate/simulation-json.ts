import { totalsOf, type SimulationReport } from '@loft/sync-core/testing';
import type { EpisodeTask } from './episode-task.js';
import type { SimulateArguments } from './simulate-arguments.js';
import { replayCommand } from './simulation-words.js';

/** The result of a run for programs: the totals, and each failing episode with the command that replays it. */
export function simulationJson(
  { seed }: SimulateArguments,
  tasks: readonly EpisodeTask[],
  reports: readonly SimulationReport[],
  seconds: number,
): Readonly<Record<string, unknown>> {
  const failures = tasks.flatMap((task, index) => {
    const violations = reports[index]?.violations ?? [];
    return violations.length === 0 ? [] : [{ seed: task.seed, violations, replay: replayCommand(task, '--trace') }];
  });
  return { passed: failures.length === 0, seed, seconds: Number(seconds.toFixed(1)), ...totalsOf(reports), failures };
}
