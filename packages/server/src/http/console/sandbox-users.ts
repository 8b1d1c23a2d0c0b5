import type { Instant, Result } from '@loft/sync-core';
import type { Sides } from './pairs.js';

/** The target place of a booking or an event. */
export interface Place {
  readonly bay: string;
  readonly start: Instant;
}

/**
 * The simulated persons of the sandbox: the customer in USchedule, and the person who edits the calendars in Google
 * Calendar. Errors are sentences for a person: a slot may be taken.
 */
export interface SandboxUsers {
  /** Both sides as they are now, without the service. */
  sides(): readonly Sides[];
  book(place: Place, customerName: string): Result<string, string>;
  moveBooking(appointmentId: string, to: Place): Result<void, string>;
  cancelBooking(appointmentId: string): Result<void, string>;
  moveEvent(appointmentId: string, to: Place): Result<void, string>;
  deleteEvent(appointmentId: string): Result<void, string>;
}
