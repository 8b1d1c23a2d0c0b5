import { SECOND, type Instant } from '../../domain/instant.js';
import type { FeedState, FeedStop } from '../../domain/feed-state.js';
import type { SyncError } from '../../domain/sync-error.js';
import type { CancelTimer } from '../../ports/clock.js';
import { Ok, type Result } from '../../result.js';
import { retryAfterMs } from '../../rules/retry-policy.js';
import type { EngineParts } from '../engine-parts.js';
import { KeptLease } from '../leases/kept-lease.js';
import type { FeedStatus } from '../sync-engine.js';
import { Turn } from '../leases/turn.js';

/** What one run of a feed read and found. */
export interface FeedRun {
  readonly read: number;
  readonly tasks: number;
  readonly stopped: FeedStop | null;
  /** What is odd, and keeps us from our job. */
  readonly warnings: readonly string[];
  /** What is odd, and keeps us from nothing. */
  readonly notes: readonly string[];
}

/** What a kind of feed is to the loop that drives it. */
export interface FeedSource {
  readonly feed: string;
  readonly bay: string | null;
  readonly calendarId: string | null;
  readonly everySeconds: number;
  /** It remembers something from run to run: the replica that ran it last goes on running it. */
  readonly sticky: boolean;
  /** One run, from the state as stored (null: the first ever). Saves what it has to remember itself. */
  run(state: FeedState | null): Promise<Result<FeedRun, SyncError>>;
}

/** What the engine wants to know of a feed's runs. */
export interface FeedHooks {
  /** The feed was read, here or by another replica. */
  readonly onRead?: () => void;
  /** The feed's state is gone though it was stored: the store was emptied. The run waits for the answer. */
  readonly onStoreEmptied?: () => Promise<void>;
}

/** Where another replica runs a feed, a woken one looks again this often whether it is its turn. */
const LOOK_AGAIN_MS: number = SECOND;
/** While the store is out of reach it is asked this often at least: asking costs nobody anything. */
const STORE_RETRY_MS: number = 5 * SECOND;

/**
 * The loop of one feed: runs it at its pace, at once when woken, never twice at the same time; tries again sooner
 * after a failure. Wakes that come during a run are one more run.
 *
 * ```
 * idle ──start──▶ waiting ──timer, wake──▶ running ──▶ waiting …
 *                    └────────stop────────────┴──▶ stopped (a run under way is finished)
 * ```
 *
 * Where replicas share the store, the timer counts for the one whose turn it is, and `run:<feed>` is the lease of the
 * one that is running the feed now. A woken replica runs the feed itself, whosever turn it is, and so does one that
 * starts: so nothing is missed that a replica was told of just before it died.
 */
export class Feed {
  readonly source: FeedSource;
  readonly #parts: EngineParts;
  readonly #hooks: FeedHooks;
  readonly #turn: Turn;
  readonly #runLease: KeptLease;
  #cancelTimer: CancelTimer | null = null;
  #timerAt: Instant = Infinity;
  #running: Promise<void> | null = null;
  /** The run, or the look at whose turn it is, that the timer has begun. */
  #timed: Promise<void> = Promise.resolve();
  #woken = false;
  /** A run that we were woken for has failed: it is made up for, whosever turn it is. */
  #owed = false;
  /** A person let the feed go on, and it has not run since. */
  #resumed = false;
  #stopped = false;
  #spread = false;
  #failures = 0;
  #lastSuccessAt: Instant | null = null;
  #lastError: SyncError | null = null;
  #lastRun: FeedRun | null = null;
  #stop: FeedStop | null = null;
  #elsewhere = false;
  /** The state was in the store when it was last read or written. */
  #hasState = false;
  /** Resolved at the next end of a run, or at the stop. */
  readonly #waiting = new Set<() => void>();

  constructor(source: FeedSource, parts: EngineParts, hooks: FeedHooks = {}) {
    this.source = source;
    this.#hooks = hooks;
    this.#parts = parts;
    const { feed: job, sticky } = source;
    this.#turn = new Turn({ job, sticky, everyMs: this.#everyMs() }, parts);
    this.#runLease = new KeptLease(`run:${job}`, parts);
  }

