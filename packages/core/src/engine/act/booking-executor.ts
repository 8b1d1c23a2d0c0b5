import type { Bay } from '../../domain/bay.js';
import type { Booking } from '../../domain/booking.js';
import type { BookingEventMap } from '../../domain/booking-event-map.js';
import type { CalendarEvent } from '../../domain/calendar-event.js';
import type { SyncError } from '../../domain/sync-error.js';
import type { ClaimedTask } from '../../domain/task.js';
import { Err, Ok, type Result } from '../../result.js';
import { intentAfterFailure } from '../../rules/decide-rebooking.js';
import type { RoutedContent } from '../../rules/decision.js';
import { withMarker } from '../../rules/rebook-marker.js';
import { carriedTerms, rebookObstacle, rescheduleIsOff } from '../../rules/rebook-terms.js';
import { isKnownVersion } from '../../rules/rules.js';
import type { Situation } from '../../rules/situation.js';
import type { EngineParts } from '../engine-parts.js';
import type { ActionOf, Executed } from './executor.js';
import { transferToNewId, type IdChange } from './id-change.js';
import { eventFields, beginChange, currentMap, markCanceled, placeOf, putMap } from './map-writer.js';

/** Executes the writes to bookings. This is the only code that cancels a booking. */
export async function cancelBooking(
  { appointmentId, because, intent }: ActionOf<'cancel-booking'>,
  situation: Situation,
  task: ClaimedTask,
  parts: EngineParts,
): Promise<Result<Executed, SyncError>> {
  const noted = intent && situation.map ? await putMap({ ...situation.map, intent }, task, parts) : Ok(situation.map);
  if (noted.err) return noted;
  const map = noted.val;
  const canceled = await parts.bookings.cancelBooking(appointmentId);
  if (because !== 'event-deleted') {
    const { intent: exchange } = map ?? {};
    const end = exchange?.end ?? situation.booking?.booking?.end;
    // If the store fails here, later readings of the slot show the cancellation.
    if (canceled.ok && because !== 'replaced' && end !== undefined)
      await parts.statuses.noteCanceled(appointmentId, end);
    const { rebooking = { phase: 'resumed' as const } } = situation;
    const state = intent ? { ...rebooking, settled: true as const } : rebooking;
    return exchanged(because, canceled, { ...situation, map, rebooking: state });
  }
  if (canceled.err) return canceled;
  if (!map) return Ok({ map, next: null, wrote: true });
  if (situation.event?.event.state === 'live') {
    // The replay of a deletion whose event was reverted: the event is deleted once the booking reads dead.
    const written = await putMap({ ...map, bookingWrittenAt: parts.clock.now() }, task, parts);
    if (written.err) return written;
    return Ok({ map: written.val, next: { ...situation, map: written.val, booking: undefined }, wrote: true });
  }
  const stored = await putMap({ ...markCanceled(map, 'GCAL', null), bookingWrittenAt: parts.clock.now() }, task, parts);
  return stored.err ? stored : Ok({ map: stored.val, next: null, wrote: true });
}

/** A refusal is no failure here: the other booking of the exchange may be cancelled already, or has to be kept. */
function exchanged(
  because: 'replaced' | 'undo' | 'leftover',
  canceled: Result<void, SyncError>,
  situation: Situation,
): Result<Executed, SyncError> {
  const { map, original } = situation;
  const rebooking = situation.rebooking ?? { phase: 'resumed' as const };
  if (canceled.err && canceled.val.kind !== 'refused' && canceled.val.kind !== 'not-found') return canceled;
  const after = (next: Situation | null): Result<Executed, SyncError> => Ok({ map, next, wrote: canceled.ok });
  switch (because) {
    case 'leftover':
      if (canceled.ok) return after(null);
      return after({ ...situation, original: original ? { ...original, refusal: canceled.val } : null });
    case 'replaced':
      if (canceled.ok) return after({ ...situation, rebooking: { ...rebooking, replaced: true } });
      return after({ ...situation, rebooking: { ...rebooking, cancelRefusal: canceled.val } });
    case 'undo': {
      if (canceled.ok) return after({ ...situation, rebooking: { ...rebooking, undone: true } });
      const { successor: _outdated, ...left } = rebooking;
      return after({ ...situation, rebooking: { ...left, undoRefusal: canceled.val } });
    }
  }
}

