import type { SyncError } from '../../domain/sync-error.js';
import type { CircuitCall } from './circuit-breakers.js';

/** Maximum number of events that are known to be refused by themselves. */
const MAX_OWN_REFUSALS = 1000;

/**
 * Tells a refusal (403) of one event from that of a calendar. A refused write is the event's own while the calendar takes
 * other writes: the last write of another event succeeded, or one succeeds later (docs/decision-table.md#guards).
 */
export class RefusedWrites {
  /** Calendars whose last write to another event succeeded. */
  readonly #accepting = new Set<string>();
  /** By calendar: the one event that was refused since then. */
  readonly #suspects = new Map<string, string>();
  /** Events that were refused while their calendar took other writes. */
  readonly #own = new Set<string>();

  /** The error, with the scope `event` where the calendar takes other writes. */
  scoped({ calendarId, writes, target }: CircuitCall, error: SyncError): SyncError {
    if (error.kind !== 'forbidden' || !writes || calendarId === null || error.scope) return error;
    const key = `${calendarId} ${target}`;
    const suspect = this.#suspects.get(calendarId);
    if (this.#own.has(key) || (suspect === target && this.#accepting.has(calendarId))) return asOwn(error);
    if (suspect === undefined) {
      this.#suspects.set(calendarId, target);
      return this.#accepting.has(calendarId) ? asOwn(error) : error;
    }
    // A second event is refused: it is the calendar.
    this.#accepting.delete(calendarId);
    return error;
  }

  /** A write to the calendar succeeded: what was refused before it was refused by itself. */
  succeeded(calendarId: string, target: string): void {
    const suspect = this.#suspects.get(calendarId);
    this.#suspects.delete(calendarId);
    this.#accepting.add(calendarId);
    if (suspect !== undefined && suspect !== target) this.#own.add(`${calendarId} ${suspect}`);
    this.#own.delete(`${calendarId} ${target}`);
    if (this.#own.size > MAX_OWN_REFUSALS) this.#own.clear();
  }
}

function asOwn(error: SyncError): SyncError {
  return { ...error, scope: 'event' };
}
