import type { BookingEventMap } from '@loft/sync-core';

/** Maximum number of cached maps. */
const LIMIT = 500;

/**
 * Caches the maps that were read last, also that there is none: a task reads the map of its appointment several times. The file
 * belongs to this process, so a map changes only by a write here.
 */
export class RecentMaps {
  readonly #read: (appointmentId: string) => BookingEventMap | null;
  readonly #maps = new Map<string, BookingEventMap | null>();

  constructor(read: (appointmentId: string) => BookingEventMap | null) {
    this.#read = read;
  }

  /** Must not be called inside a transaction: its writes may be rolled back. */
  get(appointmentId: string): BookingEventMap | null {
    const cached = this.#maps.get(appointmentId);
    if (cached !== undefined) return cached;
    const map = this.#read(appointmentId);
    if (this.#maps.size >= LIMIT) this.#maps.clear();
    this.#maps.set(appointmentId, map);
    return map;
  }

  /** The map is about to be written. */
  drop(appointmentId: string): void {
    this.#maps.delete(appointmentId);
  }

  clear(): void {
    this.#maps.clear();
  }
}
