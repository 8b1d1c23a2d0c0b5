/**
 * Direction of the synchronization (docs/operating-contract.md#settings). `both`: changes are applied in both directions.
 * `to-google`: events follow bookings, and no edit or deletion of an event changes a booking.
 */
export type SyncWays = 'both' | 'to-google';

/**
 * Id of a unit in the booking system. Ids are opaque and compared as text: `5523` and `"5523"` are the same unit. An adapter
 * may use numbers or texts.
 */
export type UnitId = number | string;

/** Compares unit ids by their text. */
export function isSameUnit(a: UnitId, b: UnitId): boolean {
  return String(a) === String(b);
}

/**
 * One bay of the studio: a unit of the booking system and the Google calendar that shows its bookings. The list of bays in
 * the settings is the only source of routing.
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
  /** The service that this unit offers. Absent: the service of the studio. */
  readonly serviceId?: number | undefined;
  /** Direction of the changes of this bay. Absent: the direction of the studio (`rules.direction`). */
  readonly direction?: SyncWays | undefined;
}
