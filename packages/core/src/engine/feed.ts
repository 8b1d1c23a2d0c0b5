import { SECOND, type Instant } from '../domain/instant.js';
import type { FeedState, FeedStop } from '../domain/feed-state.js';
import type { SyncError } from '../domain/sync-error.js';
import type { CancelTimer } from '../ports/clock.js';
import { Ok, type Result } from '../result.js';
import type { EngineParts } from './engine-parts.js';
import type { FeedStatus } from './sync-engine.js';

/** What one run of a feed read and found. */
export interface FeedRun {
  readonly read: number;
  readonly tasks: number;
  readonly stopped: FeedStop | null;
  readonly warnings: readonly string[];
}

/** What a kind of feed is to the loop that drives it. */
export interface FeedSource {
  readonly feed: string;
  readonly bay: string | null;
  readonly calendarId: string | null;
  readonly everySeconds: number;
  /** One run, from the state as stored (null: the first ever). Saves what it has to remember itself. */
  run(state: FeedState | null): Promise<Result<FeedRun, SyncError>>;
}

/** Where another replica runs a feed, its lease is asked for again this often. */
const LEASE_LOOK_MS: number = SECOND;

/**
 * The loop of one feed: runs it at its pace, at once when woken, never twice at the same time; tries again sooner
 * after a failure. Wakes that come during a run are one more run.
 *
 * ```
 * idle ──start──▶ waiting ──timer, wake──▶ running ──▶ waiting …
 *                    └────────stop────────────┴──▶ stopped (a run under way is finished)
 * ```
 *
 * Where replicas share the store, `timer:<feed>` is the lease of the one whose timer counts and `run:<feed>` that of
 * the one that is running it now; a woken replica runs the feed itself.
 */
export class Feed {
  readonly source: FeedSource;
  readonly #parts: EngineParts;
  #cancelTimer: CancelTimer | null = null;
  #running: Promise<void> | null = null;
  #woken = false;
  #stopped = false;
  #failures = 0;
  #lastSuccessAt: Instant | null = null;
  #lastError: SyncError | null = null;
  #lastRun: FeedRun | null = null;
  #stop: FeedStop | null = null;
  #runsElsewhere = false;
  /** Resolved at the next end of a run, or at the stop. */
  readonly #waiting = new Set<() => void>();

  constructor(source: FeedSource, parts: EngineParts) {
    this.source = source;
    this.#parts = parts;
  }

  /** Runs once now, then at its pace. Resolves after the first run, however it ended. */
  async start(): Promise<void> {
    await this.#timedRun();
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
    await this.#running;
    if (!this.#parts.store.shared) return;
    await this.#parts.store.releaseLease(`timer:${this.source.feed}`, this.#parts.owner);
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
    };
  }

  /** Why the service cannot rely on this feed; null when it can. */
  problem(): string | null {
    const { feed, everySeconds } = this.source;
    if (this.#stop) return `feed ${feed} was stopped by a guard: ${this.#stop.reason}`;
    if (this.#runsElsewhere) return null;
    if (this.#lastError) return `feed ${feed} fails: ${this.#lastError.message}`;
    const now = this.#parts.clock.now();
    if (this.#lastSuccessAt === null) return `feed ${feed} has not run yet`;
    const seconds = (now - this.#lastSuccessAt) / SECOND;
    if (seconds > 3 * everySeconds + 60) return `feed ${feed} is stale: it last ran ${Math.round(seconds)} s ago`;
    return null;
  }

  async #timedRun(): Promise<void> {
    if (this.#stopped) return;
    const mine = await this.#takeTimer();
    this.#runsElsewhere = !mine;
    if (mine) await (this.#running ?? this.#launch(true));
    this.#setTimer(mine ? this.#nextDelayMs() : Math.min(this.#everyMs(), this.#parts.leaseMs / 3));
    this.#release();
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

  async #takeTimer(): Promise<boolean> {
    const { store, owner, clock, leaseMs } = this.#parts;
    if (!store.shared) return true;
    const now = clock.now();
    const until = now + this.#nextDelayMs() + leaseMs;
    const taken = await store.acquireLease({ name: `timer:${this.source.feed}`, owner, until }, now);
    return taken.ok && taken.val;
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
      if (await this.#takeRun()) {
        await this.#runOnce();
        await this.#releaseRun();
      } else if (!timed) {
        // Another replica runs it, perhaps since before we were woken: our turn is next.
        await this.#pause(LEASE_LOOK_MS);
        this.#woken = true;
      }
    } while (this.#woken && !this.#stopped);
  }

  async #takeRun(): Promise<boolean> {
    const { store, owner, clock, leaseMs } = this.#parts;
    if (!store.shared) return true;
    const now = clock.now();
    const taken = await store.acquireLease({ name: `run:${this.source.feed}`, owner, until: now + leaseMs }, now);
    if (taken.ok) return taken.val;
    this.#failed(taken.val, now);
    return false;
  }

  async #releaseRun(): Promise<void> {
    const { store, owner } = this.#parts;
    if (store.shared) await store.releaseLease(`run:${this.source.feed}`, owner);
  }

  async #runOnce(): Promise<void> {
    const { store, clock, emit } = this.#parts;
    const { feed } = this.source;
    const startedAt = clock.now();
    const state = await store.getFeedState(feed);
    const run = state.err ? state : await this.source.run(state.val);
    const at = clock.now();
    if (run.err) return this.#failed(run.val, startedAt);
    const { read, tasks, stopped, warnings } = run.val;
    const before = this.#stop ?? (state.ok ? state.val?.stopped : null);
    this.#failures = 0;
    this.#lastError = null;
    this.#lastSuccessAt = at;
    this.#lastRun = run.val;
    this.#stop = stopped;
    const outcome = stopped ? 'stopped' : before ? 'resumed' : 'ok';
    const detail = stopped?.reason ?? (warnings.length > 0 ? warnings.join('; ') : null);
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

  #setTimer(delayMs: number): void {
    this.#cancelTimer?.();
    if (this.#stopped) return;
    this.#cancelTimer = this.#parts.clock.setTimer(delayMs, () => {
      this.#cancelTimer = null;
      void this.#timedRun();
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
    return Math.min(this.#everyMs(), Math.max(backoff * (0.5 + 0.5 * random()), this.#lastError?.retryAfterMs ?? 0));
  }
}
