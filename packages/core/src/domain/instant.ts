/** A point in time: milliseconds since 1970-01-01T00:00:00Z. The core has no other representation of time. */
export type Instant = number;

/** A second, in milliseconds. */
export const SECOND = 1000;
/** A minute, in milliseconds. */
export const MINUTE: number = 60 * SECOND;
/** An hour, in milliseconds. */
export const HOUR: number = 60 * MINUTE;
/** 24 hours, in milliseconds. A local day may be longer or shorter: see `startOfDay`. */
export const DAY: number = 24 * HOUR;

/** A half-open period: includes `from`, excludes `to`. */
export interface Period {
  readonly from: Instant;
  readonly to: Instant;
}
