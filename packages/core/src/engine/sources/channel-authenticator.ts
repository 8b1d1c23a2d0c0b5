import type { SyncError } from '../../domain/sync-error.js';
import type { ChannelNotification, WatchChannel } from '../../domain/watch-channel.js';
import { Ok, type Result } from '../../result.js';
import type { PushOptions } from '../engine-options.js';
import type { EngineParts } from '../engine-parts.js';
import type { ChannelManager } from './channel-manager.js';
import { channelToken } from './channels.js';
import type { NotificationOutcome } from '../sync-engine.js';

/** Maximum number of stopped orphans in memory. */
const MAX_ORPHANS = 1000;

/** The outcome of a notification, with its calendar. */
export interface AuthenticatedNotification {
  readonly outcome: NotificationOutcome;
  readonly calendarId: string | null;
}

/** Authenticates notifications, and stops orphans: channels of ours that are not in the store any more. */
export class ChannelAuthenticator {
  readonly #parts: Pick<EngineParts, 'store' | 'calendars'>;
  readonly #push: PushOptions;
  readonly #manager: Pick<ChannelManager, 'current'>;
  /** Orphans that were stopped, or are being stopped. */
  readonly #orphans = new Set<string>();

  constructor(
    parts: Pick<EngineParts, 'store' | 'calendars'>,
    push: PushOptions,
    manager: Pick<ChannelManager, 'current'>,
  ) {
    this.#parts = parts;
    this.#push = push;
    this.#manager = manager;
  }

  /** Returns the calendar of a notification, if its channel and its token are ours. */
  async authenticate({
    channelId,
    token,
    resourceId,
  }: ChannelNotification): Promise<Result<AuthenticatedNotification, SyncError>> {
    const wanted = channelToken(this.#push, channelId);
    if (wanted.err) return wanted;
    const isOurs = sameSecret(token, wanted.val);
    const channel = await this.#find(channelId);
    if (channel.err) return channel;
    if (!channel.val) {
      if (isOurs) void this.#stopOrphan(channelId, resourceId);
      return Ok({ outcome: 'unknown-channel', calendarId: null });
    }
    if (!isOurs) return Ok({ outcome: 'wrong-token', calendarId: null });
    return Ok({ outcome: 'accepted', calendarId: channel.val.calendarId });
  }

  /** An unknown channel may belong to another replica, or is being opened. */
  async #find(channelId: string): Promise<Result<WatchChannel | null, SyncError>> {
    const hasId = (channel: WatchChannel): boolean => channel.channelId === channelId;
    const current = this.#manager.current.channels.find(hasId);
    if (current) return Ok(current);
    const stored = await this.#parts.store.listChannels();
    return stored.err ? stored : Ok(stored.val.find(hasId) ?? null);
  }

  /** Stops an orphan; further notifications from it do not repeat the call. */
  async #stopOrphan(channelId: string, resourceId: string): Promise<void> {
    if (this.#manager.current.isRenewing || this.#orphans.has(channelId)) return;
    if (this.#orphans.size >= MAX_ORPHANS) this.#orphans.clear();
    this.#orphans.add(channelId);
    const stopped = await this.#parts.calendars.stopChannel?.(channelId, resourceId);
    if (stopped?.err) this.#orphans.delete(channelId);
  }
}

/** Compares in constant time, so that a token cannot be guessed character by character. */
function sameSecret(given: string, wanted: string): boolean {
  let difference = given.length ^ wanted.length;
  for (let index = 0; index < wanted.length; index++) {
    difference |= given.charCodeAt(index % Math.max(1, given.length)) ^ wanted.charCodeAt(index);
  }
  return difference === 0;
}
