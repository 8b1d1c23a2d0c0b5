import { SECOND, type Bay } from '@loft/sync-core';
import type { StudioBooking } from '@loft/sync-core/testing';
import { waitUntil } from '../process/wait-until.js';
import { timeOfDay } from './sandbox-day.js';
import type { Sandbox } from './start-sandbox.js';

/** An action of a person, and a check that the service has synced it. */
interface Scene {
  readonly words: string;
  act(): void;
  followed(): boolean;
}

/** Maximum wait for the service; it usually needs one or two seconds. */
const PATIENCE_MS: number = 15 * SECOND;

function liveEvent(sandbox: Sandbox, booking: StudioBooking | null): { bay: Bay; eventId: string } | null {
  if (!booking) return null;
  for (const bay of sandbox.bays) {
    const event = sandbox.google
      .events(bay.calendarId)
      .find(({ extendedProperties }) => extendedProperties?.private?.['uscheduleAppointmentId'] === booking.id);
    if (event) return { bay, eventId: event.id };
  }
  return null;
}

function startOf(sandbox: Sandbox, booking: StudioBooking): number | null {
  const found = liveEvent(sandbox, booking);
  const event = found && sandbox.google.event(found.bay.calendarId, found.eventId);
  return event?.start?.dateTime === undefined ? null : Date.parse(event.start.dateTime);
}

function bookingOf(sandbox: Sandbox, customerName: string): StudioBooking | null {
  return sandbox.uschedule.liveBookings().find((booking) => booking.customerName === customerName) ?? null;
}

/** Creates a scene about a customer's booking and its event. @returns null if there is none */
function sceneAbout(
  sandbox: Sandbox,
  customerName: string,
  make: (booking: StudioBooking, event: { bay: Bay; eventId: string }) => Scene,
): Scene | null {
  const booking = bookingOf(sandbox, customerName);
  const event = liveEvent(sandbox, booking);
  return booking && event ? make(booking, event) : null;
}

/** The scenes in order; each is created when its turn comes. */
function scenes(sandbox: Sandbox): readonly (() => Scene | null)[] {
  const { day, google, uschedule } = sandbox;
  return [
    () => ({
      words: 'Kim O. books Bay 2 at 20:00 in USchedule.',
      act: () => void uschedule.book({ unit: 5524, start: timeOfDay(day, '20:00'), customerName: 'Kim O.' }),
      followed: () => liveEvent(sandbox, bookingOf(sandbox, 'Kim O.')) !== null,
    }),
    () =>
      sceneAbout(sandbox, 'Deepa S.', (booking) => ({
        words: 'Deepa S. moves her booking to 16:30 in USchedule.',
        act: () => void uschedule.move(booking.id, { start: timeOfDay(day, '16:30') }),
        followed: () => startOf(sandbox, booking) === timeOfDay(day, '16:30'),
      })),
    () =>
      sceneAbout(sandbox, 'Gus T.', (booking, { bay, eventId }) => ({
        words: "The front desk drags Gus T.'s event to 14:30 in Google Calendar.",
        act: () => google.person.dragEvent(bay.calendarId, eventId, { start: timeOfDay(day, '14:30') }),
        followed: () => uschedule.booking(booking.id)?.start === timeOfDay(day, '14:30'),
      })),
    () =>
      sceneAbout(sandbox, 'Ben K.', (booking) => ({
        words: 'Ben K. cancels in USchedule.',
        act: () => uschedule.cancel(booking.id),
        followed: () => liveEvent(sandbox, booking) === null,
      })),
    () =>
      sceneAbout(sandbox, 'Hana Y.', (booking, { bay, eventId }) => ({
        words: "The front desk deletes Hana Y.'s event in Google Calendar.",
        act: () => google.person.deleteEvent(bay.calendarId, eventId),
        followed: () => uschedule.booking(booking.id)?.state === 'canceled',
      })),
  ];
}

/** Waits until every booking of the day has its event, or the sandbox is being stopped. */
export function dayIsMirrored(sandbox: Sandbox, ended: () => boolean): Promise<boolean> {
  const mirrored = (): boolean =>
    ended() || sandbox.uschedule.liveBookings().every((booking) => liveEvent(sandbox, booking) !== null);
  return waitUntil(mirrored, 2 * PATIENCE_MS, 50);
}

/**
 * Runs the scenes on both sides, one after the other. Each starts after the service has synced and reported the
 * previous one.
 *
 * @param say prints a line
 * @param reported number of the service's reported actions
 * @param ended whether the sandbox is being stopped
 */
export async function playTour(
  sandbox: Sandbox,
  say: (line: string) => void,
  reported: () => number,
  ended: () => boolean,
): Promise<void> {
  for (const makeScene of scenes(sandbox)) {
    if (ended()) return;
    const scene = makeScene();
    if (!scene) continue;
    say(scene.words);
    const before = reported();
    scene.act();
    const followed = await waitUntil(() => ended() || (scene.followed() && reported() > before), PATIENCE_MS, 50);
    if (!followed) say(`  ! The service has not synced it within ${PATIENCE_MS / SECOND} s. See the log.`);
  }
}
