/**
 * Distinguishes too many calls to one calendar from too many calls of the account. The first "too many calls" counts for the
 * whole system. If another calendar answers after it, the next one counts for the calendar alone.
 */
export class OwnLimits {
  /** By system: the calendar of the last "too many calls". */
  readonly #suspects = new Map<string, string>();
  /** Calendars that were limited while others answered. */
  readonly #own = new Set<string>();

  /** Returns the key of the circuit that "too many calls" opens. */
  limited(system: string, calendarId: string | null): string {
    if (calendarId === null) return system;
    if (this.#own.has(calendarId)) return calendarId;
    this.#suspects.set(system, calendarId);
    return system;
  }

  succeeded(system: string, calendarId: string): void {
    const suspect = this.#suspects.get(system);
    this.#own.delete(calendarId);
    if (suspect === undefined) return;
    this.#suspects.delete(system);
    if (suspect !== calendarId) this.#own.add(suspect);
  }
}
