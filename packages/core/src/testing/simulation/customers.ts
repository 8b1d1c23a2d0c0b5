import type { EventRef } from '../../domain/task.js';
import { HOUR, MINUTE, type Instant } from '../../domain/instant.js';
import { withoutMarker } from '../../rules/rebook-marker.js';
import type { MemoryBookings } from '../memory-bookings.js';
import type { StudioBooking } from '../studio-booking.js';
import { DESK_ACTS, SECOND_THOUGHTS, type Act } from './act.js';
import type { RandomSlots, Slot } from './random-slots.js';
import type { SeededRandom } from './seeded-random.js';
import type { ShownEvents } from './shown-events.js';
import type { UserEdits } from './user-edits.js';

/** Probability that a customer books the target of a drag. */
const SNATCHED_SHARE = 0.15;

export interface CustomersOptions {
  readonly bookings: MemoryBookings;
  readonly slots: RandomSlots;
  readonly events: ShownEvents;
  readonly edits: UserEdits;
  readonly mirrorOf: (appointmentId: string) => EventRef | null;
  readonly now: () => Instant;
}

/** Users of the booking system, at random. */
export class Customers {
  readonly #bookings: MemoryBookings;
  readonly #slots: RandomSlots;
  readonly #events: ShownEvents;
  readonly #edits: UserEdits;
  readonly #mirrorOf: (appointmentId: string) => EventRef | null;
  readonly #now: () => Instant;
  /** Ids of the bookings that were not live in the last quiescent state. */
  #dead: readonly string[] = [];
  /** Appointment ids that were given to another booking. */
  readonly recycled: Set<string> = new Set();

  constructor({ bookings, slots, events, edits, mirrorOf, now }: CustomersOptions) {
    this.#bookings = bookings;
    this.#slots = slots;
    this.#events = events;
    this.#edits = edits;
    this.#mirrorOf = mirrorOf;
    this.#now = now;
  }

  /** @param last the last touched appointment */
  act(random: SeededRandom, last: string | null): Act | null {
    const { user } = this.#bookings;
    const kind = random.weighted(DESK_ACTS);
    if (kind === 'book') return this.#book(this.#slots.slot(random, this.#slots.unitToBook(random)), random);
    const soon = user.liveBookings().filter(({ start }) => start > this.#now() + HOUR);
    const again = random.chance(SECOND_THOUGHTS) ? soon.find(({ id }) => id === last) : undefined;
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
        return this.#move(booking, this.#slots.slot(random, booking.unit), act('moves'));
      case 'changeBay': {
        const { start, end } = booking;
        const unit = this.#slots.unitToBook(random);
        return unit === booking.unit ? null : this.#move(booking, { unit, start, end }, act('changes the bay of'));
      }
      case 'notes': {
        const notes = `note ${random.int(1, 1000)}`;
        user.setNotes(id, notes);
        const units = { before: booking.unit, after: booking.unit };
        const idle = notes === withoutMarker(booking.notes);
        const described = this.#edits.reworded.description.has(this.#mirrorOf(id)?.eventId ?? '');
        return {
          ...act('writes a note on'),
          expect: null,
          units,
          idle,
          described,
          displaced: this.#events.isDisplaced(booking),
        };
      }
      case 'cancel':
        user.cancel(id);
        return { ...act('cancels'), expect: { state: 'gone' }, units: { before: booking.unit, after: null } };
    }
  }

  /** In a quiescent state: bookings that are dead by now may pass on their id. */
  settled(): void {
    const isDead = ({ state }: StudioBooking): boolean => state === 'canceled' || state === 'rescheduled';
    this.#dead = this.#bookings.user
      .bookings()
      .filter(isDead)
      .map(({ id }) => id);
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
    return this.#book({ unit: this.#slots.bay(random), start, end: start + HOUR }, random);
  }

  /** A customer whose booking gets the id of a cancelled or replaced one. */
  bookRecycledId(random: SeededRandom): Act | null {
    const { user } = this.#bookings;
    const id = random.pick(this.#dead.filter((it) => user.booking(it)?.state !== 'live').slice(-10));
    const slot = this.#slots.slot(random, this.#slots.bay(random));
    if (id === undefined || !user.isFree(slot)) return null;
    user.reuseId(id, { unit: slot.unit, start: slot.start, customerName: `Customer ${random.int(1, 40)}` });
    this.recycled.add(id);
    return this.#booked(id, slot, { recycled: true });
  }

  /** A customer books a time off the usual grid, of an unusual length. */
  bookOffGrid(random: SeededRandom): Act | null {
    const { unit, start } = this.#slots.slot(random);
    const from = start + random.int(1, 11) * 5 * MINUTE;
    return this.#book({ unit, start: from, end: from + random.int(3, 30) * 5 * MINUTE }, random);
  }

  /** A booking in the future. */
  upcoming(): readonly StudioBooking[] {
    return this.#bookings.user.liveBookings().filter(({ end }) => end > this.#now());
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
    const displaced = this.#events.isDisplaced(from);
    const id = user.move(from.id, { unit: to.unit, start: to.start, minutes: (to.end - to.start) / MINUTE });
    const units = { before: from.unit, after: to.unit };
    if (id !== from.id) return { ...act, words: `${act.words} (now ${id})`, expect: null, renamedTo: id, units };
    const idle = to.unit === from.unit && to.start === from.start && to.end === from.end;
    return { ...act, expect: { state: 'live', ...to }, units, idle, displaced };
  }
}
