import type { SyncIntent } from '../domain/booking-event-map.js';
import type { SyncError } from '../domain/sync-error.js';
import { act, observe, wait, type Verdict } from './decision.js';
import { isWithoutEffect } from './retry-policy.js';
import type { Rules } from './rules.js';
import type { Rebooking, Situation } from './situation.js';

/** `finished`: the new booking replaces the old one. `refused`: the old booking is kept. */
export type Exchange =
  Verdict | { readonly kind: 'finished' } | { readonly kind: 'refused'; readonly error: SyncError };

/** The intent of a rebooking whose new booking is known. */
type BegunRebooking = SyncIntent & { readonly successor: string };

/**
 * docs/decision-table.md#row-18a and the second half of a rebooking: the new booking exists, and the reading of the old one
 * is unchanged. The old one is cancelled. If that is refused and the old one exists, the new one is cancelled instead, so
 * that two bookings never remain. If the evidence does not show whether the old one exists, neither is changed: two bookings
 * for a limited time and a report are better than none.
 *
 * An exchange of an earlier attempt may have progressed further than the readings show: the reading of the old booking may
 * be outdated, and a repeated cancellation is refused. An attempt has two calls, and the second one cancels. So nothing is
 * concluded from a refusal before both calls would be visible.
 */
export function decideRebooking(situation: Situation, intent: BegunRebooking, rules: Rules): Exchange {
  const { appointmentId, now } = situation;
  const state: Rebooking = situation.rebooking ?? { phase: 'resumed' };
  if (state.replaced) return { kind: 'finished' };
  if (state.undone) return { kind: 'refused', error: refusalOf(state.cancelRefusal, appointmentId, rules) };
  const settlesAt = intent.triedAt + rules.timing.rebookingShowsMs;
  const isSettled = state.phase === 'first' || state.settled === true || (situation.booking?.at ?? 0) >= settlesAt;
  if (!state.cancelRefusal) {
    if (!isSettled && now >= intent.triedAt + rules.timing.longestCallMs) return wait(settlesAt);
    if (state.successor === undefined) return { kind: 'observe', target: 'successor', successor: intent.successor };
    // The booking that an answer has named is not there, or not yet. Until it would be visible, nothing is concluded.
    if (state.successor === 'gone' && (state.phase === 'first' || !isSettled)) return wait(settlesAt);
    if (state.successor === 'gone') return { kind: 'refused', error: canceledAgain(appointmentId, intent, rules) };
    const noted = state.phase === 'resumed' && isSettled ? { ...intent, triedAt: now } : null;
    return act('rebook-leftover', { do: 'cancel-booking', appointmentId, because: 'replaced', intent: noted });
  }
  if (state.old === undefined) return observe('old-booking');
  if (state.old === 'gone') return { kind: 'finished' };
  if (!isSettled) return wait(settlesAt);
  return keepOld(state, state.cancelRefusal, situation, intent, rules);
}

/** The old booking could not be cancelled and still exists. */
function keepOld(
  { phase, old, successor, undoRefusal }: Rebooking,
  cancelRefusal: SyncError,
  { appointmentId }: Situation,
  intent: BegunRebooking,
  rules: Rules,
): Exchange {
  const both = `${appointmentId} could not be cancelled (${cancelRefusal.message})`;
  if (old === 'unclear' && phase === 'resumed') {
    const message = `two bookings may exist: ${both}, and its replacement ${intent.successor}`;
    return { kind: 'fail', error: { ...cancelRefusal, kind: 'invalid', message } };
  }
  if (!undoRefusal) {
    return act('rebook-leftover', {
      do: 'cancel-booking',
      appointmentId: intent.successor,
      because: 'undo',
      intent: null,
    });
  }
  if (successor === undefined) return { kind: 'observe', target: 'successor', successor: intent.successor };
  if (successor === 'gone') return { kind: 'refused', error: refusalOf(cancelRefusal, appointmentId, rules) };
  const message = `two bookings exist: ${both}, nor could ${intent.successor}, its replacement (${undoRefusal.message})`;
  return { kind: 'refused', error: { ...refusalOf(undoRefusal, appointmentId, rules), message } };
}

/** A call that does not find an existing booking counts as refused. */
function refusalOf(error: SyncError | undefined, appointmentId: string, rules: Rules): SyncError {
  const failure = error ?? refusal(rules, `booking ${appointmentId} could not be cancelled`);
  return failure.kind === 'not-found' ? { ...failure, kind: 'refused' } : failure;
}

function canceledAgain(appointmentId: string, { successor }: BegunRebooking, rules: Rules): SyncError {
  return refusal(rules, `booking ${successor}, made in place of ${appointmentId}, was cancelled again`);
}

function refusal({ systems }: Rules, message: string): SyncError {
  return { kind: 'refused', system: systems.bookings, method: 'reschedule', message };
}

/**
 * Returns the intent that remains after a failed reschedule. A call that certainly had no effect leaves nothing to complete,
 * except an earlier attempt at the same change without a known result.
 *
 * @param earlier the intent before `begun` was stored
 */
export function intentAfterFailure(
  begun: SyncIntent | null,
  earlier: SyncIntent | null,
  error: SyncError,
): SyncIntent | null {
  if (!isWithoutEffect(error)) return begun;
  if (earlier?.kind !== 'reschedule' || earlier.triedAt === 0 || earlier.start !== begun?.start) return null;
  return earlier.end === begun.end && earlier.bay === begun.bay ? earlier : null;
}
