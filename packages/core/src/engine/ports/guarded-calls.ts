import type { SyncError } from '../../domain/sync-error.js';
import type { Clock } from '../../ports/clock.js';
import type { CallAnswer, CallDecorator, DecoratedCall } from '../../ports/decorate-port.js';
import { Err } from '../../result.js';

/**
 * Turns a violation of the port contract into an error value: a throw, a rejection or an answer of the wrong shape becomes
 * `invalid`, and a promise that does not settle within `settlesWithinMs` becomes `transient`. Both name the port and the
 * method. Every error gets the name of the port's system.
 */
export function guardedCalls(clock: Clock, settlesWithinMs: number): CallDecorator {
  return (call, send) =>
    new Promise((resolve) => {
      const cancelTimer = clock.setTimer(settlesWithinMs, () => resolve(Err(unsettled(call, settlesWithinMs))));
      const settle = (answer: Awaited<CallAnswer>): void => {
        cancelTimer();
        if (!isResult(answer)) return resolve(Err(failure('invalid', call, 'answered no Result')));
        if (answer.err) return resolve(Err({ ...answer.val, system: call.system }));
        resolve(call.isAnswer?.(answer.val) === false ? Err(failure('invalid', call, 'answered nonsense')) : answer);
      };
      const fail = (thrown: unknown): void => settle(Err(thrownBy(call, thrown)));
      try {
        Promise.resolve(send()).then(settle, fail);
      } catch (thrown) {
        fail(thrown);
      }
    });
}

/** Adapters in plain JavaScript may return any value. */
function isResult(answer: unknown): boolean {
  return typeof answer === 'object' && answer !== null && typeof Reflect.get(answer, 'ok') === 'boolean';
}

function thrownBy(call: DecoratedCall, thrown: unknown): SyncError {
  return failure('invalid', call, `threw ${thrown instanceof Error ? thrown.message : String(thrown)}`);
}

function unsettled(call: DecoratedCall, ms: number): SyncError {
  return failure('transient', call, `did not settle within ${ms} ms`);
}

function failure(kind: SyncError['kind'], { system, method }: DecoratedCall, what: string): SyncError {
  return { kind, system, method, message: `${system}.${method} ${what}; a port must answer a Result in time` };
}
