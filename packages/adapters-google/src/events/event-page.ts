import { Err, Ok, type CalendarEvent, type Result, type SyncError, type TimeZones } from '@loft/sync-core';
import type { EventPage } from '@loft/sync-core/adapters';
import type { calendar_v3 } from 'googleapis/build/src/apis/calendar/index.js';
import { unreadableAnswer } from '../errors/google-error.js';
import { fromGoogleEvent } from './event-mapping.js';

function writableOf(accessRole: unknown): boolean | null {
  if (typeof accessRole !== 'string') return null;
  return accessRole === 'writer' || accessRole === 'owner';
}

/** Reads a text that is not empty. */
function filledText(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/**
 * Reads one page of `events.list`. A page with an item that is not an event, or without a token, is refused as a
 * whole, because a change would be lost. So is a page that names itself as the next one: such a list has no end.
 */
export function readEventPage(
  body: unknown,
  { calendarId, pageToken }: { readonly calendarId: string; readonly pageToken: string | null },
  zone: string,
  timeZones: TimeZones,
): Result<EventPage, SyncError> {
  const refuse = (what: string): Result<EventPage, SyncError> => Err(unreadableAnswer('events.list', what, body));
  if (typeof body !== 'object' || body === null) return refuse('it is not a list of events');
  const list: calendar_v3.Schema$Events = body;
  const items: unknown = list.items ?? [];
  if (!Array.isArray(items)) return refuse('its items are not a list');
  const events: CalendarEvent[] = [];
  for (const item of items) {
    const event = fromGoogleEvent(item, calendarId, zone, timeZones);
    if (!event) return refuse('an item is not an event');
    events.push(event);
  }
  const nextPageToken = filledText(list.nextPageToken);
  if (nextPageToken !== null && nextPageToken === pageToken) return refuse('its next page is itself');
  const nextSyncToken = nextPageToken === null ? filledText(list.nextSyncToken) : null;
  if (nextPageToken === null && nextSyncToken === null) return refuse('it has neither a page token nor a sync token');
  return Ok({
    events,
    nextPageToken,
    nextSyncToken,
    writable: writableOf(list.accessRole),
    timeZone: filledText(list.timeZone),
    summary: filledText(list.summary),
  });
}
