import type { BookingEventMap } from '../../domain/booking-event-map.js';
import { tombstone, type CalendarEvent } from '../../domain/calendar-event.js';
import { calendarFeedName } from '../../domain/feed-state.js';
import type { Instant } from '../../domain/instant.js';
import type { SyncError } from '../../domain/sync-error.js';
import type { EventRef } from '../../domain/task.js';
import { Ok, type Result } from '../../result.js';
import {
  firstActive,
  isInconclusive,
  isMirrorThere,
  mayHaveMovedTo,
  searchResult,
  type Answers,
} from '../../rules/event-search.js';
import { isActiveFor, isClosedCalendar, isOfClosedCalendar } from '../../rules/rules.js';
import type { EventReading } from '../../rules/situation.js';
import type { EngineParts } from '../engine-parts.js';

/** Maximum number of pages: an endless list is a fault of the other side. */
const MOST_PAGES = 1000;

type Parts = Pick<EngineParts, 'calendars' | 'store' | 'clock' | 'rules'> & {
  /** Receives the events that are listed to prove that a calendar can be read. */
  readonly onListed?: (event: CalendarEvent) => void;
};

/**
 * Reads an event with certainty (docs/decision-table.md#guards): by its id in its calendar, and if it is not there, by the
 * same id in the calendars of the other bays. An error never counts as absence, except in a calendar without a route.
 *
 * A user may move the event between two calendars during the search (a race condition). So it counts as deleted only if two
 * consecutive searches did not find it: one move cannot hide it from both.
 */
export async function readEvent(at: EventRef, parts: Parts): Promise<Result<EventReading, SyncError>> {
  const first = await lookEverywhere(at, parts, true);
  if (first.err || first.val.event.state === 'live') return first;
  const second = await lookEverywhere(at, parts, false);
  return second.err || second.val.event.state === 'live' ? second : first;
}

async function lookEverywhere(at: EventRef, parts: Parts, prove: boolean): Promise<Result<EventReading, SyncError>> {
  const sentAt = parts.clock.now();
  const home = await readIn(at.calendarId, at.eventId, parts, prove);
  if (home.err) return home;
  const others = home.val?.state === 'live' ? Ok([]) : await lookElsewhere(at, parts, prove);
  if (others.err) return others;
  return Ok({ at: sentAt, event: searchResult(at, home.val, others.val), proven: true });
}

/** Reads an event once in each bay's calendar, after another reading has proven that these can be read. */
export function readOnce(at: EventRef, parts: Parts): Promise<Result<EventReading, SyncError>> {
  return lookEverywhere(at, parts, false);
}

/** Reads an event by its id in one calendar only. A missing event counts as deleted there. */
export async function readAt(
  { calendarId, eventId }: EventRef,
  { calendars, clock }: Pick<Parts, 'calendars' | 'clock'>,
): Promise<Result<EventReading, SyncError>> {
  const at = clock.now();
  const read = await calendars.getEvent(calendarId, eventId);
  if (read.ok) return Ok({ at, event: read.val, proven: true });
  return isAbsent(read.val) ? Ok({ at, event: tombstone({ calendarId, eventId }), proven: true }) : read;
}

/** Returns the live event with that id in the calendar of another bay. Null if none was found. */
export async function findElsewhere(at: EventRef, parts: Parts): Promise<Result<CalendarEvent | null, SyncError>> {
  const others = await lookElsewhere(at, parts, true);
  return others.err ? others : Ok(firstActive(others.val));
}

/** Like `findElsewhere`, but without the calendars that cannot be read. */
export async function findInReadable(at: EventRef, parts: Parts): Promise<CalendarEvent | null> {
  const answers = await readInOthers(at, parts, true);
  return firstActive(answers.map((answer) => (answer.ok ? answer.val : null)));
}

/**
 * Searches a mirror that seems deleted in the calendars of the bays that were taken out of the settings. A closed calendar
 * that does not exist, or is not shared, shows no event; if the mirror may have been moved there while the calendar still
 * belonged to a bay, it counts as not searched. A transient fault proves nothing (docs/decision-table.md#replaced-calendars).
 *
 * @param seenAt the first observation of the deletion
 */
export async function searchInClosed(
  deleted: EventReading,
  seenAt: Instant,
  map: BookingEventMap,
  parts: Parts & Pick<EngineParts, 'closedCalendars'>,
): Promise<Result<EventReading, SyncError>> {
  const closed = await parts.closedCalendars.list();
  if (closed.err) return closed;
  const at = parts.clock.now();
  let isSearched = true;
  for (const { calendarId, closedAt } of closed.val) {
    if (calendarId === map.googleCalendarId) continue;
    const mayBeThere = mayHaveMovedTo(closedAt, deleted, seenAt, parts.rules);
    const readable = mayBeThere ? await proveReadable(calendarId, parts) : Ok.EMPTY;
    const read = readable.err ? readable : await parts.calendars.getEvent(calendarId, map.googleEventId);
    if (read.err) {
      if (!isAbsent(read.val) && read.val.kind !== 'forbidden') return read;
      if (readable.err) isSearched = false;
      continue;
    }
    if (isMirrorThere(read.val, map)) return Ok({ at, event: read.val, proven: true });
  }
  return Ok(isSearched ? deleted : { ...deleted, unsearched: true });
}

