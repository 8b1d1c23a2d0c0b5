import { decideActive } from './decide-active.js';
import { decideCanceled } from './decide-canceled.js';
import { decideBegunReschedule } from './decide-begun-reschedule.js';
import { decideRefused } from './decide-refused.js';
import { decideUnmapped } from './decide-unmapped.js';
import { OBSERVE_BOOKING, OBSERVE_EVENT, type Verdict } from './decision.js';
import { EDITS_COUNT_MS } from './edit-guard.js';
import { isOutdatedRead } from './outdated-read.js';
import type { Rules } from './rules.js';
import type { Situation } from './situation.js';
import type { BookingEventMap } from '../domain/booking-event-map.js';
import type { EditRecord } from '../domain/event-record.js';
import type { Instant } from '../domain/instant.js';
import type { Timing } from './timing.js';

/**
 * The table of docs/decision-table.md as one pure function: total, deterministic, without a clock. The rows about changes in
 * progress of this task or of an earlier attempt come first. Then the three blocks of the table follow: no map, map ACTIVE,
 * map CANCELED.
 */
export function decide(situation: Situation, rules: Rules): Verdict {
  const { reread } = situation;
  if (reread?.event) return OBSERVE_EVENT;
  if (reread?.booking) return OBSERVE_BOOKING;
  const { map, now, event, listed = [] } = situation;
  if (event?.proven && isOutdatedRead(event, listed, now, rules)) {
    return { kind: 'wait', until: now + rules.timing.readAgainMs, keeps: listed };
  }
  const past = map && withoutFutureTimes(map, now, rules.timing);
  const edits = situation.edits && withoutFutureEdits(situation.edits, now);
  const isUnchanged = past === map && edits === situation.edits;
  const current = isUnchanged ? situation : { ...situation, map: past, ...(edits && { edits }) };
  return current.refused
    ? decideRefused(current, current.refused, rules, decideObserved)
    : decideObserved(current, rules);
}

function decideObserved(situation: Situation, rules: Rules): Verdict {
  const { map } = situation;
  if (map?.status === 'ACTIVE' && map.intent?.kind === 'reschedule') {
    return decideBegunReschedule(situation, map, map.intent, rules, decideByMap);
  }
  return decideByMap(situation, rules);
}

function decideByMap(situation: Situation, rules: Rules): Verdict {
  const { map } = situation;
  if (map === null) return decideUnmapped(situation, rules);
  return map.status === 'ACTIVE' ? decideActive(situation, map, rules) : decideCanceled(situation, map, rules);
}

/**
 * Returns the map without times in the future: a fast clock stored them and was corrected since. Such writes were made
 * before this round, so no reading of this round is older, and no echo window is open
 * (docs/decision-table.md#echoes-and-loops).
 */
function withoutFutureTimes(map: BookingEventMap, now: Instant, { intentHoldsMs }: Timing): BookingEventMap {
  const { lastSyncedAt, bookingWrittenAt, intent } = map;
  if (Math.max(lastSyncedAt, bookingWrittenAt ?? now, intent?.triedAt ?? now) <= now) return map;
  const triedLongAgo = now - intentHoldsMs;
  return {
    ...map,
    lastSyncedAt: lastSyncedAt > now ? 0 : lastSyncedAt,
    bookingWrittenAt: bookingWrittenAt !== null && bookingWrittenAt > now ? 0 : bookingWrittenAt,
    intent: intent && intent.triedAt > now ? { ...intent, triedAt: triedLongAgo, since: triedLongAgo } : intent,
  };
}

/** The same for the records of edits: an edit of the future no longer waits for a slot, and does not count for the guard. */
function withoutFutureEdits(edits: readonly EditRecord[], now: Instant): readonly EditRecord[] {
  if (!edits.some(({ at }) => at > now)) return edits;
  return edits.map((edit) => (edit.at > now ? { ...edit, at: now - EDITS_COUNT_MS } : edit));
}
