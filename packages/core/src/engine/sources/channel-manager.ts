import type { Bay } from '../../domain/bay.js';
import { MINUTE, SECOND, type Instant } from '../../domain/instant.js';
import type { SyncError } from '../../domain/sync-error.js';
import type { WatchChannel } from '../../domain/watch-channel.js';
import type { CancelTimer } from '../../ports/clock.js';
import { Err, Ok, type Result } from '../../result.js';
import { retryAfterMs } from '../../rules/retry-policy.js';
import type { PushOptions } from '../engine-options.js';
import { inTurn } from '../in-turn.js';
import { FirstChecks } from './first-checks.js';
import { channelToken, isTooEarly, newChannelId, renewAt } from './channels.js';
import type { OpeningFailure, WatchingParts } from './channels.js';
import { NamedLease, JobRotation } from '../replicas/leases.js';
import type { ChannelStatus } from '../sync-engine.js';

/** Maximum and minimum interval between two checks of the channels. */
const CHECK_MS: number = 10 * MINUTE;
const SOONEST_CHECK_MS: number = SECOND;
/** Number of channels that are opened in parallel. The lists of their calendars go between them. */
const OPENED_AT_ONCE = 8;
const JOB = 'channels';

/**
 * Keeps one watch channel open for every bay's calendar. The next channel is opened before the last one expires, and only
 * then the old one is stopped, so that every change causes a notification. Channels are stored, and a restart uses them
 * again. After a period without an open channel, changes were not notified: the calendar is read after the new channel is
 * open.
 */
export class ChannelManager {
  readonly #parts: WatchingParts;
  readonly #push: PushOptions;
  readonly #onOpenedAfterGap: (calendarId: string) => void;
  readonly #firstChecks: FirstChecks;
  readonly #rotation: JobRotation;
  readonly #renewLease: NamedLease;
  readonly #failures = new Map<string, OpeningFailure>();
  #channels: readonly WatchChannel[] = [];
  #cancelTimer: CancelTimer | null = null;
  #running: Promise<number> | null = null;
  /** The check that the timer has started. */
  #timed: Promise<void> = Promise.resolve();
  #stopped = false;

  /** @param onOpenedAfterGap called when a calendar without a channel got one after its first check */
  constructor(parts: WatchingParts, push: PushOptions, onOpenedAfterGap: (calendarId: string) => void) {
    this.#parts = parts;
    this.#push = push;
    this.#onOpenedAfterGap = onOpenedAfterGap;
    this.#firstChecks = new FirstChecks(parts.rules.routing.bays.map(({ calendarId }) => calendarId));
    this.#rotation = new JobRotation({ job: JOB, everyMs: CHECK_MS, sticky: true }, parts);
    this.#renewLease = new NamedLease(`run:${JOB}`, parts);
  }

  async start(): Promise<void> {
    this.#timed = this.#check();
    await this.#timed;
  }

  /** Resolves when the calendar's channel is open, or cannot be opened now: a later list then misses no change. */
  checked(calendarId: string): Promise<void> {
    return this.#firstChecks.ended(calendarId);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#firstChecks.endAll();
    this.#cancelTimer?.();
    await this.#timed;
    await this.#running;
    await this.#rotation.resign();
  }

