import type { Bay, SyncWays } from '../domain/bay.js';

/** How far the booking system's own status can be believed (docs/uschedule.md#lesson-1). */
export type StatusTrust = 'trusted' | 'blind';

/** How a moved event changes its booking: one call, book anew and cancel, or not at all (the event is put back). */
export type RescheduleMode = 'method' | 'rebook' | 'off';

/** What becomes of the event of a cancelled booking. */
export type CancelStyle = 'delete' | 'mark';

/** Who wins where both sides were changed between two looks (docs/decision-table.md#row-17). */
export type ConflictPolicy = 'last-write-wins' | 'booking-wins';

/** How the booking system is read and written: `uschedule` in the settings file. */
export interface BookingSettings {
  readonly status: StatusTrust;
  readonly reschedule: RescheduleMode;
  readonly pollSeconds: number;
  /** The poll's window: from so many local days ago … */
  readonly pastDays: number;
  /** … to so many local days ahead. */
  readonly futureDays: number;
  /** Blind: how long a checkout holds its slot before it is taken for a booking. */
  readonly holdMinutes: number;
  /** Blind: a booking that starts within this time is mirrored as soon as its record is `urgentMinAgeMinutes` old. */
  readonly urgentMinutes: number;
  /** Blind: even an urgent booking is not mirrored before its record has this age. */
  readonly urgentMinAgeMinutes: number;
  /** Blind: readings of a slot as free, in a row, that prove a cancellation. */
  readonly cancelConfirmations: number;
  /** Within so many hours of its start a booking cannot be cancelled; rebooking is not even begun then. */
  readonly cancellationHours: number;
  /** `reschedule: "rebook"`: may a booking that carries a prepaid credit be rebooked? Its credit is carried over. */
  readonly rebookPaid: boolean;
}

/** How calendars are read and written: `google` in the settings file. */
export interface CalendarSettings {
  readonly cancel: CancelStyle;
  /** Templates of what the event shows; see `rules/event-text.ts` for the fields. */
  readonly title: string;
  readonly description: string;
  readonly sweepSeconds: number;
  readonly channelTtlSeconds: number;
  /** How long a deletion of an event may be undone before its booking is cancelled, in seconds; 0 is at once. */
  readonly deleteGraceSeconds: number;
  /** Addresses of accounts whose events count as made by our own (docs/decision-table.md#words). */
  readonly formerAccounts: readonly string[];
  /** Units of Google's quota that this engine may use in any one minute (a patch costs 3, any other call 1); null: no limit. */
  readonly quotaPerMinute: number | null;
  /** So many of them at once; less than `quotaPerMinute`. A twentieth of it when not given. */
  readonly quotaBurst?: number | undefined;
}

/** Echoes, conflicts and mass changes: `rules` in the settings file. */
export interface GuardSettings {
  /** Which way changes are carried; a bay may have its own. */
  readonly direction: SyncWays;
  /** After our own write to a booking, a differing reading within this time is read again before it is believed. */
  readonly echoWindowSeconds: number;
  readonly conflict: ConflictPolicy;
  /** Share of the live mirrors that one run of a feed may cancel … */
  readonly massChangeLimit: number;
  /** … and the number of cancellations that is always allowed. */
  readonly massChangeMinimum: number;
}

/** How often and after how long a failed task is tried again: `retry` in the settings file. */
export interface RetrySettings {
  readonly baseMs: number;
  readonly maxMs: number;
  readonly maxAttempts: number;
  /** Longest time that one call to another system may take, in seconds: the waits that safety rests on follow from it. */
  readonly callTimeoutSeconds: number;
}

/**
 * Everything the rules and the engine can be told, with the names of the JSON file
 * (docs/operating-contract.md#settings).
 * How to reach the two systems is the adapters' affair and is not here.
 */
export interface SyncSettings {
  /** The studio's IANA zone: what a local day is. */
  readonly timeZone: string;
  readonly bays: readonly Bay[];
  readonly uschedule: BookingSettings;
  readonly google: CalendarSettings;
  readonly rules: GuardSettings;
  readonly retry: RetrySettings;
}

/** The defaults of docs/operating-contract.md#settings. */
export const DEFAULT_SETTINGS: Omit<SyncSettings, 'timeZone' | 'bays'> = {
  uschedule: {
    status: 'trusted',
    reschedule: 'method',
    pollSeconds: 60,
    pastDays: 1,
    futureDays: 60,
    holdMinutes: 10,
    urgentMinutes: 30,
    urgentMinAgeMinutes: 6,
    cancelConfirmations: 2,
    cancellationHours: 24,
    rebookPaid: false,
  },
  google: {
    cancel: 'delete',
    title: '{customerName}',
    description: '{notes}',
    sweepSeconds: 300,
    channelTtlSeconds: 604800,
    deleteGraceSeconds: 10,
    formerAccounts: [],
    quotaPerMinute: 600,
  },
  rules: {
    direction: 'both',
    echoWindowSeconds: 10,
    conflict: 'last-write-wins',
    massChangeLimit: 0.5,
    massChangeMinimum: 5,
  },
  retry: { baseMs: 500, maxMs: 60000, maxAttempts: 8, callTimeoutSeconds: 15 },
};
