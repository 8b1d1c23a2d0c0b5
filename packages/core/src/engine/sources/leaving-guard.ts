import type { Bay } from '../../domain/bay.js';
import type { BookingEventMap } from '../../domain/booking-event-map.js';
import type { FeedStop } from '../../domain/feed-state.js';
import { stopItem, type GuardedChange } from './feed-guard.js';

/**
 * Where most bookings of a bay seem to be on a unit that is no bay's, the unit was mistyped in the settings, or got
 * another number, and its events are as right as ever. That is asked for each bay: of a studio's bays it may be one.
 */
export function leavingStop(
  leaving: ReadonlySet<string>,
  mirrors: readonly BookingEventMap[],
  bays: readonly Bay[],
  guard: (change: GuardedChange) => FeedStop | null,
): FeedStop | null {
  if (leaving.size === 0) return null;
  for (const { bay, calendarId } of bays) {
    const ofBay = mirrors.filter((map) => map.googleCalendarId === calendarId);
    const wouldCancel = ofBay.filter((map) => leaving.has(map.uscheduleAppointmentId)).length;
    const stop = guard({
      what: `bookings of bay ${bay} are on units of no bay`,
      wouldCancel,
      mirrors: ofBay.length,
      items: ofBay.filter((map) => leaving.has(map.uscheduleAppointmentId)).map((map) => stopItem(map, 'cancel event')),
    });
    if (stop) return stop;
  }
  return null;
}
