import { runSimulation, type SimulationReport } from '@loft/sync-core/testing';
import type { EpisodeTask } from './episode-task.js';

/**
 * Waits for pending promises without a turn of the event loop: a simulation has no I/O, and the turns took nearly half
 * of its time.
 */
const settle = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));

/** Runs one simulation in this thread. */
export function runEpisode({ skip, ...task }: EpisodeTask): Promise<SimulationReport> {
  return runSimulation({ ...task, skip: new Set(skip), settle });
}

/** Creates the report of a simulation that was aborted. */
export function brokenReport({ seed }: EpisodeTask, words: string): SimulationReport {
  return {
    seed,
    steps: 0,
    acts: 0,
    crashes: 0,
    faults: {},
    bookingChanges: 0,
    calendarWrites: 0,
    eventChanges: 0,
    bookingWrites: 0,
    deadLetters: 0,
    virtualHours: 0,
    violations: [words],
    trace: [],
  };
}
