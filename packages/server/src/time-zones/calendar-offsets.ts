import { DAY, HOUR, MINUTE, type CalendarSystem, type Instant, type TimeZones } from '@loft/sync-core';
import { wrapPort, type EventPage } from '@loft/sync-core/adapters';
import { daysText, offsetText, sourceText } from './zone-disagreements.js';
import type { NamedZone } from './zoned-formatter.js';

/** Offsets of one UTC day in milliseconds: by our rules, and by a start that the calendar has written. */
interface DayDifference {
  /** A start on that day. */
  readonly at: Instant;
  readonly ours: number;
  readonly theirs: number;
}

/** Maximum change of clocks by a law. A larger difference is a start that was written in another zone. */
const LARGEST_RULE_CHANGE_MS: number = 2 * HOUR;

/** Maximum of recorded days with different offsets; an old rule affects half a year at most. */
const MAX_DAYS = 400;

/**
 * Compares the offsets that calendars write with our zone rules (docs/operating-contract.md#time-zones). Google
 * maintains its own rules, so a difference means that ours are outdated. The result is a warning; no event is moved.
 */
export class CalendarOffsets {
  readonly #zone: NamedZone;
  readonly #onFirst: (warning: string) => void;
  readonly #days = new Map<number, DayDifference>();

  /** @param onFirst called once, at the first difference */
  constructor(zone: NamedZone, onFirst: (warning: string) => void = () => {}) {
    this.#zone = zone;
    this.#onFirst = onFirst;
  }

  /** Compares a page. Only a calendar in the studio's zone is evidence about that zone. */
  observe({ timeZone, events }: Pick<EventPage, 'timeZone' | 'events'>): void {
    if (timeZone !== this.#zone.timeZone) return;
    const before = this.#days.size;
    for (const { start, startOffsetMinutes } of events) {
      if (start !== null && startOffsetMinutes !== null) this.#compare(start, startOffsetMinutes * MINUTE);
    }
    const warning = before === 0 ? this.warning() : null;
    if (warning !== null) this.#onFirst(warning);
  }

  /** @returns one sentence with the dates; null if no calendar contradicts our rules */
  warning(): string | null {
    const days = [...this.#days.values()].toSorted((a, b) => a.at - b.at);
    const [first] = days;
    const last = days.at(-1);
    if (!first || !last) return null;
    const { timeZone, timeZones } = this.#zone;
    const { at, ours, theirs } = first;
    const period = { from: at, to: last.at + 1 };
    return (
      `Google gives ${timeZone} another offset than our time zone rules: ${offsetText(theirs)} and not ` +
      `${offsetText(ours)} by ${sourceText(timeZones)}, seen on ${daysText(period, timeZone, timeZones)}. ` +
      `Bookings of these days may be mirrored at a wrong time. ${UPDATE_RULES}`
    );
  }

  #compare(start: Instant, theirs: number): void {
    const { timeZone, timeZones } = this.#zone;
    const ours = timeZones.offsetAt(start, timeZone);
    const day = Math.floor(start / DAY);
    if (ours === theirs || (theirs === 0 && Math.abs(ours) > LARGEST_RULE_CHANGE_MS)) return;
    if (this.#days.size < MAX_DAYS) this.#days.set(day, { at: start, ours, theirs });
  }
}

/** The remedy for outdated rules. */
export const UPDATE_RULES =
  'Update this service, Node.js, or the zone files of the system (TZDIR names their directory)';

/** Wraps the calendars, and compares every page of events with our zone rules. */
export function watchOffsets(calendars: CalendarSystem, offsets: CalendarOffsets): CalendarSystem {
  const listEvents: CalendarSystem['listEvents'] = async (calendarId, cursor) => {
    const page = await calendars.listEvents(calendarId, cursor);
    if (page.ok) offsets.observe(page.val);
    return page;
  };
  return wrapPort(calendars, (name, original) => {
    const member = original();
    return name === 'listEvents' && typeof member === 'function' ? listEvents : member;
  });
}

/** Formats source and version of zone rules as JSON. */
export function rulesView({ source, version }: TimeZones): Readonly<Record<'source' | 'version', string | null>> {
  return { source, version };
}
