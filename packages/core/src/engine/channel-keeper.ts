import type { Bay } from '../domain/bay.js';
import { MINUTE, SECOND, type Instant } from '../domain/instant.js';
import type { SyncError } from '../domain/sync-error.js';
import type { ChannelNotification, WatchChannel } from '../domain/watch-channel.js';
import type { CancelTimer } from '../ports/clock.js';
import { Err, Ok, type Result } from '../result.js';
import type { PushOptions } from './engine-options.js';
import type { EngineParts } from './engine-parts.js';
import { KeptLease } from './leases/kept-lease.js';
import type { ChannelStatus, NotificationOutcome } from './sync-engine.js';
import { Turn } from './leases/turn.js';

/** A channel is renewed when less than this share of its life is left … */
const RENEW_SHARE = 0.2;
/** … plus up to this much more, so that the channels of many calendars do not all end together. */
const JITTER_SHARE = 0.1;
/** The longest and the shortest time between two looks at the channels. */
const LOOK_MS: number = 10 * MINUTE;
const SOONEST_LOOK_MS: number = SECOND;
/** So many channels that were stopped are kept in mind. */
const MOST_SILENCED = 1000;
const JOB = 'channels';

/**
 * Keeps one watch channel open on every bay's calendar: the next one is opened before the last one ends, and only then
 * is the old one stopped, so that both speak for a while and no change goes untold. Channels are kept in the store; a
 * restart uses them again.
 */
