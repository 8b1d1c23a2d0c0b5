import { runSimulation, type SimulationReport } from '@loft/sync-core/testing';
import type { EpisodeTask } from './episode-task.js';

/**
 * A tick comes when no promise has anything left to do, and needs no turn of the event loop, of which nothing in a simulation
 * waits: nearly half of the time went there.
 */
const settle = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));

/** Runs one simulation in this thread. */
export function runEpisode({ skip, ...task }: EpisodeTask): Promise<SimulationReport> {
  return runSimulation({ ...task, skip: new Set(skip), settle });
}

/** The report of a simulation that did not come to its end. */
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
