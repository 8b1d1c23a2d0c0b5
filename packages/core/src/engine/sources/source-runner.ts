import { SECOND, type Instant } from '../../domain/instant.js';
import { type SyncError, bug } from '../../domain/sync-error.js';
import type { CancelTimer } from '../../ports/clock.js';
import { Ok, type Result } from '../../result.js';
import type { EngineParts } from '../engine-parts.js';
import { NamedLease, JobRotation } from '../replicas/leases.js';
import type { FeedStatus } from '../sync-engine.js';
import {
  afterFailure,
  afterRunElsewhere,
  afterSuccess,
  failureEvent,
  nextDelayMs,
  NO_RUN,
  problemOf,
  runEvent,
  statusOf,
  type SourceReport,
} from './source-report.js';
import type { Source, SourceHooks, SourceRun } from './source.js';
import { passing, resume, type ResumeOutcome } from './resume.js';
import { StoppablePause } from './stoppable-pause.js';

/** Interval at which a woken replica retries while another replica runs the source. */
const LEASE_RETRY_MS: number = SECOND;

type State = 'waiting' | 'running' | 'running, then again' | 'stopped';

/**
 * Runs one source at its interval, at once when woken, and never twice at the same time. Wakes during a run cause one more
 * run. After a failure the next run comes sooner.
 * ```
 * waiting ──timer, wake──▶ running ──end──▶ waiting
 *                           │   ▲
 *                         wake  └──end──┐
 *                           └──▶ running, then again
 * any ──stop──▶ stopped (the current run is completed)
 * ```
 *
 * With replicas on one store, the timer counts only for the elected replica, and `run:<feed>` is the lease of the current
 * run. A woken or starting replica runs the source itself, so that no wake is lost when another replica dies.
 */
export class SourceRunner {
  readonly source: Source;
  readonly #parts: EngineParts;
  readonly #hooks: SourceHooks;
  readonly #everyMs: number;
  readonly #rotation: JobRotation;
  readonly #runLease: NamedLease;
  #state: State = 'waiting';
  #report: SourceReport = NO_RUN;
  /** The current run. */
  #run: Promise<void> | null = null;
  /** The work that the timer has started. */
  #timed: Promise<void> = Promise.resolve();
  #timer: { readonly at: Instant; readonly cancel: CancelTimer } | null = null;
  /** An on-demand run failed: it is retried, also if another replica owns the schedule. */
  #mustRetry = false;
  /** An administrator resumed the source, and it has not run since. */
  #isResumed = false;
  #isFirstTurn = true;
  /** The state was in the store when it was last read or written. */
  #hasState = false;
  readonly #pause: StoppablePause;

  constructor(source: Source, parts: EngineParts, hooks: SourceHooks = {}) {
    this.source = source;
    this.#hooks = hooks;
    this.#parts = parts;
    const { feed: job, sticky } = source;
    this.#everyMs = source.everySeconds * SECOND;
    this.#rotation = new JobRotation({ job, sticky, everyMs: this.#everyMs }, parts);
    this.#pause = new StoppablePause(parts.clock);
    this.#runLease = new NamedLease(`run:${job}`, parts);
  }

  /** Runs once now, then at its interval. Resolves after the first run, successful or not. */
  async start(): Promise<void> {
    this.#mustRetry = true;
    this.#timed = this.#timedRun();
    await this.#timed;
  }

