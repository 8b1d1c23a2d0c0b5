import type { Instant } from '../domain/instant.js';
import type { Action, Decision, ObservationTarget, Reason, Verdict } from './decision.js';

export function observe(target: Exclude<ObservationTarget, 'successor'>): Verdict {
  return { kind: 'observe', target };
}

export function observeSuccessor(successor: string): Verdict {
  return { kind: 'observe', target: 'successor', successor };
}

export const OBSERVE_BOOKING: Verdict = observe('booking');
export const OBSERVE_EVENT: Verdict = observe('event');

export function act(reason: Reason, action: Action, detail: string | null = null): Decision {
  return { kind: 'decision', reason, action, detail };
}

/** Returns a decision without a write. */
export function quiet(reason: Reason, detail: string | null = null): Decision {
  return { kind: 'decision', reason, action: { do: 'nothing' }, detail };
}

/** Waits until the given time. Null: until a change. */
export function wait(until: Instant | null): Verdict {
  return { kind: 'wait', until };
}
