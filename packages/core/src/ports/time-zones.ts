import type { Instant } from '../domain/instant.js';
import type { WallTime } from '../domain/wall-time.js';

/**
 * The rules of the named time zones: what a wall time of USchedule means (docs/operating-contract.md#time-zones). A
 * runtime
 * can carry old rules, so a host may bind newer ones than `Intl` has.
 *
 * All methods are pure: the answer for one zone and one instant never changes within one process. `offsetAt` and
 * `instantsOf` throw a `RangeError` for a name that is no zone; callers check names with `isZone` once, in the settings.
 */
export interface TimeZones {
  /** Where the rules come from, in a few words for a person: `Intl of Node 22.11.0`. */
  readonly source: string;
  /** Version of the tz database, such as `2026f`; null where the source does not say. */
  readonly version: string | null;
  /** Is it the name of an IANA zone that this source knows? */
  isZone(name: string): boolean;
  /** Offset of the zone's clocks from UTC at an instant, in milliseconds; positive east of Greenwich. */
  offsetAt(instant: Instant, zone: string): number;
  /**
   * The instants at which the zone's clocks show a wall time, the earlier first: none where clocks go forward over it,
   * two where clocks go back over it, else one.
   */
  instantsOf(wall: WallTime, zone: string): readonly Instant[];
}
