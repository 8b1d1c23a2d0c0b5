import type { GuardSettings } from './settings.js';
import type { BookingEventMap } from '../domain/booking-event-map.js';
import type { FeedState, FeedStop, StopItem } from '../domain/feed-state.js';
import type { Instant } from '../domain/instant.js';
import type { Bay } from '../domain/bay.js';

/**
 * The mass-change guard (docs/decision-table.md#guards): would one run of a feed cancel more than `massChangeLimit` of
 * the
 * live mirrors, and more than `massChangeMinimum` of them? An outage can look like an empty list.
 */
export function isMassChange(wouldCancel: number, mirrors: number, guards: GuardSettings): boolean {
  return wouldCancel > guards.massChangeMinimum && wouldCancel > guards.massChangeLimit * mirrors;
}

export interface GuardedChange {
  /** What has happened to so many, in words: `bookings are gone`. */
  readonly what: string;
  readonly wouldCancel: number;
  /** Live mirrors there are. */
  readonly mirrors: number;
  /** What would happen, one by one. */
  readonly items: readonly StopItem[];
}

/**
 * Asks the mass-change guard about one run of a feed (docs/decision-table.md#guards). null: the run may cancel what it
 * found. What stops is the cancelling; new and changed bookings go on being mirrored, since no guard protects anybody
 * from those.
 */
export function guardStop(
  change: GuardedChange,
  state: FeedState | null,
  guards: GuardSettings,
  now: Instant,
): FeedStop | null {
  const { what, wouldCancel, mirrors, items } = change;
  // A person has seen a list: what it named passes, and a list that has grown since is stopped again.
  const isApproved = state?.resumed === true && items.every((item) => isApprovedItem(item, state));
  if (isApproved || !isMassChange(wouldCancel, mirrors, guards)) return null;
  const reason =
    `${wouldCancel} of ${mirrors} ${what} at once, which is more than massChangeLimit allows. ` +
    'Nothing is cancelled until they are back or a person resumes the feed.';
  return { at: state?.stopped?.at ?? now, reason, wouldCancel, mirrors, items };
}

/** Did the person who resumed the source see this item? Without a list, all passes. */
function isApprovedItem({ appointmentId }: StopItem, { approved }: FeedState): boolean {
  return approved === undefined || approved.includes(appointmentId);
}

/** Only some slots are read in one run: if most of them are free, the evidence is at fault. */
export function freeSlotsStop(
  { free, read }: { readonly free: number; readonly read: number },
  items: readonly StopItem[],
  guard: (change: GuardedChange) => FeedStop | null,
): FeedStop | null {
  return guard({ what: 'booked slots read as free', wouldCancel: free, mirrors: read, items });
}

/** One mirror in the list of a stop. */
export function stopItem(map: BookingEventMap, would: StopItem['would']): StopItem {
  const { uscheduleAppointmentId: appointmentId, base } = map;
  return { appointmentId, customerName: base.title, start: base.start, bay: base.bay, would };
}

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
