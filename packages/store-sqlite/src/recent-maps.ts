import type { BookingEventMap } from '@loft/sync-core';

/** Maximum number of cached maps, and of cached events. */
const LIMIT = 5000;

/** Reads from the file. */
export interface MapFile {
  readonly read: (appointmentId: string) => BookingEventMap | null;
  readonly find: (eventId: string) => BookingEventMap | null;
}

/**
 * Caches the maps that were read or written last, also that there is none: a task reads the map of its appointment several
 * times, and the next list of the calendar contains the event that it wrote. The file belongs to this process, so a map changes
 * only by a write here.
 */
export class RecentMaps {
  readonly #file: MapFile;
  readonly #maps = new Map<string, BookingEventMap | null>();
  /** By event id: the appointment of its map, or null. Counts only while that map names the event. */
  readonly #ofEvents = new Map<string, string | null>();

  constructor(file: MapFile) {
    this.#file = file;
  }

  /** Must not be called inside a transaction: its writes may be rolled back. */
  get(appointmentId: string): BookingEventMap | null {
    const cached = this.#maps.get(appointmentId);
    if (cached !== undefined) return cached;
    const map = this.#file.read(appointmentId);
    this.#keep(appointmentId, map);
    return map;
  }

  /** Must not be called inside a transaction, either. */
  ofEvent(eventId: string): BookingEventMap | null {
    const cached = this.#ofEvents.get(eventId);
    if (cached === null) return null;
    const known = cached === undefined ? null : this.get(cached);
    if (known?.googleEventId === eventId) return known;
    const map = this.#file.find(eventId);
    if (map) this.#keep(map.uscheduleAppointmentId, map);
    this.#keepEvent(eventId, map?.uscheduleAppointmentId ?? null);
    return map;
  }

  /** The map was written, in a transaction that may be rolled back: then call `drop`. */
  written(map: BookingEventMap): void {
    const { uscheduleAppointmentId: id, googleEventId } = map;
    const isOnlyOne = this.#ofEvents.get(googleEventId) === null;
    this.drop(map);
    this.#keep(id, map);
    // If other maps share the event, the file knows which one counts.
    if (isOnlyOne) this.#keepEvent(googleEventId, id);
  }

  /** The state of the map is unknown. */
  drop({ uscheduleAppointmentId: id, googleEventId }: BookingEventMap): void {
    this.#maps.delete(id);
    this.#ofEvents.delete(googleEventId);
  }

  clear(): void {
    this.#maps.clear();
    this.#ofEvents.clear();
  }

  #keep(appointmentId: string, map: BookingEventMap | null): void {
    if (this.#maps.size >= LIMIT) this.#maps.clear();
    this.#maps.set(appointmentId, map);
  }

  #keepEvent(eventId: string, appointmentId: string | null): void {
    if (this.#ofEvents.size >= LIMIT) this.#ofEvents.clear();
    this.#ofEvents.set(eventId, appointmentId);
  }
}
