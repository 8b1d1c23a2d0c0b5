import type { Instant } from '@loft/sync-core';
import type { ConsoleState } from './state.js';

/** A booking that a search has found. */
export interface Found {
  readonly id: string;
  readonly title: string;
  readonly start: Instant;
  /** A further note about the booking in the list; empty: none. */
  readonly note: string;
}

/** Lists the bookings that a search has found. */
export function foundBookings({ found }: Pick<ConsoleState, 'found'>): readonly Found[] {
  const pending = found.pending.flatMap(({ appointmentId, google, title, uschedule }) => {
    const slot = uschedule ?? google;
    return slot === null ? [] : [{ id: appointmentId, title, start: slot.start, note: ', not in the calendar yet' }];
  });
  const mirrored = found.maps.map(({ base, status, uscheduleAppointmentId: id }) => ({
    id,
    title: base.title,
    start: base.start,
    note: status === 'CANCELED' ? ', cancelled' : '',
  }));
  return [...pending, ...mirrored];
}

/** @returns the booking that a search has found, if it is the only one */
export function onlyFound(state: Pick<ConsoleState, 'found'>): Found | null {
  const all = foundBookings(state);
  return all.length === 1 ? (all[0] ?? null) : null;
}
