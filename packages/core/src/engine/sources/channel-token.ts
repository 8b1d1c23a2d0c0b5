import { misuse, type SyncError } from '../../domain/sync-error.js';
import { thrownText } from '../../ports/thrown-text.js';
import { Err, Ok, type Result } from '../../result.js';
import type { PushOptions } from '../engine-options.js';

/** Returns the token of a channel. The host derives it, and its function may throw or answer no text. */
export function channelToken({ tokenOf }: PushOptions, channelId: string): Result<string, SyncError> {
  try {
    const token: unknown = tokenOf(channelId);
    return typeof token === 'string' ? Ok(token) : Err(misuse('tokenOf', 'push.tokenOf must answer a text'));
  } catch (thrown) {
    return Err(misuse('tokenOf', `push.tokenOf threw ${thrownText(thrown)}`));
  }
}
