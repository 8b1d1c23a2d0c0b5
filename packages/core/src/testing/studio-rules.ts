import type { UnitId } from '../domain/bay.js';
import type { TimeZones } from '../ports/time-zones.js';
import { intlTimeZones } from '../time-zones/intl-time-zones.js';

/** How a studio moves a booking: the record changes, or a new one replaces it. `off`: only users can, not the API. */
export type StudioReschedule = 'same-id' | 'new-id' | 'off';

/** The options of a studio. They may be changed during a test. */
export interface StudioRules {
  readonly timeZone: string;
  readonly timeZones: TimeZones;
  /** The resource units. */
  readonly units: readonly UnitId[];
  readonly serviceLengthMinutes: number;
  /** Distance of the offered slots. */
  readonly slotMinutes: number;
  /** Minimum time between now and the start of an offered slot. */
  readonly leadMinutes: number;
  /** Period in which a checkout holds its slot. */
  readonly holdMinutes: number;
  /** Minimum time before its start in which the API cannot cancel a booking. Null: no limit. */
  readonly cancellationHours: number | null;
  readonly reschedule: StudioReschedule;
  /** The services of each unit. Null: every unit offers every service. */
  readonly services: ReadonlyMap<UnitId, readonly number[]> | null;
  /** Maximum length of notes, in characters. Longer notes are cut off. Null: no limit. */
  readonly notesLimit: number | null;
}

/** Two bays in Phoenix, one-hour bookings, and no cancellation window. */
export const DEFAULT_STUDIO_RULES: StudioRules = {
  timeZone: 'America/Phoenix',
  timeZones: intlTimeZones(),
  units: [5523, 5524],
  serviceLengthMinutes: 60,
  slotMinutes: 15,
  leadMinutes: 60,
  holdMinutes: 5,
  cancellationHours: null,
  reschedule: 'same-id',
  services: null,
  notesLimit: null,
};

/** Why the studio refuses a request. */
export interface StudioRefusal {
  readonly refused:
    'unknown-appointment' | 'unknown-unit' | 'unknown-service' | 'slot-taken' | 'not-live' | 'too-late' | 'unsupported';
  readonly reason: string;
}
