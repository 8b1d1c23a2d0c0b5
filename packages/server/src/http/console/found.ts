import type { Instant } from '@loft/sync-core';
import type { ConsoleState } from './state.js';

/** A booking that a search has found. */
export interface Found {
  readonly id: string;
  readonly title: string;
  readonly start: Instant;
  /** Short name of its bay; null: unknown. */
  readonly bay: string | null;
  /** A further note about the booking in the list; empty: none. */
  readonly note: string;
}

/** Lists the bookings that a search has found. */
export function foundBookings({ attention, found }: Pick<ConsoleState, 'attention' | 'found'>): readonly Found[] {
  const noteOf = (id: string, note: string): string => (attention.has(id) ? ', needs attention' : note);
  const pending = found.pending.flatMap(({ appointmentId, google, title, uschedule }) => {
    const slot = uschedule ?? google;
    if (slot === null) return [];
    const { bay, start } = slot;
    return [{ id: appointmentId, title, start, bay, note: noteOf(appointmentId, ', not in the calendar yet') }];
  });
  const mirrored = found.maps.map(({ base, status, uscheduleAppointmentId: id }) => ({
    id,
    title: base.title,
    start: base.start,
    bay: base.bay,
    note: noteOf(id, status === 'CANCELED' ? ', cancelled' : ''),
  }));
  return [...pending, ...mirrored];
}

/** @returns the booking that a search has found, if it is the only one */
export function onlyFound(state: Pick<ConsoleState, 'attention' | 'found'>): Found | null {
  const all = foundBookings(state);
  return all.length === 1 ? (all[0] ?? null) : null;
}
