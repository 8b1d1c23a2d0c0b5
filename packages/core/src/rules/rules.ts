import type { Bay, UnitId } from '../domain/bay.js';
import type { BookingEventMap } from '../domain/booking-event-map.js';
import type { Booking } from '../domain/booking.js';
import type { CalendarEvent } from '../domain/calendar-event.js';
import { sameContent } from '../domain/content.js';
import { SECOND, type Instant } from '../domain/instant.js';
import type { SyncSystem, SyncError, SyncErrorKind } from '../domain/sync-error.js';
import { isNamedByWallTime, startOfDay, toWallTime } from '../domain/zoned-time.js';
import type { TimeZones } from '../ports/time-zones.js';
import { intlTimeZones } from '../time-zones/intl-time-zones.js';
import { completeByEvent } from './complete-booking.js';
import { CANCELED_PREFIX, eventText, namesField, type EventTemplates } from './event-text.js';
import type { Target } from './event-write.js';
import { keepMapsMs } from './retention.js';
import { isMadeAfter } from './reused-id.js';
import type {
  ConflictPolicy,
  GuardSettings,
  RescheduleMode,
  RetrySettings,
  StatusTrust,
  SyncSettings,
} from './settings.js';
import type { Situation } from './situation.js';
import { timingOf, type Timing } from './timing.js';

/** The settings as `decide` needs them, prepared once. */
export interface Rules {
  readonly systems: { readonly bookings: SyncSystem; readonly calendars: SyncSystem };
  readonly routing: Routing;
  readonly trust: StatusTrust;
  readonly conflict: ConflictPolicy;
  readonly reschedule: RescheduleMode;
  readonly echoWindowMs: number;
  readonly timing: Timing;
  readonly guards: GuardSettings;
  readonly retry: RetrySettings;
  /** Period in which a deletion may be undone before its booking is cancelled. */
  readonly deleteGraceMs: number;
  /** Period for which a map is kept after its visit and its last write. */
  readonly keepMapsMs: number;
  /** Addresses that count as our account, besides its own. */
  readonly formerAccounts: readonly string[];
  /** Does a title depend on the customer? If not, no change of a title means another customer. */
  readonly titleShowsCustomer: boolean;
  /** Does an event keep its id when it is moved to another calendar? */
  readonly canMoveEvents: boolean;
  /** Is this bay synchronized only from bookings to events? */
  isOneWay(bay: string | null): boolean;
  /** Returns the first instant of the studio's local day that contains the instant. */
  localDayOf(instant: Instant): Instant;
  /** Returns the wall time of the studio at the instant, for people: `2026-11-29 14:30:00`. */
  localTimeOf(instant: Instant): string;
  /** Returns bay and content of a booking. Null if its unit has no route. */
  routed(booking: Booking): Target | null;
  /** The same for the adoption of an event: it keeps what the record of the booking lacks, unless it is older. */
  routedFor(event: CalendarEvent, booking: Booking): Target | null;
  /**
   * Can the booking system express this start or end? It uses wall times, and the second of two equal hours has no wall time
   * of its own (docs/decision-table.md#row-20).
   */
  isSayable(instant: Instant): boolean;
  /** Can the booking system have an appointment with this id? */
  isAppointmentId(text: string): boolean;
}

/** The names of the two systems in errors. */
const SYSTEMS: Rules['systems'] = { bookings: 'uschedule', calendars: 'google' };

