import type { Bay } from '../domain/bay.js';
import type { BookingEventMap } from '../domain/booking-event-map.js';
import type { FeedState, FeedStop, StopItem } from '../domain/feed-state.js';
import { HOUR, MINUTE, type Instant } from '../domain/instant.js';
import { toWallTime } from '../domain/zoned-time.js';
import type { TimeZones } from '../ports/time-zones.js';
import { observe, quiet, type Reason, type Verdict } from './decision.js';
import type { Rules } from './rules.js';
import type { GuardSettings } from './settings.js';
import type { Situation } from './situation.js';

/**
 * The mass-change guard (docs/decision-table.md#guards): would one run of a feed cancel more than `massChangeLimit` of the
 * live mirrors, and more than `massChangeMinimum` of them? An outage can look like an empty list.
 */
export function isMassChange(wouldCancel: number, mirrors: number, guards: GuardSettings): boolean {
  return wouldCancel > guards.massChangeMinimum && wouldCancel > guards.massChangeLimit * mirrors;
}

export interface GuardedChange {
  /** What happened to the items, in words: `bookings are gone`. */
  readonly what: string;
  readonly wouldCancel: number;
  /** Number of live mirrors. */
  readonly mirrors: number;
  /** The single changes. */
  readonly items: readonly StopItem[];
}

/**
 * Checks one run of a feed against the mass-change guard (docs/decision-table.md#guards). Only cancellations stop; new and
 * changed bookings are still mirrored.
 *
 * @returns null if the run may cancel what it found
 */
export function guardStop(
  change: GuardedChange,
  state: FeedState | null,
  guards: GuardSettings,
  now: Instant,
): FeedStop | null {
  const { what, wouldCancel, mirrors, items } = change;
  // An administrator has confirmed a list: its items pass, and a longer list is stopped again.
  const isApproved = state?.resumed === true && items.every((item) => isApprovedItem(item, state));
  if (isApproved || !isMassChange(wouldCancel, mirrors, guards)) return null;
  const reason =
    `${wouldCancel} of ${mirrors} ${what} at once, which is more than massChangeLimit allows. ` +
    'Nothing is cancelled until they are back or a person resumes the feed.';
  return { at: state?.stopped?.at ?? now, reason, wouldCancel, mirrors, items };
}

/** Did the administrator who resumed the source see this item? Without a list, all items pass. */
function isApprovedItem({ appointmentId }: StopItem, { approved }: FeedState): boolean {
  return approved === undefined || approved.includes(appointmentId);
}

/** One run reads only some slots: if most of them are free, the evidence is wrong. */
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

/** Returns the mirrors of these appointments for the list of a stop. */
export function stopItems(
  maps: readonly BookingEventMap[],
  ids: ReadonlySet<string>,
  would: StopItem['would'],
): readonly StopItem[] {
  return maps.filter((map) => ids.has(map.uscheduleAppointmentId)).map((map) => stopItem(map, would));
}

/**
 * If most bookings of a bay seem to be on a unit without a route, the unit is wrong in the settings or was renumbered, and
 * the events are still correct. The check is per bay, because it may affect only one.
 */
export function movedAwayStop(
  movedAway: ReadonlySet<string>,
  mirrors: readonly BookingEventMap[],
  bays: readonly Bay[],
  guard: (change: GuardedChange) => FeedStop | null,
): FeedStop | null {
  if (movedAway.size === 0) return null;
  for (const { bay, calendarId } of bays) {
    const ofBay = mirrors.filter((map) => map.googleCalendarId === calendarId);
    const items = stopItems(ofBay, movedAway, 'cancel event');
    const what = `bookings of bay ${bay} are on units of no bay`;
    const stop = guard({ what, wouldCancel: items.length, mirrors: ofBay.length, items });
    if (stop) return stop;
  }
  return null;
}

/**
 * If most bookings of a bay are in other bays at once, units or calendars of bays were probably exchanged in the settings,
 * perhaps by mistake. The events follow, and are back after another exchange, so this is reported and not stopped.
 *
 * @param moved mirrored appointments whose booking is in another bay
 * @returns null if no bay is concerned
 */
