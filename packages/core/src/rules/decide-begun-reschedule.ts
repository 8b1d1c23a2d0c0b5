import type { BookingEventMap, SyncIntent } from '../domain/booking-event-map.js';
import type { Booking } from '../domain/booking.js';
import type { Instant } from '../domain/instant.js';
import { act, observe, wait, type Verdict } from './decision.js';
import { decideRebooking } from './decide-rebooking.js';
import { successorInSlot } from './successor.js';
import type { Rules } from './rules.js';
import type { Situation } from './situation.js';

/** Decides the same situation without the started reschedule. */
type Next = (situation: Situation, rules: Rules) => Verdict;

/**
 * Handles a reschedule without a stored result (docs/decision-table.md#crash-safe-writes). If it has taken effect, this is
 * stored first, so that later changes are recognized. A new booking, if there is one, gets the event.
 */
export function decideBegunReschedule(
  situation: Situation,
  map: BookingEventMap,
  intent: SyncIntent,
  rules: Rules,
  next: Next,
): Verdict {
  const { booking, now } = situation;
  if (situation.rebooking?.phase !== 'first' && situation.inSlot === undefined) {
    return observe('reschedule');
  }
  const { inSlot = [] } = situation;
  const successor = intent.successor ?? (booking && successorInSlot(map, intent, booking, inSlot, rules));
  const isDead = booking?.status === 'dead';
  if (successor === null) {
    if (!isDead && isAt(booking?.booking ?? null, intent, rules))
      return finish(map, intent, map.uscheduleAppointmentId);
    // A refused call has no effect: no other booking replaced this one.
    if (situation.refusal !== null) return next(situation, rules);
    // The reschedule may have taken effect without being visible. Once it would be visible, the reading counts.
    const showsAt = intent.triedAt + rules.timing.rescheduleShowsMs;
    return now < showsAt ? wait(showsAt) : next(situation, rules);
  }
  if (isDead || rules.reschedule !== 'rebook') return finish(map, intent, successor);
  const exchange = decideRebooking(situation, { ...intent, successor }, rules);
  if (exchange.kind === 'refused') return next({ ...situation, refusal: exchange.error }, rules);
  return exchange.kind === 'finished' ? finish(map, intent, successor) : exchange;
}

function finish(map: BookingEventMap, { start, end, bay }: SyncIntent, appointmentId: string): Verdict {
  const base = { ...map.base, start, end, bay };
  return act('event-moved', { do: 'finish-reschedule', appointmentId, base });
}

function isAt(
  booking: Booking | null,
  intent: { readonly start: Instant; readonly end: Instant; readonly bay: string },
  rules: Rules,
): boolean {
  if (booking?.start !== intent.start || booking.end !== intent.end) return false;
  return rules.routing.ofUnit(booking.resourceUnitId)?.bay === intent.bay;
}