export function createRules(
  settings: SyncSettings,
  systems: Rules['systems'] = SYSTEMS,
  timeZones: TimeZones = intlTimeZones(),
  isAppointmentId: Rules['isAppointmentId'] = () => true,
  canMoveEvents = true,
): Rules {
  const routing = createRouting(settings.bays);
  /** Each reading of a booking is rendered once for any number of decisions. */
  const targets = new WeakMap<Booking, Target | null>();
  const timing = timingOf(settings);
  return {
    systems,
    routing,
    trust: settings.uschedule.status,
    conflict: settings.rules.conflict,
    reschedule: settings.uschedule.reschedule,
    echoWindowMs: settings.rules.echoWindowSeconds * SECOND,
    timing,
    guards: settings.rules,
    retry: settings.retry,
    deleteGraceMs: settings.google.deleteGraceSeconds * SECOND,
    keepMapsMs: keepMapsMs(settings.uschedule),
    formerAccounts: settings.google.formerAccounts,
    titleShowsCustomer: ['customerName', 'customerId'].some((field) => namesField(settings.google.title, field)),
    canMoveEvents,
    isOneWay: (bay) => ((bay !== null && routing.ofBay(bay)?.direction) || settings.rules.direction) === 'to-google',
    localDayOf: (instant) => startOfDay(instant, settings.timeZone, timeZones),
    localTimeOf: (instant) => {
      const { year, ...rest } = toWallTime(instant, settings.timeZone, timeZones);
      const [month, day, hour, minute, second] = [rest.month, rest.day, rest.hour, rest.minute, rest.second].map(
        (part) => String(part).padStart(2, '0'),
      );
      return `${year}-${month}-${day} ${hour}:${minute}:${second}`;
    },
    isAppointmentId,
    isSayable: (instant) => isNamedByWallTime(instant, settings.timeZone, timeZones),
    routed: (booking) => {
      let target = targets.get(booking);
      if (target === undefined) targets.set(booking, (target = targetOf(booking, routing, settings.google)));
      return target;
    },
    routedFor: (event, booking) => {
      const isOfEarlier = isMadeAfter(booking, event.updatedAt, timing.recordTimeSlackMs);
      const whole = isOfEarlier ? booking : completeByEvent(booking, event, settings.google);
      return targetOf(whole, routing, settings.google);
    },
  };
}

function targetOf(booking: Booking, routing: Routing, templates: EventTemplates): Target | null {
  const bay = routing.ofUnit(booking.resourceUnitId);
  const { start, end } = booking;
  return bay && { bay, base: { start, end, bay: bay.bay, ...eventText(templates, booking, bay) } };
}

/** Is it an event of ours that marks a cancellation (`cancel: "mark"`)? */
export function isMarkedCanceled(event: CalendarEvent): boolean {
  return event.free && event.title.startsWith(CANCELED_PREFIX);
}

/** Is it live, and not marked as cancelled? */
export function isActiveEvent(event: CalendarEvent): boolean {
  return event.state === 'live' && !isMarkedCanceled(event);
}

/** Events of other types are never created by us, and the type is fixed at creation. So they are no mirrors. */
export function isOrdinary({ eventType }: CalendarEvent): boolean {
  return eventType === null || eventType === 'default';
}

/** Does it have our marks (docs/decision-table.md#words)? */
export function isManaged(event: CalendarEvent): boolean {
  return event.marks.managed && event.marks.appointmentId !== null;
}

/** Does it have our marks, with the id of this appointment? */
export function isMarkedFor(event: CalendarEvent, appointmentId: string): boolean {
  return event.marks.managed && event.marks.appointmentId === appointmentId;
}

/** Is it an active event with the marks of the appointment? */
export function isActiveFor(event: CalendarEvent, appointmentId: string): boolean {
  return isActiveEvent(event) && isMarkedFor(event, appointmentId);
}

/** Does it have our marks, with the id of another appointment than the map's? Then it belongs to that appointment. */
export function isMarkedForOther(event: CalendarEvent, { uscheduleAppointmentId }: BookingEventMap): boolean {
  return event.state === 'live' && isManaged(event) && event.marks.appointmentId !== uscheduleAppointmentId;
}

/**
 * Is it our own write, as docs/decision-table.md#row-8 reads it, regardless of the clock? An event without an etag may be
 * any version.
 */
export function isKnownVersion(event: CalendarEvent, map: BookingEventMap): boolean {
  const same = event.etag !== '' && event.etag === map.etag;
  return same && event.state === 'live' && event.calendarId === map.googleCalendarId;
}