/** Reads that id in the calendars of the other bays. If an event is found, unreadable calendars do not matter. */
async function lookElsewhere(at: EventRef, parts: Parts, prove: boolean): Promise<Result<Answers, SyncError>> {
  const answers = await readInOthers(at, parts, prove);
  const events = answers.map((answer) => (answer.ok ? answer.val : null));
  const failed = answers.find((answer) => answer.err && isInconclusive(answer.val, at.calendarId, parts.rules));
  return failed?.err && !firstActive(events) ? failed : Ok(events);
}

function readInOthers(
  { calendarId, eventId }: EventRef,
  parts: Parts,
  prove: boolean,
): Promise<readonly Result<CalendarEvent | null, SyncError>[]> {
  const others = parts.rules.routing.bays.filter((bay) => bay.calendarId !== calendarId);
  return Promise.all(others.map((bay) => readIn(bay.calendarId, eventId, parts, prove)));
}

/** Returns the event as one calendar shows it, or null. `prove`: "not found" has to be confirmed. */
async function readIn(
  calendarId: string,
  eventId: string,
  parts: Parts,
  prove: boolean,
): Promise<Result<CalendarEvent | null, SyncError>> {
  const read = await parts.calendars.getEvent(calendarId, eventId);
  if (read.ok) return read;
  if (isOfClosedCalendar(read.val, calendarId, parts.rules)) return Ok(null);
  if (!isAbsent(read.val)) return read;
  if (read.val.kind === 'gone' || !prove) return Ok(null);
  const readable = await proveReadable(calendarId, parts);
  return readable.err ? readable : Ok(null);
}

/**
 * A calendar that is not shared with us answers "not found" to everything. In a calendar that can be listed the answer is
 * true.
 */
export async function proveReadable(
  calendarId: string,
  { calendars, store, onListed }: Pick<Parts, 'calendars' | 'store' | 'onListed'>,
): Promise<Result<void, SyncError>> {
  const state = await store.getFeedState(calendarFeedName(calendarId));
  if (state.err) return state;
  const syncToken = state.val?.syncToken ?? null;
  const list = await calendars.listEvents(calendarId, { syncToken, pageToken: null });
  if (list.ok && onListed) for (const event of list.val.events) onListed(event);
  if (list.ok || list.val.kind === 'token-expired') return Ok.EMPTY;
  if (syncToken === null || !isTokenRefused(list.val)) return list;
  const beginning = await calendars.listEvents(calendarId, { syncToken: null, pageToken: null });
  return beginning.err ? beginning : Ok.EMPTY;
}

/**
 * Lists active events with the appointment's marks in the mirror's calendar since its last sync: another event, or the
 * restored mirror.
 *
 * @param appointmentIds the present id of the appointment and its earlier ones
 */
export async function listedSinceSync(
  { googleCalendarId, uscheduleAppointmentId }: BookingEventMap,
  { calendars, store, clock, rules }: Parts,
  appointmentIds: readonly string[] = [uscheduleAppointmentId],
): Promise<Result<readonly EventReading[], SyncError>> {
  if (isClosedCalendar(googleCalendarId, rules)) return Ok([]);
  const state = await store.getFeedState(calendarFeedName(googleCalendarId));
  if (state.err) return state;
  const readings: EventReading[] = [];
  let cursor: { readonly syncToken: string | null; readonly pageToken: string | null } = {
    syncToken: state.val?.syncToken ?? null,
    pageToken: null,
  };
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const at = clock.now();
    const page = await calendars.listEvents(googleCalendarId, cursor);
    if (page.err && cursor.syncToken !== null && isTokenRefused(page.val)) {
      cursor = { syncToken: null, pageToken: null };
      continue;
    }
    if (page.err) return page;
    const marked = page.val.events.filter((event) => appointmentIds.some((id) => isActiveFor(event, id)));
    readings.push(...marked.map((event) => ({ at, event, proven: false })));
    if (page.val.nextPageToken === null) break;
    cursor = { ...cursor, pageToken: page.val.nextPageToken };
  }
  return Ok(readings);
}

/** The token is expired or invalid, for example because it belongs to another account. A full list needs none. */
export function isTokenRefused({ kind }: SyncError): boolean {
  return kind === 'token-expired' || kind === 'invalid';
}

/** The event does not exist, or no longer exists. */
export function isAbsent({ kind }: SyncError): boolean {
  return kind === 'not-found' || kind === 'gone';
}
