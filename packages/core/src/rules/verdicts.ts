import type { Instant } from '../domain/instant.js';
import type { Action, Reason, Verdict } from './decision.js';

export const LOOK_AT_BOOKING: Verdict = { kind: 'look', at: 'booking' };
export const LOOK_AT_EVENT: Verdict = { kind: 'look', at: 'event' };

export function act(reason: Reason, action: Action): Verdict {
  return { kind: 'decision', reason, action, detail: null };
}

/** A row that writes nothing. */
export function quiet(reason: Reason, detail: string | null = null): Verdict {
  return { kind: 'decision', reason, action: { do: 'nothing' }, detail };
}

export function wait(until: Instant | null): Verdict {
  return { kind: 'wait', until };
}