/** Is it an older version than the known one, by the calendar's own times? Then a list served an outdated answer. */
export function isOlderVersion({ updatedAt }: CalendarEvent, { eventUpdatedAt }: BookingEventMap): boolean {
  return updatedAt !== null && eventUpdatedAt !== null && updatedAt < eventUpdatedAt;
}

/** The same, unless the calendar's clock was ahead when it wrote the known version: then nothing can be concluded. */
export function isSurelyOlder(event: CalendarEvent, map: BookingEventMap, now: Instant): boolean {
  return isOlderVersion(event, map) && (map.eventUpdatedAt ?? 0) <= now;
}

/** Has the event another time, or another calendar, than the map? */
export function isMoved(
  { start, end, calendarId }: CalendarEvent,
  { base, googleCalendarId }: BookingEventMap,
): boolean {
  return start !== base.start || end !== base.end || calendarId !== googleCalendarId;
}

/** Does the map's event show this booking, as we wrote it? docs/decision-table.md#row-8, from the side of the booking. */
export function isShownBy(map: BookingEventMap, booking: Booking, rules: Rules): boolean {
  const target = rules.routed(booking);
  return target !== null && target.bay.calendarId === map.googleCalendarId && sameContent(target.base, map.base);
}

/** Does it have the shape of a booking: a single event with a start and a later end? */
export function isBookable(
  event: CalendarEvent,
): event is CalendarEvent & { readonly start: number; readonly end: number } {
  return event.shape === 'timed' && event.start !== null && event.end !== null && event.end > event.start;
}

/** The only assignment of units, bays and calendars (specification, "Routing"). */
export interface Routing {
  readonly bays: readonly Bay[];
  /** Null if the unit has no route. */
  ofUnit(resourceUnitId: UnitId): Bay | null;
  /** Null if the calendar is not one of ours. */
  ofCalendar(calendarId: string): Bay | null;
  /** Null if there is no bay with this short name. */
  ofBay(bay: string): Bay | null;
}

export function createRouting(bays: readonly Bay[]): Routing {
  const byUnit = new Map(bays.map((bay) => [String(bay.resourceUnitId), bay]));
  const byCalendar = new Map(bays.map((bay) => [bay.calendarId, bay]));
  const byName = new Map(bays.map((bay) => [bay.bay, bay]));
  return {
    bays,
    ofUnit: (resourceUnitId) => byUnit.get(String(resourceUnitId)) ?? null,
    ofCalendar: (calendarId) => byCalendar.get(calendarId) ?? null,
    ofBay: (bay) => byName.get(bay) ?? null,
  };
}

/** Failures that do not concern one calendar: those of the account, or an outdated version. */
const WIDER: ReadonlySet<SyncErrorKind> = new Set(['unauthorized', 'rate-limited', 'conflict']);

/**
 * Does the calendar belong to no bay of the settings? Its bay was removed, or has another calendar now. Such a calendar
 * is not synchronised any more: its answers prove nothing and delay nothing
 * (docs/decision-table.md#replaced-calendars).
 */
export function isClosedCalendar(calendarId: string, { routing }: Pick<Rules, 'routing'>): boolean {
  return routing.ofCalendar(calendarId) === null;
}

/** Is it a failure of a closed calendar itself? Such a failure delays no task. */
export function isOfClosedCalendar({ kind }: SyncError, calendarId: string, rules: Pick<Rules, 'routing'>): boolean {
  return !WIDER.has(kind) && isClosedCalendar(calendarId, rules);
}

/** Did our account, or a former one, create the event? An event without a creator counts as ours. Addresses ignore case. */
export function isOurAccount(
  { creatorEmail }: Pick<CalendarEvent, 'creatorEmail'>,
  { accounts = [] }: Pick<Situation, 'accounts'>,
  rules: Rules,
): boolean {
  const creator = creatorEmail?.toLowerCase();
  return creator === undefined || [...accounts, ...rules.formerAccounts].some((it) => it.toLowerCase() === creator);
}