export async function rescheduleBooking(
  action: ActionOf<'reschedule-booking'>,
  situation: Situation,
  task: ClaimedTask,
  parts: EngineParts,
): Promise<Result<Executed, SyncError>> {
  const { bay, base, event } = action;
  const booking = situation.booking?.booking;
  const mode = parts.settings.uschedule.reschedule;
  if (!situation.map || !booking) return Ok({ map: situation.map, next: null, wrote: false });
  if (mode === 'off') return Err(rescheduleIsOff(parts.systems.bookings));
  const previous = currentMap(situation, base, parts) ?? situation.map;
  // The base has the texts that the event shows: an outdated text of ours is written after the reschedule.
  const { title, description } = base;
  const shownMap = { ...previous, base: { ...previous.base, title, description } };
  const begun = await beginChange('reschedule', shownMap, base, task, parts);
  if (begun.err) return begun;
  const map = begun.val;
  const done = await reschedule({ map, bay, base, booking }, parts);
  if (done.err) {
    const intent = intentAfterFailure(map.intent, situation.map.intent, done.val);
    if (intent !== map.intent) await putMap({ ...map, intent }, task, parts);
    return done;
  }
  if (mode === 'rebook') {
    const noted = await putMap({ ...map, intent: map.intent && { ...map.intent, successor: done.val } }, task, parts);
    if (noted.err) return noted;
    const next: Situation = { ...situation, map: noted.val, rebooking: { phase: 'first' } };
    return Ok({ map: noted.val, next, wrote: false });
  }
  // After a replay or an undo the next row updates the event.
  const shown = isShown(event, base, bay.calendarId);
  const moved = movedMap(map, shown ? base : { ...base, ...placeOf(map) }, event, parts);
  const same = done.val === map.uscheduleAppointmentId;
  const stored = await storeMoved({ from: map, to: done.val, moved, seen: event }, task, parts);
  if (stored.err) return stored;
  const next = shown || !same ? null : { ...situation, map: stored.val, booking: undefined };
  return Ok({ map: stored.val, next, wrote: true });
}

/** The booking is at its target, perhaps under a new id. */
export async function finishReschedule(
  { appointmentId, base }: ActionOf<'finish-reschedule'>,
  situation: Situation,
  task: ClaimedTask,
  parts: EngineParts,
): Promise<Result<Executed, SyncError>> {
  const { map, rebooking, event } = situation;
  if (!map) return Ok({ map, next: null, wrote: false });
  const isFirst = rebooking?.phase === 'first';
  const calendarId = parts.rules.routing.ofBay(base.bay)?.calendarId ?? map.googleCalendarId;
  // The reschedule started because the event is in that bay's calendar; the map is updated at the end. A replay and an undo
  // are different: the event is unchanged, and the next row updates it.
  const isLeft = event !== undefined && isKnownVersion(event.event, map) && !isShown(event.event, base, calendarId);
  const moved = isLeft
    ? movedMap(map, { ...base, ...placeOf(map) }, event.event, parts)
    : movedMap({ ...map, googleCalendarId: calendarId }, base, isFirst ? (event?.event ?? null) : null, parts);
  const same = appointmentId === map.uscheduleAppointmentId;
  const change = { from: map, to: appointmentId, moved, seen: event?.event ?? null };
  const stored = await storeMoved(change, task, parts);
  if (stored.err) return stored;
  return Ok({ map: stored.val, next: same ? { ...situation, map: stored.val } : null, wrote: true });
}

/** Stores the map of a moved booking, which may have a new id. */
function storeMoved(
  change: IdChange,
  task: ClaimedTask,
  parts: EngineParts,
): Promise<Result<BookingEventMap, SyncError>> {
  const isSame = change.to === change.from.uscheduleAppointmentId;
  return isSame ? putMap(change.moved, task, parts) : transferToNewId(change, task, parts);
}

function movedMap(
  map: BookingEventMap,
  base: RoutedContent,
  event: CalendarEvent | null,
  parts: EngineParts,
): BookingEventMap {
  return {
    ...map,
    ...(event ? eventFields(event) : {}),
    base,
    intent: null,
    lastSource: 'GCAL',
    bookingWrittenAt: parts.clock.now(),
  };
}

/** Is the event at the target of the booking? */
function isShown({ start, end, calendarId }: CalendarEvent, base: RoutedContent, wantedCalendarId: string): boolean {
  return start === base.start && end === base.end && calendarId === wantedCalendarId;
}

type Parts = Pick<EngineParts, 'systems' | 'bookings' | 'clock' | 'settings' | 'rules'>;

export interface RescheduleRequest {
  /** The stored map with the intent. */
  readonly map: BookingEventMap;
  readonly bay: Bay;
  readonly base: RoutedContent;
  /** The booking as it was read, with its customer and note. */
  readonly booking: Booking;
}

/** @returns the id of the booking after the move, or that of the new booking which is to replace it */
export async function reschedule(request: RescheduleRequest, parts: Parts): Promise<Result<string, SyncError>> {
  const { bay, base, map, booking } = request;
  const slot = { resourceUnitId: bay.resourceUnitId, start: base.start, end: base.end };
  const { uscheduleAppointmentId } = map;
  if (parts.settings.uschedule.reschedule === 'method') {
    if (!parts.bookings.rescheduleBooking) return Err(rescheduleIsOff(parts.systems.bookings));
    return parts.bookings.rescheduleBooking(uscheduleAppointmentId, slot);
  }
  const { uschedule } = parts.settings;
  const obstacle = rebookObstacle(booking, base.start, parts.clock.now(), uschedule, parts.systems.bookings);
  if (obstacle) return Err(obstacle);
  const notes = withMarker(booking.notes, uscheduleAppointmentId);
  const terms = carriedTerms(booking, parts.rules.routing.ofUnit(booking.resourceUnitId), bay);
  const carried = Object.keys(terms).length > 0 ? { terms } : {};
  return parts.bookings.book({ ...slot, customerId: booking.customerId, notes, ...carried });
}
