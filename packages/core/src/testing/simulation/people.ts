import { HOUR, MINUTE, type Instant } from '../../domain/instant.js';
import type { CalendarEvent } from '../../domain/calendar-event.js';
import type { Bay } from '../../domain/bay.js';
import { CANCELED_PREFIX } from '../../rules/event-text.js';
import type { MemoryBookings } from '../memory-bookings.js';
import type { MemoryCalendars } from '../memory-calendars.js';
import type { StudioBooking } from '../studio-booking.js';
import type { SeededRandom } from './seeded-random.js';

/** What a person did: in words, and what it should come to if nothing else happens to that booking. */
export interface Act {
  readonly side: 'booking' | 'event' | 'other';
  readonly words: string;
  /** The booking it is about; null: none. */
  readonly appointmentId: string | null;
  /** What both sides should come to. */
  readonly expect: Expectation | null;
  /** The booking goes by this id from now on. */
  readonly renamedTo?: string;
}

export interface Expectation {
  readonly state: 'live' | 'gone';
  readonly start?: Instant;
  readonly end?: Instant;
  readonly unit?: number;
}

const DESK_ACTS = { book: 8, move: 5, changeBay: 2, notes: 2, cancel: 3 } as const;
const CALENDAR_ACTS = {
  drag: 6,
  otherBay: 2,
  remove: 3,
  rename: 2,
  describe: 1,
  copy: 0.5,
  strip: 0.3,
  allDay: 0.4,
  recurring: 0.4,
  undelete: 0.7,
  own: 1.5,
  editOwn: 1,
} as const;

/** Bookings lie in the next days, on few slots, so that people get in each other's way. */
const DAYS_AHEAD = 4;
const FIRST_HOUR_AHEAD = 30;

/** Customers at the desk and people with a calendar app, at random. */
export class People {
  readonly #bookings: MemoryBookings;
  readonly #calendars: MemoryCalendars;
  readonly #bays: readonly Bay[];
  readonly #now: () => Instant;
  /** Event ids a person has deleted. */
  readonly deleted: Set<string> = new Set();
  /** Event ids whose metadata a person has removed. */
  readonly stripped: Set<string> = new Set();
  /** Every time, and every unit, a person has put an event of ours to. */
  readonly #edits = new Set<string>();

  constructor(bookings: MemoryBookings, calendars: MemoryCalendars, bays: readonly Bay[], now: () => Instant) {
    this.#bookings = bookings;
    this.#calendars = calendars;
    this.#bays = bays;
    this.#now = now;
  }

  act(random: SeededRandom): Act | null {
    return random.chance(0.55) ? this.#atTheDesk(random) : this.#inTheCalendar(random);
  }

