import type { CallDecorator } from '../../ports/decorate-port.js';
import type { CallQuota } from './call-quota.js';

/** Each call waits until the account's quota has its units. A call that an open circuit answers gives them back. */
export function rateLimitedCalls(quota: CallQuota): CallDecorator {
  return async ({ quotaUnits = 0 }, send) => {
    await quota.take(quotaUnits);
    const answer = await send();
    if (answer.err && answer.val.unsent) quota.giveBack(quotaUnits);
    return answer;
  };
}
