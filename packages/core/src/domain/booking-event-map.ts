import type { Content } from './content.js';
import type { Instant } from './instant.js';

/** Which side the last synced change came from. */
export type SyncSource = 'USCHEDULE' | 'GCAL';

/** What is under way. */
export const INTENT_KINDS = ['reschedule', 'write-event', 'write-title', 'write-description', 'write-text'] as const;

/** One of them. */
export type IntentKind = (typeof INTENT_KINDS)[number];

/**
 * A change that is under way and that nothing on the other side would tell apart from somebody else's: stored before
 * the first call, so that a crash in the middle finishes the change instead of making it twice or undoing it
 * (docs/decision-table.md#crash-safe-writes).
 */
export interface SyncIntent {
  /**
   * `reschedule`: the booking is moved, perhaps under a new id. `write-event`: the event is moved in time or bay.
   * `write-title`, `write-description`, `write-text` (both): that is written, be it moved or not.
   */
  readonly kind: IntentKind;
  /** Where it is to go. */
  readonly start: Instant;
  readonly end: Instant;
  readonly bay: string;
  /** When the change was begun: a successor record is not older than this. */
  readonly since: Instant;
  /** When it was last tried. */
  readonly triedAt: Instant;
  /** The id the booking has got by it, once that is known; null: none, or not known yet. */
  readonly successor: string | null;
  /** `loftSyncWrite` of the write to the event that is under way; absent: none is. */
  readonly write?: string;
}

/** What is known of a mirror beside its content. A flag that is absent is false. */
export interface MirrorFlags {
  /** It bore no marks of ours when it was last seen alive (docs/decision-table.md#row-19). */
  readonly unmarked?: true;
  /** Its title was written by a person (docs/decision-table.md#whose-text). */
  readonly ownTitle?: true;
  /** Likewise its description. */
  readonly ownDescription?: true;
}

/**
 * The link between one appointment and its event, under the field names of docs/operating-contract.md#stored-data.
 * One per appointment, kept after a cancellation as the memory that it is dead.
 */
export interface BookingEventMap {
  readonly uscheduleAppointmentId: string;
  readonly googleCalendarId: string;
  readonly googleEventId: string;
  readonly lastSyncedAt: Instant;
  readonly lastSource: SyncSource;
  /** Etag of the event as we last wrote or accepted it; an event seen with it is no news. */
  readonly etag: string;
  /** Rises by one with each write of the map; a write names the version it read (compare and set). */
  readonly version: number;
  readonly status: 'ACTIVE' | 'CANCELED';
  /** The content both sides last agreed on. */
  readonly base: Content;
  /** Fencing number of the last writer (see `SyncStore`). */
  readonly fence: number;
  /** When our last write to the booking was acknowledged; null if we never wrote to it. */
  readonly bookingWrittenAt: Instant | null;
  /** `updated` of the event as we last wrote or accepted it, by the calendar's clock: an older version is no news. */
  readonly eventUpdatedAt: Instant | null;
  readonly intent: SyncIntent | null;
  /** The appointment id that took this one's place when it was rescheduled. */
  readonly supersededBy: string | null;
  /** Absent: nothing beside its content is known. */
  readonly flags?: MirrorFlags | undefined;
}

/** Cancelled only since its booking went to a unit that is no bay of ours: it may live there, and may come back. */
export function hasMovedToUnroutedUnit({ status, base, supersededBy }: BookingEventMap): boolean {
  return status === 'CANCELED' && base.bay === null && supersededBy === null;
}

/** Maps by the id of their appointment. */
export type MapsByAppointment = ReadonlyMap<string, BookingEventMap>;

/** Indexes maps by the id of their appointment. */
export function byAppointment(maps: readonly BookingEventMap[]): MapsByAppointment {
  return new Map(maps.map((map) => [map.uscheduleAppointmentId, map]));
}
