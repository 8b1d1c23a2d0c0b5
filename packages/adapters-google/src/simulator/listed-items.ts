import { spanOf } from './event-times.js';
import { isWanted, type EventQuery } from './event-query.js';
import { instancesOf, isSeries } from './series.js';
import { isCancelled, type StoredEvent } from './stored-event.js';
import type { CalendarEvents } from './calendar-events.js';

/** An event with its place in the order of a list. */
export interface ListedItem {
  readonly event: StoredEvent;
  readonly key: number;
}

/** Events of a full list in the order of their appearance, from a position on. */
export function* fullList(events: CalendarEvents, query: EventQuery, after: number): Generator<ListedItem> {
  for (const event of events.appearedAfter(after)) {
    if (event.forgotten || !isListed(events, event, query)) continue;
    yield { event, key: event.position };
  }
}

/** Events that changed after a revision and not after another one, in the order of their last change. */
export function* changes(events: CalendarEvents, after: number, upTo: number): Generator<ListedItem> {
  for (const event of events.changedAfter(after)) {
    // Changes during the pages are listed with the next token.
    if (event.revision <= upTo) yield { event, key: event.revision };
  }
}

/** A full list in the requested order, with instances instead of series if requested. */
export function sortedList(events: CalendarEvents, query: EventQuery): readonly ListedItem[] {
  const items: ListedItem[] = [];
  for (const { event } of fullList(events, query, 0)) {
    const shown = query.singleEvents && isSeries(event) ? openInstances(events, event, query) : [event];
    items.push(...shown.map((it) => ({ event: it, key: keyOf(it, query) })));
  }
  return items.toSorted((a, b) => a.key - b.key || (a.event.id < b.event.id ? -1 : 1));
}

/** The instances of a series without an exception. */
export function openInstances(
  events: CalendarEvents,
  series: StoredEvent,
  { timeMin, timeMax }: Pick<EventQuery, 'timeMin' | 'timeMax'>,
): readonly StoredEvent[] {
  if (isCancelled(series)) return [];
  const taken = new Set(events.exceptionsOf(series.id).map(({ id }) => id));
  return instancesOf(series, { from: timeMin, to: timeMax }).filter(({ id }) => !taken.has(id));
}

function keyOf(event: StoredEvent, { orderBy }: EventQuery): number {
  if (orderBy === 'startTime') return spanOf(event.fields).start;
  return orderBy === 'updated' ? event.updatedAt : event.position;
}

function isListed(events: CalendarEvents, event: StoredEvent, query: EventQuery): boolean {
  if (isWanted(event, query)) return true;
  // A cancelled instance of a live series is shown unless instances are expanded: otherwise the series would include it.
  const { recurringEventId } = event.fields;
  if (!isCancelled(event) || query.singleEvents || typeof recurringEventId !== 'string') return false;
  const series = events.current(recurringEventId);
  return series !== undefined && !isCancelled(series) && isWanted(event, { ...query, showDeleted: true });
}
