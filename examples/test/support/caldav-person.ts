import { randomUUID } from 'node:crypto';
import type { CalendarPerson, MaybeAsync, PersonEvent } from '@loft/sync-core/testing';
import type { Radicale } from '../../../scripts/radicale.mjs';

/** Arizona has one offset all year. */
const PHOENIX_MS = 7 * 3_600_000;
const PHOENIX = [
  'BEGIN:VTIMEZONE',
  'TZID:America/Phoenix',
  'BEGIN:STANDARD',
  'DTSTART:19700101T000000',
  'TZOFFSETFROM:-0700',
  'TZOFFSETTO:-0700',
  'END:STANDARD',
  'END:VTIMEZONE',
].join('\r\n');

/** A person whose calendar app sends plain CalDAV requests, and writes times in the zone of the studio. */
export class CalDavPerson implements MaybeAsync<CalendarPerson> {
  readonly #radicale: Radicale;

  constructor(radicale: Radicale) {
    this.#radicale = radicale;
  }

  async createEvent(calendarId: string, { start, end, title = '', description = '' }: PersonEvent): Promise<string> {
    const uid = randomUUID();
    const lines = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Person//EN', 'BEGIN:VEVENT', `UID:${uid}`];
    const content = [`DTSTART:${utc(start)}`, `DTEND:${utc(end)}`, `SUMMARY:${title}`, `DESCRIPTION:${description}`];
    const last = [`DTSTAMP:${utc(Date.now())}`, 'END:VEVENT', 'END:VCALENDAR', ''];
    await this.#put(calendarId, uid, [...lines, ...content, ...last].join('\r\n'));
    return uid;
  }

  async dragEvent(
    calendarId: string,
    eventId: string,
    to: { readonly start: number; readonly end?: number },
  ): Promise<void> {
    await this.#edit(calendarId, eventId, (event) => {
      const end = to.end ?? to.start + instant(event, 'DTEND') - instant(event, 'DTSTART');
      const zoned = withLine(withLine(event, 'DTSTART', phoenix(to.start)), 'DTEND', phoenix(end));
      return event.includes('BEGIN:VTIMEZONE') ? zoned : zoned.replace('BEGIN:VEVENT', `${PHOENIX}\r\nBEGIN:VEVENT`);
    });
  }

  async renameEvent(calendarId: string, eventId: string, title: string): Promise<void> {
    await this.#edit(calendarId, eventId, (event) => withLine(event, 'SUMMARY', `:${title}`));
  }

  async describeEvent(calendarId: string, eventId: string, description: string): Promise<void> {
    const text = description.replaceAll('\n', '\\n');
    await this.#edit(calendarId, eventId, (event) => withLine(event, 'DESCRIPTION', `:${text}`));
  }

  async makeAllDay(calendarId: string, eventId: string): Promise<void> {
    await this.#edit(calendarId, eventId, (event) => {
      const start = instant(event, 'DTSTART');
      const day = (at: number): string => `;VALUE=DATE:${utc(at).slice(0, 8)}`;
      return withLine(withLine(event, 'DTSTART', day(start)), 'DTEND', day(start + 86_400_000));
    });
  }

  async makeRecurring(calendarId: string, eventId: string): Promise<void> {
    await this.#edit(calendarId, eventId, (event) => withLine(event, 'RRULE', ':FREQ=WEEKLY'));
  }

  async deleteEvent(calendarId: string, eventId: string): Promise<void> {
    await this.#radicale.request('DELETE', pathOf(calendarId, eventId));
  }

  undelete(): never {
    throw new Error('a CalDAV server has no trash');
  }

  async moveToCalendar(calendarId: string, eventId: string, toCalendarId: string): Promise<void> {
    const destination = new URL(pathOf(toCalendarId, eventId), this.#radicale.account.home).href;
    await this.#radicale.request('MOVE', pathOf(calendarId, eventId), undefined, { destination });
  }

  async copyEvent(calendarId: string, eventId: string, toCalendarId: string = calendarId): Promise<string> {
    const uid = randomUUID();
    await this.#put(toCalendarId, uid, withLine(await this.text(calendarId, eventId), 'UID', `:${uid}`));
    return uid;
  }

  async stripMetadata(calendarId: string, eventId: string): Promise<void> {
    await this.#edit(calendarId, eventId, (event) => event.replaceAll(/^X-LOFT-.*\r?\n/gm, ''));
  }

  /** The iCalendar text of an event, one line for each property. */
  async text(calendarId: string, eventId: string): Promise<string> {
    return (await this.#radicale.request('GET', pathOf(calendarId, eventId))).replaceAll(/\r?\n[ \t]/g, '');
  }

  async #edit(calendarId: string, eventId: string, change: (event: string) => string): Promise<void> {
    await this.#put(calendarId, eventId, change(await this.text(calendarId, eventId)));
  }

  async #put(calendarId: string, eventId: string, text: string): Promise<void> {
    await this.#radicale.request('PUT', pathOf(calendarId, eventId), text, { 'content-type': 'text/calendar' });
  }
}

function pathOf(calendarId: string, eventId: string): string {
  return `${calendarId}/${eventId}.ics`;
}

function utc(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
}

function phoenix(at: number): string {
  return `;TZID=America/Phoenix:${utc(at - PHOENIX_MS).slice(0, -1)}`;
}

/** Sets a property of the VEVENT; `rest` is everything after its name. */
function withLine(text: string, name: string, rest: string): string {
  const from = text.indexOf('BEGIN:VEVENT');
  const event = text.slice(from);
  const line = new RegExp(`^${name}[;:].*$`, 'm');
  const changed = line.test(event)
    ? event.replace(line, () => name + rest)
    : event.replace('END:VEVENT', () => `${name}${rest}\r\nEND:VEVENT`);
  return text.slice(0, from) + changed;
}

/** The instant of a property of the VEVENT: in UTC, or in the zone of the studio. */
function instant(text: string, name: string): number {
  const event = text.slice(text.indexOf('BEGIN:VEVENT'));
  const [, zone, ...parts] =
    new RegExp(`^${name}(;TZID=America/Phoenix)?:(....)(..)(..)T(..)(..)(..)`, 'm').exec(event) ?? [];
  const [year = 0, month = 0, day, hour, minute, second] = parts.map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second) + (zone === undefined ? 0 : PHOENIX_MS);
}
