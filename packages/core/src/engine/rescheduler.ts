import type { Bay } from '../domain/bay.js';
import type { BookingEventMap } from '../domain/booking-event-map.js';
import type { Booking } from '../domain/booking.js';
import { HOUR } from '../domain/instant.js';
import type { SyncError } from '../domain/sync-error.js';
import { Err, Ok, type Result } from '../result.js';
import type { RoutedContent } from '../rules/decision.js';
import { replacedAppointment, withMarker } from '../rules/rebook-marker.js';
import type { EngineParts } from './engine-parts.js';

type Parts = Pick<EngineParts, 'bookings' | 'clock' | 'settings' | 'rules'>;

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
  const replaced = await replaceBooking(map.uscheduleAppointmentId, booked.val, parts);
  // Where the exchange was undone, the noted successor tells so until the event is put back: it is not tried again.
  return replaced.err ? failure(replaced.val, false) : replaced;
}

/**
 * Cancels the old booking in favour of the new one and answers the new id. Where the old one has to stand, the new one
 * is cancelled again and the refusal answered: there are never two.
 */
async function replaceBooking(
  oldId: string,
  newId: string,
  { bookings }: Pick<Parts, 'bookings'>,
): Promise<Result<string, SyncError>> {
  const cancelled = await bookings.cancelBooking(oldId);
  if (cancelled.ok || cancelled.val.kind === 'not-found') return Ok(newId);
  if (cancelled.val.kind !== 'refused') return cancelled;
  // Refused: cancelled already (an earlier attempt's answer was lost), or it has to stand.
  const old = await isAlive(oldId, bookings);
  if (old.err) return old;
  if (!old.val) return Ok(newId);
  const undone = await bookings.cancelBooking(newId);
  if (undone.ok || undone.val.kind === 'not-found') return cancelled;
  const stands = await isAlive(newId, bookings);
  if (stands.err) return stands;
  if (!stands.val) return cancelled;
  return Err({
    ...undone.val,
    kind: undone.val.kind === 'refused' ? 'invalid' : undone.val.kind,
    message:
      `two bookings stand: ${oldId} could not be cancelled (${cancelled.val.message}), ` +
      `nor could ${newId}, which was made in its place (${undone.val.message})`,
  });
}

/**
 * The same, taken up again after a crash. Where the new booking does not stand any more, the exchange was undone, or
 * somebody cancelled it: then the old one is not touched.
 */
export async function resumeReplacing(
  oldId: string,
  newId: string,
  parts: Pick<Parts, 'bookings'>,
): Promise<Result<string, SyncError>> {
  const stands = await isAlive(newId, parts.bookings);
  if (stands.err) return stands;
  if (stands.val) return replaceBooking(oldId, newId, parts);
  return Err(refusal(`booking ${newId}, made in place of ${oldId}, was cancelled again`));
}

async function isAlive(appointmentId: string, bookings: Parts['bookings']): Promise<Result<boolean, SyncError>> {
  const read = await bookings.getBooking(appointmentId);
  if (read.ok) return Ok(read.val.status !== 'dead');
  return read.val.kind === 'not-found' ? Ok(false) : read;
}

/**
 * The appointment that took the place of one whose reschedule was begun: as noted in the intent; else the one with
 * the marker in its note; else, where the system itself renames a booking, the one that stands in the wanted slot and
 * is not older than the intent.
 */
export async function findSuccessor(map: BookingEventMap, parts: Parts): Promise<Result<string | null, SyncError>> {
  const { intent, uscheduleAppointmentId: oldId } = map;
  if (intent === null) return Ok(null);
  if (intent.successor !== null) return Ok(intent.successor);
  const list = await parts.bookings.listBookings({ from: intent.start, to: intent.start + 1 });
  if (list.err) return list;
  const alive = list.val.bookings.filter(({ appointmentId, status }) => appointmentId !== oldId && status !== 'dead');
  const marked = alive.find(({ notes }) => replacedAppointment(notes) === oldId);
  if (marked || parts.settings.uschedule.reschedule === 'rebook') return Ok(marked?.appointmentId ?? null);
  const unit = parts.rules.routing.ofBay(intent.bay)?.resourceUnitId;
  const since = intent.since - RECORD_TIME_SLACK_MS;
  const inSlot = alive.filter(
    (booking) =>
      booking.resourceUnitId === unit &&
      booking.start === intent.start &&
      booking.end === intent.end &&
      (booking.createdAt === null || booking.createdAt >= since),
  );
  return Ok(inSlot.at(-1)?.appointmentId ?? null);
}

/** Record times are whole seconds of another clock. */
const RECORD_TIME_SLACK_MS = 60_000;

/** Rebooking is not begun where the cancellation that must follow would be refused. */
function insideCancellationWindow(booking: Booking, base: RoutedContent, { clock, settings }: Parts): SyncError | null {
  const hours = settings.uschedule.cancellationHours;
  if (Math.min(booking.start, base.start) - clock.now() >= hours * HOUR) return null;
  return refusal(`within ${hours} hours of its start a booking cannot be cancelled, so it cannot be rebooked`);
}

function refusal(message: string): SyncError {
  return { kind: 'refused', system: 'uschedule', method: 'reschedule', message };
}
