import { echoWindowEnd } from './booking-side.js';
import type { BookingEventMap } from '../domain/booking-event-map.js';
import { act, observe, OBSERVE_BOOKING, wait, type Verdict } from './decision.js';
import { isShownBy, type Rules } from './rules.js';
import type { BookingReading, RefusedChange, Situation } from './situation.js';

/** Decides the same situation without its refused change. */
type Next = (situation: Situation, rules: Rules) => Verdict;

/**
 * The booking system has refused a change in this round. A repeated cancellation is refused too, and the current reading may
 * be older than our last write to the booking. So the refusal counts (docs/decision-table.md#row-21) only if the booking
 * still exists and there is no other explanation.
 */
export function decideRefused(situation: Situation, refused: RefusedChange, rules: Rules, next: Next): Verdict {
  const { refused: _decided, ...rest } = situation;
  if (situation.booking === null) return OBSERVE_BOOKING;
  // If the booking is deleted, a call that did not find it was not refused.
  const gone = refused.error.kind === 'refused' ? { ...rest, refusal: refused.error } : rest;
  if (!exists(situation.booking)) return next(gone, rules);
  if (refused.change === 'cancellation') {
    if (refused.existence === undefined) return observe('existence');
    if (refused.existence === 'gone') {
      return next({ ...gone, booking: { ...situation.booking, status: 'dead', sure: true } }, rules);
    }
  }
  const unsettled = situation.map && untilOwnWriteShows(refused, situation, situation.map, situation.booking, rules);
  return unsettled ?? next({ ...rest, refusal: refused.error }, rules);
}

function exists({ booking, status }: BookingReading): boolean {
  return booking !== null && status !== 'dead';
}

/** @returns null if the reading is not older than our own last write to the booking. */
function untilOwnWriteShows(
  { change }: RefusedChange,
  { retried, taskCreatedAt, now }: Situation,
  map: BookingEventMap,
  { at, booking }: BookingReading,
  rules: Rules,
): Verdict | null {
  const repeated = change === 'cancellation' && retried === true;
  const isNoted = map.bookingWrittenAt !== null && map.bookingWrittenAt >= (taskCreatedAt ?? 0);
  // An earlier attempt may have cancelled the booking. It is recorded as a write of ours, once per task.
  if (repeated && !isNoted) return act('event-deleted', { do: 'note', map: { ...map, bookingWrittenAt: now } });
  const showsAt = echoWindowEnd(map, rules);
  const isOld = repeated || (booking !== null && !isShownBy(map, booking, rules));
  return at < showsAt && isOld ? wait(showsAt) : null;
}
