import { NO_MARKS, type EventMarks } from '#src/domain/calendar-event.js';
import { textDigest } from '#src/rules/event-marks.js';
import { DAY, HOUR, MINUTE, type Booking, type BookingEventMap, type CalendarEvent } from '@loft/sync-core';
import type { SyncIntent } from '@loft/sync-core/store';
import type { BookingReading, EventReading } from '#src/rules/situation.js';
import { BAY1, BAY2 } from '../engine/world.js';
import {
  aMap,
  anEvent,
  aTombstone,
  bookingSeen,
  bookingUnknownToSystem,
  eventSeen,
  FOREIGN_UNIT,
  HISTORY,
  NOW,
  SEEN,
  START,
  SYNCED,
} from './situations.js';

/** A map, by what matters about it. */
export interface MapCase {
  readonly state: 'none' | 'active' | 'canceled' | 'superseded';
  /** We wrote to the booking 5 seconds ago; or before the echo window of the reading; or never. */
  readonly written: 'in-window' | 'just-before' | 'never';
  /** It was stored 5 seconds ago. */
  readonly recent: boolean;
  /** Its base ended before the window; today, half an hour ago; or it is to come. */
  readonly over: 'history' | 'today' | 'none';
  /** A change that was begun and whose end was not stored: of the booking; of the event, to the other bay or time. */
  readonly intent: 'none' | 'reschedule' | 'write-bay' | 'write-time';
  /** What it remembers of the event: no marks, or a person's description. */
  readonly flags: 'none' | 'unmarked' | 'own-description';
}

/** A booking, by how it differs from the base. null: not seen. */
export interface BookingCase {
  readonly status: 'live' | 'dead' | 'unknown';
  /** false: the system does not know the appointment. */
  readonly known: boolean;
  readonly time: 'base' | 'moved' | 'edited' | 'past' | 'today';
  readonly bay: 'home' | 'other' | 'none';
  readonly text: 'base' | 'title' | 'description';
  readonly sure: boolean;
  readonly stale: boolean;
  /** Read this very moment. */
  readonly fresh?: boolean;
}

/** An event, by how it differs from the mirror we left. null: not seen. */
export interface EventCase {
  readonly id: 'mirror' | 'other';
  readonly state: 'live' | 'gone';
  readonly etag: 'same' | 'new';
  readonly calendar: 'home' | 'other';
  /** `drawn`: the time of `today`, its end drawn into the future. */
  readonly time: 'base' | 'edited' | 'past' | 'today' | 'drawn';
  /**
   * `agreed`: what a booking with another text says. `person`: a person's title. `cake`: a person's description.
   * `former`: texts that we wrote, by their digests.
   */
  readonly text: 'base' | 'person' | 'agreed' | 'cake' | 'former';
  /** `wrong-bay`: ours, with the name of another bay. */
  readonly marks: 'ours' | 'wrong-bay' | 'removed';
  /** It carries the id of the started write to the event. */
  readonly written?: boolean;
  readonly shape: 'timed' | 'all-day' | 'recurring' | 'backwards' | 'empty';
  /** Marked as the event of a cancelled booking. */
  readonly canceled: boolean;
  /** Edited before the booking was read, after it, before our own last version, or at an unknown time. */
  readonly updated: 'before' | 'after' | 'older' | 'unknown';
  readonly stale: boolean;
  readonly proven: boolean;
  /** It may have been moved to a closed calendar that cannot be read. */
  readonly unsearched?: true;
}

const MAP: MapCase = { state: 'none', written: 'never', recent: false, over: 'none', intent: 'none', flags: 'none' };

