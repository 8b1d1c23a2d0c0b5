import type { BookingEventMap } from '@loft/sync-core';
import type { MapQuery } from '@loft/sync-core/store';

type Period = NonNullable<MapQuery['period']>;

/**
 * Caches the maps of the longest listed period, which is the window of the polls. It is read from the file once; a map
 * that has been written since is read again alone. The file belongs to this process, so no other can change it.
 */
export class ListedWindow {
  readonly #read: (appointmentId: string) => BookingEventMap | null;
  #period: Period | null = null;
  #maps = new Map<string, BookingEventMap>();
  /** Maps that were written since the list was read, including writes that were rolled back. */
  readonly #written = new Set<string>();

  constructor(read: (appointmentId: string) => BookingEventMap | null) {
    this.#read = read;
  }

  noteWritten(appointmentId: string): void {
    if (this.#period) this.#written.add(appointmentId);
  }

  /** Maps were removed: the next list is read from the file. */
  clear(): void {
    this.#period = null;
  }

  /** @returns the current maps of the period; null if they must be read from the file */
  list(period: Period): readonly BookingEventMap[] | null {
    if (this.#period?.from !== period.from || this.#period.to !== period.to) return null;
    for (const appointmentId of this.#written) {
      const map = this.#read(appointmentId);
      const isListed = map !== null && map.base.start >= period.from && map.base.start < period.to;
      if (isListed !== this.#maps.has(appointmentId)) {
        // The set of maps has changed: only the file has its order.
        this.#period = null;
        return null;
      }
      if (isListed) this.#maps.set(appointmentId, map);
    }
    this.#written.clear();
    return [...this.#maps.values()];
  }

  /** Caches a list that was read from the file. */
  keep(period: Period, maps: readonly BookingEventMap[]): void {
    // A page of a day or a week does not replace the window.
    if (this.#period && length(period) < length(this.#period) / 2) return;
    this.#period = period;
    this.#maps = new Map(maps.map((map) => [map.uscheduleAppointmentId, map]));
    this.#written.clear();
  }
}

function length({ from, to }: Period): number {
  return to - from;
}
