import type { FeedStop } from '../../domain/feed-state.js';
import { SECOND, type Instant } from '../../domain/instant.js';
import type { SyncError } from '../../domain/sync-error.js';
import type { SyncEvent } from '../../domain/sync-event.js';
import { retryAfterMs } from '../../rules/retry-policy.js';
import type { EngineParts } from '../engine-parts.js';
import type { FeedStatus } from '../sync-engine.js';
import type { Source, SourceRun } from './source.js';

/** Maximum wait before the next run while the store is not reachable. */
const STORE_RETRY_MS: number = 5 * SECOND;

/** The reported state of a source: an immutable value, replaced after each run. */
export interface SourceReport {
  /** Number of consecutive failed runs. */
  readonly failures: number;
  /** End of the last successful run. Null if there was none since the start. */
  readonly lastSuccessAt: Instant | null;
  readonly lastError: SyncError | null;
  readonly lastRun: SourceRun | null;
  readonly stop: FeedStop | null;
  /** Another replica ran the source last. */
  readonly ranElsewhere: boolean;
}

/** The report of a source that has not run. */
export const NO_RUN: SourceReport = {
  failures: 0,
  lastSuccessAt: null,
  lastError: null,
  lastRun: null,
  stop: null,
  ranElsewhere: false,
};

/** The report after a successful run. */
export function afterSuccess(run: SourceRun, at: Instant): SourceReport {
  return {
    failures: 0,
    lastSuccessAt: at,
    lastError: null,
    lastRun: run,
    stop: run.stopped,
    ranElsewhere: false,
  };
}

/** The report after a failed run. */
export function afterFailure(report: SourceReport, error: SyncError): SourceReport {
  return { ...report, failures: report.failures + 1, lastError: error, ranElsewhere: false };
}

/**
 * Returns the report after another replica has run the source.
 *
 * @param stop the stored stop of a guard
 */
export function afterRunElsewhere(report: SourceReport, stop: FeedStop | null, isSticky: boolean): SourceReport {
  const lastRun = isSticky ? null : report.lastRun;
  return { ...report, failures: 0, lastError: null, lastRun, stop, ranElsewhere: true };
}

/** Returns the report in the form of `GET /admin/status`. */
export function statusOf({ feed, bay, calendarId, everySeconds }: Source, report: SourceReport): FeedStatus {
  const { lastSuccessAt, lastError, lastRun, stop, ranElsewhere } = report;
  return {
    feed,
    bay,
    calendarId,
    everySeconds,
    lastSuccessAt,
    lastError,
    stopped: stop,
    warnings: lastRun?.warnings ?? [],
    notes: lastRun?.notes ?? [],
    elsewhere: ranElsewhere,
  };
}

/**
 * Returns why the source is not reliable now.
 *
 * @returns null if it is reliable
 */
export function problemOf({ feed, everySeconds }: Source, report: SourceReport, now: Instant): string | null {
  const { stop, ranElsewhere, lastError, lastSuccessAt } = report;
  if (stop) return `feed ${feed} was stopped by a guard: ${stop.reason}`;
  if (ranElsewhere) return null;
  if (lastError) return `feed ${feed} fails: ${lastError.message}`;
  if (lastSuccessAt === null) return `feed ${feed} has not run yet`;
  const seconds = (now - lastSuccessAt) / SECOND;
  return seconds > 3 * everySeconds + 60 ? `feed ${feed} is stale: it last ran ${Math.round(seconds)} s ago` : null;
}

/** Milliseconds until the next run: the interval; sooner after a failure, with exponential backoff. */
export function nextDelayMs(
  { failures, lastError }: SourceReport,
  everyMs: number,
  { settings, random }: Pick<EngineParts, 'settings' | 'random'>,
): number {
  const { baseMs, maxMs } = settings.retry;
  if (failures === 0) return everyMs;
  const backoff = Math.min(maxMs, baseMs * 2 ** Math.min(failures, 30));
  const delay = Math.max(backoff * (0.5 + 0.5 * random()), retryAfterMs(lastError));
  return Math.min(everyMs, delay, lastError?.system === 'store' ? STORE_RETRY_MS : Infinity);
}

/** The times of a run. */
interface RunTimes {
  readonly startedAt: Instant;
  readonly at: Instant;
}

/** Returns the event of a successful run. */
export function runEvent(feed: string, run: SourceRun, wasStopped: boolean, { startedAt, at }: RunTimes): SyncEvent {
  const { read, tasks, stopped, warnings, notes } = run;
  const outcome = stopped ? 'stopped' : wasStopped ? 'resumed' : 'ok';
  const detail = stopped?.reason ?? ([...warnings, ...notes].join('; ') || null);
  return { type: 'feed', at, feed, outcome, read, tasks, durationMs: at - startedAt, detail, error: null };
}

/** Returns the event of a failed run. */
export function failureEvent(feed: string, error: SyncError, { startedAt, at }: RunTimes): SyncEvent {
  const counts = { feed, read: 0, tasks: 0, durationMs: at - startedAt };
  return { type: 'feed', at, outcome: 'failed', ...counts, detail: error.message, error };
}
