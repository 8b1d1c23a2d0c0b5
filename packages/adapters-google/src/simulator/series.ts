import { DAY, type Instant } from '@loft/sync-core';
import ICAL from 'ical.js';
import { instantOf, spanOf } from './event-times.js';
import { isObject, textOf, type JsonObject, type JsonValue } from './json.js';
import type { StoredEvent } from './stored-event.js';
import { icalWallTime, instantOfWall } from './zone-times.js';

/** Maximum of expanded instances of one series in one answer: a series may be endless. */
const MAX_INSTANCES = 730;
/** Maximum of instances that are skipped before the first requested one. */
const MAX_SKIPPED = 20_000;
const INSTANCE_ID = /^(?<series>[0-9a-v]{5,1024})_(?<time>\d{8}(?:T\d{6}Z)?)$/;

/** Period of the requested instances: they end after `from` and begin before `to`. */
export interface InstanceRange {
  readonly from: Instant | null;
  readonly to: Instant | null;
}

/** Is the event a series? */
export function isSeries({ fields }: Pick<StoredEvent, 'fields'>): boolean {
  return fields['recurrence'] !== undefined;
}

/** @returns the id of the series for the id of an instance; null if it is not the id of an instance */
export function seriesIdOf(eventId: string): string | null {
  return INSTANCE_ID.exec(eventId)?.groups?.['series'] ?? null;
}

/** The zone whose wall time a series follows. */
function zoneOf(time: JsonValue | undefined): string {
  return (isObject(time) ? textOf(time['timeZone']) : null) ?? 'UTC';
}

function isAllDay(time: JsonValue | undefined): boolean {
  return isObject(time) && time['date'] !== undefined;
}

/** Converts the lines of a recurrence to floating wall time, because iCalendar has no IANA zones of its own. */
function floatingLines(recurrence: JsonValue | undefined, zone: string): readonly string[] {
  const lines = Array.isArray(recurrence) ? recurrence.filter((line) => typeof line === 'string') : [];
  return lines.map((line) =>
    line
      .replace(/;TZID=[^:;]+/, '')
      .replaceAll(/(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z/g, (_, year, month, day, hour, minute, second) =>
        icalWallTime(Date.UTC(+year, +month - 1, +day, +hour, +minute, +second), zone),
      ),
  );
}

function expansionOf(recurrence: JsonValue | undefined, start: JsonValue | undefined): ICAL.RecurExpansion {
  const zone = zoneOf(start);
  const at = instantOf(start) ?? 0;
  const allDay = isAllDay(start);
  const wall = allDay ? new Date(at).toISOString().slice(0, 10).replaceAll('-', '') : icalWallTime(at, zone);
  const lines = floatingLines(recurrence, zone);
  const text = ['BEGIN:VEVENT', `DTSTART${allDay ? ';VALUE=DATE' : ''}:${wall}`, ...lines, 'END:VEVENT'].join('\r\n');
  const component = ICAL.Component.fromString(text);
  const dtstart = component.getFirstPropertyValue('dtstart') as ICAL.Time;
  return new ICAL.RecurExpansion({ component, dtstart });
}

/** Can the lines be expanded? */
export function isRecurrence(recurrence: JsonValue, start: JsonValue | undefined): boolean {
  if (!Array.isArray(recurrence) || !recurrence.every((line) => /^(RRULE|RDATE|EXDATE)[;:]/.test(String(line)))) {
    return false;
  }
  try {
    return expansionOf(recurrence, start).next() !== null;
  } catch {
    return false;
  }
}

/** The original starts of the instances of a series that end after `from`, in order, up to a maximum. */
function startsOf({ fields }: StoredEvent, { from, to }: InstanceRange): readonly Instant[] {
  const { start } = fields;
  const span = spanOf(fields);
  const length = span.end - span.start;
  const zone = zoneOf(start);
  const expansion = expansionOf(fields['recurrence'], start);
  const starts: Instant[] = [];
  for (let looked = 0; looked < MAX_SKIPPED && starts.length < MAX_INSTANCES; looked++) {
    const next: ICAL.Time | null | undefined = expansion.next();
    if (!next) break;
    const { year, month, day, hour, minute, second } = next;
    const at = isAllDay(start)
      ? Date.UTC(year, month - 1, day)
      : instantOfWall({ year, month, day, hour, minute, second }, zone);
    if (to !== null && at >= to) break;
    if (from === null || at + length > from || (length === 0 && at >= from)) starts.push(at);
  }
  return starts;
}

function timeAt(at: Instant, like: JsonValue | undefined): JsonObject {
  if (isAllDay(like)) return { date: new Date(at).toISOString().slice(0, 10) };
  const zone = isObject(like) ? like['timeZone'] : undefined;
  return { dateTime: new Date(at).toISOString(), ...(zone === undefined ? {} : { timeZone: zone }) };
}

function instanceId(seriesId: string, at: Instant, allDay: boolean): string {
  const text = new Date(at).toISOString().replaceAll(/[-:]/g, '');
  return `${seriesId}_${allDay ? text.slice(0, 8) : `${text.slice(0, 15)}Z`}`;
}

function instanceAt(series: StoredEvent, at: Instant): StoredEvent {
  const { recurrence: _, start, ...fields } = series.fields;
  const span = spanOf(series.fields);
  return {
    ...series,
    id: instanceId(series.id, at, isAllDay(start)),
    fields: {
      ...fields,
      recurringEventId: series.id,
      originalStartTime: timeAt(at, start),
      start: timeAt(at, start),
      end: timeAt(at + (span.end - span.start), fields['end']),
    },
  };
}

/** The instances of a series by its rule, without exceptions. */
export function instancesOf(series: StoredEvent, range: InstanceRange): readonly StoredEvent[] {
  return startsOf(series, range).map((at) => instanceAt(series, at));
}

/** @returns the instance with this id by the rule; null if the rule has none */
export function instanceById(series: StoredEvent, eventId: string): StoredEvent | null {
  const time = INSTANCE_ID.exec(eventId)?.groups?.['time'] ?? '';
  const [, year, month, day, hour = '00', minute = '00', second = '00'] =
    /^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})Z)?$/.exec(time) ?? [];
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(at)) return null;
  const range = { from: at - DAY, to: at + 1 };
  return instancesOf(series, range).find(({ id }) => id === eventId) ?? null;
}
