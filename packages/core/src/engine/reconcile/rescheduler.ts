import type { Bay } from '../../domain/bay.js';
import type { BookingEventMap } from '../../domain/booking-event-map.js';
import type { Booking } from '../../domain/booking.js';
import { HOUR } from '../../domain/instant.js';
import type { SyncError, SyncSystem } from '../../domain/sync-error.js';
import { Err, Ok, type Result } from '../../result.js';
import type { RoutedContent } from '../../rules/decision.js';
import { replacedBy, withMarker } from '../../rules/rebook-marker.js';
import type { BookingReading } from '../../rules/situation.js';
import type { EngineParts } from '../engine-parts.js';
import type { Judge, Standing } from '../judging/judge.js';

type Parts = Pick<EngineParts, 'systems' | 'bookings' | 'clock' | 'settings' | 'rules'> & { readonly judge: Judge };

export interface RescheduleRequest {
  /** The map with the intent in it, as stored. */
  readonly map: BookingEventMap;
  readonly bay: Bay;
  readonly base: RoutedContent;
  /** The booking as it was read: who it is for, and its note. */
  readonly booking: Booking;
  /** Stores that another appointment has been made in this one's place. */
  readonly noteSuccessor: (appointmentId: string) => Promise<Result<void, SyncError>>;
}

export interface RescheduleFailure {
  /** `refused` when the booking stays where it was. */
  readonly error: SyncError;
  /** Nothing has changed, for certain. */
  readonly untouched: boolean;
}

/** Moves a booking to where its event is, by the way the deployment allows. Answers the id it has from now on. */
export async function reschedule(request: RescheduleRequest, parts: Parts): Promise<Result<string, RescheduleFailure>> {
  const { bay, base, map } = request;
  const slot = { resourceUnitId: bay.resourceUnitId, start: base.start, end: base.end };
  if (parts.settings.uschedule.reschedule === 'rebook') return rebook(request, parts);
  const moved = await parts.bookings.rescheduleBooking(map.uscheduleAppointmentId, slot);
  return moved.err ? failure(moved.val) : moved;
}

function failure(error: SyncError, untouched = isWithoutEffect(error)): Result<never, RescheduleFailure> {
  return Err({ error, untouched });
}

/** The other side said that it did not do it, or was never asked. A gateway that gave up waiting cannot know. */
function isWithoutEffect({ unsent, kind, status }: SyncError): boolean {
  if (kind !== 'transient') return true;
  return unsent === true || (status !== undefined && status !== 502 && status !== 504);
}

/** Books the new slot, then cancels the old booking. */
async function rebook(request: RescheduleRequest, parts: Parts): Promise<Result<string, RescheduleFailure>> {
  const { map, bay, base, booking } = request;
  const tooLate = insideCancellationWindow(booking, base, parts);
  if (tooLate) return failure(tooLate);
  const booked = await parts.bookings.book({
    resourceUnitId: bay.resourceUnitId,
    start: base.start,
    end: base.end,
    customerId: booking.customerId,
    notes: withMarker(booking.notes, map.uscheduleAppointmentId),
  });
  if (booked.err) return failure(booked.val);
  const noted = await request.noteSuccessor(booked.val);
  if (noted.err) return failure(noted.val, false);
  const replaced = await replaceBooking(map.uscheduleAppointmentId, booked.val, 'first', parts);
  // Where the exchange was undone, the noted successor tells so until the event is put back: it is not tried again.
  return replaced.err ? failure(replaced.val, false) : Ok(booked.val);
}

/** What is known when a rebooking is carried to its end. */
type Progress =
  /** The old booking was never asked to be cancelled before. */
  | 'first'
  /** It may have been, a moment ago: it can still be shown as it was before. */
  | 'unsettled'
  /** It may have been, and would show by now. */
  | 'settled';

/**
 * Cancels the old booking in favour of the new one and answers the new id. Where the old one has to stand, the new one
 * is cancelled again and the refusal answered: there are never two. Where nobody can tell whether it stands, neither is
 * touched any more: better two for a while, and a person told, than none. null: it is too early to tell.
 */
async function replaceBooking(
  oldId: string,
  newId: string,
  progress: Progress,
  { bookings, judge }: Pick<Parts, 'bookings' | 'judge'>,
): Promise<Result<string | null, SyncError>> {
  const cancelled = await bookings.cancelBooking(oldId);
  if (cancelled.ok) return Ok(newId);
  if (cancelled.val.kind !== 'refused' && cancelled.val.kind !== 'not-found') return cancelled;
  // Refused: cancelled already (an earlier attempt's answer was lost), or it has to stand.
  const old = await standingOf(oldId, { bookings, judge });
  if (old.err) return old;
  if (old.val === 'gone') return Ok(newId);
  if (progress === 'unsettled') return Ok(null);
  const both = `${oldId} could not be cancelled (${cancelled.val.message})`;
  if (old.val === 'unclear' && progress === 'settled') {
    const message = `two bookings may stand: ${both}, and ${newId} was made in its place`;
    return Err({ ...cancelled.val, kind: 'invalid', message });
  }
  const refused = Err(asRefusal(cancelled.val));
  const undone = await bookings.cancelBooking(newId);
  if (undone.ok) return refused;
  const stands = await standingOf(newId, { bookings, judge });
  if (stands.err) return stands;
  if (stands.val === 'gone') return refused;
  // A refusal like any other to the event, which is put back: both bookings are shown from now.
  return Err({
    ...asRefusal(undone.val),
    message: `two bookings stand: ${both}, nor could ${newId}, which was made in its place (${undone.val.message})`,
  });
}

