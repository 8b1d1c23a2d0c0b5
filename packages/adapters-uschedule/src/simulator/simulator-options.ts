import type { Instant, TimeZones } from '@loft/sync-core';
import type { StatusTrust } from '@loft/sync-core/adapters';
import type { StudioReschedule } from '@loft/sync-core/testing';

/** A unit as `resourceunits` lists it. */
export interface SimulatedUnit {
  readonly id: number;
  readonly description: string;
}

/** Format of `StartTime` and `EndTime`: wall time, with fractions of a second, with an offset, or in UTC. */
export type TimeStyle = 'wall' | 'fractions' | 'offset' | 'utc';

/** Traits that differ between deployments and studios. `configure` changes them at run time. */
export interface SimulatorBehaviour {
  /** `blind`: `StatusID` is 0 on every record, as on production. Default `trusted`. */
  readonly status: StatusTrust;
  /** `cancelappointment` answers 400 within this time before the start. Default null: never. */
  readonly cancellationHours: number | null;
  /** Default `same-id`. `off`: the method is not there (404). */
  readonly reschedule: StudioReschedule;
  /** The one key under which `cancelappointment` takes the id. Default `Id`. */
  readonly cancelKey: 'Id' | 'AppointmentID' | 'id';
  /** `cancelappointment` answers `Ok`, as text. Default false: JSON. */
  readonly textAnswers: boolean;
  /** What `getappointment` answers for an id it does not know. Default `not-found`: 404. */
  readonly unknownAppointment: 'not-found' | 'null';
  /** Which names `impersonateuser` takes for its field. Default `both`. */
  readonly impersonation: 'FieldName' | 'SearchField' | 'both';
  /** Default `wall`. */
  readonly timeStyle: TimeStyle;
  /** How long a checkout holds its slot. Default 5. */
  readonly holdMinutes: number;
  /** Minimum lead time of offered slots, in minutes. Default 60. */
  readonly leadMinutes: number;
  /** Interval of offered slots, in minutes. Default 15. */
  readonly slotMinutes: number;
  /** The services that each unit offers, by the unit's id; null, the default: all offer the account's one service. */
  readonly services: Readonly<Record<number, readonly number[]>> | null;
  /**
   * Fields of a record of `getappointment`. `as-listed`, the default: those of the list. `fuller`: those of the public
   * app's model, without the customer's name, the unit's name and the creation time.
   */
  readonly recordById: 'as-listed' | 'fuller';
  /** The field in which `Notes` come back. Default `Description`; with `Note`, that one holds the service's name. */
  readonly notesIn: 'Description' | 'Note';
  /** Maximum length of notes, in characters. Longer notes are cut off. Default null: no maximum. */
  readonly notesLimit: number | null;
}

/** Options of a simulator. All are optional. */
export interface SimulatorOptions extends Partial<SimulatorBehaviour> {
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** Default `loftgolf`. */
  readonly alias?: string;
  /** A secret that is missing is generated. */
  readonly applicationKey?: string;
  readonly username?: string;
  readonly password?: string;
  /** Default `America/Phoenix`. */
  readonly timeZone?: string;
  /** Rules of the time zones. Default `intlTimeZones()`. */
  readonly timeZones?: TimeZones;
  /** Default: bays 1 and 2 as units 5523 and 5524. */
  readonly units?: readonly SimulatedUnit[];
  /** Default 1. */
  readonly locationId?: number;
  /** Default 11. */
  readonly serviceId?: number;
  /** Default 60. */
  readonly serviceLengthMinutes?: number;
  /** The studio's clock. Default: the system's. */
  readonly now?: () => Instant;
}

export const DEFAULT_BEHAVIOUR: SimulatorBehaviour = {
  status: 'trusted',
  cancellationHours: null,
  reschedule: 'same-id',
  cancelKey: 'Id',
  textAnswers: false,
  unknownAppointment: 'not-found',
  impersonation: 'both',
  timeStyle: 'wall',
  holdMinutes: 5,
  leadMinutes: 60,
  slotMinutes: 15,
  services: null,
  recordById: 'as-listed',
  notesIn: 'Description',
  notesLimit: null,
};

/** A deployment like the studio's own, with every trait of production that is known (docs/uschedule.md). */
export const PRODUCTION: Partial<SimulatorOptions> = {
  status: 'blind',
  cancellationHours: 24,
  reschedule: 'off',
  cancelKey: 'AppointmentID',
  textAnswers: true,
  timeStyle: 'fractions',
  slotMinutes: 60,
  locationId: 11_274,
  services: { 5523: [35_371], 5524: [42_215] },
  recordById: 'fuller',
  notesIn: 'Note',
  notesLimit: 250,
};

export const DEFAULT_UNITS: readonly SimulatedUnit[] = [
  { id: 5523, description: 'Golf Simulator - Bay 1' },
  { id: 5524, description: 'Golf Simulator - Bay 2' },
];
