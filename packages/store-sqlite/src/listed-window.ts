import type { BookingEventMap } from '@loft/sync-core';
import { compareCodePoints, type MapQuery } from '@loft/sync-core/store';

type Period = NonNullable<MapQuery['period']>;

/**
 * Caches the maps of the longest listed period, which is the window of the polls. It is read from the file once, and follows
 * each write. The file belongs to this process, so no other can change it.
 */
export class ListedWindow {
  readonly #read: (appointmentId: string) => BookingEventMap | null;
  #period: Period | null = null;
  #maps = new Map<string, BookingEventMap>();
  /** The same maps in the order of the file. The same object while no map has changed; null after a change. */
  #list: readonly BookingEventMap[] | null = null;
  /** Maps whose write was rolled back: they are read again. */
  readonly #unknown = new Set<string>();

  constructor(read: (appointmentId: string) => BookingEventMap | null) {
    this.#read = read;
  }

  /** The map was written, in a transaction that may be rolled back: then call `drop`. */
  written(map: BookingEventMap): void {
    if (this.#period) this.#put(map.uscheduleAppointmentId, map, this.#period);
  }

  /** The state of the map is unknown. */
  drop(appointmentId: string): void {
    if (this.#period) this.#unknown.add(appointmentId);
  }

  /** Maps were removed: the next list is read from the file. */
  clear(): void {
    this.#period = null;
  }

  /** @returns the current maps of the period; null if they must be read from the file */
  list(period: Period): readonly BookingEventMap[] | null {
    if (this.#period?.from !== period.from || this.#period.to !== period.to) return null;
    for (const appointmentId of this.#unknown) this.#put(appointmentId, this.#read(appointmentId), period);
    this.#unknown.clear();
    this.#list ??= [...this.#maps.values()].toSorted((a, b) =>
      compareCodePoints(a.uscheduleAppointmentId, b.uscheduleAppointmentId),
    );
    return this.#list;
  }

  /** Caches a list that was read from the file. */
  keep(period: Period, maps: readonly BookingEventMap[]): void {
    // A page of a day or a week does not replace the window.
    if (this.#period && length(period) < length(this.#period) / 2) return;
    this.#period = period;
    this.#list = maps;
    this.#maps = new Map(maps.map((map) => [map.uscheduleAppointmentId, map]));
    this.#unknown.clear();
  }

  #put(appointmentId: string, map: BookingEventMap | null, { from, to }: Period): void {
    this.#list = null;
    if (map !== null && map.base.start >= from && map.base.start < to) this.#maps.set(appointmentId, map);
    else this.#maps.delete(appointmentId);
  }
}

function length({ from, to }: Period): number {
  return to - from;
}