/**
 * The same, taken up again after a crash. Where the new booking does not stand any more, the exchange was undone, or
 * somebody cancelled it: then the old one is not touched. `settled`: what earlier attempts have done shows by now.
 */
export async function resumeReplacing(
  oldId: string,
  newId: string,
  settled: boolean,
  parts: Pick<Parts, 'systems' | 'bookings' | 'judge'>,
): Promise<Result<string | null, SyncError>> {
  const stands = await standingOf(newId, parts);
  if (stands.err) return stands;
  if (stands.val !== 'gone') return replaceBooking(oldId, newId, settled ? 'settled' : 'unsettled', parts);
  return Err(refusal(parts.systems.bookings, `booking ${newId}, made in place of ${oldId}, was cancelled again`));
}

async function standingOf(
  appointmentId: string,
  { bookings, judge }: Pick<Parts, 'bookings' | 'judge'>,
): Promise<Result<Standing, SyncError>> {
  const read = await bookings.getBooking(appointmentId);
  if (read.ok) return judge.stands(read.val);
  if (read.val.kind === 'not-found') return Ok('gone');
  // A record that makes no sense now may do so later, and then two bookings must not be left standing.
  return read.val.kind === 'invalid' ? Err({ ...read.val, kind: 'transient' }) : read;
}

/**
 * The appointment that took the place of one whose reschedule was begun: as noted in the intent; else the one with
 * the marker in its note; else, where the system itself renames a booking, the one that stands in the wanted slot, is
 * not older than the intent, and may be the same customer's. `old`: the one whose place it took, as it reads now.
 */
export async function findSuccessor(
  map: BookingEventMap,
  old: BookingReading,
  parts: Omit<Parts, 'judge'>,
): Promise<Result<string | null, SyncError>> {
  const { intent, uscheduleAppointmentId: oldId } = map;
  if (intent === null) return Ok(null);
  if (intent.successor !== null) return Ok(intent.successor);
  const list = await parts.bookings.listBookings({ from: intent.start, to: intent.start + 1 });
  if (list.err) return list;
  const since = intent.since - parts.rules.timing.recordTimeSlackMs;
  const alive = list.val.bookings.filter(
    ({ appointmentId, status, createdAt }) =>
      appointmentId !== oldId && status !== 'dead' && (createdAt === null || createdAt >= since),
  );
  const marked = alive.findLast((booking) => replacedBy(booking) === oldId);
  if (marked || parts.settings.uschedule.reschedule === 'rebook') return Ok(marked?.appointmentId ?? null);
  // Somebody else was quicker where the old one stands: it was not renamed. A blind status does not tell.
  if (old.life !== 'dead' && parts.rules.trust === 'trusted') return Ok(null);
  const inSlot = alive.filter(
    (booking) =>
      parts.rules.routing.ofUnit(booking.resourceUnitId)?.bay === intent.bay &&
      booking.start === intent.start &&
      booking.end === intent.end &&
      mayBeSameCustomer(old.booking, booking),
  );
  return Ok(inSlot.at(-1)?.appointmentId ?? null);
}

/** A booking that the system does not know any more may have been anybody's. */
function mayBeSameCustomer(old: Booking | null, booking: Booking): boolean {
  if (old === null) return true;
  const byId = old.customerId !== null && booking.customerId !== null;
  return byId ? old.customerId === booking.customerId : old.customerName === booking.customerName;
}

/** Rebooking is not begun where the cancellation that must follow would be refused. */
function insideCancellationWindow(
  booking: Booking,
  base: RoutedContent,
  { clock, settings, systems }: Parts,
): SyncError | null {
  const hours = settings.uschedule.cancellationHours;
  if (Math.min(booking.start, base.start) - clock.now() >= hours * HOUR) return null;
  const message = `within ${hours} hours of its start a booking cannot be cancelled, so it cannot be rebooked`;
  return refusal(systems.bookings, message);
}

/** A call that finds no booking, though it is there, will not be done. */
function asRefusal(error: SyncError): SyncError {
  return error.kind === 'not-found' ? { ...error, kind: 'refused' } : error;
}

function refusal(system: SyncSystem, message: string): SyncError {
  return { kind: 'refused', system, method: 'reschedule', message };
}
