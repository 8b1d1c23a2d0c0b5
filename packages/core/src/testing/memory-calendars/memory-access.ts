import type { SyncErrorKind } from '../../domain/sync-error.js';

/** Our access to a calendar. `none`: it is not shared with us. */
export type MemoryAccess = 'none' | 'reader' | 'writer';

/** Our access to each calendar. */
export class MemoryAccesses {
  readonly #byCalendar = new Map<string, MemoryAccess>();

  /** @param access null if the calendar does not exist any more */
  set(calendarId: string, access: MemoryAccess | null): void {
    if (access === null) this.#byCalendar.delete(calendarId);
    else this.#byCalendar.set(calendarId, access);
  }

  of(calendarId: string): MemoryAccess {
    return this.#byCalendar.get(calendarId) ?? 'none';
  }

  /** Returns why we may not write to a calendar, or null if we may. */
  refusal(calendarId: string): SyncErrorKind | null {
    const access = this.of(calendarId);
    if (access === 'none') return 'not-found';
    return access === 'reader' ? 'forbidden' : null;
  }
}
