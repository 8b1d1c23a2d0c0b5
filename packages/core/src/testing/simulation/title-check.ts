import { CANCELED_PREFIX } from '../../rules/event-text.js';

/** No title loses the name of its customer, also while the records lack it. */
export class TitleCheck {
  /** Events that were written with a name in their title. */
  readonly #named = new Set<string>();

  /** The event is created, or its name is unknown. */
  forget(eventId: string): void {
    this.#named.delete(eventId);
  }

  /** Returns what is wrong with a title that is written, or null. */
  faultOf(eventId: string, title: string): string | null {
    const hasName = title.replace(CANCELED_PREFIX, '').trim() !== '';
    if (hasName) this.#named.add(eventId);
    return hasName || !this.#named.has(eventId) ? null : `the name was removed from the title of ${eventId}`;
  }
}
