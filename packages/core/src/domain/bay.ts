/**
 * Which way changes are carried (operating contract, "Settings"): `to-google`: events follow bookings, and no edit or
 * deletion of an event changes a booking.
 */
export type SyncWays = 'both' | 'to-google';

/**
 * One bay of the studio: the unit of USchedule that is booked and the Google calendar that mirrors it.
 * All routing comes from the one list of these in the settings.
 */
export interface Bay {
  /** Short name, as written to the event's `bay` property: `"1"`. */
  readonly bay: string;
  /** Name for people: `"Bay 1"`. */
  readonly name: string;
  /** USchedule's resource unit. */
  readonly resourceUnitId: number;
  /** The Google calendar that mirrors this bay. */
  readonly calendarId: string;
  /** The service that this unit offers; not given: the one of the whole studio. */
  readonly serviceId?: number | undefined;
  /** Which way changes of this bay are carried; not given: as in the whole studio (`rules.direction`). */
  readonly direction?: SyncWays | undefined;
}
