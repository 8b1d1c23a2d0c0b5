import { HOUR, MINUTE, type Instant } from '../../domain/instant.js';
import type { CalendarEvent } from '../../domain/calendar-event.js';
import type { UnitId } from '../../domain/bay.js';
import { CANCELED_PREFIX } from '../../rules/event-text.js';
import { withoutMarker } from '../../rules/rebook-marker.js';
import type { MemoryBookings } from '../memory-bookings.js';
import type { MemoryCalendars } from '../memory-calendars.js';
import type { StudioBooking } from '../studio-booking.js';
import { CALENDAR_ACTS, DESK_ACTS, type Act, type ActKind, type Expectation } from './act.js';
import type { BayPlan } from './bay-plan.js';
import type { SeededRandom } from './seeded-random.js';

/** Bookings are on the next days and few slots, so that acts conflict. */
const DAYS_AHEAD = 4;
const FIRST_HOUR_AHEAD = 30;
/** Probability that an act uses the last touched booking again: changes of mind, and concurrent users. */
const SECOND_THOUGHTS = 0.3;
/** Probability that a user books a unit without a route. */
const OTHER_UNIT_SHARE = 0.06;
/** Probability that a customer books the target of a drag. */
const SNATCHED_SHARE = 0.15;

interface Slot {
  readonly unit: UnitId;
  readonly start: Instant;
  readonly end: Instant;
}

export interface PeopleOptions {
  readonly bookings: MemoryBookings;
  readonly calendars: MemoryCalendars;
  readonly plan: BayPlan;
  /** Can be booked, and has no calendar. */
  readonly otherUnit: UnitId;
  /** Returns the appointment of an event of ours whose own marks do not name it. */
  readonly ownerOf: (eventId: string) => string | null;
  /** Returns the event of an appointment, or null. */
  readonly mirrorOf: (appointmentId: string) => string | null;
  readonly now: () => Instant;
}

/** Users of the booking system and users of a calendar app, at random. */
export class People {
  readonly #bookings: MemoryBookings;
  readonly #calendars: MemoryCalendars;
  readonly #plan: BayPlan;
  readonly #otherUnit: UnitId;
  readonly #ownerOf: (eventId: string) => string | null;
  readonly #mirrorOf: (appointmentId: string) => string | null;
  readonly #now: () => Instant;
  /** The last touched appointment. */
  #last: string | null = null;
  /** Ids of events that a user deleted since the last quiescent state. */
  readonly deleted: Set<string> = new Set();
  /** Time of the last restore from the trash, by event id. */
  readonly undeletedAt: Map<string, Instant> = new Map();
  /** Ids of events whose marks a user removed, until they are written again. */
  readonly stripped: Set<string> = new Set();
  /** Ids of events with a user's text, by field, until the booking's text is written again. */
  readonly reworded: { readonly title: Set<string>; readonly description: Set<string> } = {
    title: new Set(),
    description: new Set(),
  };
  /** All copies that a user ever made of our events: event id, and the appointment of their marks. */
  readonly copies: Map<string, string> = new Map();
  /** Ids of the bookings that were not live in the last quiescent state. */
  #dead: readonly string[] = [];
  /** Appointment ids that were given to another booking. */
  readonly recycled: Set<string> = new Set();
  /** Ids of events that a user ever restored from the trash. */
  readonly #undeleted = new Set<string>();
  /** All times and units to which a user moved our events since the last quiescent state. */
  readonly #edits = new Set<string>();

  constructor({ bookings, calendars, plan, otherUnit, ownerOf, mirrorOf, now }: PeopleOptions) {
    this.#bookings = bookings;
    this.#calendars = calendars;
    this.#plan = plan;
    this.#otherUnit = otherUnit;
    this.#ownerOf = ownerOf;
    this.#mirrorOf = mirrorOf;
    this.#now = now;
  }

  act(random: SeededRandom): Act | null {
    const act = random.chance(0.55) ? this.#inTheBookingSystem(random) : this.#inTheCalendar(random);
    if (act) this.#last = act.renamedTo ?? act.appointmentId;
    return act;
  }

