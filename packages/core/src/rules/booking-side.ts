import { eventLinkOf, type BookingEventMap } from '../domain/booking-event-map.js';
import type { CalendarEvent } from '../domain/calendar-event.js';
import { compareContent } from '../domain/content.js';
import type { Instant } from '../domain/instant.js';
import { act, quiet, type Decision, type Reason } from './decision.js';
import { mirrorWrite, flagsOf, type Target } from './event-write.js';
import { isManaged, isClosedCalendar, type Rules } from './rules.js';
import type { BookingReading, Situation } from './situation.js';

/** The booking's requested state of the event, compared with the base. A `null` target: its unit has no route. */
export interface BookingSide {
  readonly reading: BookingReading;
  readonly target: Target | null;
  /** Time or calendar differs from the base. */
  readonly moved: boolean;
  readonly textChanged: boolean;
  /** Only the bay's short name differs, because the bay was renamed in the settings. */
  readonly renamed: boolean;
}

export function bookingSide(reading: BookingReading, map: BookingEventMap, rules: Rules): BookingSide {
  if (reading.booking === null || reading.status === 'dead') {
    return { reading: { ...reading, status: 'dead' }, target: null, moved: true, textChanged: false, renamed: false };
  }
  const target = rules.routed(reading.booking);
  if (!target) return { reading, target, moved: true, textChanged: false, renamed: false };
  const difference = compareContent(map.base, target.base);
  const isElsewhere = target.bay.calendarId !== map.googleCalendarId;
  return {
    reading,
    target,
    moved: difference.time || isElsewhere,
    textChanged: difference.text,
    renamed: difference.bay && !isElsewhere,
  };
}

/** Does the booking require a change of the event? This is the only comparison of a booking with its map. */
export function differs({ moved, textChanged, renamed }: BookingSide): boolean {
  return moved || textChanged || renamed;
}

/**
 * Must a booking that was read before its task be read again?
 * - The last write of the map is in the future: another clock is ahead, and the reading may be older than that write. Or the
 *   reading is: our clock was ahead and was corrected since.
 * - The record lacks fields, and was perhaps completed before the map was stored: a poll may be answered while the map of an
 *   adoption is being written, which takes less than a lease. Then no value of the map replaces these fields.
 */
export function mustReadAgain(
  { at, booking }: BookingReading,
  { lastSyncedAt }: BookingEventMap,
  now: Instant,
  { timing }: Rules,
): boolean {
  if (Math.max(lastSyncedAt, at) > now) return true;
  const isIncomplete = Object.keys(booking?.missing ?? {}).length > 0 && !booking?.keptText;
  return isIncomplete && at < lastSyncedAt + timing.leaseMs;
}

/**
 * Returns the time at which a list would show a booking that is not found by its id, and whose event is at stake.
 *
 * @returns null if no list is needed: there is no event to lose, or the latest poll does not list the booking
 */
export function mustBeListedAt({ map, event, missingFromList }: Situation): Instant | null {
  if (missingFromList) return null;
  if (map) return map.status === 'ACTIVE' ? map.base.start : null;
  return event?.event.state === 'live' ? event.event.start : null;
}

/** An administrator has confirmed the customer: a held checkout counts as a booking. */
export function asConfirmed(reading: BookingReading): BookingReading {
  const { booking, status, heldUntil: _held, ...rest } = reading;
  return booking !== null && status === 'unknown' ? { ...rest, booking, status: 'live' } : reading;
}

/** Returns the booking as we last wrote it. Null if its bay was removed from the settings. */
export function targetOfBase(map: BookingEventMap, rules: Rules): Target | null {
  const bay = rules.routing.ofCalendar(map.googleCalendarId);
  return bay && { bay, base: { ...map.base, bay: bay.bay } };
}

/** Has the visit ended, according to the last reading of the booking? */
export function isOver({ booking, now }: Situation, { base }: BookingEventMap): boolean {
  const end = booking?.booking && booking.status !== 'dead' ? booking.booking.end : base.end;
  return end <= now;
}

