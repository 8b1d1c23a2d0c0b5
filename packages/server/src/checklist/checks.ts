import { HOUR, MINUTE, type Bay, type Instant } from '@loft/sync-core';
import type { StudioBooking } from '@loft/sync-core/testing';
import type { EventResource } from '@loft/sync-google/simulator';
import type { Sandbox } from '../sandbox/start-sandbox.js';

/** Which side a person changes; the service then writes to the other. */
export type ChangedSide = 'USchedule' | 'Google Calendar';

/** One line of the validation checklist (docs/operating-contract.md#commands), for one bay. */
export interface Check {
  readonly bay: Bay;
  /** What a person does, and what is to follow. */
  readonly words: string;
  readonly changedSide: ChangedSide;
  act(): void;
  /** The other side has followed, and nothing is where it should not be. */
  followed(): boolean;
}

function isMirrorOf(event: EventResource, appointmentId: string): boolean {
  return event.extendedProperties?.private?.['uscheduleAppointmentId'] === appointmentId;
}

/** The events of an appointment in all calendars, with the calendar of each. */
function mirrorsOf(sandbox: Sandbox, appointmentId: string): readonly { calendarId: string; event: EventResource }[] {
  return sandbox.bays.flatMap(({ calendarId }) =>
    sandbox.google
      .events(calendarId)
      .filter((event) => isMirrorOf(event, appointmentId))
      .map((event) => ({ calendarId, event })),
  );
}

/** There is one event for the booking, in its bay's calendar and no other, at its time. */
function isMirrored(sandbox: Sandbox, bay: Bay, booking: StudioBooking | null): boolean {
  if (!booking) return false;
  const [mirror, ...others] = mirrorsOf(sandbox, booking.id);
  if (!mirror || others.length > 0 || mirror.calendarId !== bay.calendarId) return false;
  const { start, end } = mirror.event;
  return Date.parse(start?.dateTime ?? '') === booking.start && Date.parse(end?.dateTime ?? '') === booking.end;
}

function eventIdOf(sandbox: Sandbox, appointmentId: string): string {
  return mirrorsOf(sandbox, appointmentId)[0]?.event.id ?? '';
}

/** The checks of one bay, in their order: each goes on from where the one before it ended. */
export function checksOf(sandbox: Sandbox, bay: Bay, firstStart: Instant): readonly Check[] {
  const { google, uschedule } = sandbox;
  const { calendarId, resourceUnitId: unit } = bay;
  const booked: string[] = [];
  const booking = (index: number): StudioBooking | null => uschedule.booking(booked[index] ?? '');
  const bookAt = (start: Instant, customerName: string): void => {
    booked.push(uschedule.book({ unit, start, minutes: 60, customerName }));
  };
  const moved = firstStart + 90 * MINUTE;
  const second = firstStart + 4 * HOUR;
  const dragged = second + 90 * MINUTE;
  const fromUSchedule = { bay, changedSide: 'USchedule' } as const;
  const fromGoogle = { bay, changedSide: 'Google Calendar' } as const;
  return [
    {
      ...fromUSchedule,
      words: 'create booking → event on this calendar only',
      act: () => bookAt(firstStart, 'Checklist A.'),
      followed: () => isMirrored(sandbox, bay, booking(0)),
    },
    {
      ...fromUSchedule,
      words: 'change its time → event changes',
      act: () => void uschedule.move(booked[0] ?? '', { start: moved }),
      followed: () => booking(0)?.start === moved && isMirrored(sandbox, bay, booking(0)),
    },
    {
      ...fromUSchedule,
      words: 'cancel it → event gone',
      act: () => uschedule.cancel(booked[0] ?? ''),
      followed: () => mirrorsOf(sandbox, booked[0] ?? '').length === 0,
    },
    {
      ...fromUSchedule,
      words: 'create another → event on this calendar only',
      act: () => bookAt(second, 'Checklist B.'),
      followed: () => isMirrored(sandbox, bay, booking(1)),
    },
    {
      ...fromGoogle,
      words: 'move its event → booking moves',
      act: () => google.person.dragEvent(calendarId, eventIdOf(sandbox, booked[1] ?? ''), { start: dragged }),
      followed: () => booking(1)?.start === dragged && isMirrored(sandbox, bay, booking(1)),
    },
    {
      ...fromGoogle,
      words: 'delete its event → booking cancelled',
      act: () => google.person.deleteEvent(calendarId, eventIdOf(sandbox, booked[1] ?? '')),
      followed: () => booking(1)?.state === 'canceled' && mirrorsOf(sandbox, booked[1] ?? '').length === 0,
    },
  ];
}
