import { HOUR } from '@loft/sync-core';

/**
 * The acts of users on the visits of a simulated studio while its service is killed, and the expected state of
 * each visit. Every act uses a slot that no visit ever had, so none is refused. A visit is changed on one side only
 * after that side shows the last change of the other side. So the expected state of each visit is always known.
 *
 * @typedef {{ unit: number, start: number }} Slot
 * @typedef {{ name: string, wanted: Slot | null, shown: boolean, side: 'booking' | 'event', touchedAt: number, was: string[] }} Visit
 */

/** Relative frequency of each act. */
const ACTS = { book: 4, move: 3, cancel: 1, drag: 5, otherBay: 2, remove: 1 };
/** The same user makes a second change within this time, although the other side may not show the first one yet. */
const SECOND_THOUGHT_MS = 400;
const SECOND_THOUGHTS = 0.15;
const FIRST_HOUR = 50;
/** Maximum number of visits. Above it, users cancel instead of booking. */
const MOST_VISITS = 80;

export class Visits {
  /** @readonly */
  #bays;
  /** @readonly */
  #uschedule;
  /** @readonly */
  #google;
  /** @readonly */
  #random;
  /** @readonly */
  #firstHour = (Math.floor(Date.now() / HOUR) + FIRST_HOUR) * HOUR;
  /** @readonly @type {Map<number, number>} Slots given so far, by unit. */
  #slots = new Map();
  #names = 0;
  #bookings = new Map();
  #events = new Map();
  /** @type {Visit[]} */
  all = [];
  acts = { booking: 0, event: 0 };

  /**
   * @param {{ bays: readonly { unit: number, calendarId: string }[], random: () => number,
   *   uschedule: import('@loft/sync-uschedule/simulator').UScheduleSimulator,
   *   google: import('@loft/sync-google/simulator').GoogleSimulator }} studio
   */
  constructor({ bays, uschedule, google, random }) {
    this.#bays = bays;
    this.#uschedule = uschedule;
    this.#google = google;
    this.#random = random;
  }

  /** Performs a random act of a user. */
  act() {
    this.look();
    const isFull = this.all.filter(({ wanted }) => wanted !== null).length >= MOST_VISITS;
    const drawn = this.#kind();
    const kind = isFull && drawn === 'book' ? 'remove' : drawn;
    if (kind === 'book') return this.#book();
    const side = kind === 'move' || kind === 'cancel' ? 'booking' : 'event';
    const visit = this.#pick(side);
    if (!visit) return isFull ? undefined : this.#book();
    const booking = this.bookingsOf(visit.name)[0];
    const event = this.eventsOf(visit.name)[0];
    if ((side === 'booking' && !booking) || (side === 'event' && !event)) return;
    const bay = side === 'booking' ? this.#bayOfUnit(booking.unit) : this.#bayOfCalendar(event.calendarId);
    switch (kind) {
      case 'move': {
        const to = this.#slot(this.#anyBay());
        this.#uschedule.move(booking.id, to);
        return this.#touched(visit, 'booking', to, 'moved');
      }
      case 'cancel':
        this.#uschedule.cancel(booking.id);
        return this.#touched(visit, 'booking', null, 'cancelled');
      case 'drag': {
        const to = this.#slot(bay);
        this.#google.person.dragEvent(event.calendarId, event.id, { start: to.start });
        return this.#touched(visit, 'event', to, 'dragged');
      }
      case 'otherBay': {
        const others = this.#bays.filter((it) => it !== bay);
        const to = this.#slot(others[Math.floor(this.#random() * others.length)]);
        // First the time, then the bay: one act in the calendar app, two changes of the event.
        this.#google.person.dragEvent(event.calendarId, event.id, { start: to.start });
        this.#google.person.moveToCalendar(event.calendarId, event.id, this.#bayOfUnit(to.unit).calendarId);
        return this.#touched(visit, 'event', to, 'moved to another bay');
      }
      default:
        this.#google.person.deleteEvent(event.calendarId, event.id);
        return this.#touched(visit, 'event', null, 'deleted');
    }
  }

