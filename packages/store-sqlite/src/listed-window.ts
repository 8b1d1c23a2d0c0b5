import type { BookingEventMap } from '@loft/sync-core';
import type { MapQuery } from '@loft/sync-core/store';

type Period = NonNullable<MapQuery['period']>;

/**
 * The maps of the longest period that is asked for: the window of the polls. It is read from the file once; a map that
 * was written since is read again by itself. The file belongs to this process, so that no other one can change it.
 */
export class ListedWindow {
  readonly #read: (appointmentId: string) => BookingEventMap | null;
  #period: Period | null = null;
  #maps = new Map<string, BookingEventMap>();
  /** Written since the list was read, be it undone or not. */
  readonly #written = new Set<string>();

  constructor(read: (appointmentId: string) => BookingEventMap | null) {
    this.#read = read;
  }

  noteWritten(appointmentId: string): void {
    if (this.#period) this.#written.add(appointmentId);
  }

  /** The maps of the period as they are now; null: they have to be read from the file. */
  list(period: Period): readonly BookingEventMap[] | null {
    if (this.#period?.from !== period.from || this.#period.to !== period.to) return null;
    for (const appointmentId of this.#written) {
      const map = this.#read(appointmentId);
      const isListed = map !== null && map.base.start >= period.from && map.base.start < period.to;
      if (isListed !== this.#maps.has(appointmentId)) {
        // Another set of maps, in an order of the file's.
        this.#period = null;
        return null;
      }
      if (isListed) this.#maps.set(appointmentId, map);
    }
    this.#written.clear();
    return [...this.#maps.values()];
  }

  /** A list was read from the file. */
  keep(period: Period, maps: readonly BookingEventMap[]): void {
    // A page of a day or a week does not take the place of the window.
    if (this.#period && length(period) < length(this.#period) / 2) return;
    this.#period = period;
    this.#maps = new Map(maps.map((map) => [map.uscheduleAppointmentId, map]));
    this.#written.clear();
  }
}

function length({ from, to }: Period): number {
  return to - from;
}
