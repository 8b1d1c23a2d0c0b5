import { SECOND, type Instant } from '../../domain/instant.js';
import type { SyncError } from '../../domain/sync-error.js';
import type { ClaimedTask, EventRef } from '../../domain/task.js';
import { Err, Ok, type Result } from '../../result.js';
import { derivedEventId, isDerivedEventId } from '../../rules/event-id.js';
import { replacedBy } from '../../rules/rebook-marker.js';
import { isMarkedFor, standsInCalendar } from '../../rules/rules.js';
import type { EngineParts } from '../engine-parts.js';
import { findElsewhere, readEvent } from './event-reader.js';
import { leaseCheckedParts } from '../ports/lease-check.js';
import type { Known } from './known.js';
import type { Outcome } from './outcome.js';

/**
 * Before a first event is made: has an earlier attempt, of which no map tells, left one in another bay's calendar?
 * Is it a booking that a reschedule under way is just making? `create`: neither, for all we know; null: decide again.
 */
export async function beforeCreate(
  calendarId: string,
  { start, bay }: { readonly start: Instant; readonly bay: string },
  task: ClaimedTask,
  known: Known,
  parts: EngineParts,
): Promise<Result<'create' | Outcome | null, SyncError>> {
  const { store, settings, clock, circuits, systems } = parts;
  if (task.claims > 1 && known.event === null) {
    const eventId = derivedEventId(task.appointmentId);
    const shut = circuits.announce({ system: systems.calendars, calendarId, writes: true, target: eventId });
    if (shut) return Err(shut);
    const sentAt = clock.now();
    const elsewhere = await findElsewhere({ calendarId, eventId }, parts);
    if (elsewhere.err) return elsewhere;
    if (elsewhere.val?.marks.appointmentId === task.appointmentId) {
      known.event = { at: sentAt, event: elsewhere.val, proven: true };
      return Ok(null);
    }
  }
  const residue = await undoResidue(task, known, parts);
  if (residue.err) return residue;
  if (residue.val) return Ok(residue.val);
  if (settings.uschedule.reschedule !== 'off') {
    const intents = await store.listMaps({ withIntent: true });
    if (intents.err) return intents;
    const now = clock.now();
    const making = intents.val.some(
      ({ intent, uscheduleAppointmentId }) =>
        intent?.kind === 'reschedule' &&
        uscheduleAppointmentId !== task.appointmentId &&
        intent.start === start &&
        intent.bay === bay &&
        now - intent.since < parts.rules.timing.intentHoldsMs,
    );
    if (making) return Ok({ kind: 'wait', dueAt: now + SECOND });
    // One that was made between our first look at the map and now has its map by now.
    const map = await store.getMap(task.appointmentId);
    if (map.err) return map;
    if (map.val) {
      known.map = map.val;
      return Ok(null);
    }
  }
  return Ok('create');
}

/**
 * Before an event is taken for the mirror that does not bear the id we derive: has one that does been made, of which no
 * map tells? Then that is the mirror, and this a person's copy of it. `adopt`: there is none; null: decide again.
 */
export async function beforeAdopt(
  { calendarId, eventId }: EventRef,
  { appointmentId }: ClaimedTask,
  known: Known,
  parts: EngineParts,
): Promise<Result<'adopt' | null, SyncError>> {
  if (isDerivedEventId(eventId, appointmentId)) return Ok('adopt');
  const derived = await readEvent({ calendarId, eventId: derivedEventId(appointmentId) }, parts);
  if (derived.err) return derived;
  const { event } = derived.val;
  if (!standsInCalendar(event) || !isMarkedFor(event, appointmentId)) return Ok('adopt');
  known.event = derived.val;
  return Ok(null);
}

/**
 * A booking of our own making that bears the marker of one that stands all the same: what is left of a rebooking that
 * was given up while nobody could see how far it had got. It is cancelled, so that there are never two for one. Where
 * it has to stand as well, a person is told, and it is shown.
 */
async function undoResidue(
  task: ClaimedTask,
  { booking }: Known,
  parts: EngineParts,
): Promise<Result<Outcome | null, SyncError>> {
  const { store, clock, emit } = parts;
  const original = booking?.booking ? replacedBy(booking.booking) : null;
  if (original === null) return Ok(null);
  const map = await store.getMap(original);
  if (map.err) return map;
  if (map.val?.status !== 'ACTIVE') return Ok(null);
  const at = clock.now();
  const { appointmentId } = task;
  const tell = (level: 'warn' | 'error', message: string): void =>
    emit({ type: 'notice', at, level, message, appointmentId, calendarId: null });
  const { intent } = map.val;
  if (intent?.kind === 'reschedule') {
    if (at - intent.triedAt < parts.rules.timing.intentHoldsMs) return Ok({ kind: 'wait', dueAt: at + SECOND });
    tell('error', `two bookings may stand: ${original}, and ${appointmentId}, which was made in its place`);
    return Ok(null);
  }
  const undone = await leaseCheckedParts(parts, task).bookings.cancelBooking(appointmentId);
  if (undone.ok) {
    tell('warn', `booking ${appointmentId}, made in place of ${original}, was cancelled since that one stands`);
    return Ok({ kind: 'done', attempt: null, refusal: null });
  }
  if (undone.val.kind !== 'refused' && undone.val.kind !== 'not-found') return undone;
  tell('error', `two bookings stand: ${original}, and ${appointmentId}, made in its place: ${undone.val.message}`);
  return Ok(null);
}
