import type { BookingEventMap, SyncIntent } from '../domain/booking-event-map.js';
import type { Booking } from '../domain/booking.js';
import type { CalendarEvent } from '../domain/calendar-event.js';
import { SECOND, type Instant, type Period } from '../domain/instant.js';
import { replacedBy } from './rebook-marker.js';
import { act, type Verdict } from './decision.js';
import { isBookable, isMarkedFor, isMoved, type Rules } from './rules.js';
import type { BookingReading, Situation } from './situation.js';

/**
 * Was the booking made since this time? Creation times may be whole seconds. Without a marker there is no other allowance: a
 * booking that the customer made just before the rebooking is not its result, and would cancel the other one. A creation time in the
 * future proves nothing: the booking system writes these times in another zone than assumed, and the booking may be older.
 */
function isMadeSince({ createdAt }: Booking, since: Instant, latest: Instant): boolean {
  if (createdAt === null || createdAt > latest) return false;
  return createdAt % SECOND === 0 ? createdAt > since - SECOND : createdAt >= since;
}

/**
 * Is it the marked booking of the target slot, of any age? Where the status is trusted, no cancelled result of an earlier rebooking
 * looks like it, and its creation time may be in another zone than assumed.
 */
function isMarkedInSlot(
  booking: Booking,
  { uscheduleAppointmentId }: BookingEventMap,
  intent: SyncIntent,
  rules: Rules,
) {
  const isCertain = rules.trust === 'trusted' && booking.status === 'live';
  return isCertain && replacedBy(booking) === uscheduleAppointmentId && isInSlot(booking, intent, rules);
}

function isInSlot({ start, end, resourceUnitId }: Booking, intent: SyncIntent, rules: Rules): boolean {
  return start === intent.start && end === intent.end && rules.routing.ofUnit(resourceUnitId)?.bay === intent.bay;
}

/**
 * Returns the period in which the successor of a started reschedule is searched: its slot. If the answer of a rebooking was
 * lost, the customer may have moved the new booking since. So it is searched in all days to come: no poll of this process may
 * have listed it.
 */
export function searchedFor({ start, triedAt }: SyncIntent, now: Instant, window: Period, rules: Rules): Period {
  const slot = { from: start, to: start + 1 };
  if (rules.reschedule !== 'rebook' || triedAt === 0) return slot;
  return { from: Math.min(now, slot.from), to: Math.max(window.to, slot.to) };
}

/** Does a booking start with the target slot, or name the appointment in its note? */
export function mayBeSuccessor(booking: Booking, appointmentId: string, { start }: SyncIntent): boolean {
  return booking.start === start || replacedBy(booking) === appointmentId;
}

/**
 * Finds the successor of an appointment with a started reschedule: the booking with the marker in its note; else, if the
 * system assigns new ids, a booking in the target slot that is not older than the intent and may have the same customer. A
 * rebooking whose answer was lost may have made a booking whose note the system has cut or dropped: then it is the booking
 * of that slot, if it was made since and certainly has the same customer.
 *
 * @param old the current reading of the booking with the started reschedule
 * @param inSlot the bookings with the start of the intent, and those elsewhere whose note names the appointment
 * @returns null if there is none
 */
export function successorInSlot(
  map: BookingEventMap,
  intent: SyncIntent,
  old: BookingReading,
  inSlot: readonly Booking[],
  rules: Rules,
): string | null {
  const since = intent.since - rules.timing.recordTimeSlackMs;
  const latest = old.at + rules.timing.recordTimeSlackMs;
  // In another slot, a booking of unknown age may be the cancelled result of an earlier rebooking.
  const isNewEnough = ({ createdAt, start }: Booking): boolean =>
    createdAt === null || createdAt > latest ? start === intent.start : createdAt >= since;
  const candidates = inSlot.filter(
    (booking) =>
      booking.appointmentId !== map.uscheduleAppointmentId &&
      booking.status !== 'dead' &&
      (isNewEnough(booking) || isMarkedInSlot(booking, map, intent, rules)),
  );
  const marked = candidates.findLast(
    (booking) => replacedBy(booking) === map.uscheduleAppointmentId && !isOtherCustomer(old.booking, booking),
  );
  if (marked) return marked.appointmentId;
  const inPlace = candidates.filter((booking) => isInSlot(booking, intent, rules));
  if (rules.reschedule === 'rebook') {
    const isOurs = (booking: Booking): boolean =>
      isMadeSince(booking, intent.since, latest) &&
      replacedBy(booking) === null &&
      isSameCustomer(old.booking, booking);
    return intent.triedAt > 0 ? (inPlace.findLast(isOurs)?.appointmentId ?? null) : null;
  }
  // Another customer was faster, and the old booking has kept its id. A blind status does not show that.
  if (old.status !== 'dead' && rules.trust === 'trusted') return null;
  return inPlace.findLast((booking) => mayBeSameCustomer(old.booking, booking))?.appointmentId ?? null;
}

/** A booking that the system no longer knows may have had any customer. */
function mayBeSameCustomer(old: Customer | null, booking: Customer): boolean {
  if (old === null) return true;
  const byId = old.customerId !== null && booking.customerId !== null;
  return byId ? old.customerId === booking.customerId : old.customerName === booking.customerName;
}

type Customer = Pick<Booking, 'customerId' | 'customerName'>;

/** The customers are known and the same: by id if both records have one, else by name. */
function isSameCustomer(old: Customer | null, booking: Customer): boolean {
  return old !== null && mayBeSameCustomer(old, booking) && (old.customerId !== null || old.customerName !== '');
}

/** The customers are known and different. A customer may copy a note with a marker from another booking. */
export function isOtherCustomer(old: Customer | null, booking: Customer): boolean {
  if (old === null) return false;
  const isKnown = old.customerId !== null && booking.customerId !== null;
  return (isKnown || (old.customerName !== '' && booking.customerName !== '')) && !mayBeSameCustomer(old, booking);
}

/**
 * Checks the slot of a moved event whose booking is dead or may not be moved. Another installation with its own store may
 * have applied that edit: then a successor of the booking occupies the slot, and the event belongs to it. So the slot is
 * read before any other decision, as for a reschedule of this installation (docs/decision-table.md#row-11 and #row-21).
 *
 * @returns null if the event was not moved, or the slot was read in this round
 */
export function seekSuccessor(
  event: CalendarEvent,
  map: BookingEventMap,
  { appointmentId, inSlot, now }: Situation,
  rules: Rules,
): Verdict | null {
  if (rules.reschedule === 'off' || inSlot !== undefined || map.intent?.kind === 'reschedule') return null;
  const bay = rules.routing.ofCalendar(event.calendarId);
  if (!bay || event.state === 'gone' || !isBookable(event) || !isMarkedFor(event, appointmentId)) return null;
  if (!isMoved(event, map)) return null;
  const { start, end } = event;
  const since = Math.min(map.lastSyncedAt, now);
  const intent = { kind: 'reschedule', start, end, bay: bay.bay, since, triedAt: 0, successor: null } as const;
  return act('event-moved', { do: 'note', map: { ...map, intent } });
}