export function exchangeNote(
  moved: ReadonlySet<string>,
  mirrors: readonly BookingEventMap[],
  bays: readonly Bay[],
  guards: GuardSettings,
): string | null {
  if (moved.size === 0) return null;
  const counts = bays.flatMap(({ bay, calendarId }) => {
    const ofBay = mirrors.filter((map) => map.googleCalendarId === calendarId);
    const count = ofBay.filter((map) => moved.has(map.uscheduleAppointmentId)).length;
    return isMassChange(count, ofBay.length, guards)
      ? [`${count} of ${ofBay.length} in the calendar of bay ${bay}`]
      : [];
  });
  if (counts.length === 0) return null;
  return (
    `bookings are in another bay now, and their events are moved there: ${counts.join(', ')}. ` +
    'If units or calendars of bays were exchanged in the settings by mistake, exchange them again and restart'
  );
}

/** After a loss of the store the count settles within this time. A stop that lasts longer is not checked again. */
const COUNT_SETTLES_MS: number = HOUR;

/**
 * docs/decision-table.md#guards: events with our marks and no live booking are not removed if too many of a calendar would
 * be removed at once. They may be the events of another studio, whose account or address is in our settings by mistake.
 *
 * @returns null if the event may be removed
 */
export function decideRemovalStop(reason: Reason, situation: Situation, rules: Rules): Verdict | null {
  const { removals, now, retried, taskCreatedAt = now } = situation;
  if (removals === undefined) return observe('removals');
  const { would, of } = removals;
  const { massChangeMinimum, massChangeLimit } = rules.guards;
  if (would <= massChangeMinimum || would <= massChangeLimit * of) return null;
  const detail = `${would} of ${of} events would be removed: the account or the address may be the wrong one`;
  return {
    ...quiet(reason, detail),
    ...(now - taskCreatedAt < COUNT_SETTLES_MS && { recheckAt: checkedAgainAt(situation, rules) }),
    ...(retried !== true && { notice: { level: 'error', message: detail } }),
  };
}

/**
 * When an event is checked again that may not be removed yet: no other trigger would lead back to it. The pauses grow with the
 * age of the task, because a wrong account never becomes the right one.
 */
export function checkedAgainAt({ now, taskCreatedAt = now }: Situation, { timing }: Rules): Instant {
  return now + Math.min(Math.max(now - taskCreatedAt, timing.unprovenAgainMs), timing.longestWaitMs / 2);
}

/** A booking whose start differs from its mirrored start. */
export interface MovedStart {
  readonly from: Instant;
  readonly to: Instant;
}

/** Maximum change of an offset by law. */
const LARGEST_CHANGE_MS: number = 3 * HOUR;
/** Offsets are multiples of this. */
const OFFSET_STEP_MS: number = 15 * MINUTE;

/**
 * Explains a mass move of bookings by new rules of the studio's zone: the wall times are unchanged, so all starts move by
 * the same length, the change of the offset. Nothing has to be stored for that: the map still contains the start by the old
 * offset. Used by the guard of mass moves (docs/decision-table.md#guards).
 *
 * @returns a sentence such as `the offset of America/Vancouver changed from −8 to −7 from 2026-12-10 on`; null if the
 * bookings do not move alike, or by a length that no offset change has
 */
export function zoneChangeText(moved: readonly MovedStart[], zone: string, timeZones: TimeZones): string | null {
  const [first, ...rest] = moved.toSorted((a, b) => a.to - b.to);
  if (!first) return null;
  const shift = first.to - first.from;
  const isOffset = shift !== 0 && Math.abs(shift) <= LARGEST_CHANGE_MS && shift % OFFSET_STEP_MS === 0;
  if (!isOffset || rest.some(({ from, to }) => to - from !== shift)) return null;
  const offset = timeZones.offsetAt(first.to, zone);
  const { year, month, day } = toWallTime(first.to, zone, timeZones);
  const date = [String(year), pad(month), pad(day)].join('-');
  return (
    `the offset of ${zone} changed from ${hoursText(offset + shift)} to ${hoursText(offset)} from ${date} on, ` +
    `if the bookings themselves were not moved; the time zone rules are now ${timeZones.version ?? 'of an unknown version'}`
  );
}

/** `−8`, `+5:45` */
function hoursText(offset: number): string {
  const minutes = Math.round(Math.abs(offset) / MINUTE);
  const rest = minutes % 60;
  return `${offset < 0 ? '−' : '+'}${Math.floor(minutes / 60)}${rest === 0 ? '' : `:${pad(rest)}`}`;
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
