import { type SyncError, type SyncErrorKind, thrownText } from '../../domain/sync-error.js';
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
        resolve(checked(call, answer));
      };
      const fail = (thrown: unknown): void => settle(Err(failure('invalid', call, `threw ${thrownText(thrown)}`)));
      try {
        Promise.resolve(send()).then(settle, fail);
      } catch (thrown) {
        fail(thrown);
      }
    });
}

/** Checks an answer. Adapters in plain JavaScript may return any value, also one whose fields throw. */
function checked(call: DecoratedCall, answer: Awaited<CallAnswer>): Awaited<CallAnswer> {
  try {
    if (!isResult(answer)) return Err(failure('invalid', call, 'answered no Result'));
    if (answer.ok)
      return call.isAnswer?.(answer.val) === false ? Err(failure('invalid', call, 'answered nonsense')) : answer;
    if (!isSyncError(answer.val)) return Err(failure('invalid', call, 'answered an error of no known kind'));
    return Err({ ...answer.val, system: call.system });
  } catch (thrown) {
    return Err(failure('invalid', call, `answered nonsense (${thrownText(thrown)})`));
  }
}

function isResult(answer: unknown): boolean {
  return typeof answer === 'object' && answer !== null && typeof Reflect.get(answer, 'ok') === 'boolean';
}

const KINDS: Readonly<Record<SyncErrorKind, true>> = {
  transient: true,
  'rate-limited': true,
  conflict: true,
  'not-found': true,
  gone: true,
  unauthorized: true,
  forbidden: true,
  refused: true,
  invalid: true,
  'token-expired': true,
};

function isSyncError(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const kind: unknown = Reflect.get(error, 'kind');
  const message: unknown = Reflect.get(error, 'message');
  return typeof kind === 'string' && Object.hasOwn(KINDS, kind) && typeof message === 'string';
}

function unsettled(call: DecoratedCall, ms: number): SyncError {
  return failure('transient', call, `did not settle within ${ms} ms`);
}

function failure(kind: SyncError['kind'], { system, method }: DecoratedCall, what: string): SyncError {
  return { kind, system, method, message: `${system}.${method} ${what}; a port must answer a Result in time` };
}
