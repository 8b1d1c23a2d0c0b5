import { HOUR, MINUTE, type Bay, type Instant } from '@loft/sync-core';
import type { StudioBooking } from '@loft/sync-core/testing';
import type { Sandbox } from '../sandbox/start-sandbox.js';
import type { Check } from './check.js';
import { eventIdOf, mirrorOf, mirrorsOf } from './mirrors.js';

/** The checks of one bay in order. Each starts from the state after the previous one. */
export function checksOf(sandbox: Sandbox, bay: Bay, firstStart: Instant): readonly Check[] {
  const { google, uschedule } = sandbox;
  const { calendarId, resourceUnitId: unit } = bay;
  const booked: string[] = [];
  const booking = (index: number): StudioBooking | null => uschedule.booking(booked[index] ?? '');
  const isMirrored = (index: number): boolean => mirrorOf(sandbox, bay, booking(index)) !== null;
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
      followed: () => isMirrored(0),
    },
    {
      ...fromUSchedule,
      words: 'change its time → event changes',
      act: () => void uschedule.move(booked[0] ?? '', { start: moved }),
      followed: () => booking(0)?.start === moved && isMirrored(0),
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
      followed: () => isMirrored(1),
    },
    {
      ...fromGoogle,
      words: 'move its event → booking moves',
      act: () => google.person.dragEvent(calendarId, eventIdOf(sandbox, booked[1] ?? ''), { start: dragged }),
      followed: () => booking(1)?.start === dragged && isMirrored(1),
    },
    {
      ...fromGoogle,
      words: 'delete its event → booking cancelled',
      act: () => google.person.deleteEvent(calendarId, eventIdOf(sandbox, booked[1] ?? '')),
      followed: () => booking(1)?.state === 'canceled' && mirrorsOf(sandbox, booked[1] ?? '').length === 0,
    },
  ];
}
