import type { BookingEventMap } from '../../domain/booking-event-map.js';
import { CANCELED_PREFIX } from '../../rules/event-text.js';

/** Checks that no write removes the customer name from a title, also while the records lack the name. */
export class TitleCheck {
  /** Events that were written with a name in their title. */
  readonly #named = new Set<string>();
  /** Events of appointment ids that were used again. */
  readonly #reused = new Set<string>();

  /** Call when an event is created or restored: its title may have no name. */
  forget(eventId: string): void {
    this.#named.delete(eventId);
  }

  /**
   * Call when an appointment id gets another booking: the name of its customer may be unknown, and the event must not show the
   * earlier one. An event that was transferred to another id keeps its name.
   */
  recycled(maps: readonly BookingEventMap[]): void {
    for (const map of maps) {
      if (map.supersededBy !== null) continue;
      this.forget(map.googleEventId);
      this.#reused.add(map.googleEventId);
    }
  }

  /**
   * Returns what is wrong with a title that is written, or null. If the store is outdated, its map may be that of the earlier
   * booking of a reused id.
   */
  faultOf(eventId: string, title: string | undefined, isStoreOutdated: boolean): string | null {
    if (title === undefined) return null;
    if (isStoreOutdated && this.#reused.has(eventId)) this.forget(eventId);
    const hasName = title.replace(CANCELED_PREFIX, '').trim() !== '';
    if (hasName) this.#named.add(eventId);
    return hasName || !this.#named.has(eventId) ? null : `the name was removed from the title of ${eventId}`;
  }
}
