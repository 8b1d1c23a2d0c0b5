import { createHmac } from 'node:crypto';

/** Derives a channel's token from its id: equal on every replica, without a stored value. */
export function channelTokens(channelSecret: string): (channelId: string) => string {
  return (channelId) => createHmac('sha256', channelSecret).update(channelId).digest('hex');
}