/** Is the booking before the window of polls? A booking that was moved out of the past is not. */
export function isHistory({ booking, historyBefore }: Situation, { base }: BookingEventMap): boolean {
  if (base.end > historyBefore) return false;
  return !(booking?.booking && booking.status !== 'dead' && booking.booking.end > historyBefore);
}

/** Returns the end of the echo window. An earlier reading of the booking may show its state before our own write. */
export function echoWindowEnd({ bookingWrittenAt }: BookingEventMap, { echoWindowMs }: Rules): Instant {
  return bookingWrittenAt === null ? -Infinity : bookingWrittenAt + echoWindowMs;
}

/**
 * docs/decision-table.md#row-8 to #row-10, and the write of other rows: the event has no change, or none that the booking
 * lacks.
 */
export function bookingChange(
  event: CalendarEvent | null,
  map: BookingEventMap,
  side: BookingSide,
  rules: Rules,
): Decision {
  if (!differs(side)) return inSync(map, side);
  if (!side.target) return withoutRoute(event, map, rules);
  const isClosed = isClosedCalendar(map.googleCalendarId, rules);
  const customerName = rules.titleShowsCustomer ? side.reading.booking?.customerName : null;
  const write = mirrorWrite(map, event, side.target, { customerName, isClosed });
  if (!write) return act('converged', { do: 'store-map', map: agreed(map, event, side.target) });
  return act(write.moveTo === null ? 'booking-changed' : 'booking-moved-bay', { do: 'write-event', write });
}

/** docs/decision-table.md#row-8. A started change that shows on neither side has ended. */
export function inSync(map: BookingEventMap, side: BookingSide | null): Decision {
  if (side === null || map.intent === null) return quiet('in-sync');
  return act('in-sync', { do: 'store-map', map: { ...map, intent: null } });
}

/**
 * The booking moved to a unit without a route, or its unit lost its route and a person moved the event to another bay: the
 * event is removed. A calendar that is not ours is not changed.
 */
export function withoutRoute(event: CalendarEvent | null, map: BookingEventMap, rules: Rules): Decision {
  const calendarId = event?.state === 'live' ? event.calendarId : map.googleCalendarId;
  if (!rules.routing.ofCalendar(calendarId)) {
    return quiet('no-route', 'neither its unit nor its calendar is configured');
  }
  return act('booking-moved-bay', { do: 'cancel-event', event });
}

/** Writes the booking's state to the event, or restores the event. */
export function revertEvent(
  reason: Reason,
  event: CalendarEvent,
  map: BookingEventMap,
  target: Target | null,
  rules: Rules,
): Decision {
  if (!target) return withoutRoute(event, map, rules);
  if (event.state === 'gone') return act(reason, { do: 'restore-event', ...target });
  const write = mirrorWrite(map, event, target, rules.titleShowsCustomer ? {} : { customerName: null });
  if (write) return act(reason, { do: 'write-event', write });
  return act(reason, { do: 'store-map', map: agreed(map, event, target) });
}

/** Returns the map after both sides were observed to be equal. */
export function agreed(map: BookingEventMap, event: CalendarEvent | null, target: Target): BookingEventMap {
  const { flags: _outdated, ...rest } = map;
  const unmarked = event && !isManaged(event) ? { unmarked: true as const } : {};
  const flags = event ? { ...unmarked, ...flagsOf(event, target.base, map.base) } : { ...map.flags };
  return {
    ...rest,
    base: target.base,
    googleCalendarId: event?.calendarId ?? map.googleCalendarId,
    etag: event?.etag ?? map.etag,
    eventUpdatedAt: event?.updatedAt ?? map.eventUpdatedAt,
    ...(event && eventLinkOf(event)),
    intent: null,
    ...(Object.keys(flags).length > 0 ? { flags } : {}),
  };
}