  /** Runs once now, then at its pace. Resolves after the first run, however it ended. */
  async start(): Promise<void> {
    this.#owed = true;
    this.#timed = this.#timedRun();
    await this.#timed;
  }

  /** Something may have changed: run now, or once more after the run that is under way. Resolves when that is done. */
  async wake(): Promise<void> {
    if (this.#stopped) return;
    if (this.#running) {
      this.#woken = true;
      await this.#running;
      return;
    }
    await this.#launch(false);
    if (this.#failures === 0 || this.#stopped) return;
    this.#owed = true;
    const at = this.#parts.clock.now() + this.#nextDelayMs();
    if (at < this.#timerAt) this.#setTimer(at);
  }

  /** Resolves when it has run again, here or (as far as we know) elsewhere, or was stopped. */
  nextRun(): Promise<void> {
    return this.#stopped ? Promise.resolve() : new Promise((resolve) => this.#waiting.add(resolve));
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    this.#release();
    await this.#timed;
    await this.#running;
    await this.#turn.giveUp();
  }

  /** A person lets it go on: the next run passes the guard. */
  async resume(): Promise<Result<void, SyncError>> {
    const { store, clock } = this.#parts;
    const { feed } = this.source;
    const state = await store.getFeedState(feed);
    if (state.err) return state;
    if (state.val?.stopped) {
      const saved = await store.putFeedState({ ...state.val, resumed: true, savedAt: clock.now() });
      if (saved.err) return saved;
      // A run under way, here or on another replica, may write over that: what we do next passes all the same.
      this.#resumed = true;
    }
    void this.wake();
    return Ok.EMPTY;
  }

  status(): FeedStatus {
    const { feed, bay, calendarId, everySeconds } = this.source;
    return {
      feed,
      bay,
      calendarId,
      everySeconds,
      lastSuccessAt: this.#lastSuccessAt,
      lastError: this.#lastError,
      stopped: this.#stop,
      warnings: this.#lastRun?.warnings ?? [],
      notes: this.#lastRun?.notes ?? [],
      elsewhere: this.#elsewhere,
    };
  }

  /** Why the service cannot rely on this feed; null when it can. */
  problem(): string | null {
    const { feed, everySeconds } = this.source;
    if (this.#stop) return `feed ${feed} was stopped by a guard: ${this.#stop.reason}`;
    if (this.#elsewhere) return null;
    if (this.#lastError) return `feed ${feed} fails: ${this.#lastError.message}`;
    const now = this.#parts.clock.now();
    if (this.#lastSuccessAt === null) return `feed ${feed} has not run yet`;
    const seconds = (now - this.#lastSuccessAt) / SECOND;
    if (seconds > 3 * everySeconds + 60) return `feed ${feed} is stale: it last ran ${Math.round(seconds)} s ago`;
    return null;
  }

  async #timedRun(): Promise<void> {
    if (this.#stopped) return;
    const turn = await this.#turn.take();
    // Whose turn it is cannot be known without the store; then the run fails for the same reason, and says so.
    const askAgainAt = turn.ok ? turn.val : null;
    if (this.#stopped) return;
    if (askAgainAt !== null) await this.#noteElsewhere();
    if (askAgainAt === null) await (this.#running ?? this.#launch(true));
    else if (this.#owed) await this.wake();
    this.#release();
    if (this.#stopped) return;
    const at = askAgainAt ?? (await this.#passOn());
    this.#setTimer(this.#owed ? Math.min(at, this.#parts.clock.now() + this.#nextDelayMs()) : at);
  }

  /** Answers when to ask for the next turn. The first ones are spread, so that the feeds of many bays do not stay in step. */
  #passOn(): Promise<Instant> {
    const { clock, random } = this.#parts;
    const spread = this.#spread || this.source.sticky ? 1 : 0.5 + 0.5 * random();
    this.#spread = true;
    return this.#turn.pass(clock.now() + this.#nextDelayMs() * spread);
  }

  /** Another replica has run it: what a guard said there counts here too. */
  async #noteElsewhere(): Promise<void> {
    this.#elsewhere = true;
    this.#failures = 0;
    this.#lastError = null;
    if (this.source.sticky) this.#lastRun = null;
    const state = await this.#parts.store.getFeedState(this.source.feed);
    if (state.ok) this.#stop = state.val?.stopped ?? null;
    if (state.ok && state.val?.syncToken) this.#hooks.onRead?.();
  }

  #release(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }

  /** Waits so long, or until the stop. */
  async #pause(ms: number): Promise<void> {
    const { clock } = this.#parts;
    const waited = new Promise<void>((resolve) => {
      const done = (): void => {
        cancel();
        this.#waiting.delete(done);
        resolve();
      };
      const cancel = clock.setTimer(ms, done);
      this.#waiting.add(done);
    });
    if (!this.#stopped) await waited;
  }

  #launch(timed: boolean): Promise<void> {
    this.#running = this.#runAll(timed).finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async #runAll(timed: boolean): Promise<void> {
    do {
      this.#woken = false;
      const taken = await this.#runLease.take();
      if (taken.err) {
        this.#failed(taken.val, this.#parts.clock.now());
      } else if (taken.val) {
        await this.#runOnce();
        await this.#runLease.leave(null);
      } else if (!timed) {
        // Another replica runs it, perhaps since before we were woken: our turn is next.
        await this.#pause(LOOK_AGAIN_MS);
        this.#woken = true;
      }
    } while (this.#woken && !this.#stopped);
  }

  async #runOnce(): Promise<void> {
    const { store, clock, emit } = this.#parts;
    const { feed } = this.source;
    const startedAt = clock.now();
    const resumed = this.#resumed;
    const state = await store.getFeedState(feed);
    const isEmptied = state.ok && state.val === null && this.#hasState;
    if (state.ok) this.#hasState = state.val !== null;
    if (isEmptied) await this.#hooks.onStoreEmptied?.();
    const run = state.err ? state : await this.source.run(resumed ? passing(state.val) : state.val);
    const at = clock.now();
    this.#elsewhere = false;
    if (run.err) return this.#failed(run.val, startedAt);
    if (resumed) this.#resumed = false;
    this.#owed = false;
    const { read, tasks, stopped, warnings, notes } = run.val;
    const before = this.#stop ?? (state.ok ? state.val?.stopped : null);
    this.#failures = 0;
    this.#lastError = null;
    this.#lastSuccessAt = at;
    this.#lastRun = run.val;
    this.#stop = stopped;
    this.#hasState = true;
    this.#hooks.onRead?.();
    const outcome = stopped ? 'stopped' : before ? 'resumed' : 'ok';
    const odd = [...warnings, ...notes];
    const detail = stopped?.reason ?? (odd.length > 0 ? odd.join('; ') : null);
    emit({ type: 'feed', at, feed, outcome, read, tasks, durationMs: at - startedAt, detail, error: null });
  }

  #failed(error: SyncError, startedAt: Instant): void {
    const { clock, emit } = this.#parts;
    const at = clock.now();
    this.#failures++;
    this.#lastError = error;
    const { feed } = this.source;
    emit({
      type: 'feed',
      at,
      feed,
      outcome: 'failed',
      read: 0,
      tasks: 0,
      durationMs: at - startedAt,
      detail: error.message,
      error,
    });
  }

  #setTimer(at: Instant): void {
    this.#cancelTimer?.();
    if (this.#stopped) return;
    const { clock } = this.#parts;
    this.#timerAt = at;
    this.#cancelTimer = clock.setTimer(Math.max(0, at - clock.now()), () => {
      this.#cancelTimer = null;
      this.#timerAt = Infinity;
      this.#timed = this.#timedRun();
    });
  }

  #everyMs(): number {
    return this.source.everySeconds * SECOND;
  }

  /** Its pace; sooner after a failure, but never in a storm. */
  #nextDelayMs(): number {
    const { settings, random } = this.#parts;
    if (this.#failures === 0) return this.#everyMs();
    const { baseMs, maxMs } = settings.retry;
    const backoff = Math.min(maxMs, baseMs * 2 ** Math.min(this.#failures, 30));
    const delay = Math.max(backoff * (0.5 + 0.5 * random()), retryAfterMs(this.#lastError));
    return Math.min(this.#everyMs(), delay, this.#lastError?.system === 'store' ? STORE_RETRY_MS : Infinity);
  }
}

/** The state with which a run passes the guard that stopped the feed. */
function passing(state: FeedState | null): FeedState | null {
  return state?.stopped ? { ...state, resumed: true } : state;
}
