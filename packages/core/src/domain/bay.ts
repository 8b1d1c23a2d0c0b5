/**
 * Which way changes are carried (docs/operating-contract.md#settings): `to-google`: events follow bookings, and no
 * edit or
 * deletion of an event changes a booking.
 */
export type SyncWays = 'both' | 'to-google';

/**
 * Id of a unit in the booking system: opaque, compared by its text, so `5523` and `"5523"` are the same unit. An adapter
 * may give and take numbers or texts.
 */
export type UnitId = number | string;

/** Compares unit ids by their text. */
export function isSameUnit(a: UnitId, b: UnitId): boolean {
  return String(a) === String(b);
}

/**
 * One bay of the studio: the unit of USchedule that is booked and the Google calendar that mirrors it.
 * All routing comes from the one list of these in the settings.
 */
export interface Bay {
  /** Short name, as written to the event's `bay` property: `"1"`. */
  readonly bay: string;
  /** Name for people: `"Bay 1"`. */
  readonly name: string;
  /** The unit in the booking system. */
  readonly resourceUnitId: UnitId;
  /** The Google calendar that mirrors this bay. */
  readonly calendarId: string;
  /** The service that this unit offers; not given: the one of the whole studio. */
  readonly serviceId?: number | undefined;
  /** Which way changes of this bay are carried; not given: as in the whole studio (`rules.direction`). */
  readonly direction?: SyncWays | undefined;
}
