/** What can go wrong in a simulation. */
export const FAULT_KINDS = [
  'refused-call',
  'lost-answer',
  'slow-call',
  'rate-limit',
  'stale-read',
  'empty-list',
  'half-list',
  'outage',
  'store-outage',
  'store-refused',
  'store-lost-answer',
  'store-slow',
  'token-expired',
  'missed-notification',
  'dead-channel',
  'unshared-calendar',
  'duplicate-trigger',
  'crash',
  'pause',
  'garbled-record',
  'refused-event',
  'store-from-backup',
  'store-emptied',
  'many-edits',
  'dependent-edits',
  'undo',
  'fighting-tool',
  'past-edit',
  'wiped-properties',
  'second-installation',
  'copied-elsewhere',
  'clock-jump',
  'forbidden-event',
] as const;

/** One kind of what can go wrong. */
export type FaultKind = (typeof FAULT_KINDS)[number];

/** What people and other tools do to several events, or several times to one. */
export type BurstKind = Extract<
  FaultKind,
  'many-edits' | 'dependent-edits' | 'undo' | 'fighting-tool' | 'past-edit' | 'wiped-properties' | 'copied-elsewhere'
>;

/** One simulation, down to the last detail. */
export interface SimulationOptions {
  /** Decides everything: the same seed replays exactly. */
  readonly seed: number;
  /**
   * How many things happen at least: acts of people, and calls through ports; of the looks into the store only those
   * that find something. A run goes on to the next rest.
   */
  readonly steps: number;
  readonly faults: readonly FaultKind[];
  /** Acts left out, by their number: how a failing run is made smaller. */
  readonly skip?: ReadonlySet<number>;
  /** Keep a readable trace; costs time. */
  readonly trace?: boolean;
  /** Lets everything run on that waits for no timer. */
  readonly settle?: () => Promise<void>;
}

/** What happened in a run. */
export interface SimulationReport {
  readonly seed: number;
  readonly steps: number;
  /** Acts of people, on either side. */
  readonly acts: number;
  readonly crashes: number;
  readonly faults: Readonly<Partial<Record<FaultKind, number>>>;
  /** Changes people made in the booking system, and what we wrote to calendars. */
  readonly bookingChanges: number;
  readonly calendarWrites: number;
  /** Changes people made to mirrors, and what we wrote to the booking system. */
  readonly eventChanges: number;
  readonly bookingWrites: number;
  readonly deadLetters: number;
  readonly virtualHours: number;
  /** What was found wrong; empty when all is well. */
  readonly violations: readonly string[];
  readonly trace: readonly string[];
}
