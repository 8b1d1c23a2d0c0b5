/** The kinds of faults of a simulation. */
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
  'calendar-replaced',
  'bay-renamed',
  'bay-closed',
  'bays-swapped',
  'missing-fields',
  'list-disagrees',
  'conflict-event',
  'ids-recycled',
  'store-emptied-running',
  'off-grid',
  'purged-bin',
  'partial-pages',
  'clock-ahead',
] as const;

/** One of `FAULT_KINDS`. */
export type FaultKind = (typeof FAULT_KINDS)[number];

/** What people and other tools do to several events, or several times to one. */
export type BurstKind = Extract<
  FaultKind,
  | 'many-edits'
  | 'dependent-edits'
  | 'undo'
  | 'fighting-tool'
  | 'past-edit'
  | 'wiped-properties'
  | 'copied-elsewhere'
  | 'off-grid'
>;

/** Changes of the bays in the settings. */
export type SettingsKind = Extract<FaultKind, 'calendar-replaced' | 'bay-renamed' | 'bay-closed' | 'bays-swapped'>;

/** One simulation with all its options. */
export interface SimulationOptions {
  /** Determines everything: the same seed replays exactly. */
  readonly seed: number;
  /**
   * Minimum number of steps: acts of users and calls through ports. Store queries count only if they find something. A run
   * continues to the next quiescent state.
   */
  readonly steps: number;
  readonly faults: readonly FaultKind[];
  /** Numbers of acts to leave out: used to shrink a failing run. */
  readonly skip?: ReadonlySet<number>;
  /** Record a readable trace. Takes time. */
  readonly trace?: boolean;
  /** Lets all pending microtasks run. */
  readonly settle?: () => Promise<void>;
}

/** The result of a run. */
export interface SimulationReport {
  readonly seed: number;
  readonly steps: number;
  /** Acts of users, on either side. */
  readonly acts: number;
  readonly crashes: number;
  readonly faults: Readonly<Partial<Record<FaultKind, number>>>;
  /** Number of users' changes in the booking system, and of our writes to calendars. */
  readonly bookingChanges: number;
  readonly calendarWrites: number;
  /** Number of users' changes of mirrors, and of our writes to the booking system. */
  readonly eventChanges: number;
  readonly bookingWrites: number;
  readonly deadLetters: number;
  readonly virtualHours: number;
  /** The violations. Empty if there are none. */
  readonly violations: readonly string[];
  readonly trace: readonly string[];
}
