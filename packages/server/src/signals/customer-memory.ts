import type { Booking, BookingSystem } from '@loft/sync-core';
import { wrapPort } from '@loft/sync-core/adapters';
import type { CustomerFacts } from './booking-signals.js';

/** Maximum of cached appointments; the one with the oldest change is evicted. */
const MAXIMUM = 20_000;

/** Caches the booking system's data of customers, because the map has only the texts of the event. */
export class CustomerMemory {
  readonly #facts = new Map<string, CustomerFacts>();

  /** @returns null if the appointment was not read since the start */
  factsOf(appointmentId: string): CustomerFacts | null {
    return this.#facts.get(appointmentId) ?? null;
  }

  /** Wraps the booking system, and caches its answers. */
  watch(bookings: BookingSystem): BookingSystem {
    const getBooking: BookingSystem['getBooking'] = async (appointmentId) => {
      const booking = await bookings.getBooking(appointmentId);
      if (booking.ok) this.#remember(booking.val);
      return booking;
    };
    const listBookings: BookingSystem['listBookings'] = async (...period) => {
      const list = await bookings.listBookings(...period);
      if (list.ok) for (const booking of list.val.bookings) this.#remember(booking);
      return list;
    };
    return wrapPort(bookings, (name, original) => {
      const member = original();
      // A missing method stays missing: the engine reports it.
      if (typeof member !== 'function') return member;
      if (name === 'getBooking') return getBooking;
      return name === 'listBookings' ? listBookings : member;
    });
  }

  #remember({ appointmentId, customerId, customerName, details = {} }: Booking): void {
    const previous = this.#facts.get(appointmentId);
    const facts: CustomerFacts = {
      customerName: customerName === '' ? (previous?.customerName ?? '') : customerName,
      customerId: customerId ?? previous?.customerId ?? null,
      details,
    };
    // A poll reads all appointments again: an unchanged one keeps its position.
    if (previous && sayTheSame(previous, facts)) return;
    this.#facts.delete(appointmentId);
    this.#facts.set(appointmentId, facts);
    if (this.#facts.size <= MAXIMUM) return;
    const [oldest] = this.#facts.keys();
    if (oldest !== undefined) this.#facts.delete(oldest);
  }
}

function sayTheSame(a: CustomerFacts, b: CustomerFacts): boolean {
  return a.customerName === b.customerName && a.customerId === b.customerId && sameDetails(a.details, b.details);
}

function sameDetails(a: CustomerFacts['details'], b: CustomerFacts['details']): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
