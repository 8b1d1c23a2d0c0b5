import type { Booking, Period } from '@loft/sync-core';
import type { BookingList, UnreadableBooking } from '@loft/sync-core/adapters';
import { readBookingRecord, type RecordRules } from './booking-record.js';
import { isRecord } from './record-fields.js';

/**
 * Reads the array of `getapiappointments`. A cancelled record without a unit or time is left out: its appointment is read by its
 * id, which answers that it does not exist any more (see `readAppointment`). An id that is listed twice with different content is reported as unreadable,
 * because neither record can be trusted more than the other.
 */
export function readBookingList(records: readonly unknown[], rules: RecordRules): BookingList {
  const bookings = new Map<string, Booking>();
  const disputed = new Set<string>();
  const unreadable: UnreadableBooking[] = [];
  rules.noteFields.learnFrom(records.filter(isRecord));
  for (const record of records) {
    const read = readBookingRecord(record, rules);
    if (!read.ok) {
      if (!read.isDead) unreadable.push(read.unreadable);
      if (read.unreadable.appointmentId !== null) disputed.add(read.unreadable.appointmentId);
      continue;
    }
    const { appointmentId } = read.booking;
    const earlier = bookings.get(appointmentId);
    if (!earlier) bookings.set(appointmentId, read.booking);
    else if (JSON.stringify(earlier) !== JSON.stringify(read.booking) && !disputed.has(appointmentId)) {
      disputed.add(appointmentId);
      unreadable.push({ appointmentId, problem: 'the appointment is listed twice, and the records differ' });
    }
  }
  return { bookings: [...bookings.values()].filter(({ appointmentId }) => !disputed.has(appointmentId)), unreadable };
}

/** Removes the bookings that start outside a period. Unreadable records stay, because their start is unknown. */
export function startingIn({ from, to }: Period, { bookings, unreadable }: BookingList): BookingList {
  return { bookings: bookings.filter(({ start }) => start >= from && start < to), unreadable };
}