  /**
   * Runs now, or once more after the current run. Resolves after that run.
   *
   * @param isUrgent a person waits: calls of the current run that wait for the quota do not wait for other sources
   */
  async wake(isUrgent = false): Promise<void> {
    if (this.#is('stopped')) return;
    if (isUrgent) this.source.expedite?.(true);
    if (this.#run) {
      this.#state = 'running, then again';
      return this.#run;
    }
    await this.#launch(false);
    if (this.#report.failures === 0 || this.#is('stopped')) return;
    this.#mustRetry = true;
    const at = this.#parts.clock.now() + nextDelayMs(this.#report, this.#everyMs, this.#parts);
    if (at < (this.#timer?.at ?? Infinity)) this.#setTimer(at);
  }

  async stop(): Promise<void> {
    this.#state = 'stopped';
    this.#timer?.cancel();
    this.#timer = null;
    this.#pause.stop();
    await this.#timed;
    await this.#run;
    await this.#rotation.resign();
  }

  /**
   * Resumes the source: the next run passes the guard for the items in the list of the stop.
   *
   * @param version version of the confirmed list; absent: the current one
   */
  async resume(version?: string): Promise<Result<ResumeOutcome, SyncError>> {
    const stored = await resume(this.source.feed, version, this.#parts);
    if (stored.err) return stored;
    if (stored.val === 'changed') return Ok('changed');
    // A run in progress, here or on another replica, may overwrite that. The next run here passes anyway.
    if (stored.val === 'resumed') this.#isResumed = true;
    void this.wake();
    return Ok('resumed');
  }

  status(): FeedStatus {
    return statusOf(this.source, this.#report);
  }

  /** Returns why the source is not reliable now, or null. */
  problem(): string | null {
    return problemOf(this.source, this.#report, this.#parts.clock.now());
  }

  async #timedRun(): Promise<void> {
    if (this.#is('stopped')) return;
    const turn = await this.#rotation.take();
    // Without the store the election is unknown. Then the run fails for the same reason, and reports it.
    const askAgainAt = turn.ok ? turn.val : null;
    if (this.#is('stopped')) return;
    if (askAgainAt !== null) await this.#noteRunElsewhere();
    if (askAgainAt === null) await (this.#run ?? this.#launch(true));
    else if (this.#mustRetry) await this.wake();
    if (this.#is('stopped')) return;
    const at = askAgainAt ?? (await this.#passOn());
    this.#setTimer(
      this.#mustRetry
        ? Math.min(at, this.#parts.clock.now() + nextDelayMs(this.#report, this.#everyMs, this.#parts))
        : at,
    );
  }

  /**
   * Returns when to ask for the next run. The first intervals differ, so that the calendars of many bays are not read at the
   * same time.
   */
  #passOn(): Promise<Instant> {
    const { clock, random } = this.#parts;
    const share = this.#isFirstTurn && !this.source.sticky ? 0.5 + 0.5 * random() : 1;
    this.#isFirstTurn = false;
    return this.#rotation.pass(clock.now() + nextDelayMs(this.#report, this.#everyMs, this.#parts) * share);
  }

  async #noteRunElsewhere(): Promise<void> {
    const { feed, sticky } = this.source;
    const state = await this.#parts.store.getFeedState(feed);
    const stop = state.ok ? (state.val?.stopped ?? null) : this.#report.stop;
    this.#report = afterRunElsewhere(this.#report, stop, sticky);
    if (state.ok && state.val?.syncToken) this.#hooks.onRead?.();
  }

  #launch(isTimed: boolean): Promise<void> {
    this.#run = this.#runAll(isTimed).finally(() => {
      this.#run = null;
      this.source.expedite?.(false);
      if (!this.#is('stopped')) this.#state = 'waiting';
    });
    return this.#run;
  }

  async #runAll(isTimed: boolean): Promise<void> {
    do {
      this.#state = 'running';
      const taken = await this.#runLease.take();
      if (taken.err) {
        this.#failed(taken.val, this.#parts.clock.now());
      } else if (taken.val) {
        const startedAt = this.#parts.clock.now();
        await this.#runOnce().catch((thrown: unknown) => this.#failed(bug('run', thrown), startedAt));
        await this.#runLease.leave(null);
      } else if (!isTimed) {
        // Another replica runs the source, perhaps since before the wake. So this replica runs it next.
        await this.#pause.wait(LEASE_RETRY_MS);
        if (!this.#is('stopped')) this.#state = 'running, then again';
      }
    } while (this.#is('running, then again'));
  }

  async #runOnce(): Promise<void> {
    const { store, clock } = this.#parts;
    const startedAt = clock.now();
    const isResumed = this.#isResumed;
    const state = await store.getFeedState(this.source.feed);
    const isEmptied = state.ok && state.val === null && this.#hasState;
    if (state.ok) this.#hasState = state.val !== null;
    if (isEmptied) await this.#hooks.onStoreEmptied?.();
    const run = state.err ? state : await this.source.run(isResumed ? passing(state.val) : state.val);
    // Calls that waited for the quota when the engine stopped were not made. That is no failure.
    if (run.err && run.val.unsent && this.#is('stopped')) return;
    if (run.err) return this.#failed(run.val, startedAt);
    if (isResumed) this.#isResumed = false;
    const wasStopped = Boolean(this.#report.stop ?? (state.ok && state.val?.stopped));
    this.#succeeded(run.val, wasStopped, startedAt);
  }

  #succeeded(run: SourceRun, wasStopped: boolean, startedAt: Instant): void {
    const { clock, emit } = this.#parts;
    const at = clock.now();
    this.#mustRetry = false;
    this.#hasState = true;
    this.#report = afterSuccess(run, at);
    this.#hooks.onRead?.();
    emit(runEvent(this.source.feed, run, wasStopped, { startedAt, at }));
  }

  #failed(error: SyncError, startedAt: Instant): void {
    const { clock, emit } = this.#parts;
    this.#report = afterFailure(this.#report, error);
    emit(failureEvent(this.source.feed, error, { startedAt, at: clock.now() }));
  }

  #setTimer(at: Instant): void {
    this.#timer?.cancel();
    if (this.#is('stopped')) return;
    const { clock } = this.#parts;
    const cancel = clock.setTimer(Math.max(0, at - clock.now()), () => {
      this.#timer = null;
      this.#timed = this.#timedRun();
    });
    this.#timer = { at, cancel };
  }

  #is(state: State): boolean {
    return this.#state === state;
  }
}