  /** Live events of ours. */
  mirrors(): readonly CalendarEvent[] {
    return this.#bays
      .flatMap((bay) => this.#calendars.events(bay.calendarId))
      .filter((event) => event.eventId.startsWith('loft') && !event.title.startsWith(CANCELED_PREFIX));
  }

  #atTheDesk(random: SeededRandom): Act | null {
    const { desk } = this.#bookings;
    const what = random.weighted(DESK_ACTS);
    if (what === 'book') {
      const slot = this.#slot(random);
      if (!desk.isFree(slot)) return null;
      const { unit, start } = slot;
      const id = desk.book({ unit, start, minutes: 60, customerName: `Customer ${random.int(1, 40)}`, notes: '' });
      return this.#deskAct(`books ${id}`, id, { state: 'live', ...slot });
    }
    const booking = random.pick(desk.liveBookings().filter(({ start }) => start > this.#now() + HOUR));
    if (!booking) return null;
    const { id, unit, start, end } = booking;
    switch (what) {
      case 'move': {
        const to = this.#slot(random, unit);
        if (!desk.isFree(to, id)) return null;
        const moved = desk.move(id, { start: to.start, minutes: 60 });
        return this.#deskAct(`moves ${id}`, moved, { state: 'live', ...to }, id);
      }
      case 'changeBay': {
        const to = { ...this.#slot(random), start, end };
        if (to.unit === unit || !desk.isFree(to, id)) return null;
        const moved = desk.move(id, { unit: to.unit });
        return this.#deskAct(`changes the bay of ${id}`, moved, { state: 'live', ...to }, id);
      }
      case 'notes':
        desk.setNotes(id, `note ${random.int(1, 1000)}`);
        return this.#deskAct(`writes a note on ${id}`, id, null);
      case 'cancel':
        desk.cancel(id);
        return this.#deskAct(`cancels ${id}`, id, { state: 'gone' });
    }
  }

  #deskAct(words: string, appointmentId: string, expect: Expectation | null, oldId = appointmentId): Act {
    const act = { side: 'booking', words: `a customer ${words}`, appointmentId: oldId } as const;
    if (oldId === appointmentId) return { ...act, expect };
    return { ...act, words: `${act.words} (now ${appointmentId})`, expect: null, renamedTo: appointmentId };
  }

  #inTheCalendar(random: SeededRandom): Act | null {
    const { person } = this.#calendars;
    const what = random.weighted(CALENDAR_ACTS);
    if (what === 'own' || what === 'editOwn') return this.#ownEvent(what, random);
    if (what === 'undelete') return this.#undelete(random);
    const event = random.pick(this.mirrors().filter(({ start }) => start !== null && start > this.#now() + HOUR));
    if (!event || event.start === null || event.end === null) return null;
    const { calendarId, eventId, start, end } = event;
    const bay = this.#bays.find((it) => it.calendarId === calendarId);
    const id = event.marks.appointmentId;
    const about = (words: string, expect: Expectation | null): Act => ({
      side: 'event',
      words: `a person ${words} ${eventId} (appointment ${id}, bay ${bay?.bay})`,
      appointmentId: id,
      expect: this.stripped.has(eventId) ? null : expect,
    });
    switch (what) {
      case 'drag': {
        const to = this.#slot(random, bay?.resourceUnitId);
        const until = random.chance(0.2) ? to.end + 30 * MINUTE : to.end;
        person.dragEvent(calendarId, eventId, { start: to.start, end: until });
        this.#noteEdit(eventId, calendarId, to.start, until);
        return about('drags', { state: 'live', start: to.start, end: until, unit: to.unit });
      }
      case 'otherBay': {
        const other = random.pick(this.#bays.filter((it) => it.calendarId !== calendarId));
        if (!other) return null;
        person.moveToCalendar(calendarId, eventId, other.calendarId);
        this.#noteEdit(eventId, other.calendarId, start, end);
        return about(`moves to bay ${other.bay}`, { state: 'live', start, end, unit: other.resourceUnitId });
      }
      case 'remove':
        person.deleteEvent(calendarId, eventId);
        this.deleted.add(eventId);
        return about('deletes', { state: 'gone' });
      case 'rename':
        person.renameEvent(calendarId, eventId, `Party ${random.int(1, 99)}`);
        return about('renames', null);
      case 'describe':
        person.describeEvent(calendarId, eventId, `bring ${random.int(1, 9)} clubs`);
        return about('describes', null);
      case 'copy':
        person.copyEvent(calendarId, eventId);
        return about('copies', null);
      case 'strip':
        person.stripMetadata(calendarId, eventId);
        this.stripped.add(eventId);
        return about('strips the metadata of', null);
      case 'allDay':
        person.makeAllDay(calendarId, eventId);
        return about('makes all-day', null);
      case 'recurring':
        person.makeRecurring(calendarId, eventId);
        return about('makes recurring', null);
    }
  }

  #ownEvent(what: 'own' | 'editOwn', random: SeededRandom): Act | null {
    const bay = random.pick(this.#bays);
    if (!bay) return null;
    const { person } = this.#calendars;
    const { start, end } = this.#slot(random);
    const words = (did: string): Act => ({
      side: 'other',
      words: `a person ${did}`,
      appointmentId: null,
      expect: null,
    });
    if (what === 'own')
      return words(`makes an own event ${person.createEvent(bay.calendarId, { start, end, title: 'Cleaning' })}`);
    const own = random.pick(
      this.#calendars.events(bay.calendarId).filter(({ eventId }) => !eventId.startsWith('loft')),
    );
    if (!own) return null;
    if (random.chance(0.3)) person.deleteEvent(bay.calendarId, own.eventId);
    else person.dragEvent(bay.calendarId, own.eventId, { start, end });
    return words(`changes an own event or copy ${own.eventId}`);
  }

  #undelete(random: SeededRandom): Act | null {
    const gone = this.#calendars.writes.filter(
      ({ method, eventId }) => method === 'delete' && eventId.startsWith('loft'),
    );
    const last = random.pick(gone.slice(-10));
    if (!last || this.mirrors().some(({ eventId }) => eventId === last.eventId)) return null;
    this.#calendars.person.undelete(last.calendarId, last.eventId);
    const event = this.mirrors().find(({ eventId }) => eventId === last.eventId);
    if (event?.start && event.end) this.#noteEdit(last.eventId, last.calendarId, event.start, event.end);
    return {
      side: 'event',
      words: `a person takes ${last.eventId} back out of the bin`,
      appointmentId: event?.marks.appointmentId ?? null,
      expect: null,
    };
  }

  #noteEdit(eventId: string, calendarId: string, start: Instant, end: Instant): void {
    const unit = this.#bays.find((bay) => bay.calendarId === calendarId)?.resourceUnitId;
    this.#edits.add(`${eventId} at ${start} ${end}`).add(`${eventId} on ${unit}`);
  }

  /** Has a person ever put the event to that time? */
  putToTime(eventId: string, start: Instant, end: Instant): boolean {
    return this.#edits.has(`${eventId} at ${start} ${end}`);
  }

  /** Has a person ever put the event to that unit's calendar? */
  putToUnit(eventId: string, unit: number): boolean {
    return this.#edits.has(`${eventId} on ${unit}`);
  }

  #slot(random: SeededRandom, unit?: number): { unit: number; start: Instant; end: Instant } {
    const hour = Math.ceil(this.#now() / HOUR) + FIRST_HOUR_AHEAD + random.int(0, DAYS_AHEAD * 24);
    const start = hour * HOUR;
    const bay = random.pick(this.#bays);
    return { unit: unit ?? bay?.resourceUnitId ?? 0, start, end: start + HOUR };
  }

  /** A booking that people still can see coming. */
  upcoming(): readonly StudioBooking[] {
    return this.#bookings.desk.liveBookings().filter(({ end }) => end > this.#now());
  }
}
