import { HOUR, MINUTE, type Instant } from '../../domain/instant.js';
import type { CalendarEvent } from '../../domain/calendar-event.js';
import type { UnitId } from '../../domain/bay.js';
import type { MemoryBookings } from '../memory-bookings.js';
import type { MemoryCalendars } from '../memory-calendars.js';
import { CALENDAR_ACTS, SECOND_THOUGHTS, type Act, type ActKind, type Expectation } from './act.js';
import type { BayPlan } from './bay-plan.js';
import type { RandomSlots } from './random-slots.js';
import type { SeededRandom } from './seeded-random.js';
import type { ShownEvents } from './shown-events.js';
import type { UserEdits } from './user-edits.js';

export interface CalendarUsersOptions {
  readonly bookings: MemoryBookings;
  readonly calendars: MemoryCalendars;
  readonly plan: BayPlan;
  readonly slots: RandomSlots;
  readonly events: ShownEvents;
  readonly edits: UserEdits;
  /** Can be booked, and has no calendar. */
  readonly otherUnit: UnitId;
  readonly now: () => Instant;
}

/** Users of a calendar app, at random. */
export class CalendarUsers {
  readonly #bookings: MemoryBookings;
  readonly #calendars: MemoryCalendars;
  readonly #plan: BayPlan;
  readonly #slots: RandomSlots;
  readonly #events: ShownEvents;
  readonly #edits: UserEdits;
  readonly #otherUnit: UnitId;
  readonly #now: () => Instant;

  constructor({ bookings, calendars, plan, slots, events, edits, otherUnit, now }: CalendarUsersOptions) {
    this.#bookings = bookings;
    this.#calendars = calendars;
    this.#plan = plan;
    this.#slots = slots;
    this.#events = events;
    this.#edits = edits;
    this.#otherUnit = otherUnit;
    this.#now = now;
  }

