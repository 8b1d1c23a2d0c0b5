import type { Verdict } from './decision.js';
import { fullWrite } from './event-write.js';
import { isMarkedCanceled, isMarkedFor, standsInCalendar, type Rules } from './rules.js';
import type { Situation } from './situation.js';
import { act, LOOK_AT_BOOKING, quiet, wait } from './verdicts.js';

/** Rows 1 to 7: there is no map. The event, where one is given, is the best candidate to be the mirror. */
export function decideUnmapped(situation: Situation, rules: Rules): Verdict {
  const { appointmentId, booking } = situation;
  const seen = situation.event?.event ?? null;
  const ours = seen !== null && isMarkedFor(seen, appointmentId);
  if (seen?.state === 'live' && !ours && booking === null) return quiet('not-managed');
  if (booking === null) return LOOK_AT_BOOKING;

  const candidate = seen !== null && ours && seen.state === 'live' ? seen : null;
  if (booking.life === 'dead' || booking.booking === null) {
    if (!candidate || !standsInCalendar(candidate)) return quiet('dead-on-arrival');
    return booking.sure ? act('orphan', { do: 'cancel-event', event: candidate }) : LOOK_AT_BOOKING;
  }
  if (booking.booking.end <= situation.historyBefore) return quiet('past');
  if (booking.life === 'unknown') {
    if (candidate && !isMarkedCanceled(candidate)) {
      return quiet('orphan-unproven', 'the event carries our marks, but nothing proves its booking live or dead');
    }
    return wait(null);
  }
  const target = rules.routed(booking.booking);
  if (!target) return quiet('no-route', `no bay is configured for unit ${booking.booking.resourceUnitId}`);
  if (!candidate) return act('new-booking', { do: 'create-event', ...target });
  return act('adopt', {
    do: 'adopt-event',
    event: candidate,
    write: fullWrite(candidate, target),
    base: target.base,
  });
}
