import { misuse, type SyncError } from '../../domain/sync-error.js';
import type { ChannelNotification, WatchChannel } from '../../domain/watch-channel.js';
import type { CancelTimer, Clock } from '../../ports/clock.js';
import { Err, Ok, type Result } from '../../result.js';
import type { PushOptions } from '../engine-options.js';
import type { EngineParts } from '../engine-parts.js';
import { dueAt, finished, newDebounce, started } from '../queue/debounce.js';
import type { NotificationOutcome } from '../sync-engine.js';
import type { CalendarSource } from './calendar-source.js';
import type { ChannelManager } from './channel-manager.js';
import { channelToken } from './channels.js';
import type { SourceRunner } from './source-runner.js';

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

/** Reads the calendar of a notification, debounced. */
export class Notifications {
  readonly #store: EngineParts['store'];
  /** By calendar. */
  readonly #reads: ReadonlyMap<string, DebouncedRead>;

  /** @param runners one for each source */
  constructor(sources: readonly CalendarSource[], runners: readonly SourceRunner[], { clock, store }: EngineParts) {
    this.#store = store;
    const readOf = (source: CalendarSource, index: number): DebouncedRead =>
      new DebouncedRead(clock, async () => {
        const before = source.changes;
        await runners[index]?.wake(true);
        return source.changes - before;
      });
    this.#reads = new Map(sources.map((source, index) => [source.calendarId, readOf(source, index)]));
  }

  /** @param authenticator null if there are no channels */
  async notify(
    notification: ChannelNotification,
    authenticator: ChannelAuthenticator | null,
  ): Promise<Result<NotificationOutcome, SyncError>> {
    // A host in plain JavaScript may pass any value.
    const { channelId, token } = Object(notification) as ChannelNotification;
    if (typeof channelId !== 'string' || typeof token !== 'string') {
      return Err(misuse('notify', 'the notification must have the texts channelId and token'));
    }
    if (!authenticator) return Ok('unknown-channel');
    const authenticated = await authenticator.authenticate(notification);
    if (authenticated.err) return authenticated;
    const { outcome, calendarId } = authenticated.val;
    if (outcome !== 'accepted') return Ok(outcome);
    // The first message of a channel reports no change. Its calendar is read when the channel is open.
    if (notification.resourceState === 'sync') return Ok('accepted');
    // A notification may be lost if this process ends, because every start reads every calendar. So it is not stored;
    // the store only has to be reachable.
    const stored = await this.#store.ping();
    if (stored.err) return stored;
    if (calendarId !== null) this.read(calendarId);
    return Ok('accepted');
  }

  /** Reads the calendar. */
  read(calendarId: string): void {
    this.#reads.get(calendarId)?.notify();
  }

  stop(): void {
    for (const read of this.#reads.values()) read.stop();
  }
}

/**
 * Debounces the notifications of one calendar: the first is read at once, and those that come during a read or within its
 * debounce interval cause one later read. So a storm of notifications, such as the echoes of our own writes in a backfill,
 * costs a few reads.
 * ```
 * quiet ──notify──▶ reading ──▶ interval ──notify──▶ planned ──interval over──▶ reading
 *   ▲                             │
 *   └────────interval over────────┘
 * ```
 */
export class DebouncedRead {
  readonly #clock: Clock;
  readonly #read: () => Promise<number>;
  #state: 'quiet' | 'reading' | 'reading, then again' | 'planned' | 'stopped' = 'quiet';
  #debounce = newDebounce(0);
  #cancelTimer: CancelTimer | null = null;

  /** @param read reads the calendar, and returns the number of our events that have changed */
  constructor(clock: Clock, read: () => Promise<number>) {
    this.#clock = clock;
    this.#read = read;
  }

  /** Handles a notification. */
  notify(): void {
    if (this.#state === 'reading') this.#state = 'reading, then again';
    if (this.#state === 'quiet') this.#plan();
  }

  stop(): void {
    this.#state = 'stopped';
    this.#cancelTimer?.();
    this.#cancelTimer = null;
  }

  #plan(): void {
    const now = this.#clock.now();
    const at = dueAt(this.#debounce, now);
    if (at <= now) return void this.#readNow();
    this.#state = 'planned';
    this.#cancelTimer = this.#clock.setTimer(at - now, () => void this.#readNow());
  }

  async #readNow(): Promise<void> {
    this.#state = 'reading';
    this.#cancelTimer = null;
    this.#debounce = started(this.#debounce, this.#clock.now());
    const changes = await this.#read();
    this.#debounce = finished(this.#debounce, changes > 0, this.#clock.now());
    const isNotified = this.#isNotified();
    if (this.#isStopped()) return;
    this.#state = 'quiet';
    if (isNotified) this.#plan();
  }

  #isNotified(): boolean {
    return this.#state === 'reading, then again';
  }

  #isStopped(): boolean {
    return this.#state === 'stopped';
  }
}
