import { HOUR, MINUTE, type Instant, type TimeZones } from '@loft/sync-core';
import { startOfDay } from '@loft/sync-core/adapters';
import type { UScheduleSimulator } from '@loft/sync-uschedule/simulator';

interface SeededBooking {
  readonly unit: number;
  /** `HH:MM` of the day. */
  readonly at: string;
  readonly minutes: number;
  readonly customerName: string;
  readonly notes: string;
}

const BAY_1 = 5523;
const BAY_2 = 5524;

/** A day at the studio with fictitious customers. */
const DAY_AT_THE_STUDIO: readonly SeededBooking[] = [
  { unit: BAY_1, at: '09:00', minutes: 60, customerName: 'Ana R.', notes: 'First visit, wants a tour' },
  { unit: BAY_1, at: '10:00', minutes: 60, customerName: 'Ben K.', notes: '' },
  { unit: BAY_1, at: '12:30', minutes: 90, customerName: 'Carla M.', notes: 'Lunch league, 4 players' },
  { unit: BAY_1, at: '15:00', minutes: 60, customerName: 'Deepa S.', notes: 'Left-handed clubs' },
  { unit: BAY_1, at: '18:00', minutes: 120, customerName: 'Emil W.', notes: 'Birthday, 6 guests' },
  { unit: BAY_2, at: '09:30', minutes: 60, customerName: 'Farah N.', notes: '' },
  { unit: BAY_2, at: '11:00', minutes: 60, customerName: 'Gus T.', notes: 'Lesson with the pro' },
  { unit: BAY_2, at: '13:00', minutes: 60, customerName: 'Hana Y.', notes: '' },
  { unit: BAY_2, at: '16:00', minutes: 90, customerName: 'Ivo P.', notes: 'Company outing' },
  { unit: BAY_2, at: '19:00', minutes: 60, customerName: 'Jules D.', notes: 'Pays at the desk' },
];

/** @returns the instant of a time of day on the local day that begins at `day` */
export function timeOfDay(day: Instant, time: string): Instant {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return day + hours * HOUR + minutes * MINUTE;
}

/** @returns the day of the sandbox: the studio's tomorrow, so that all its bookings are in the future */
export function sandboxDay(now: Instant, timeZone: string, timeZones: TimeZones): Instant {
  return startOfDay(now, timeZone, timeZones, 1);
}

/** Creates the bookings of the day. @returns their number */
export function seedDay(uschedule: UScheduleSimulator, day: Instant): number {
  for (const { at, ...booking } of DAY_AT_THE_STUDIO) uschedule.book({ ...booking, start: timeOfDay(day, at) });
  return DAY_AT_THE_STUDIO.length;
}
