import { calendarFeedName } from '../domain/feed-state.js';
import type { CalendarEvent } from '../domain/calendar-event.js';
import type { EventRef } from '../domain/task.js';
import type { SyncError } from '../domain/sync-error.js';
import { Ok, type Result } from '../result.js';
import { standsInCalendar } from '../rules/rules.js';
import type { EventReading } from '../rules/situation.js';
import type { EngineParts } from './engine-parts.js';

type Parts = Pick<EngineParts, 'calendars' | 'store' | 'clock' | 'rules'>;

/**
 * Reads an event for certain (decision table, "Guards"): by its id where it should be, and when it is not there, by
 * the same id in the calendars of the other bays. An error is never taken for absence.
 */
export async function readEvent(at: EventRef, parts: Parts): Promise<Result<EventReading, SyncError>> {
  const sentAt = parts.clock.now();
  const home = await parts.calendars.getEvent(at.calendarId, at.eventId);
  if (home.ok && home.val.state === 'live') return Ok({ at: sentAt, event: home.val, proven: true });
  if (home.err) {
    if (!isAbsent(home.val)) return home;
    const readable = await proveReadable(at.calendarId, parts);
    if (readable.err) return readable;
  }
  const elsewhere = await findElsewhere(at, parts);
  if (elsewhere.err) return elsewhere;
  if (elsewhere.val) return Ok({ at: sentAt, event: elsewhere.val, proven: true });
  // It may have come back home while we looked elsewhere.
  const again = await parts.calendars.getEvent(at.calendarId, at.eventId);
  if (again.ok) return Ok({ at: sentAt, event: again.val, proven: true });
  if (!isAbsent(again.val)) return again;
  return Ok({ at: sentAt, event: home.ok ? home.val : tombstone(at), proven: true });
}

/** The live event of that id in a calendar of another bay; null: there is none, for certain. */
export async function findElsewhere(
  { calendarId, eventId }: EventRef,
  parts: Parts,
): Promise<Result<CalendarEvent | null, SyncError>> {
  const others = parts.rules.routing.bays.filter((bay) => bay.calendarId !== calendarId);
  const answers = await Promise.all(
    others.map(async (bay): Promise<Result<CalendarEvent | null, SyncError>> => {
      const read = await parts.calendars.getEvent(bay.calendarId, eventId);
      // The mark of an earlier cancellation stands for nothing.
      if (read.ok) return Ok(standsInCalendar(read.val) ? read.val : null);
      if (read.val.kind === 'gone') return Ok(null);
      if (read.val.kind !== 'not-found') return read;
      const readable = await proveReadable(bay.calendarId, parts);
      return readable.err ? readable : Ok(null);
    }),
  );
  for (const answer of answers) if (answer.ok && answer.val) return answer;
  for (const answer of answers) if (answer.err) return answer;
  return Ok(null);
}

/** A calendar that is not shared with us answers "not found" to everything. One that can be listed means it. */
export async function proveReadable(calendarId: string, { calendars, store }: Parts): Promise<Result<void, SyncError>> {
  const state = await store.getFeedState(calendarFeedName(calendarId));
  if (state.err) return state;
  const syncToken = state.val?.syncToken ?? null;
  const list = await calendars.listEvents(calendarId, { syncToken, pageToken: null });
  if (list.ok || list.val.kind === 'token-expired') return Ok.EMPTY;
  if (syncToken === null || !isTokenRefused(list.val)) return list;
  const beginning = await calendars.listEvents(calendarId, { syncToken: null, pageToken: null });
  return beginning.err ? beginning : Ok.EMPTY;
}

/** Expired, or not understood at all, as one that was made for another account may be: a full list needs none. */
export function isTokenRefused({ kind }: SyncError): boolean {
  return kind === 'token-expired' || kind === 'invalid';
}

/** It is not there, or not any more. */
export function isAbsent({ kind }: SyncError): boolean {
  return kind === 'not-found' || kind === 'gone';
}

function tombstone({ calendarId, eventId }: EventRef): CalendarEvent {
  return {
    calendarId,
    eventId,
    etag: '',
    updatedAt: null,
    state: 'gone',
    shape: 'timed',
    start: null,
    end: null,
    title: '',
    description: '',
    free: false,
    marks: { appointmentId: null, managed: false, bay: null },
  };
}