export const MAPS: readonly MapCase[] = [
  MAP,
  { ...MAP, state: 'active' },
  { ...MAP, state: 'active', intent: 'write-bay' },
  { ...MAP, state: 'active', intent: 'write-time' },
  { ...MAP, state: 'active', recent: true },
  { ...MAP, state: 'active', recent: true, written: 'in-window' },
  { ...MAP, state: 'active', written: 'just-before' },
  { ...MAP, state: 'active', over: 'history' },
  { ...MAP, state: 'active', over: 'today' },
  { ...MAP, state: 'active', over: 'today', recent: true, written: 'in-window' },
  { ...MAP, state: 'active', flags: 'unmarked' },
  { ...MAP, state: 'active', flags: 'own-description' },
  { ...MAP, state: 'canceled' },
  { ...MAP, state: 'canceled', recent: true, written: 'in-window' },
  { ...MAP, state: 'canceled', written: 'just-before' },
  { ...MAP, state: 'superseded' },
];

const LIVE: BookingCase = {
  status: 'live',
  known: true,
  time: 'base',
  bay: 'home',
  text: 'base',
  sure: true,
  stale: false,
};

export const BOOKINGS: readonly (BookingCase | null)[] = [
  null,
  ...(['base', 'moved', 'edited'] as const).flatMap((time) =>
    (['home', 'other', 'none'] as const).flatMap((bay) =>
      (['base', 'title', 'description'] as const).map((text): BookingCase => ({ ...LIVE, time, bay, text })),
    ),
  ),
  ...(['home', 'other', 'none'] as const).map((bay): BookingCase => ({ ...LIVE, time: 'past', bay })),
  ...(['home', 'other'] as const).map((bay): BookingCase => ({ ...LIVE, time: 'today', bay })),
  { ...LIVE, status: 'dead', time: 'today' },
  { ...LIVE, status: 'unknown' },
  { ...LIVE, status: 'unknown', time: 'moved' },
  { ...LIVE, status: 'unknown', bay: 'other', text: 'title' },
  { ...LIVE, status: 'unknown', time: 'past' },
  ...[true, false].flatMap((sure): BookingCase[] => [
    { ...LIVE, status: 'dead', sure },
    { ...LIVE, status: 'dead', sure, time: 'edited' },
    { ...LIVE, status: 'dead', sure, time: 'past' },
    { ...LIVE, status: 'dead', sure, known: false },
  ]),
  { ...LIVE, stale: true },
  { ...LIVE, stale: true, time: 'moved', bay: 'other' },
  { ...LIVE, stale: true, status: 'dead' },
  { ...LIVE, stale: true, status: 'dead', known: false },
];

const ECHO: EventCase = {
  id: 'mirror',
  state: 'live',
  etag: 'same',
  calendar: 'home',
  time: 'base',
  text: 'base',
  marks: 'ours',
  shape: 'timed',
  canceled: false,
  updated: 'before',
  stale: false,
  proven: false,
};
const EDIT: EventCase = { ...ECHO, etag: 'new' };
const GONE: EventCase = { ...EDIT, state: 'gone', marks: 'removed', updated: 'unknown' };
const COPY: EventCase = { ...EDIT, id: 'other' };

/** Where an event may stand, and how sure that is. */
const PLACES: readonly Pick<EventCase, 'calendar' | 'proven'>[] = [
  { calendar: 'home', proven: false },
  { calendar: 'other', proven: false },
  { calendar: 'other', proven: true },
];