  /** Reads both sides; the result is used until the next call. */
  look() {
    this.#bookings = groupBy(this.#uschedule.liveBookings(), ({ customerName }) => customerName);
    const events = this.#bays.flatMap(({ calendarId }) =>
      this.#google.events(calendarId).map((event) => ({
        id: event.id,
        calendarId,
        name: event.summary ?? '',
        start: Date.parse(event.start?.dateTime ?? ''),
      })),
    );
    this.#events = groupBy(events, ({ name }) => name);
  }

  /** @param {string} name Live bookings of the visit; at most one. */
  bookingsOf(name) {
    return this.#bookings.get(name) ?? [];
  }

  /** @param {string} name Live events of the visit; at most one. */
  eventsOf(name) {
    return this.#events.get(name) ?? [];
  }

  /** @param {Visit} visit The current fault of a visit; null if both sides have the expected state. */
  faultOf({ name, wanted }) {
    const bookings = this.bookingsOf(name);
    const events = this.eventsOf(name);
    if (bookings.length > 1 || events.length > 1) return 'doubled';
    const [booking] = bookings;
    const [event] = events;
    if (wanted === null) return booking || event ? 'undone' : null;
    if (!booking) return 'cancelled';
    if (!event) return 'lost';
    const bay = this.#bayOfUnit(booking.unit);
    const agree = booking.start === event.start && bay?.calendarId === event.calendarId;
    if (agree && booking.start === wanted.start && booking.unit === wanted.unit) return null;
    return agree ? 'undone' : 'apart';
  }

  #kind() {
    const kinds = /** @type {[keyof typeof ACTS, number][]} */ (Object.entries(ACTS));
    let rest = this.#random() * kinds.reduce((sum, [, weight]) => sum + weight, 0);
    return kinds.find(([, weight]) => (rest -= weight) < 0)?.[0] ?? 'book';
  }

  /** A visit that may be changed on this side. @param {Visit['side']} side */
  #pick(side) {
    const now = Date.now();
    const again = this.all.filter(
      (visit) => visit.side === side && visit.wanted !== null && now - visit.touchedAt < SECOND_THOUGHT_MS,
    );
    if (again.length > 0 && this.#random() < SECOND_THOUGHTS) return again[Math.floor(this.#random() * again.length)];
    const ready = this.all.filter((visit) => visit.wanted !== null && this.faultOf(visit) === null);
    return ready[Math.floor(this.#random() * ready.length)];
  }

  #book() {
    const slot = this.#slot(this.#anyBay());
    const name = `Customer ${++this.#names}`;
    this.#uschedule.book({ ...slot, customerName: name });
    const visit = { name, wanted: slot, side: 'booking', touchedAt: 0, was: [] };
    this.all.push(/** @type {Visit} */ (visit));
    this.#touched(/** @type {Visit} */ (visit), 'booking', slot, 'booked');
  }

  /** @param {Visit} visit @param {Visit['side']} side @param {Slot | null} wanted @param {string} words */
  #touched(visit, side, wanted, words) {
    const at = new Date().toISOString().slice(11, 23);
    visit.was.push(`${at} ${words}${wanted ? ` to ${new Date(wanted.start).toISOString()} on ${wanted.unit}` : ''}`);
    Object.assign(visit, { side, wanted, touchedAt: Date.now() });
    this.acts[side]++;
  }

  /** A slot that no visit ever had. */
  #slot(bay) {
    const number = this.#slots.get(bay.unit) ?? 0;
    this.#slots.set(bay.unit, number + 1);
    return { unit: bay.unit, start: this.#firstHour + number * HOUR };
  }

  #anyBay() {
    return this.#bays[Math.floor(this.#random() * this.#bays.length)];
  }

  #bayOfUnit(unit) {
    return this.#bays.find((bay) => bay.unit === unit);
  }

  #bayOfCalendar(calendarId) {
    return this.#bays.find((bay) => bay.calendarId === calendarId);
  }
}

/** @template T @param {readonly T[]} items @param {(item: T) => string} keyOf @returns {Map<string, T[]>} */
function groupBy(items, keyOf) {
  const groups = new Map();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}
