import {
  NO_MARKS,
  type EventDraft,
  tombstone,
  type CalendarEvent,
  type EventMarks,
  type EventPatch,
  type EventShape,
} from '../../domain/calendar-event.js';
import type { Instant } from '../../domain/instant.js';

/** One version of an event in one calendar of `MemoryCalendars`. A change creates a new version. */
export interface MemoryEvent extends EventMarks {
  readonly eventId: string;
  readonly etag: string;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
  readonly deleted: boolean;
  readonly shape: EventShape;
  readonly start: Instant;
  readonly end: Instant;
  readonly title: string;
  readonly description: string;
  readonly free: boolean;
  /** Address of the creator. */
  readonly creatorEmail: string;
  /** Number of the change that made this version, increasing over all calendars. */
  readonly revision: number;
  /** Order of first appearance in its calendar. */
  readonly position: number;
  /** Deleted long ago: a full list does not contain it any more. */
  readonly forgotten: boolean;
}

/** The fields of a change. */
export type MemoryFields = Omit<
  MemoryEvent,
  'eventId' | 'etag' | 'createdAt' | 'updatedAt' | 'revision' | 'position' | 'forgotten'
>;

/** How `MemoryCalendars` returns its events. */
export interface MemoryManner {
  /** `minimal`: a deleted event is returned with its id only. `full`: with all its fields. */
  readonly tombstones: 'minimal' | 'full';
  readonly pageSize: number;
  /** Address of our account. */
  readonly account: string;
  /** Name of the calendars' zone. Null: it is not reported. */
  readonly timeZone: string | null;
  /** Returns the UTC offset of the calendars' zone at an instant, in minutes. Null: times are in UTC. */
  readonly offsetMinutes: ((at: Instant) => number) | null;
}

/** Returns an event as the port returns it. */
export function showMemoryEvent(event: MemoryEvent, calendarId: string, manner: MemoryManner): CalendarEvent {
  const { eventId, deleted, shape } = event;
  if (deleted && manner.tombstones === 'minimal') return tombstone({ calendarId, eventId });
  const { etag, createdAt, updatedAt, start, end, title, description, free, creatorEmail } = event;
  const { appointmentId, managed, bay, write, titleDigest, descriptionDigest } = event;
  const timed = shape === 'timed';
  return {
    calendarId,
    eventId,
    etag,
    createdAt,
    updatedAt,
    state: deleted ? 'gone' : 'live',
    shape,
    start: timed ? start : null,
    end: timed ? end : null,
    startOffsetMinutes: timed ? (manner.offsetMinutes?.(start) ?? null) : null,
    title,
    description,
    free,
    eventType: 'default',
    creatorEmail,
    creatorSelf: false,
    htmlLink: `https://calendar.example/event?eid=${eventId}`,
    marks: { appointmentId, managed, bay, write, titleDigest, descriptionDigest },
  };
}

/** Returns the changes of a patch: a time makes an all-day event a timed one. A series stays a series unless the patch makes it single. */
export function changesOf(patch: EventPatch, old: MemoryEvent): Partial<MemoryFields> {
  const { revive, single, ...fields } = patch;
  const timed = patch.start !== undefined && patch.end !== undefined && old.shape === 'all-day';
  const shape = timed || (single && old.shape === 'recurring') ? 'timed' : old.shape;
  return { ...fields, managed: true, shape, deleted: revive ? false : old.deleted };
}

export function insertedFields(draft: EventDraft, { account }: MemoryManner): MemoryFields {
  return { ...NO_MARKS, ...draft, deleted: false, shape: 'timed', managed: true, creatorEmail: account };
}