export const EVENTS: readonly (EventCase | null)[] = [
  null,
  ECHO,
  { ...ECHO, proven: true },
  { ...ECHO, stale: true },
  { ...ECHO, time: 'edited' },
  { ...ECHO, calendar: 'other' },
  ...PLACES.flatMap((place) =>
    (['ours', 'removed'] as const).flatMap((marks): EventCase[] => [
      ...(['base', 'edited'] as const).flatMap((time) =>
        (['base', 'person', 'agreed'] as const).map((text): EventCase => ({ ...EDIT, ...place, marks, time, text })),
      ),
      ...(['all-day', 'recurring', 'backwards', 'empty'] as const).map((shape): EventCase => ({
        ...EDIT,
        ...place,
        marks,
        shape,
      })),
      { ...EDIT, ...place, marks, canceled: true },
      { ...EDIT, ...place, marks, stale: true, time: 'edited' },
    ]),
  ),
  ...PLACES.flatMap((place) =>
    (['after', 'older', 'unknown'] as const).flatMap((updated): EventCase[] => [
      { ...EDIT, ...place, updated, time: 'edited' },
      { ...EDIT, ...place, updated, shape: 'all-day' },
    ]),
  ),
  ...PLACES.flatMap((place): EventCase[] => [
    { ...GONE, ...place },
    { ...GONE, ...place, stale: true },
  ]),
  ...PLACES.flatMap((place): EventCase[] => [
    ...(['past', 'today', 'drawn'] as const).map((time): EventCase => ({ ...EDIT, ...place, time })),
    ...(['cake', 'former'] as const).map((text): EventCase => ({ ...EDIT, ...place, text })),
    { ...EDIT, ...place, time: 'today', text: 'person' },
    { ...EDIT, ...place, time: 'today', marks: 'removed' },
    { ...EDIT, ...place, written: true },
    { ...EDIT, ...place, written: true, time: 'edited' },
    { ...EDIT, ...place, written: true, time: 'edited', text: 'person', updated: 'after' },
  ]),
  { ...EDIT, proven: true },
  ...(['base', 'person'] as const).map((text): EventCase => ({ ...EDIT, marks: 'wrong-bay', text })),
  { ...EDIT, marks: 'wrong-bay', time: 'edited' },
  { ...EDIT, proven: true, time: 'edited' },
  { ...EDIT, proven: true, updated: 'older', time: 'edited' },
  { ...EDIT, proven: true, updated: 'older', text: 'agreed' },
  { ...EDIT, proven: true, updated: 'older', marks: 'removed' },
  { ...GONE, proven: true },
  { ...GONE, proven: true, stale: true },
  { ...GONE, proven: true, unsearched: true },
  COPY,
  { ...COPY, time: 'edited', calendar: 'other' },
  { ...COPY, marks: 'removed' },
  { ...COPY, canceled: true },
  { ...GONE, id: 'other' },
];

const TODAY = NOW - 90 * MINUTE;
export const START_OF = {
  base: START,
  edited: START + 2 * HOUR,
  moved: START + 4 * HOUR,
  past: HISTORY - 2 * DAY,
  today: TODAY,
  drawn: TODAY,
};
export const endOf = (time: keyof typeof START_OF): number => (time === 'drawn' ? NOW + HOUR : START_OF[time] + HOUR);

export const TITLE = {
  base: 'Ana R.',
  changed: 'Ana Ruiz',
  person: 'Ana (birthday!)',
  canceled: 'CANCELED: Ana R.',
  former: 'Ann',
};
export const DESCRIPTION = { base: 'Two players', changed: 'Three players', cake: 'Bring cake', former: 'One player' };
const UNIT_OF = { home: BAY1.resourceUnitId, other: BAY2.resourceUnitId, none: FOREIGN_UNIT };
export const CALENDAR_OF = { home: BAY1.calendarId, other: BAY2.calendarId };

const BEGUN = { since: NOW - 30_000, triedAt: NOW - 30_000, successor: null };
const WRITING = { ...BEGUN, write: 'w1' };
const INTENTS: Readonly<Record<MapCase['intent'], SyncIntent | null>> = {
  none: null,
  reschedule: { kind: 'reschedule', start: START_OF.moved, end: START_OF.moved + HOUR, bay: '2', ...BEGUN },
  'write-bay': { kind: 'write-event', start: START, end: START + HOUR, bay: '2', ...WRITING },
  'write-time': { kind: 'write-event', start: START_OF.edited, end: START_OF.edited + HOUR, bay: '1', ...WRITING },
};

const FLAGS = {
  none: {},
  unmarked: { flags: { unmarked: true } },
  'own-description': { flags: { ownDescription: true } },
} as const;