  /** Opens channels that are missing or expire soon, and stops unneeded ones. Returns the number of opened ones. */
  renew(): Promise<number> {
    this.#running ??= this.#renewAll().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  status(): readonly ChannelStatus[] {
    return this.#parts.rules.routing.bays.map(({ bay, calendarId }) => {
      const channel = this.#newest(calendarId);
      return {
        bay,
        calendarId,
        channelId: channel?.channelId ?? null,
        expiresAt: channel?.expiresAt ?? null,
        lastError: this.#failures.get(calendarId)?.error ?? null,
      };
    });
  }

  /** The current channels of this replica, and whether new ones are being opened. */
  get current(): { readonly channels: readonly WatchChannel[]; readonly isRenewing: boolean } {
    return { channels: this.#channels, isRenewing: this.#running !== null };
  }

  /** Renews the channels if this replica is elected, else reads those that another one has stored. */
  async #check(): Promise<void> {
    const turn = await this.#rotation.take();
    if (this.#stopped) return;
    const askAgainAt = turn.ok ? turn.val : null;
    await (askAgainAt === null ? this.renew() : this.#readStored());
    this.#firstChecks.endAll();
    if (this.#stopped) return;
    const at = askAgainAt ?? (await this.#rotation.pass(this.#nextCheckAt()));
    this.#setTimer(at);
  }

  async #readStored(): Promise<void> {
    const stored = await this.#parts.store.listChannels();
    if (stored.err) return;
    this.#channels = stored.val;
    this.#failures.clear();
  }

  async #renewAll(): Promise<number> {
    const taken = await this.#renewLease.take();
    if (taken.err || !taken.val) return 0;
    const opened = await this.#keepAll();
    await this.#renewLease.leave(null);
    return opened;
  }

  async #keepAll(): Promise<number> {
    const { store, rules } = this.#parts;
    const stored = await store.listChannels();
    if (stored.err) return 0;
    this.#channels = stored.val;
    const opened = await inTurn(rules.routing.bays, OPENED_AT_ONCE, (bay) => this.#keep(bay));
    const wanted = new Set(rules.routing.bays.map((bay) => this.#newest(bay.calendarId)?.channelId));
    await Promise.all(this.#channels.filter((channel) => !wanted.has(channel.channelId)).map((old) => this.#drop(old)));
    return opened.filter(Boolean).length;
  }

  /** @returns true if a channel was opened */
  async #keep({ calendarId }: Bay): Promise<boolean> {
    const isFirst = !this.#firstChecks.isDone(calendarId);
    const channel = this.#newest(calendarId);
    const isOpened = await this.#renew(calendarId, channel);
    this.#firstChecks.end(calendarId);
    const hadChannel = channel !== null && channel.expiresAt > this.#parts.clock.now();
    if (isOpened && !isFirst && !hadChannel) this.#onOpenedAfterGap(calendarId);
    return isOpened;
  }

  async #renew(calendarId: string, channel: WatchChannel | null): Promise<boolean> {
    const now = this.#parts.clock.now();
    if (this.#stopped || isTooEarly(this.#failures.get(calendarId), now)) return false;
    if (channel && now < renewAt(channel, now)) return false;
    const opened = await this.#open(calendarId);
    if (opened.ok) {
      this.#failures.delete(calendarId);
      const { channelId } = opened.val;
      this.#channels = [...this.#channels.filter((current) => current.channelId !== channelId), opened.val];
      return true;
    }
    this.#failures.set(calendarId, { error: opened.val, at: this.#parts.clock.now() });
    this.#report(
      'failed',
      { calendarId, channelId: channel?.channelId ?? '', expiresAt: channel?.expiresAt ?? null },
      opened.val,
    );
    return false;
  }

  async #open(calendarId: string): Promise<Result<WatchChannel, SyncError>> {
    const { calendars, clock, store, settings } = this.#parts;
    const { address } = this.#push;
    const channelId = newChannelId(this.#parts);
    const token = channelToken(this.#push, channelId);
    if (token.err) return token;
    const createdAt = clock.now();
    // Stored before it is opened: its first notification may come before the answer.
    const draft: WatchChannel = { channelId, calendarId, resourceId: '', address, expiresAt: createdAt, createdAt };
    const noted = await store.putChannel(draft);
    if (noted.err) return noted;
    const granted = await calendars.watch({
      calendarId,
      channelId,
      token: token.val,
      address,
      ttlSeconds: settings.google.channelTtlSeconds,
    });
    if (granted.err) {
      await store.deleteChannel(channelId);
      return Err(granted.val);
    }
    const channel = { ...draft, ...granted.val };
    const saved = await store.putChannel(channel);
    if (saved.err) return saved;
    this.#report('opened', channel, null);
    return Ok(channel);
  }

  /** Removes a channel that is closed for certain, or has expired. */
  async #drop(channel: WatchChannel): Promise<void> {
    const { calendars, store, clock } = this.#parts;
    const now = clock.now();
    const over = channel.resourceId === '' ? channel.createdAt + CHECK_MS <= now : channel.expiresAt <= now;
    if (!over) {
      if (channel.resourceId === '') return;
      const stopped = await calendars.stopChannel(channel.channelId, channel.resourceId);
      if (stopped.err) return;
    }
    const forgotten = await store.deleteChannel(channel.channelId);
    if (forgotten.err) return;
    this.#channels = this.#channels.filter((other) => other.channelId !== channel.channelId);
    this.#report('stopped', channel, null);
  }

  #newest(calendarId: string): WatchChannel | null {
    const { address } = this.#push;
    const mine = this.#channels.filter(
      (channel) => channel.calendarId === calendarId && channel.address === address && channel.resourceId !== '',
    );
    return mine.toSorted((a, b) => b.expiresAt - a.expiresAt)[0] ?? null;
  }

  #nextCheckAt(): Instant {
    const { clock, settings, rules } = this.#parts;
    const now = clock.now();
    const next = rules.routing.bays.map(({ calendarId }) => {
      const failure = this.#failures.get(calendarId);
      if (failure) return Math.max(now + settings.retry.maxMs, failure.at + retryAfterMs(failure.error));
      const channel = this.#newest(calendarId);
      return channel ? renewAt(channel, now) : now + settings.retry.maxMs;
    });
    return Math.min(now + CHECK_MS, Math.max(now + SOONEST_CHECK_MS, Math.min(...next)));
  }

  #setTimer(at: Instant): void {
    if (this.#stopped) return;
    const { clock } = this.#parts;
    this.#cancelTimer = clock.setTimer(Math.max(0, at - clock.now()), () => {
      this.#timed = this.#check();
    });
  }

  #report(
    outcome: 'opened' | 'stopped' | 'failed',
    channel: Pick<WatchChannel, 'calendarId' | 'channelId'> & { readonly expiresAt: Instant | null },
    error: SyncError | null,
  ): void {
    const { calendarId, channelId, expiresAt } = channel;
    const at = this.#parts.clock.now();
    this.#parts.emit({ type: 'channel', at, calendarId, outcome, channelId, expiresAt, error });
  }
}
