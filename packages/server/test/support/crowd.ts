import { setTimeout as pause } from 'node:timers/promises';
import { HOUR, type Instant } from '@loft/sync-core';
import type { SimulatedStudio } from './simulated-studio.js';

/** How often the sender of a hint tries, and the interval. */
const HINT_TRIES = 120;
const HINT_RETRY_MS = 500;
/** The first bookable hour, counted from now. */
const FIRST_HOUR = 30;

/** The latest state that a user wanted for a booking. */
interface Wish {
  readonly bay: number;
  readonly start: Instant;
  readonly notes: string;
  readonly cancelled: boolean;
}

/** A booking of the crowd, and the number of its changes on each side. */
interface Customer {
  wish: Wish;
  bookingChanges: number;
  eventChanges: number;
}

/** An event as a calendar app shows it. */
interface Shown {
  readonly calendarId: string;
  readonly id: string;
  readonly start: Instant;
  readonly end: Instant;
  readonly description: string;
  readonly etag: string | undefined;
}

/**
 * Simulates customers who book, move and cancel, users who drag and delete events, and a sender that repeats hints
 * until they are accepted. Each slot is used once, and only synced bookings are changed, so that no change is refused
 * and no two changes conflict. In the end every booking must have the state that was wanted last.
 */
export class Crowd {
  /** Number of answers to hints by status; 0 means no answer. */
  readonly answers = new Map<number, number>();
  readonly #customers = new Map<string, Customer>();
  readonly #studio: SimulatedStudio;
  readonly #nextHour: number[];
  readonly #thisHour = Math.floor(Date.now() / HOUR);
  readonly #hints: Promise<void>[] = [];
  #random: number;

  constructor(studio: SimulatedStudio, seed: number) {
    this.#studio = studio;
    this.#nextHour = studio.bays.map(() => FIRST_HOUR);
    this.#random = seed;
  }

  get bookings(): number {
    return this.#customers.size;
  }

