import type { Bay } from '@loft/sync-core';
import type { StudioBooking } from '@loft/sync-core/testing';
import type { EventResource } from '@loft/sync-google/simulator';
import type { Sandbox } from '../sandbox/start-sandbox.js';

/** An event and its calendar. */
export interface Mirror {
  readonly calendarId: string;
  readonly event: EventResource;
}

function isMirrorOf(event: EventResource, appointmentId: string): boolean {
  return event.extendedProperties?.private?.['uscheduleAppointmentId'] === appointmentId;
}

/** Finds the events of an appointment in all calendars. */
export function mirrorsOf(sandbox: Sandbox, appointmentId: string): readonly Mirror[] {
  return sandbox.bays.flatMap(({ calendarId }) =>
    sandbox.google
      .events(calendarId)
      .filter((event) => isMirrorOf(event, appointmentId))
      .map((event) => ({ calendarId, event })),
  );
}

/**
 * Finds the event of a booking. @returns null unless there is exactly one, in the calendar of its bay and at its time
 */
export function mirrorOf(sandbox: Sandbox, bay: Bay, booking: StudioBooking | null): EventResource | null {
  if (!booking) return null;
  const [mirror, ...others] = mirrorsOf(sandbox, booking.id);
  if (!mirror || others.length > 0 || mirror.calendarId !== bay.calendarId) return null;
  const { start, end } = mirror.event;
  const isInTime =
    Date.parse(start?.dateTime ?? '') === booking.start && Date.parse(end?.dateTime ?? '') === booking.end;
  return isInTime ? mirror.event : null;
}

/** @returns the id of the event of an appointment; '' if it has none */
export function eventIdOf(sandbox: Sandbox, appointmentId: string): string {
  return mirrorsOf(sandbox, appointmentId)[0]?.event.id ?? '';
}
