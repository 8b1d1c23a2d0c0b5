import { createHmac } from 'node:crypto';

/** Makes a channel's token from its id: the same for every replica, and nothing has to be stored. */
export function channelTokens(channelSecret: string): (channelId: string) => string {
  return (channelId) => createHmac('sha256', channelSecret).update(channelId).digest('hex');
}
