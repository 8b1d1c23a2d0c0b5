import { setTimeout as pause } from 'node:timers/promises';
import { HOUR, type Instant } from '@loft/sync-core';
import type { SimulatedStudio } from './simulated-studio.js';

/** A sender of hints asks again so often, so soon. */
const HINT_TRIES = 120;
const HINT_RETRY_MS = 500;
/** Hours from now from which on there is something to book. */
const FIRST_HOUR = 30;

/** What somebody wanted last of a booking. */
interface Wish {
  readonly bay: number;
  readonly start: Instant;
  readonly notes: string;
  readonly cancelled: boolean;
}

/** A booking of the crowd, and how often it was changed on either side. */
interface Customer {
  wish: Wish;
  desk: number;
  calendar: number;
}

/** An event as people see it. */
interface Shown {
  readonly calendarId: string;
  readonly id: string;
  readonly start: Instant;
  readonly end: Instant;
  readonly description: string;
  readonly etag: string | undefined;
}

/**
 * Customers who book, move and cancel, and people who drag and delete events; and whoever sends the hints, again and
 * again until they are taken. Each slot is taken once, and only what is in step is changed, so that no change is refused
 * and none goes against another: what was wished for last has to be the case in the end.
 */
export class Crowd {
  /** Statuses that hints were answered with; 0: none. */
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

  /** How many changes were made on either side. */
  get changes(): { readonly desk: number; readonly calendar: number } {
    const sum = (side: 'desk' | 'calendar'): number =>
      [...this.#customers.values()].reduce((total, customer) => total + customer[side], 0);
    return { desk: sum('desk'), calendar: sum('calendar') };
  }

  /** Books so many times, now in this bay, now in that. */
  book(count: number): void {
    for (let index = 0; index < count; index++) {
      const bay = this.bookings % this.#studio.bays.length;
      const start = this.#slot(bay);
      const unit = this.#studio.bays[bay]?.resourceUnitId ?? 0;
      const id = this.#studio.uschedule.book({ unit, start, customerName: `Customer ${this.bookings}` });
      this.#customers.set(id, { wish: { bay, start, notes: '', cancelled: false }, desk: 1, calendar: 0 });
      this.#mayHint(id);
    }
  }

  /** Changes so many bookings that are in step, and recorded as being so, each on one side. */
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
      if (this.#draw() < 0.5) this.#editInTheCalendar(customer, event);
      else this.#editAtTheDesk(id, customer);
    }
  }

  /**
   * By booking, the etag that the service has stored. A change to what it has not recorded is a conflict with its own
   * write, in which the booking wins (docs/decision-table.md#row-4, docs/decision-table.md#row-17); such are not made here.
   */
  async recorded(): Promise<ReadonlyMap<string, string>> {
    interface Answer {
      readonly items?: readonly { readonly uscheduleAppointmentId: string; readonly etag: string }[];
    }
    // Whoever is asked may be killed just then, also half way through its answer.
    const { items = [] } = await this.#studio
      .admin('/admin/bookings?status=ACTIVE&limit=500')
      .then((answer) => JSON.parse(answer) as Answer)
      .catch((): Answer => ({}));
    return new Map(items.map(({ uscheduleAppointmentId, etag }) => [uscheduleAppointmentId, etag]));
  }

  /** What is not as it was wished for: on both sides, each booking once, and nothing that nobody has booked. */
  problems(): readonly string[] {
    const shown = this.#shown();
    const strangers = [...shown.keys()].filter((id) => !this.#customers.has(id));
    return [
      ...[...this.#customers].flatMap(([id, { wish }]) => this.#problemOf(id, wish, shown) ?? []),
      ...strangers.map((id) => `there is no booking ${id}, but an event of it`),
    ];
  }

  /** Writes of the service that no change of a person has asked for. */
  surplus(): readonly string[] {
    const { google, uschedule } = this.#studio;
    const toGoogle = google.writes.filter(({ by, done }) => by === 'service' && done);
    const eventOf = ({ eventId }: { readonly eventId: string | null }): string => eventId?.slice('loft'.length) ?? '';
    const bookingOf = ({ body }: { readonly body: unknown }): string => String((body as { Id?: unknown }).Id);
    return [...this.#customers].flatMap(([id, { desk, calendar }]) => {
      const there = toGoogle.filter((call) => eventOf(call) === id).map(({ method }) => method);
      const back = uschedule.writes.filter((call) => bookingOf(call) === id).map(({ method }) => method);
      return [
        ...there.slice(desk).map(() => `${id}: ${there.join(', ')}, for ${desk} changes at the desk`),
        ...back.slice(calendar).map(() => `${id}: ${back.join(', ')}, for ${calendar} changes in the calendar`),
      ];
    });
  }

  /** Resolves when every hint was taken, or given up. */
  async hintsTaken(): Promise<void> {
    await Promise.all(this.#hints);
  }

  #editAtTheDesk(id: string, customer: Customer): void {
    const { uschedule } = this.#studio;
    const { wish } = customer;
    const what = this.#draw();
    if (what < 0.5) {
      customer.wish = { ...wish, start: this.#slot(wish.bay) };
      uschedule.move(id, { start: customer.wish.start });
    } else if (what < 0.75) {
      customer.wish = { ...wish, notes: `change ${customer.desk}` };
      uschedule.setNotes(id, customer.wish.notes);
    } else {
      customer.wish = { ...wish, cancelled: true };
      uschedule.cancel(id);
    }
    customer.desk++;
    this.#mayHint(id);
  }

  #editInTheCalendar(customer: Customer, { calendarId, id }: Shown): void {
    const { person } = this.#studio.google;
    if (this.#draw() < 0.7) {
      const start = this.#slot(customer.wish.bay);
      customer.wish = { ...customer.wish, start };
      person.dragEvent(calendarId, id, { start });
    } else {
      customer.wish = { ...customer.wish, cancelled: true };
      person.deleteEvent(calendarId, id);
    }
    customer.calendar++;
  }

  /** Not every change is told: some are found by the poll alone. */
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

  /** null: the booking is as it was wished for, and shows so. */
  #problemOf(id: string, wish: Wish, shown: ReadonlyMap<string, readonly Shown[]>): string | null {
    const booking = this.#studio.uschedule.booking(id);
    const events = shown.get(id) ?? [];
    if (wish.cancelled) {
      if (booking?.state === 'live') return `${id} was cancelled, and stands`;
      return events.length === 0 ? null : `${id} was cancelled, and has ${events.length} events`;
    }
    if (booking?.state !== 'live') return `${id} is gone, and nobody has cancelled it`;
    const [event] = events;
    if (!event || events.length > 1) return `${id} has ${events.length} events`;
    const wanted = [this.#studio.bays[wish.bay]?.calendarId, wish.start, wish.start + HOUR, wish.notes].join();
    const found = [event.calendarId, event.start, event.end, event.description].join();
    if (wanted !== found) return `${id} is to be ${wanted}, its event is ${found}`;
    const isBooked = booking.start === wish.start && booking.end === wish.start + HOUR;
    return isBooked ? null : `${id} is to be ${wanted}, and is booked for ${booking.start}`;
  }

  /** All events that bear the id of a booking, by that. */
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

  /** The next hour of the bay that nobody has ever had. */
  #slot(bay: number): Instant {
    const hours = this.#nextHour[bay] ?? FIRST_HOUR;
    this.#nextHour[bay] = hours + 1;
    return (this.#thisHour + hours) * HOUR;
  }

  /** From 0 up to 1, the same each time (mulberry32). */
  #draw(): number {
    this.#random = (this.#random + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#random ^ (this.#random >>> 15), this.#random | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
}
