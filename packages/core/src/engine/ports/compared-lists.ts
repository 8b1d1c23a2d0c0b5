import { tombstone, type CalendarEvent, type EventPage } from '../../domain/calendar-event.js';
import type { SyncError } from '../../domain/sync-error.js';
import type { CalendarSystem, ListCursor } from '../../ports/calendar-system.js';
import { wrapPort } from '../../ports/decorate-port.js';
import { Err, Ok, type Result } from '../../result.js';

/** Maximum number of pages of a list. */
const MAX_PAGES = 1000;
/** Maximum number of cached lists per calendar: the last one, and earlier ones whose token may still be stored. */
const REMEMBERED = 4;
const PREFIX = 'compared-';

/** Placeholder for the etag of an event that a list does not contain yet: the next list reports it as changed or deleted. */
const WITHOUT_ETAG = '';

/** The etags of all events of a calendar, by event id. */
type Etags = Map<string, string>;

/**
 * Adds sync tokens to a calendar system without them. A token names a cached full list. For the changes since a token, the
 * calendar is listed in full again and compared by etag. Without changes the answer is empty and the token stays the same,
 * so the store is neither read nor written.
 *
 * A token of another process is `token-expired`. So is a list from which more events have disappeared than
 * `massChangeMinimum`: then the engine lists in full, and the mass-change guard checks the missing events.
 *
 * An event that we insert counts as an event of the last list, so its deletion is found although no list contained it.
 */
export function comparedLists(
  calendars: CalendarSystem,
  { massChangeMinimum, random }: { readonly massChangeMinimum: number; readonly random: () => number },
): CalendarSystem {
  const lists = new Map<string, Map<string, Etags>>();
  /** Events that are inserted while their calendar is listed. */
  const running = new Set<{ readonly calendarId: string; readonly inserted: Set<string> }>();
  let count = 0;
  const run = random().toString(36).slice(2);

  const remember = (calendarId: string, etags: Etags): string => {
    const token = `${PREFIX}${run}-${count++}`;
    const cached = lists.get(calendarId) ?? new Map<string, Etags>();
    cached.set(token, etags);
    for (const old of [...cached.keys()].slice(0, -REMEMBERED)) cached.delete(old);
    lists.set(calendarId, cached);
    return token;
  };

  const listEvents = async (calendarId: string, { syncToken }: ListCursor): Promise<Result<EventPage, SyncError>> => {
    const before = syncToken === null ? null : lists.get(calendarId)?.get(syncToken);
    if (before === undefined) return Err(expired(calendars, 'the list that the token names is not remembered'));
    const list = { calendarId, inserted: new Set<string>() };
    running.add(list);
    const listed = await listAll(calendars, calendarId);
    running.delete(list);
    if (listed.err) return listed;
    const shown = listed.val.events.map(({ eventId, etag }): [string, string] => [eventId, etag]);
    const inserted = [...list.inserted].map((eventId): [string, string] => [eventId, WITHOUT_ETAG]);
    const etags: Etags = new Map([...inserted, ...shown]);
    if (before === null) return Ok({ ...listed.val, nextSyncToken: remember(calendarId, etags) });
    const gone = [...before.keys()].filter((eventId) => !etags.has(eventId));
    if (gone.length > massChangeMinimum) return Err(expired(calendars, `${gone.length} events have disappeared`));
    const changed = listed.val.events.filter(
      ({ eventId, etag }) => etag === WITHOUT_ETAG || before.get(eventId) !== etag,
    );
    const events = [...changed, ...gone.map((eventId) => tombstone({ calendarId, eventId }))];
    const nextSyncToken = events.length === 0 ? syncToken : remember(calendarId, etags);
    return Ok({ ...listed.val, events, nextSyncToken });
  };

  const insertEvent: CalendarSystem['insertEvent'] = async (calendarId, eventId, draft) => {
    const event = await calendars.insertEvent(calendarId, eventId, draft);
    if (event.err) return event;
    for (const list of running) if (list.calendarId === calendarId) list.inserted.add(eventId);
    for (const etags of lists.get(calendarId)?.values() ?? []) etags.set(eventId, etags.get(eventId) ?? WITHOUT_ETAG);
    return event;
  };

  return wrapPort(calendars, (name, original) => {
    if (name === 'listEvents') return listEvents;
    return name === 'insertEvent' ? insertEvent : original();
  });
}

/** Combines all pages of a full list into one page, without deleted events. */
async function listAll(calendars: CalendarSystem, calendarId: string): Promise<Result<EventPage, SyncError>> {
  const events: CalendarEvent[] = [];
  let pageToken: string | null = null;
  for (let pages = 0; pages < MAX_PAGES; pages++) {
    const page: Result<EventPage, SyncError> = await calendars.listEvents(calendarId, { syncToken: null, pageToken });
    if (page.err) return page;
    events.push(...page.val.events.filter(({ state }) => state === 'live'));
    pageToken = page.val.nextPageToken;
    if (pageToken === null) return Ok({ ...page.val, events });
  }
  return Err({ ...expired(calendars, 'the list of events does not end'), kind: 'transient' });
}

function expired({ system = 'calendars' }: CalendarSystem, message: string): SyncError {
  return { kind: 'token-expired', system, method: 'listEvents', message };
}
