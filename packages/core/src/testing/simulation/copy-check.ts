import type { SimulationWorld } from './simulation-world.js';

/**
 * Checks the removal of a copy by a person: it is removed only with its booking (docs/decision-table.md#row-23). Exceptions:
 * no answer of the booking system showed the booking; or the copy had replaced a deleted mirror (docs/decision-table.md#row-13b)
 * in another calendar, from which it could not be moved, and was created again in its bay.
 *
 * @returns null if it may be removed
 */
export function faultOfRemovedCopy(world: SimulationWorld, calendarId: string, eventId: string): string | null {
  const { bookings, people, calendars, plan, served } = world;
  const appointmentId = people.edits.copies.get(eventId);
  const isLive = bookings.user.liveBookings().some(({ id }) => id === appointmentId);
  if (!isLive || served.hidesBookings) return null;
  const shown = plan.open.flatMap((bay) => calendars.events(bay.calendarId));
  const ours = shown.filter(({ marks }) => marks.appointmentId === appointmentId);
  const isRecreated = ours.some((event) => event.eventId === eventId && event.calendarId !== calendarId);
  if (isRecreated || (plan.unitOfCalendar(calendarId) === null && ours.length > 0)) return null;
  return `${eventId} was removed, a copy that a person made of the event of ${appointmentId}`;
}