  /**
   * In a quiescent state no work remains: every later write needs a new act. An edit in a calendar of a closed bay
   * counts when the bay is opened again.
   */
  settled(): void {
    const isDead = ({ state }: StudioBooking): boolean => state === 'canceled' || state === 'rescheduled';
    this.#dead = this.#bookings.user
      .bookings()
      .filter(isDead)
      .map(({ id }) => id);
    if (!this.#plan.isAnyClosed) {
      this.deleted.clear();
      this.#edits.clear();
    }
    for (const { eventId, marks } of this.mirrors()) if (marks.managed) this.stripped.delete(eventId);
  }

  /** Returns the live events of ours. */
  mirrors(): readonly CalendarEvent[] {
    return this.#plan.shown
      .flatMap((bay) => this.#calendars.events(bay.calendarId))
      .filter((event) => this.#isOurs(event) && !event.title.startsWith(CANCELED_PREFIX))
      .filter((event) => !this.#isFormerMirror(event));
  }

  /** Did we create the event, or is it a copy that has replaced the mirror? */
  #isOurs({ eventId }: CalendarEvent): boolean {
    const copied = this.copies.get(eventId);
    return eventId.startsWith('loft') || (copied !== undefined && this.#ownerOf(eventId) !== null);
  }

  /** Returns the copies of an appointment's event in the calendars. */
  #copiesOf(appointmentId: string | null): readonly CalendarEvent[] {
    const all = this.#plan.shown.flatMap((bay) => this.#calendars.events(bay.calendarId));
    return all.filter(
      ({ eventId, marks }) => this.copies.has(eventId) && marks.managed && marks.appointmentId === appointmentId,
    );
  }

  /**
   * A restored event is a copy (docs/decision-table.md#row-25) if another event has become the mirror. It is not an act on
   * the booking.
   */
  #isFormerMirror({ eventId, marks }: CalendarEvent): boolean {
    const mirror = marks.appointmentId === null ? null : this.#mirrorOf(marks.appointmentId);
    return this.#undeleted.has(eventId) && mirror !== null && mirror !== eventId;
  }

  #inTheBookingSystem(random: SeededRandom): Act | null {
    const { user } = this.#bookings;
    const kind = random.weighted(DESK_ACTS);
    if (kind === 'book') return this.#book(this.#slot(random, this.#unitToBook(random)), random);
    const soon = user.liveBookings().filter(({ start }) => start > this.#now() + HOUR);
    const again = random.chance(SECOND_THOUGHTS) ? soon.find(({ id }) => id === this.#last) : undefined;
    const booking = again ?? random.pick(soon);
    if (!booking) return null;
    const { id } = booking;
    const act = (words: string): Pick<Act, 'kind' | 'side' | 'words' | 'appointmentId'> => ({
      kind,
      side: 'booking',
      words: `a customer ${words} ${id}`,
      appointmentId: id,
    });
    switch (kind) {
      case 'move':
        return this.#move(booking, this.#slot(random, booking.unit), act('moves'));
      case 'changeBay': {
        const { start, end } = booking;
        const unit = this.#unitToBook(random);
        return unit === booking.unit ? null : this.#move(booking, { unit, start, end }, act('changes the bay of'));
      }
      case 'notes': {
        const notes = `note ${random.int(1, 1000)}`;
        user.setNotes(id, notes);
        const units = { before: booking.unit, after: booking.unit };
        const idle = notes === withoutMarker(booking.notes);
        const described = this.reworded.description.has(this.#mirrorOf(id) ?? '');
        return {
          ...act('writes a note on'),
          expect: null,
          units,
          idle,
          described,
          displaced: this.#isDisplaced(booking),
        };
      }
      case 'cancel':
        user.cancel(id);
        return { ...act('cancels'), expect: { state: 'gone' }, units: { before: booking.unit, after: null } };
    }
  }

  /** While an event is dragged, a customer books the target slot. */
  snatch({ kind, expect }: Act, random: SeededRandom): Act | null {
    if (kind !== 'drag' || !expect || !random.chance(SNATCHED_SHARE)) return null;
    const { unit, start } = expect;
    return unit === undefined || start === undefined ? null : this.#book({ unit, start, end: start + HOUR }, random);
  }

  /** A customer who arrives at once. */
  bookNextHour(random: SeededRandom): Act | null {
    const start = Math.ceil(this.#now() / HOUR) * HOUR;
    return this.#book({ unit: this.#bay(random), start, end: start + HOUR }, random);
  }

  /** A customer whose booking gets the id of a cancelled or replaced one. */
  bookRecycledId(random: SeededRandom): Act | null {
    const { user } = this.#bookings;
    const id = random.pick(this.#dead.filter((it) => user.booking(it)?.state !== 'live').slice(-10));
    const slot = this.#slot(random, this.#bay(random));
    if (id === undefined || !user.isFree(slot)) return null;
    user.reuseId(id, { unit: slot.unit, start: slot.start, customerName: `Customer ${random.int(1, 40)}` });
    this.recycled.add(id);
    return this.#booked(id, slot, { recycled: true });
  }

  /** A customer books a time off the usual grid, of an unusual length. */
  bookOffGrid(random: SeededRandom): Act | null {
    const { unit, start } = this.#slot(random);
    const from = start + random.int(1, 11) * 5 * MINUTE;
    return this.#book({ unit, start: from, end: from + random.int(3, 30) * 5 * MINUTE }, random);
  }

  #book(slot: Slot, random: SeededRandom): Act | null {
    const { user } = this.#bookings;
    if (!user.isFree(slot)) return null;
    const { unit, start, end } = slot;
    const minutes = (end - start) / MINUTE;
    const id = user.book({ unit, start, minutes, customerName: `Customer ${random.int(1, 40)}`, notes: '' });
    return this.#booked(id, slot);
  }

  #booked(id: string, slot: Slot, more: Partial<Act> = {}): Act {
    return {
      kind: 'book',
      side: 'booking',
      words: `a customer books ${id}`,
      appointmentId: id,
      expect: { state: 'live', ...slot },
      units: { before: null, after: slot.unit },
      ...more,
    };
  }

  #move(from: StudioBooking, to: Slot, act: Pick<Act, 'kind' | 'side' | 'words' | 'appointmentId'>): Act | null {
    const { user } = this.#bookings;
    if (!user.isFree(to, from.id)) return null;
    const displaced = this.#isDisplaced(from);
    const id = user.move(from.id, { unit: to.unit, start: to.start, minutes: (to.end - to.start) / MINUTE });
    const units = { before: from.unit, after: to.unit };
    if (id !== from.id) return { ...act, words: `${act.words} (now ${id})`, expect: null, renamedTo: id, units };
    const idle = to.unit === from.unit && to.start === from.start && to.end === from.end;
    return { ...act, expect: { state: 'live', ...to }, units, idle, displaced };
  }

  #isDisplaced({ id, start, end, unit }: StudioBooking): boolean {
    const mirror = this.mirrors().find(({ eventId }) => this.stripped.has(eventId) && this.#ownerOf(eventId) === id);
    if (!mirror) return false;
    const shownUnit = this.#plan.shown.find(({ calendarId }) => calendarId === mirror.calendarId)?.resourceUnitId;
    return mirror.start !== start || mirror.end !== end || shownUnit !== unit;
  }

  #inTheCalendar(random: SeededRandom): Act | null {
    const { person } = this.#calendars;
    const kind = random.weighted(CALENDAR_ACTS);
    if (kind === 'own' || kind === 'editOwn') return this.#ownEvent(kind, random);
    if (kind === 'undelete') return this.#undelete(random);
    const soon = this.mirrors().filter(({ start }) => start !== null && start > this.#now() + HOUR);
    const again = random.chance(SECOND_THOUGHTS)
      ? soon.find(({ marks }) => marks.appointmentId !== null && marks.appointmentId === this.#last)
      : undefined;
    const event = again ?? random.pick(soon);
    if (!event || event.start === null || event.end === null) return null;
    const { calendarId, eventId, start, end } = event;
    const bay = this.#plan.shown.find((it) => it.calendarId === calendarId);
    const about = (words: string, expect: Expectation | null, idle = false): Act =>
      this.#about(kind, event, words, expect, idle);
    switch (kind) {
      case 'drag': {
        const to = this.#slot(random, bay?.resourceUnitId);
        return this.drag(event, { start: to.start, end: random.chance(0.2) ? to.end + 30 * MINUTE : to.end });
      }
      case 'otherBay': {
        const other = random.pick(this.#plan.shown.filter((it) => it.calendarId !== calendarId));
        if (!other || this.#eventIn(other.calendarId, eventId)) return null;
        person.moveToCalendar(calendarId, eventId, other.calendarId);
        this.#noteEdit(eventId, other.calendarId, start, end);
        return about(`moves to bay ${other.bay}`, { state: 'live', start, end, unit: other.resourceUnitId });
      }
      case 'remove':
        return this.remove(event);
      case 'rename':
        this.reworded.title.add(eventId);
        person.renameEvent(calendarId, eventId, `Party ${random.int(1, 99)}`);
        return about('renames', null);
      case 'describe':
        this.reworded.description.add(eventId);
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

  /** An act on an event of ours. */
  #about(kind: ActKind, event: CalendarEvent, words: string, expect: Expectation | null, idle = false): Act {
    const { calendarId, eventId } = event;
    const bay = this.#plan.shown.find((it) => it.calendarId === calendarId);
    const id = event.marks.appointmentId ?? this.#ownerOf(eventId);
    // An event without our marks changes no booking, except by its deletion, and then only a live booking.
    const stripped = this.stripped.has(eventId);
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

  drag(event: CalendarEvent, { start, end }: { readonly start: Instant; readonly end: Instant }): Act {
    const { calendarId, eventId } = event;
    this.#calendars.person.dragEvent(calendarId, eventId, { start, end });
    // No booking moves into the past.
    if (end > this.#now()) this.#noteEdit(eventId, calendarId, start, end);
    const unit = this.#plan.shown.find((bay) => bay.calendarId === calendarId)?.resourceUnitId ?? this.#otherUnit;
    const idle = event.start === start && event.end === end;
    return this.#about('drag', event, 'drags', { state: 'live', start, end, unit }, idle);
  }

  remove(event: CalendarEvent): Act {
    const { calendarId, eventId } = event;
    const id = event.marks.appointmentId ?? this.#ownerOf(eventId);
    const replaceable = this.#copiesOf(id).some((copy) => copy.eventId !== eventId);
    this.#calendars.person.deleteEvent(calendarId, eventId);
    this.deleted.add(eventId);
    this.undeletedAt.delete(eventId);
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
    this.stripped.add(event.eventId);
    return this.#about('strip', event, 'strips the metadata of', null);
  }

  makeAllDay(event: CalendarEvent): Act {
    this.#calendars.person.makeAllDay(event.calendarId, event.eventId);
    return this.#about('allDay', event, 'makes all-day', null);
  }

  /** A copy may replace its mirror, and then counts as an edit to its place. */
  #noteCopy(copyId: string, { calendarId, eventId, start, end, marks }: CalendarEvent): void {
    const appointmentId = marks.appointmentId ?? this.#ownerOf(eventId);
    if (appointmentId !== null) this.copies.set(copyId, appointmentId);
    for (const texts of Object.values(this.reworded)) if (texts.has(eventId)) texts.add(copyId);
    if (start !== null && end !== null) this.#noteEdit(copyId, calendarId, start, end);
  }

  #ownEvent(kind: 'own' | 'editOwn', random: SeededRandom): Act | null {
    const bay = random.pick(this.#plan.shown);
    if (!bay) return null;
    const { person } = this.#calendars;
    const { start, end } = this.#slot(random);
    const words = (did: string): Act => ({
      kind,
      side: 'other',
      words: `a person ${did}`,
      appointmentId: null,
      expect: null,
    });
    if (kind === 'own')
      return words(`makes an own event ${person.createEvent(bay.calendarId, { start, end, title: 'Cleaning' })}`);
    const mirrors = new Set(this.mirrors().map(({ eventId }) => eventId));
    const own = random.pick(
      this.#calendars
        .events(bay.calendarId)
        .filter(({ eventId }) => !eventId.startsWith('loft') && !mirrors.has(eventId)),
    );
    if (!own) return null;
    if (random.chance(0.3)) {
      person.deleteEvent(bay.calendarId, own.eventId);
      this.deleted.add(own.eventId);
    } else {
      person.dragEvent(bay.calendarId, own.eventId, { start, end });
      this.#noteEdit(own.eventId, bay.calendarId, start, end);
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

  /** Null if it is in a calendar. */
  undelete(calendarId: string, eventId: string): Act | null {
    if (this.#plan.shown.some((bay) => this.#eventIn(bay.calendarId, eventId))) return null;
    if (!this.#plan.shown.some((bay) => bay.calendarId === calendarId)) return null;
    if (!this.#calendars.isInBin(calendarId, eventId)) return null;
    this.#calendars.person.undelete(calendarId, eventId);
    this.#undeleted.add(eventId);
    this.undeletedAt.set(eventId, this.#now());
    const event = this.#eventIn(calendarId, eventId);
    if (event?.start && event.end) this.#noteEdit(eventId, calendarId, event.start, event.end);
    return {
      kind: 'undelete',
      side: 'event',
      words: `a person restores ${eventId} from the trash`,
      appointmentId: event?.marks.appointmentId ?? this.#ownerOf(eventId) ?? /^loft(\d+)/.exec(eventId)?.[1] ?? null,
      expect: null,
      idle: event?.marks.managed !== true,
      replaceable: event !== undefined && (this.#isFormerMirror(event) || (event.end ?? 0) <= this.#now()),
    };
  }

  /** Did a user ever restore the event from the trash? While another event is the mirror, it is an ordinary copy. */
  wasUndeleted(eventId: string): boolean {
    return this.#undeleted.has(eventId);
  }

  /** Returns the event if it is not deleted there. */
  #eventIn(calendarId: string, eventId: string): CalendarEvent | undefined {
    return this.#calendars.events(calendarId).find((event) => event.eventId === eventId);
  }

  #noteEdit(eventId: string, calendarId: string, start: Instant, end: Instant): void {
    this.#edits.add(`${eventId} at ${start} ${end}`).add(`${eventId} in ${calendarId}`);
    this.#edits.add(`${eventId} on ${this.#plan.unitOfCalendar(calendarId)}`);
  }

  /** Did a user ever move the event to that time? */
  putToTime(eventId: string, start: Instant, end: Instant): boolean {
    return this.#edits.has(`${eventId} at ${start} ${end}`);
  }

  /** Did a user ever move the event to a calendar that belongs, or belonged then, to that unit? */
  putToUnit(eventId: string, unit: UnitId): boolean {
    const isThere = (calendarId: string): boolean => this.#edits.has(`${eventId} in ${calendarId}`);
    const calendars = this.#plan.open.filter(({ resourceUnitId }) => resourceUnitId === unit);
    return this.#edits.has(`${eventId} on ${unit}`) || calendars.some(({ calendarId }) => isThere(calendarId));
  }

  #slot(random: SeededRandom, unit?: UnitId): Slot {
    const hour = Math.ceil(this.#now() / HOUR) + FIRST_HOUR_AHEAD + random.int(0, DAYS_AHEAD * 24);
    const start = hour * HOUR;
    return { unit: unit ?? this.#bay(random), start, end: start + HOUR };
  }

  #bay(random: SeededRandom): UnitId {
    return random.pick(this.#plan.open)?.resourceUnitId ?? this.#otherUnit;
  }

  #unitToBook(random: SeededRandom): UnitId {
    return random.chance(OTHER_UNIT_SHARE) ? this.#otherUnit : this.#bay(random);
  }

  /** A booking in the future. */
  upcoming(): readonly StudioBooking[] {
    return this.#bookings.user.liveBookings().filter(({ end }) => end > this.#now());
  }
}