export class ChannelKeeper {
  readonly #parts: EngineParts;
  readonly #push: PushOptions;
  readonly #turn: Turn;
  readonly #renewLease: KeptLease;
  readonly #errors = new Map<string, SyncError>();
  /** Channels that were stopped since they have spoken, or are being stopped. */
  readonly #silenced = new Set<string>();
  #channels: readonly WatchChannel[] = [];
  #cancelTimer: CancelTimer | null = null;
  #running: Promise<number> | null = null;
  /** What the timer has begun. */
  #timed: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(parts: EngineParts, push: PushOptions) {
    this.#parts = parts;
    this.#push = push;
    this.#turn = new Turn({ job: JOB, everyMs: LOOK_MS, sticky: true }, parts);
    this.#renewLease = new KeptLease(`run:${JOB}`, parts);
  }

  async start(): Promise<void> {
    this.#timed = this.#look();
    await this.#timed;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelTimer?.();
    await this.#timed;
    await this.#running;
    await this.#turn.giveUp();
  }

  /** Opens what is missing or ends soon, stops what is not needed any more. Answers how many were opened. */
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
        lastError: this.#errors.get(calendarId) ?? null,
      };
    });
  }

  /** Whose calendar a notification is about, if it is one of ours. One of ours that nobody wants any more is stopped. */
  async recognise(
    notification: ChannelNotification,
  ): Promise<Result<{ readonly outcome: NotificationOutcome; readonly calendarId: string | null }, SyncError>> {
    const { channelId, token, resourceId } = notification;
    const genuine = sameSecret(token, this.#push.tokenOf(channelId));
    let channel = this.#channels.find((known) => known.channelId === channelId);
    if (!channel) {
      // Another replica's, or one that is just being opened.
      const stored = await this.#parts.store.listChannels();
      if (stored.err) return stored;
      channel = stored.val.find((known) => known.channelId === channelId);
    }
    if (!channel) {
      if (genuine) void this.#silence(channelId, resourceId);
      return Ok({ outcome: 'unknown-channel', calendarId: null });
    }
    if (!genuine) return Ok({ outcome: 'wrong-token', calendarId: null });
    return Ok({ outcome: 'accepted', calendarId: channel.calendarId });
  }

  /** Stops a channel of ours that nobody wants any more, once, however often it speaks meanwhile. */
  async #silence(channelId: string, resourceId: string): Promise<void> {
    if (this.#running || this.#silenced.has(channelId)) return;
    if (this.#silenced.size >= MOST_SILENCED) this.#silenced.clear();
    this.#silenced.add(channelId);
    const stopped = await this.#parts.calendars.stopChannel(channelId, resourceId);
    if (stopped.err) this.#silenced.delete(channelId);
  }

  /** Renews if it is our turn, else only looks what another replica has done. */
  async #look(): Promise<void> {
    const turn = await this.#turn.take();
    if (this.#stopped) return;
    const askAgainAt = turn.ok ? turn.val : null;
    await (askAgainAt === null ? this.renew() : this.#readStored());
    if (this.#stopped) return;
    const at = askAgainAt ?? (await this.#turn.pass(this.#nextLookAt()));
    this.#setTimer(at);
  }

  async #readStored(): Promise<void> {
    const stored = await this.#parts.store.listChannels();
    if (stored.err) return;
    this.#channels = stored.val;
    this.#errors.clear();
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
    const opened = await Promise.all(rules.routing.bays.map((bay) => this.#keep(bay)));
    const wanted = new Set(rules.routing.bays.map((bay) => this.#newest(bay.calendarId)?.channelId));
    await Promise.all(this.#channels.filter((channel) => !wanted.has(channel.channelId)).map((old) => this.#drop(old)));
    return opened.filter(Boolean).length;
  }

  /** true: a channel was opened. */
  async #keep({ calendarId }: Bay): Promise<boolean> {
    const channel = this.#newest(calendarId);
    if (channel && this.#parts.clock.now() < renewAt(channel)) return false;
    const opened = await this.#open(calendarId);
    if (opened.ok) {
      this.#errors.delete(calendarId);
      const { channelId } = opened.val;
      this.#channels = [...this.#channels.filter((known) => known.channelId !== channelId), opened.val];
      return true;
    }
    this.#errors.set(calendarId, opened.val);
    this.#tell(
      'failed',
      { calendarId, channelId: channel?.channelId ?? '', expiresAt: channel?.expiresAt ?? null },
      opened.val,
    );
    return false;
  }

  async #open(calendarId: string): Promise<Result<WatchChannel, SyncError>> {
    const { calendars, clock, store, settings } = this.#parts;
    const { address, tokenOf } = this.#push;
    const channelId = this.#newId();
    const token = tokenOf(channelId);
    const createdAt = clock.now();
    // Known before it can speak: its first notification may come before the answer does.
    const draft: WatchChannel = { channelId, calendarId, resourceId: '', address, expiresAt: createdAt, createdAt };
    const noted = await store.putChannel(draft);
    if (noted.err) return noted;
    const granted = await calendars.watch({
      calendarId,
      channelId,
      token,
      address,
      ttlSeconds: settings.google.channelTtlSeconds,
    });
    if (granted.err) {
      await store.deleteChannel(channelId);
      return Err(granted.val);
    }
    const channel = { ...draft, ...granted.val };
    const kept = await store.putChannel(channel);
    if (kept.err) return kept;
    this.#tell('opened', channel, null);
    return Ok(channel);
  }

  /** Forgotten only when it is closed for certain, or over. */
  async #drop(channel: WatchChannel): Promise<void> {
    const { calendars, store, clock } = this.#parts;
    const now = clock.now();
    const over = channel.resourceId === '' ? channel.createdAt + LOOK_MS <= now : channel.expiresAt <= now;
    if (!over) {
      if (channel.resourceId === '') return;
      const stopped = await calendars.stopChannel(channel.channelId, channel.resourceId);
      if (stopped.err) return;
    }
    const forgotten = await store.deleteChannel(channel.channelId);
    if (forgotten.err) return;
    this.#channels = this.#channels.filter((other) => other.channelId !== channel.channelId);
    this.#tell('stopped', channel, null);
  }

  #newest(calendarId: string): WatchChannel | null {
    const { address } = this.#push;
    const mine = this.#channels.filter(
      (channel) => channel.calendarId === calendarId && channel.address === address && channel.resourceId !== '',
    );
    return mine.toSorted((a, b) => b.expiresAt - a.expiresAt)[0] ?? null;
  }

  #newId(): string {
    const { random, clock } = this.#parts;
    const part = (): string =>
      Math.floor(random() * 2 ** 32)
        .toString(16)
        .padStart(8, '0');
    return `loft-${clock.now().toString(36)}-${part()}${part()}${part()}`;
  }

  #nextLookAt(): Instant {
    const { clock, settings, rules } = this.#parts;
    const now = clock.now();
    const next = rules.routing.bays.map(({ calendarId }) => {
      if (this.#errors.has(calendarId)) return now + settings.retry.maxMs;
      const channel = this.#newest(calendarId);
      return channel ? renewAt(channel) : now + settings.retry.maxMs;
    });
    return Math.min(now + LOOK_MS, Math.max(now + SOONEST_LOOK_MS, Math.min(...next)));
  }

  #setTimer(at: Instant): void {
    if (this.#stopped) return;
    const { clock } = this.#parts;
    this.#cancelTimer = clock.setTimer(Math.max(0, at - clock.now()), () => {
      this.#timed = this.#look();
    });
  }

  #tell(
    outcome: 'opened' | 'stopped' | 'failed',
    {
      calendarId,
      channelId,
      expiresAt,
    }: { readonly calendarId: string; readonly channelId: string; readonly expiresAt: Instant | null },
    error: SyncError | null,
  ): void {
    this.#parts.emit({
      type: 'channel',
      at: this.#parts.clock.now(),
      calendarId,
      outcome,
      channelId,
      expiresAt,
      error,
    });
  }
}

function renewAt({ channelId, createdAt, expiresAt }: WatchChannel): Instant {
  const life = expiresAt - createdAt;
  return expiresAt - life * (RENEW_SHARE + JITTER_SHARE * jitterOf(channelId));
}

/** In [0, 1), out of the random end of the id: the same at every look, since of many draws the earliest would win. */
function jitterOf(channelId: string): number {
  const part = parseInt(channelId.slice(-8), 16);
  return Number.isNaN(part) ? 0 : part / 2 ** 32;
}

/** Takes as long for a near miss as for a hit, so that a token cannot be guessed character by character. */
function sameSecret(given: string, wanted: string): boolean {
  let difference = given.length ^ wanted.length;
  for (let index = 0; index < wanted.length; index++) {
    difference |= given.charCodeAt(index % Math.max(1, given.length)) ^ wanted.charCodeAt(index);
  }
  return difference === 0;
}
