import type { FaultKind, SimulationReport } from './simulation-options.js';

/** One small world of a large run. */
export interface Episode {
  readonly seed: number;
  readonly steps: number;
}

/** A large run, before it is divided into episodes. */
export interface EpisodePlan {
  /** Seed of the first episode. Each following episode has the next number. */
  readonly seed: number;
  /** Number of steps of all episodes. */
  readonly steps: number;
  readonly episodeSteps: number;
}

/** Divides a large run into small worlds. Each can be replayed by its own seed, and they can run in parallel. */
export function planEpisodes({ seed, steps, episodeSteps }: EpisodePlan): readonly Episode[] {
  return Array.from({ length: Math.ceil(steps / episodeSteps) }, (_, index) => ({
    seed: seed + index,
    steps: Math.min(episodeSteps, steps - index * episodeSteps),
  }));
}

/** The sums over all episodes; `faults` by kind. */
export type SimulationTotals = Omit<SimulationReport, 'seed' | 'violations' | 'trace'> & {
  readonly episodes: number;
  readonly failed: number;
};

const NOTHING: SimulationTotals = {
  episodes: 0,
  failed: 0,
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
};

/** Adds the results of the episodes. */
export function totalsOf(reports: readonly SimulationReport[]): SimulationTotals {
  return reports.reduce(
    (sum, report): SimulationTotals => ({
      episodes: sum.episodes + 1,
      failed: sum.failed + (report.violations.length > 0 ? 1 : 0),
      steps: sum.steps + report.steps,
      acts: sum.acts + report.acts,
      crashes: sum.crashes + report.crashes,
      faults: addFaults(sum.faults, report.faults),
      bookingChanges: sum.bookingChanges + report.bookingChanges,
      calendarWrites: sum.calendarWrites + report.calendarWrites,
      eventChanges: sum.eventChanges + report.eventChanges,
      bookingWrites: sum.bookingWrites + report.bookingWrites,
      deadLetters: sum.deadLetters + report.deadLetters,
      virtualHours: sum.virtualHours + report.virtualHours,
    }),
    NOTHING,
  );
}

function addFaults(a: SimulationTotals['faults'], b: SimulationTotals['faults']): SimulationTotals['faults'] {
  const sum: Partial<Record<FaultKind, number>> = { ...a };
  for (const [kind, count] of Object.entries(b) as [FaultKind, number][]) sum[kind] = (sum[kind] ?? 0) + count;
  return sum;
}
