import type { BookingEventMap } from '../../domain/booking-event-map.js';
import { CANCELED_PREFIX } from '../../rules/event-text.js';

/** Checks that no write removes the customer name from a title, also while the records lack the name. */
export class TitleCheck {
  /** Events that were written with a name in their title. */
  readonly #named = new Set<string>();

  /** Call when an event is created or restored: its title may have no name. */
  forget(eventId: string): void {
    this.#named.delete(eventId);
  }

  /**
   * Call when an appointment id gets another booking: the name of its customer may be unknown, and the event must not show the
   * earlier one. An event that was transferred to another id keeps its name.
   */
  recycled(maps: readonly BookingEventMap[]): void {
    for (const map of maps) if (map.supersededBy === null) this.forget(map.googleEventId);
  }

  /** Returns what is wrong with a title that is written, or null. */
  faultOf(eventId: string, title: string): string | null {
    const hasName = title.replace(CANCELED_PREFIX, '').trim() !== '';
    if (hasName) this.#named.add(eventId);
    return hasName || !this.#named.has(eventId) ? null : `the name was removed from the title of ${eventId}`;
  }
}