/** Recursively frozen: a change throws. */
function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const field of Object.values(value)) frozen(field);
    Object.freeze(value);
  }
  return value;
}

function syncedAt(map: MapCase): number {
  return map.recent ? NOW - 5000 : SYNCED;
}

export function buildMap(map: MapCase): BookingEventMap | null {
  if (map.state === 'none') return null;
  const start = { history: START_OF.past, today: START_OF.today, none: START }[map.over];
  return frozen(
    aMap({
      status: map.state === 'active' ? 'ACTIVE' : 'CANCELED',
      lastSyncedAt: syncedAt(map),
      bookingWrittenAt: { 'in-window': NOW - 5000, 'just-before': NOW - 10_500, never: null }[map.written],
      base: { start, end: start + HOUR, bay: '1', title: TITLE.base, description: DESCRIPTION.base },
      intent: INTENTS[map.intent],
      supersededBy: map.state === 'superseded' ? '700124' : null,
      ...FLAGS[map.flags],
    }),
  );
}

export function buildBooking(booking: BookingCase | null, map: MapCase): BookingReading | undefined {
  if (!booking) return undefined;
  const at = booking.stale ? syncedAt(map) - 1 : booking.fresh ? NOW : SEEN;
  const { status, sure } = booking;
  if (!booking.known) return frozen(bookingUnknownToSystem({ at, sure }));
  const start = START_OF[booking.time];
  const change: Partial<Booking> = {
    status,
    start,
    end: start + HOUR,
    resourceUnitId: UNIT_OF[booking.bay],
    customerName: booking.text === 'title' ? TITLE.changed : TITLE.base,
    notes: booking.text === 'description' ? DESCRIPTION.changed : DESCRIPTION.base,
  };
  return frozen(bookingSeen(change, { at, sure }));
}

export function buildEvent(event: EventCase | null, map: MapCase): EventReading | undefined {
  if (!event) return undefined;
  const { proven, unsearched } = event;
  const at = event.stale ? syncedAt(map) - 1 : SEEN;
  const where = { calendarId: CALENDAR_OF[event.calendar], ...(event.id === 'other' ? { eventId: 'person0001' } : {}) };
  if (event.state === 'gone') {
    return frozen(eventSeen(aTombstone(where), { at, proven, ...(unsearched ? { unsearched } : {}) }));
  }
  const start = START_OF[event.time];
  const whole = {
    'all-day': [null, null],
    recurring: [null, null],
    backwards: [start, start - 1],
    empty: [start, start],
  };
  const [from = null, to = null] = event.shape === 'timed' ? [start, endOf(event.time)] : whole[event.shape];
  const change: Partial<CalendarEvent> = {
    ...where,
    etag: event.etag === 'same' ? '"1"' : '"2"',
    updatedAt: { before: SEEN, after: SEEN + 1, older: SYNCED - 1, unknown: null }[event.updated],
    shape: event.shape === 'all-day' || event.shape === 'recurring' ? event.shape : 'timed',
    start: from,
    end: to,
    title: event.canceled ? TITLE.canceled : { ...TITLE, agreed: TITLE.changed, cake: TITLE.base }[event.text],
    description: { ...DESCRIPTION, agreed: DESCRIPTION.changed, person: DESCRIPTION.base }[event.text],
    free: event.canceled,
    marks: marksOf(event),
  };
  return frozen(eventSeen(anEvent(change), { at, proven }));
}

function marksOf({ marks, written, text }: EventCase): EventMarks {
  if (marks === 'removed') return NO_MARKS;
  const digests = { titleDigest: textDigest(TITLE.former), descriptionDigest: textDigest(DESCRIPTION.former) };
  const bay = marks === 'wrong-bay' ? '2' : '1';
  return { ...anEvent().marks, bay, ...(written ? { write: 'w1' } : {}), ...(text === 'former' ? digests : {}) };
}
