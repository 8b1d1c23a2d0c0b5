import type { Instant } from '../domain/instant.js';
import type { WallTime } from '../domain/zoned-time.js';

/**
 * The rules of the named time zones: they define the wall times of USchedule (docs/operating-contract.md#time-zones). A
 * runtime can contain old rules, so a host may bind newer ones than those of `Intl`.
 *
 * All methods are pure: the answer for one zone and one instant never changes within one process. `offsetAt` and
 * `instantsOf` throw a `RangeError` for a name that is no zone. Callers check names once with `isZone`, in the settings.
 */
export interface TimeZones {
  /** Source of the rules, as a short text: `Intl of Node 22.11.0`. */
  readonly source: string;
  /** Version of the tz database, such as `2026f`. Null if the source does not say. */
  readonly version: string | null;
  /** Is the name an IANA zone that this source contains? */
  isZone(name: string): boolean;
  /** Returns the UTC offset of the zone at an instant, in milliseconds; positive east of Greenwich. */
  offsetAt(instant: Instant, zone: string): number;
  /**
   * Returns the instants of a wall time in a zone, the earlier first: none if clocks skip it, two if clocks repeat it, else
   * one.
   */
  instantsOf(wall: WallTime, zone: string): readonly Instant[];
}