  /** Number of changes on each side. */
  get changes(): { readonly uschedule: number; readonly calendar: number } {
    const sum = (side: 'bookingChanges' | 'eventChanges'): number =>
      [...this.#customers.values()].reduce((total, customer) => total + customer[side], 0);
    return { uschedule: sum('bookingChanges'), calendar: sum('eventChanges') };
  }

  /** Makes `count` bookings, in the bays in turn. */
  book(count: number): void {
    for (let index = 0; index < count; index++) {
      const bay = this.bookings % this.#studio.bays.length;
      const start = this.#slot(bay);
      const unit = this.#studio.bays[bay]?.resourceUnitId ?? 0;
      const id = this.#studio.uschedule.book({ unit, start, customerName: `Customer ${this.bookings}` });
      this.#customers.set(id, {
        wish: { bay, start, notes: '', cancelled: false },
        bookingChanges: 1,
        eventChanges: 0,
      });
      this.#mayHint(id);
    }
  }

  /** Changes `count` bookings that are synced and recorded, each on one side. */
  edit(count: number, recorded: ReadonlyMap<string, string>): void {
    const shown = this.#shown();
    const inStep = [...this.#customers].filter(([id, { wish }]) => {
      const etag = shown.get(id)?.[0]?.etag;
      return etag !== undefined && recorded.get(id) === etag && this.#problemOf(id, wish, shown) === null;
    });
    for (let index = 0; index < count && inStep.length > 0; index++) {
      const [[id, customer] = []] = inStep.splice(Math.floor(this.#draw() * inStep.length), 1);
      const [event] = shown.get(id ?? '') ?? [];
      if (id === undefined || !customer || !event) continue;
      if (this.#draw() < 0.5) this.#editEvent(customer, event);
      else this.#editBooking(id, customer);
    }
  }

  /**
   * The etag that the service has stored, by booking. A change of an unrecorded event would conflict with the service's
   * write, and the booking would win (docs/decision-table.md#row-4, docs/decision-table.md#row-17); the crowd avoids that.
   */
  async recorded(): Promise<ReadonlyMap<string, string>> {
    interface Answer {
      readonly items?: readonly { readonly uscheduleAppointmentId: string; readonly etag: string }[];
    }
    // The replica may be killed before or during its answer.
    const { items = [] } = await this.#studio
      .admin('/admin/bookings?status=ACTIVE&limit=500')
      .then((answer) => JSON.parse(answer) as Answer)
      .catch((): Answer => ({}));
    return new Map(items.map(({ uscheduleAppointmentId, etag }) => [uscheduleAppointmentId, etag]));
  }

  /** The differences from the wanted state: each booking must exist once on both sides, and no other event. */
  problems(): readonly string[] {
    const shown = this.#shown();
    const strangers = [...shown.keys()].filter((id) => !this.#customers.has(id));
    return [
      ...[...this.#customers].flatMap(([id, { wish }]) => this.#problemOf(id, wish, shown) ?? []),
      ...strangers.map((id) => `there is an event of booking ${id}, which does not exist`),
    ];
  }

  /** Writes of the service beyond one per change of a user. */
  surplus(): readonly string[] {
    const { google, uschedule } = this.#studio;
    const toGoogle = google.writes.filter(({ by, done }) => by === 'service' && done);
    const eventOf = ({ eventId }: { readonly eventId: string | null }): string => eventId?.slice('loft'.length) ?? '';
    const bookingOf = ({ body }: { readonly body: unknown }): string => String((body as { Id?: unknown }).Id);
    return [...this.#customers].flatMap(([id, { bookingChanges, eventChanges }]) => {
      const there = toGoogle.filter((call) => eventOf(call) === id).map(({ method }) => method);
      const back = uschedule.writes.filter((call) => bookingOf(call) === id).map(({ method }) => method);
      return [
        ...there
          .slice(bookingChanges)
          .map(() => `${id}: ${there.join(', ')}, for ${bookingChanges} changes of the booking`),
        ...back.slice(eventChanges).map(() => `${id}: ${back.join(', ')}, for ${eventChanges} changes of the event`),
      ];
    });
  }

  /** Resolves when every hint was accepted or given up. */
  async hintsTaken(): Promise<void> {
    await Promise.all(this.#hints);
  }

  #editBooking(id: string, customer: Customer): void {
    const { uschedule } = this.#studio;
    const { wish } = customer;
    const what = this.#draw();
    if (what < 0.5) {
      customer.wish = { ...wish, start: this.#slot(wish.bay) };
      uschedule.move(id, { start: customer.wish.start });
    } else if (what < 0.75) {
      customer.wish = { ...wish, notes: `change ${customer.bookingChanges}` };
      uschedule.setNotes(id, customer.wish.notes);
    } else {
      customer.wish = { ...wish, cancelled: true };
      uschedule.cancel(id);
    }
    customer.bookingChanges++;
    this.#mayHint(id);
  }

  #editEvent(customer: Customer, { calendarId, id }: Shown): void {
    const { person } = this.#studio.google;
    if (this.#draw() < 0.7) {
      const start = this.#slot(customer.wish.bay);
      customer.wish = { ...customer.wish, start };
      person.dragEvent(calendarId, id, { start });
    } else {
      customer.wish = { ...customer.wish, cancelled: true };
      person.deleteEvent(calendarId, id);
    }
    customer.eventChanges++;
  }

  /** Sends a hint for most changes; the other changes are found by the poll alone. */
  #mayHint(id: string): void {
    if (this.#draw() < 0.7) this.#hints.push(this.#hint(id));
  }

  async #hint(id: string): Promise<void> {
    for (let count = 0; count < HINT_TRIES; count++) {
      const status = await this.#studio.hint(id).catch(() => 0);
      this.answers.set(status, (this.answers.get(status) ?? 0) + 1);
      if (status === 202) return;
      await pause(HINT_RETRY_MS);
    }
  }

  /** @returns null if the booking and its event have the wanted state */
  #problemOf(id: string, wish: Wish, shown: ReadonlyMap<string, readonly Shown[]>): string | null {
    const booking = this.#studio.uschedule.booking(id);
    const events = shown.get(id) ?? [];
    if (wish.cancelled) {
      if (booking?.state === 'live') return `${id} was cancelled, and still exists`;
      return events.length === 0 ? null : `${id} was cancelled, and has ${events.length} events`;
    }
    if (booking?.state !== 'live') return `${id} does not exist, although no user has cancelled it`;
    const [event] = events;
    if (!event || events.length > 1) return `${id} has ${events.length} events`;
    const wanted = [this.#studio.bays[wish.bay]?.calendarId, wish.start, wish.start + HOUR, wish.notes].join();
    const found = [event.calendarId, event.start, event.end, event.description].join();
    if (wanted !== found) return `${id} is to be ${wanted}, its event is ${found}`;
    const isBooked = booking.start === wish.start && booking.end === wish.start + HOUR;
    return isBooked ? null : `${id} is to be ${wanted}, and is booked for ${booking.start}`;
  }

  /** All events with the id of a booking, by that id. */
  #shown(): ReadonlyMap<string, readonly Shown[]> {
    const shown = new Map<string, Shown[]>();
    for (const { calendarId } of this.#studio.bays) {
      for (const event of this.#studio.google.events(calendarId)) {
        const appointmentId = event.extendedProperties?.private?.['uscheduleAppointmentId'];
        if (appointmentId === undefined) continue;
        const { id, description = '', etag } = event;
        const start = Date.parse(event.start?.dateTime ?? '');
        const end = Date.parse(event.end?.dateTime ?? '');
        shown.set(appointmentId, [
          ...(shown.get(appointmentId) ?? []),
          { calendarId, id, start, end, description, etag },
        ]);
      }
    }
    return shown;
  }

  /** The next hour of the bay that was never booked. */
  #slot(bay: number): Instant {
    const hours = this.#nextHour[bay] ?? FIRST_HOUR;
    this.#nextHour[bay] = hours + 1;
    return (this.#thisHour + hours) * HOUR;
  }

  /** The next pseudo-random number from 0 up to 1 (mulberry32). */
  #draw(): number {
    this.#random = (this.#random + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#random ^ (this.#random >>> 15), this.#random | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
}
