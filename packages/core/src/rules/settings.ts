import type { Bay, SyncWays } from '../domain/bay.js';
import { claims, type BookingCapabilities } from '../ports/capabilities.js';

/** Whether the booking system reports the status of bookings (docs/uschedule.md#lesson-1). */
export type StatusTrust = 'trusted' | 'blind';

/** How a moved event changes its booking: one call, book again and cancel, or not at all (the event is reverted). */
export type RescheduleMode = 'method' | 'rebook' | 'off';

/** What happens to the event of a cancelled booking. */
export type CancelStyle = 'delete' | 'mark';

/** Which side wins if both changed between two readings (docs/decision-table.md#row-17). */
export type ConflictPolicy = 'last-write-wins' | 'booking-wins';

/** Access to the booking system: `uschedule` in the settings file. */
export interface BookingSettings {
  readonly status: StatusTrust;
  readonly reschedule: RescheduleMode;
  readonly pollSeconds: number;
  /** The poll's window: number of local days back … */
  readonly pastDays: number;
  /** … and number of local days ahead. */
  readonly futureDays: number;
  /** Blind: period in which a checkout holds its slot before it counts as a booking. */
  readonly holdMinutes: number;
  /** Blind: a booking that starts within this time is mirrored as soon as its record is `urgentMinAgeMinutes` old. */
  readonly urgentMinutes: number;
  /** Blind: even an urgent booking is not mirrored before its record has this age. */
  readonly urgentMinAgeMinutes: number;
  /** Blind: number of consecutive readings of a slot as free that prove a cancellation. */
  readonly cancelConfirmations: number;
  /** Hours before its start in which a booking cannot be cancelled. No rebooking is started then. */
  readonly cancellationHours: number;
  /** `reschedule: "rebook"`: may a booking with a prepaid credit be rebooked? The credit is transferred. */
  readonly rebookPaid: boolean;
}

/** Access to calendars: `google` in the settings file. */
export interface CalendarSettings {
  readonly cancel: CancelStyle;
  /** Templates of the event. See `rules/event-text.ts` for the fields. */
  readonly title: string;
  readonly description: string;
  readonly sweepSeconds: number;
  readonly channelTtlSeconds: number;
  /** Period in which a deletion of an event may be undone before its booking is cancelled, in seconds; 0 is at once. */
  readonly deleteGraceSeconds: number;
  /** Addresses of accounts whose events count as ours (docs/decision-table.md#words). */
  readonly formerAccounts: readonly string[];
  /** Units of Google's quota that this engine may use per minute (a patch costs 3, any other call 1). Null: no limit. */
  readonly quotaPerMinute: number | null;
  /** Units that may be used at once, fewer than `quotaPerMinute`. Absent: a twentieth of it. */
  readonly quotaBurst?: number | undefined;
}

/** Echoes, conflicts and mass changes: `rules` in the settings file. */
export interface GuardSettings {
  /** Direction of changes. A bay may have its own. */
  readonly direction: SyncWays;
  /** Period after our own write to a booking in which a different reading is confirmed by a second one. */
  readonly echoWindowSeconds: number;
  readonly conflict: ConflictPolicy;
  /** Share of the live mirrors that one run of a feed may cancel … */
  readonly massChangeLimit: number;
  /** … and the number of cancellations that is always allowed. */
  readonly massChangeMinimum: number;
}

/** Number and delays of the retries of a failed task: `retry` in the settings file. */
export interface RetrySettings {
  readonly baseMs: number;
  readonly maxMs: number;
  readonly maxAttempts: number;
  /** Maximum duration of one call to another system, in seconds. The safety waits are derived from it. */
  readonly callTimeoutSeconds: number;
}

/**
 * All settings of the rules and the engine, with the names of the JSON file (docs/operating-contract.md#settings). Access to
 * the two systems belongs to the adapters and is not included.
 */
export interface SyncSettings {
  /** The studio's IANA zone. It defines local days. */
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

/**
 * Returns the settings that the booking system supports. If it cannot reschedule, `method` becomes `off`: a moved event is
 * reverted. If it has no checkouts, new records are not delayed.
 */
export function supportedSettings(
  settings: SyncSettings,
  bookings: { readonly supports?: Partial<BookingCapabilities> },
): SyncSettings {
  const { uschedule } = settings;
  const cannotReschedule = uschedule.reschedule === 'method' && !claims<BookingCapabilities>(bookings, 'reschedule');
  const hasCheckouts = claims<BookingCapabilities>(bookings, 'checkouts');
  if (!cannotReschedule && hasCheckouts) return settings;
  return {
    ...settings,
    uschedule: {
      ...uschedule,
      ...(cannotReschedule ? { reschedule: 'off' } : {}),
      ...(hasCheckouts ? {} : { holdMinutes: 0, urgentMinutes: 0, urgentMinAgeMinutes: 0 }),
    },
  };
}
