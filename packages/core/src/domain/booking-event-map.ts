import type { CalendarEvent } from './calendar-event.js';
import type { Content } from './content.js';
import type { Instant } from './instant.js';
import type { EventRef } from './task.js';

/** The side of the last synced change. */
export type SyncSource = 'USCHEDULE' | 'GCAL';

/** The kinds of a change that is being written. */
export const INTENT_KINDS = ['reschedule', 'write-event', 'write-title', 'write-description', 'write-text'] as const;

/** One of `INTENT_KINDS`. */
export type IntentKind = (typeof INTENT_KINDS)[number];

/**
 * A change that is being written. The intent is stored before the first call, because afterwards the other side does not
 * show whether we or a user made the change. A restart after a crash then finishes the change instead of repeating or
 * reverting it (docs/decision-table.md#crash-safe-writes).
 */
export interface SyncIntent {
  /**
   * `reschedule`: the booking is moved and may get a new id. `write-event`: the event gets another time or bay.
   * `write-title`, `write-description`, `write-text` (both): the texts of the event are written, with or without a move.
   */
  readonly kind: IntentKind;
  /** The target time and bay. */
  readonly start: Instant;
  readonly end: Instant;
  readonly bay: string;
  /** Time of the start of the change. A record that succeeds the booking is not older. */
  readonly since: Instant;
  /** Time of the last attempt. */
  readonly triedAt: Instant;
  /** The new id of the booking. Null if none is known. */
  readonly successor: string | null;
  /** `loftSyncWrite` of the current write to the event. Absent if none is in progress. */
  readonly write?: string;
}

/** Flags of a mirror beside its content. An absent flag is false. */
export interface MirrorFlags {
  /**
   * A deletion of the event proves nothing about its booking (docs/decision-table.md#row-19): the event had no marks of ours when it was
   * last observed alive, or those of a new appointment id are not written yet. A tombstone with our marks shows that it had them.
   */
  readonly unmarked?: true;
  /** The same, whatever a tombstone shows: a deletion of ours of this event, or of its duplicate, was begun. */
  readonly deleting?: true;
  /** A user wrote the title (docs/decision-table.md#whose-text). */
  readonly ownTitle?: true;
  /** A user wrote the description. */
  readonly ownDescription?: true;
}

/**
 * The link between one appointment and its event, with the field names of docs/operating-contract.md#stored-data. Each
 * appointment has at most one map. The map is kept after a cancellation, so that the appointment is not mirrored again, and is
 * removed long after the visit (docs/decision-table.md#retention).
 */
export interface BookingEventMap {
  readonly uscheduleAppointmentId: string;
  readonly googleCalendarId: string;
  readonly googleEventId: string;
  readonly lastSyncedAt: Instant;
  readonly lastSource: SyncSource;
  /** Etag of the event as we last wrote or accepted it. An event with this etag has no change. */
  readonly etag: string;
  /** Version of the map, increased by one with each write. A write names the version it read (compare and set). */
  readonly version: number;
  readonly status: 'ACTIVE' | 'CANCELED';
  /** The content of the last agreement of both sides. */
  readonly base: Content;
  /** Fencing number of the last writer (see `SyncStore`). */
  readonly fence: number;
  /** Time at which our last write to the booking was acknowledged. Null if there was none. */
  readonly bookingWrittenAt: Instant | null;
  /** `updated` of the event as we last wrote or accepted it, by the calendar's clock. An older version has no change. */
  readonly eventUpdatedAt: Instant | null;
  readonly intent: SyncIntent | null;
  /** The new appointment id after a rescheduling. */
  readonly supersededBy: string | null;
  /** Absent if no flag is set. */
  readonly flags?: MirrorFlags | undefined;
  /** Address at which a person can see the event (`CalendarEvent.htmlLink`). Absent: unknown. */
  readonly eventLink?: string | undefined;
}

/** The map was cancelled because the booking moved to a unit without a route. The booking may be live there and may come back. */
export function hasMovedToUnroutedUnit({ status, base, supersededBy }: BookingEventMap): boolean {
  return status === 'CANCELED' && base.bay === null && supersededBy === null;
}

/** Maps by appointment id. */
export type MapsByAppointment = ReadonlyMap<string, BookingEventMap>;

/** Indexes maps by appointment id. */
export function byAppointment(maps: readonly BookingEventMap[]): MapsByAppointment {
  const mapOf = new Map<string, BookingEventMap>();
  for (const map of maps) mapOf.set(map.uscheduleAppointmentId, map);
  return mapOf;
}

/** The field of the map for the address of its event; nothing if the calendar system gives no address. */
export function eventLinkOf({ htmlLink }: CalendarEvent): Pick<BookingEventMap, 'eventLink'> {
  return htmlLink === null ? {} : { eventLink: htmlLink };
}

/** Returns the place of the map's event. */
export function refOf({
  googleCalendarId,
  googleEventId,
}: Pick<BookingEventMap, 'googleCalendarId' | 'googleEventId'>): EventRef {
  return { calendarId: googleCalendarId, eventId: googleEventId };
}
