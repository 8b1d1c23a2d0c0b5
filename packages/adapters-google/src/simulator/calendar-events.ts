import type { Instant } from '@loft/sync-core';
import type { StoredEvent } from './stored-event.js';

/** Reads that can be set to show an older state. */
export type HeldRead = 'events.list' | 'events.get';

/** The state at a revision, which a held read shows. */
interface Hold {
  readonly revision: number;
  /** The earlier versions of the events that changed since; null: the event did not exist. */
  readonly before: Map<string, StoredEvent | null>;
}

interface Entry {
  /** A position or a revision: entries are in the order of their keys. */
  readonly key: number;
  readonly id: string;
}

/** Number of outdated entries of changes before they are dropped. */
const SLACK = 64;

/** Index of the first entry after a key. */
function firstAfter(entries: readonly Entry[], key: number): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((entries[middle]?.key ?? 0) > key) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The events of one calendar, in the order of their appearance and in that of their changes. */
export class CalendarEvents {
  readonly #events = new Map<string, StoredEvent>();
  readonly #appearances: Entry[] = [];
  #changes: Entry[] = [];
  readonly #exceptions = new Map<string, Set<string>>();
  #updatedAt: Instant = 0;
  readonly #holds = new Map<HeldRead, Hold>();

  /** Time of the last change. */
  get updatedAt(): Instant {
    return this.#updatedAt;
  }

  /** The current version of the event. */
  current(eventId: string): StoredEvent | undefined {
    return this.#events.get(eventId);
  }

  /** The version that a read shows, which may be held. */
  seenBy(read: HeldRead, eventId: string): StoredEvent | undefined {
    const before = this.#holds.get(read)?.before.get(eventId);
    return before === undefined ? this.#events.get(eventId) : (before ?? undefined);
  }

  /** The current version of every event, in the order of appearance. */
  all(): readonly StoredEvent[] {
    return this.#appearances.flatMap(({ id }) => this.#events.get(id) ?? []);
  }

  /** The exceptions of a series that are stored: moved, changed or cancelled instances. */
  exceptionsOf(seriesId: string): readonly StoredEvent[] {
    return [...(this.#exceptions.get(seriesId) ?? [])].flatMap((id) => this.#events.get(id) ?? []);
  }

  /** The revision up to which lists show changes; null: all of them. */
  listedUpTo(): number | null {
    return this.#holds.get('events.list')?.revision ?? null;
  }

  /** Events as lists show them that appeared after a position, in order. */
  *appearedAfter(position: number): Generator<StoredEvent> {
    for (let index = firstAfter(this.#appearances, position); index < this.#appearances.length; index++) {
      const event = this.seenBy('events.list', this.#appearances[index]?.id ?? '');
      if (event) yield event;
    }
  }

  /** Events as lists show them that changed after a revision, in the order of their last change. */
  *changedAfter(revision: number): Generator<StoredEvent> {
    for (let index = firstAfter(this.#changes, revision); index < this.#changes.length; index++) {
      const entry = this.#changes[index];
      const event = entry && this.seenBy('events.list', entry.id);
      if (event?.revision === entry?.key && event) yield event;
    }
  }

  put(event: StoredEvent): void {
    const old = this.#events.get(event.id);
    this.#updatedAt = event.updatedAt;
    for (const { before } of this.#holds.values()) if (!before.has(event.id)) before.set(event.id, old ?? null);
    this.#events.set(event.id, event);
    if (!old) this.#appearances.push({ key: event.position, id: event.id });
    this.#changes.push({ key: event.revision, id: event.id });
    const { recurringEventId } = event.fields;
    if (typeof recurringEventId === 'string') this.#noteException(recurringEventId, event.id);
    const isWasteful = this.#changes.length > 2 * this.#events.size + SLACK;
    if (isWasteful && this.#holds.size === 0) {
      this.#changes = this.#changes.filter(({ key, id }) => this.#events.get(id)?.revision === key);
    }
  }

  /** Changes how an event is listed, without a change of the event. */
  amend(event: StoredEvent): void {
    this.#events.set(event.id, event);
  }

  hold(read: HeldRead, revision: number): void {
    if (!this.#holds.has(read)) this.#holds.set(read, { revision, before: new Map() });
  }

  release(read: HeldRead): void {
    this.#holds.delete(read);
  }

  #noteException(seriesId: string, eventId: string): void {
    const ids = this.#exceptions.get(seriesId) ?? new Set();
    this.#exceptions.set(seriesId, ids.add(eventId));
  }
}
