import type { SyncError } from '../../domain/sync-error.js';
import type { CallDecorator } from '../../ports/decorate-port.js';
import { Err } from '../../result.js';
import { type CallQuota, priorityOf, type CallCause } from './call-quota.js';

/**
 * Makes each call wait until the account's quota has its units. A call that an open circuit answers returns them.
 *
 * @param cause why the calls are made; evaluated again while a call waits
 */
export function rateLimitedCalls(quota: CallQuota, cause: () => CallCause): CallDecorator {
  return async ({ system, method, effect, quotaUnits = 0 }, send) => {
    const granted = await quota.take(quotaUnits, () => priorityOf(effect, cause()));
    if (granted === null) {
      const message = 'the engine stops, so the call was not made';
      return Err<SyncError>({ kind: 'transient', system, method, message, unsent: true });
    }
    let unused = 0;
    try {
      const answer = await send();
      if (answer.err && answer.val.unsent) unused = quotaUnits;
      return answer;
    } finally {
      quota.ended(granted, unused);
    }
  };
}
