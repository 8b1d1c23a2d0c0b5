import { Err, Ok, type Instant, type Result } from '@loft/sync-core';
import { apiErrors, type ApiError } from './api-error.js';
import type { CalendarEvents } from './calendar-events.js';
import { instantOfParameter, spanOf } from './event-times.js';
import { isObject, textOf, type JsonObject, type JsonValue } from './json.js';
import { sortedList } from './listed-items.js';
import { formatOffsetTime, type ZoneOffset } from './zone-times.js';

export interface FreeBusyParts {
  /** The events of a calendar; null: it is not shared. */
  readonly eventsOf: (calendarId: string) => CalendarEvents | null;
  readonly offset: ZoneOffset;
}

interface Span {
  readonly start: Instant;
  readonly end: Instant;
}

/** `freeBusy.query`: the busy times of the given calendars. */
export function answerFreeBusy(body: JsonObject, { eventsOf, offset }: FreeBusyParts): Result<JsonObject, ApiError> {
  const from = instantOfParameter(textOf(body['timeMin']) ?? '');
  const to = instantOfParameter(textOf(body['timeMax']) ?? '');
  if (from === null || to === null) return Err(apiErrors.required('Missing or invalid timeMin or timeMax.'));
  if (from >= to) return Err(apiErrors.timeRangeEmpty());
  const zone = textOf(body['timeZone']) ?? 'UTC';
  const show = (at: Instant): string => formatOffsetTime(at, offset(zone, at));
  const asked: readonly JsonValue[] = Array.isArray(body['items']) ? body['items'] : [];
  const calendars = asked.filter(isObject).map(({ id }): [string, JsonObject] => {
    const calendarId = textOf(id) ?? '';
    const events = eventsOf(calendarId);
    if (!events) return [calendarId, { errors: [{ domain: 'global', reason: 'notFound' }], busy: [] }];
    const busy = busySpans(events, { start: from, end: to });
    return [calendarId, { busy: busy.map(({ start, end }) => ({ start: show(start), end: show(end) })) }];
  });
  return Ok({
    kind: 'calendar#freeBusy',
    timeMin: new Date(from).toISOString(),
    timeMax: new Date(to).toISOString(),
    calendars: Object.fromEntries(calendars),
  });
}

/** The times of opaque events, merged if they touch, and cut to the range. */
function busySpans(events: CalendarEvents, { start: from, end: to }: Span): readonly Span[] {
  const query = {
    timeMin: from,
    timeMax: to,
    updatedMin: null,
    singleEvents: true,
    showDeleted: false,
    orderBy: 'startTime',
    words: [],
    iCalUID: null,
    eventTypes: [],
    privateProperties: [],
    sharedProperties: [],
  } as const;
  const merged: { start: Instant; end: Instant }[] = [];
  for (const { event } of sortedList(events, query)) {
    if (event.fields['transparency'] === 'transparent') continue;
    const span = spanOf(event.fields);
    const last = merged.at(-1);
    if (last && span.start <= last.end) last.end = Math.max(last.end, span.end);
    else merged.push({ ...span });
  }
  return merged.map(({ start, end }) => ({ start: Math.max(start, from), end: Math.min(end, to) }));
}
