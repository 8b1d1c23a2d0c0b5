import type { Instant, SyncError, SyncEvent, SyncObserver } from '@loft/sync-core';
import type { Logger } from 'pino';
import { hidePersonalText, hidePrivateFields } from './redaction.js';

type Level = 'debug' | 'info' | 'warn' | 'error';

interface Line {
  readonly level: Level;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

function iso(instant: Instant | null): string | null {
  return instant === null ? null : new Date(instant).toISOString();
}

/** A failure in the log: its kind, and the other system's answer. */
export function errorFields(error: SyncError): Readonly<Record<string, unknown>> {
  const { kind, system, method, message, status, reason, payload } = error;
  return {
    kind,
    system,
    method,
    message: hidePersonalText(message),
    status,
    reason: reason === undefined ? undefined : hidePersonalText(reason),
    payload: hidePrivateFields(payload),
  };
}

function withError(fields: Readonly<Record<string, unknown>>, error: SyncError | null): Line['fields'] {
  return error ? { ...fields, error: errorFields(error) } : fields;
}

const ACTION_LEVEL = { ok: 'info', retry: 'warn', 'dead-letter': 'error' } as const;
const TASK_LEVEL = { retry: 'warn', wait: 'debug', 'dead-letter': 'error' } as const;
const FEED_LEVEL = { ok: 'debug', failed: 'warn', stopped: 'error', resumed: 'info' } as const;
const CHANNEL_LEVEL = { opened: 'info', stopped: 'info', failed: 'warn' } as const;

/**
 * Formats an event of the engine as a log line. At `info` and above it contains ids and never a customer's name; the
 * other system's answer is included for failures only.
 */
function lineOf(event: SyncEvent): Line {
  switch (event.type) {
    case 'action': {
      const { action, direction, outcome, reason, appointmentId, calendarId, eventId, attempt, durationMs } = event;
      const fields = { action, direction, outcome, reason, appointmentId, calendarId, eventId, attempt, durationMs };
      return { level: ACTION_LEVEL[outcome], message: `${action} ${outcome}`, fields: withError(fields, event.error) };
    }
    case 'decision': {
      const { appointmentId, reason, quiet, detail } = event;
      // A detail is for the operator: a unit without a bay, a copy, an event of an unknown booking.
      const level = detail === null ? 'debug' : 'warn';
      return { level, message: `decided: ${reason}`, fields: { appointmentId, reason, quiet, detail } };
    }
    case 'call': {
      const { system, method, outcome, durationMs } = event;
      const fields = withError({ system, method, outcome, durationMs }, event.error);
      return { level: 'debug', message: `${system} ${method} ${outcome}`, fields };
    }
    case 'feed': {
      const { feed, outcome, read, tasks, durationMs, detail } = event;
      // A successful run with a detail has a warning, for example about an unreadable record.
      const hasWarning = outcome === 'ok' && detail !== null;
      const fields = withError({ feed, outcome, read, tasks, durationMs, detail }, event.error);
      return { level: hasWarning ? 'warn' : FEED_LEVEL[outcome], message: `feed ${feed} ${outcome}`, fields };
    }
    case 'task': {
      const { appointmentId, outcome, attempt } = event;
      const fields = withError({ appointmentId, outcome, attempt, dueAt: iso(event.dueAt) }, event.error);
      return { level: TASK_LEVEL[outcome], message: `task ${outcome}`, fields };
    }
    case 'channel': {
      const { calendarId, outcome, channelId } = event;
      const fields = withError({ calendarId, outcome, channelId, expiresAt: iso(event.expiresAt) }, event.error);
      return { level: CHANNEL_LEVEL[outcome], message: `channel ${outcome}`, fields };
    }
    case 'notice': {
      const { appointmentId, calendarId } = event;
      return { level: event.level, message: event.message, fields: { appointmentId, calendarId } };
    }
  }
}

/** Maximum of remembered lines; after that, repeats are logged once more. */
const MAX_LOGGED = 1000;

/** Logs the engine's events (docs/operating-contract.md#logs-and-metrics). */
export class LogObserver implements SyncObserver {
  readonly #log: Logger;
  /** Feeds whose last run failed: their next success is logged. */
  readonly #failing = new Set<string>();
  /** The warning of a feed's last run. It is logged again only if it changes. */
  readonly #warnings = new Map<string, string | null>();
  /** Logged decisions of a skipped change: they are made repeatedly, and logged once. */
  readonly #logged = new Set<string>();

  constructor(log: Logger) {
    this.#log = log;
  }

  onEvent(event: SyncEvent): void {
    // Calls are the most frequent events, and are logged for debugging only.
    if (event.type === 'call' && !this.#log.isLevelEnabled('debug')) return;
    const { level, message, fields } = lineOf(event);
    this.#log[this.#isRepeated(event) ? 'debug' : level](fields, message);
    if (event.type !== 'feed') return;
    if (event.outcome === 'failed') this.#failing.add(event.feed);
    else if (event.outcome === 'ok' && this.#failing.delete(event.feed)) {
      this.#log.info({ feed: event.feed, outcome: 'ok' }, `feed ${event.feed} has recovered`);
    }
  }

  #isRepeated(event: SyncEvent): boolean {
    if (event.type === 'feed' && event.outcome === 'ok') {
      const isSame = this.#warnings.get(event.feed) === event.detail;
      this.#warnings.set(event.feed, event.detail);
      return isSame;
    }
    if (event.type !== 'decision' || event.detail === null) return false;
    const key = `${event.appointmentId} ${event.detail}`;
    if (this.#logged.has(key)) return true;
    if (this.#logged.size >= MAX_LOGGED) this.#logged.clear();
    this.#logged.add(key);
    return false;
  }
}