  /** @param last the last touched appointment */
  act(random: SeededRandom, last: string | null): Act | null {
    const { person } = this.#calendars;
    const kind = random.weighted(CALENDAR_ACTS);
    if (kind === 'own' || kind === 'editOwn') return this.#ownEvent(kind, random);
    if (kind === 'undelete') return this.#undelete(random);
    const soon = this.#events.mirrors().filter(({ start }) => start !== null && start > this.#now() + HOUR);
    const again = random.chance(SECOND_THOUGHTS)
      ? soon.find(({ marks }) => marks.appointmentId !== null && marks.appointmentId === last)
      : undefined;
    const event = again ?? random.pick(soon);
    if (!event || event.start === null || event.end === null) return null;
    const { calendarId, eventId, start, end } = event;
    const bay = this.#events.bayOf(calendarId);
    const about = (words: string, expect: Expectation | null, idle = false): Act =>
      this.#about(kind, event, words, expect, idle);
    switch (kind) {
      case 'drag': {
        const to = this.#slots.slot(random, bay?.resourceUnitId);
        return this.drag(event, { start: to.start, end: random.chance(0.2) ? to.end + 30 * MINUTE : to.end });
      }
      case 'otherBay': {
        const other = random.pick(this.#plan.shown.filter((it) => it.calendarId !== calendarId));
        if (!other || this.#events.eventIn(other.calendarId, eventId)) return null;
        person.moveToCalendar(calendarId, eventId, other.calendarId);
        this.#edits.notePlace(eventId, other.calendarId, start, end);
        return about(`moves to bay ${other.bay}`, { state: 'live', start, end, unit: other.resourceUnitId });
      }
      case 'remove':
        return this.remove(event);
      case 'rename':
        this.#edits.reworded.title.add(eventId);
        person.renameEvent(calendarId, eventId, `Party ${random.int(1, 99)}`);
        return about('renames', null);
      case 'describe':
        this.#edits.reworded.description.add(eventId);
        person.describeEvent(calendarId, eventId, `bring ${random.int(1, 9)} clubs`);
        return about('describes', null);
      case 'copy':
        this.#noteCopy(person.copyEvent(calendarId, eventId), event);
        return about('copies', null);
      case 'strip':
        return this.strip(event);
      case 'allDay':
        return this.makeAllDay(event);
      case 'recurring':
        person.makeRecurring(calendarId, eventId);
        return about('makes recurring', null);
    }
  }

  drag(event: CalendarEvent, { start, end }: { readonly start: Instant; readonly end: Instant }): Act {
    const { calendarId, eventId } = event;
    this.#calendars.person.dragEvent(calendarId, eventId, { start, end });
    // No booking moves into the past.
    if (end > this.#now()) this.#edits.notePlace(eventId, calendarId, start, end);
    const unit = this.#events.bayOf(calendarId)?.resourceUnitId ?? this.#otherUnit;
    const idle = event.start === start && event.end === end;
    return this.#about('drag', event, 'drags', { state: 'live', start, end, unit }, idle);
  }

  remove(event: CalendarEvent): Act {
    const { calendarId, eventId } = event;
    const id = this.#events.appointmentOf(event);
    const replaceable = this.#events.copiesOf(id).some((copy) => copy.eventId !== eventId);
    this.#calendars.person.deleteEvent(calendarId, eventId);
    this.#edits.noteDeleted(eventId);
    return { ...this.#about('remove', event, 'deletes', replaceable ? null : { state: 'gone' }), replaceable };
  }

  copyToBay(event: CalendarEvent, random: SeededRandom): Act | null {
    const other = random.pick(this.#plan.shown.filter(({ calendarId }) => calendarId !== event.calendarId));
    if (!other) return null;
    const { person } = this.#calendars;
    const copyId = person.copyEvent(event.calendarId, event.eventId);
    person.moveToCalendar(event.calendarId, copyId, other.calendarId);
    this.#noteCopy(copyId, { ...event, calendarId: other.calendarId });
    return this.#about('copy', event, `copies to bay ${other.bay}`, null);
  }

  strip(event: CalendarEvent): Act {
    this.#calendars.person.stripMetadata(event.calendarId, event.eventId);
    this.#edits.stripped.add(event.eventId);
    return this.#about('strip', event, 'strips the metadata of', null);
  }

  makeAllDay(event: CalendarEvent): Act {
    this.#calendars.person.makeAllDay(event.calendarId, event.eventId);
    return this.#about('allDay', event, 'makes all-day', null);
  }

  /** Null if it is in a calendar. */
  undelete(calendarId: string, eventId: string): Act | null {
    if (this.#plan.shown.some((bay) => this.#events.eventIn(bay.calendarId, eventId))) return null;
    if (!this.#plan.shown.some((bay) => bay.calendarId === calendarId)) return null;
    if (!this.#calendars.isInBin(calendarId, eventId)) return null;
    this.#calendars.person.undelete(calendarId, eventId);
    this.#edits.noteUndeleted(eventId, this.#now());
    const event = this.#events.eventIn(calendarId, eventId);
    if (event?.start && event.end) this.#edits.notePlace(eventId, calendarId, event.start, event.end);
    return {
      kind: 'undelete',
      side: 'event',
      words: `a person restores ${eventId} from the trash`,
      appointmentId: (event && this.#events.appointmentOf(event)) ?? /^loft(\d+)/.exec(eventId)?.[1] ?? null,
      expect: null,
      idle: event?.marks.managed !== true,
      replaceable: event !== undefined && (this.#events.isFormerMirror(event) || (event.end ?? 0) <= this.#now()),
    };
  }

  /** An act on an event of ours. */
  #about(kind: ActKind, event: CalendarEvent, words: string, expect: Expectation | null, idle = false): Act {
    const { calendarId, eventId } = event;
    const bay = this.#events.bayOf(calendarId);
    const id = this.#events.appointmentOf(event);
    // An event without our marks changes no booking, except by its deletion, and then only a live booking.
    const stripped = this.#edits.stripped.has(eventId);
    const shownUnit = this.#bookings.user.liveBookings().some((booking) => booking.id === id);
    return {
      kind,
      side: 'event',
      words: `a person ${words} ${eventId} (appointment ${id}, bay ${bay?.bay})`,
      appointmentId: id,
      expect: stripped ? null : expect,
      idle: idle || (stripped && (kind !== 'remove' || !shownUnit)),
      unmarked: stripped,
    };
  }

  /** A copy may replace its mirror, and then counts as an edit to its place. */
  #noteCopy(copyId: string, event: CalendarEvent): void {
    const { calendarId, eventId, start, end } = event;
    this.#edits.noteCopy(copyId, eventId, this.#events.appointmentOf(event));
    if (start !== null && end !== null) this.#edits.notePlace(copyId, calendarId, start, end);
  }

  #ownEvent(kind: 'own' | 'editOwn', random: SeededRandom): Act | null {
    const bay = random.pick(this.#plan.shown);
    if (!bay) return null;
    const { person } = this.#calendars;
    const { start, end } = this.#slots.slot(random);
    const words = (did: string): Act => ({
      kind,
      side: 'other',
      words: `a person ${did}`,
      appointmentId: null,
      expect: null,
    });
    if (kind === 'own')
      return words(`makes an own event ${person.createEvent(bay.calendarId, { start, end, title: 'Cleaning' })}`);
    const mirrors = new Set(this.#events.mirrors().map(({ eventId }) => eventId));
    const own = random.pick(
      this.#calendars
        .events(bay.calendarId)
        .filter(({ eventId }) => !eventId.startsWith('loft') && !mirrors.has(eventId)),
    );
    if (!own) return null;
    if (random.chance(0.3)) {
      person.deleteEvent(bay.calendarId, own.eventId);
      this.#edits.deleted.add(own.eventId);
    } else {
      person.dragEvent(bay.calendarId, own.eventId, { start, end });
      this.#edits.notePlace(own.eventId, bay.calendarId, start, end);
    }
    return words(`changes an own event or copy ${own.eventId}`);
  }

  #undelete(random: SeededRandom): Act | null {
    const gone = this.#calendars.writes.filter(
      ({ method, eventId }) => method === 'delete' && eventId.startsWith('loft'),
    );
    const last = random.pick(gone.slice(-10));
    return last ? this.undelete(last.calendarId, last.eventId) : null;
  }
}
