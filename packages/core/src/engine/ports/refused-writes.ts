import type { SyncError } from '../../domain/sync-error.js';
import type { CircuitCall } from './circuit-breakers.js';

/** Maximum number of events that are known to be refused individually. */
const MAX_OWN_REFUSALS = 1000;

/**
 * Distinguishes a refusal (403) of one event from that of a calendar. A refusal belongs to the event if its calendar accepts
 * other writes: the last write of another event succeeded, or a later one succeeds (docs/decision-table.md#guards).
 */
export class RefusedWrites {
  /** Calendars whose last write to another event succeeded. */
  readonly #accepting = new Set<string>();
  /** By calendar: the event that was refused since then. */
  readonly #suspects = new Map<string, string>();
  /** Events that were refused while their calendar accepted other writes. */
  readonly #own = new Set<string>();

  /** Returns the error, with the scope `event` if the calendar accepts other writes. */
  scoped({ calendarId, writes, target }: CircuitCall, error: SyncError): SyncError {
    if (error.kind !== 'forbidden' || !writes || calendarId === null || error.scope) return error;
    const key = `${calendarId} ${target}`;
    const suspect = this.#suspects.get(calendarId);
    if (this.#own.has(key) || (suspect === target && this.#accepting.has(calendarId))) return asOwn(error);
    if (suspect === undefined) {
      this.#suspects.set(calendarId, target);
      return this.#accepting.has(calendarId) ? asOwn(error) : error;
    }
    // A second event is refused: the refusal belongs to the calendar.
    this.#accepting.delete(calendarId);
    return error;
  }

  /**
   * Records a successful write to the calendar: the earlier refusal belongs to the event.
   *
   * @returns true if another event was refused since the last success
   */
  succeeded(calendarId: string, target: string): boolean {
    const suspect = this.#suspects.get(calendarId);
    this.#suspects.delete(calendarId);
    this.#accepting.add(calendarId);
    const isOfOther = suspect !== undefined && suspect !== target;
    if (isOfOther) this.#own.add(`${calendarId} ${suspect}`);
    this.#own.delete(`${calendarId} ${target}`);
    if (this.#own.size > MAX_OWN_REFUSALS) this.#own.clear();
    return isOfOther;
  }

  /**
   * A list says whether we may write to the calendar. The list of a calendar that refused two events does not show that we
   * may.
   */
  writable(calendarId: string, isWritable: boolean): void {
    if (!isWritable) this.#accepting.delete(calendarId);
    else if (!this.#suspects.has(calendarId)) this.#accepting.add(calendarId);
  }
}

function asOwn(error: SyncError): SyncError {
  return { ...error, scope: 'event' };
}

/**
 * Distinguishes too many calls to one calendar from too many calls of the account. The first "too many calls" counts for the
 * whole system. If another calendar answers after it, the next one counts for the calendar alone. A calendar that belongs to
 * no bay, or that has not answered since the start, counts alone at once, unless another one was limited just before.
 */
export class OwnLimits {
  /** By system: the calendar of the last "too many calls". */
  readonly #suspects = new Map<string, string>();
  /** Calendars that were limited while others answered. */
  readonly #own = new Set<string>();
  readonly #answered = new Set<string>();

  /** Returns the key of the circuit that "too many calls" opens. */
  limited({ system, calendarId, isClosed }: Pick<CircuitCall, 'system' | 'calendarId' | 'isClosed'>): string {
    if (calendarId === null) return system;
    if (isClosed || this.#own.has(calendarId)) return calendarId;
    const suspect = this.#suspects.get(system) ?? calendarId;
    this.#suspects.set(system, calendarId);
    return this.#answered.has(calendarId) || suspect !== calendarId ? system : calendarId;
  }

  succeeded(system: string, calendarId: string): void {
    this.#answered.add(calendarId);
    const suspect = this.#suspects.get(system);
    this.#own.delete(calendarId);
    if (suspect === undefined) return;
    this.#suspects.delete(system);
    if (suspect !== calendarId) this.#own.add(suspect);
  }
}
