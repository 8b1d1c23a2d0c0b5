import type { CallEvent } from '../../domain/sync-event.js';
import type { Clock } from '../../ports/clock.js';
import type { CallDecorator } from '../../ports/decorate-port.js';

/** Measures each call that is sent, and emits one `call` event for it. */
export function instrumentedCalls(clock: Clock, emit: (event: CallEvent) => void): CallDecorator {
  return async ({ system, method }, send) => {
    const startedAt = clock.now();
    const answer = await send();
    const at = clock.now();
    const error = answer.err ? answer.val : null;
    emit({ type: 'call', at, system, method, outcome: error?.kind ?? 'ok', durationMs: at - startedAt, error });
    return answer;
  };
}
