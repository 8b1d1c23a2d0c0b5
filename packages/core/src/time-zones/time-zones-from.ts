import { DAY, type Instant } from '../domain/instant.js';
import { wallAsUtc, type WallTime } from '../domain/zoned-time.js';
import type { TimeZones } from '../ports/time-zones.js';

/** A minimal source of zone rules. */
export interface OffsetSource {
  readonly source: string;
  readonly version: string | null;
  /** Is this the IANA name of a zone? */
  readonly isZone: (name: string) => boolean;
  /** Returns the UTC offset in milliseconds. May be slow. Throws a `RangeError` for a name that is no zone. */
  readonly offsetAt: (instant: Instant, zone: string) => number;
}

/** Maximum number of days cached per zone. */
const MAX_CACHED_DAYS = 5000;

/**
 * Creates `TimeZones` from a source of offsets. Offsets at the starts of UTC days are cached by zone, because a source can
 * be slow and all callers need the same few days.
 */
export function timeZonesFrom(from: OffsetSource): TimeZones {
  return new CachedTimeZones(from);
}

class CachedTimeZones implements TimeZones {
  readonly source: string;
  readonly version: string | null;
  readonly isZone: (name: string) => boolean;
  readonly #exactOffsetAt: OffsetSource['offsetAt'];
  /** By zone, then by UTC day. */
  readonly #dayOffsets = new Map<string, Map<number, number>>();

  constructor({ source, version, isZone, offsetAt }: OffsetSource) {
    this.source = source;
    this.version = version;
    this.isZone = isZone;
    this.#exactOffsetAt = offsetAt;
  }

  offsetAt(instant: Instant, zone: string): number {
    const day = Math.floor(instant / DAY);
    const atStart = this.#offsetAtDay(day, zone);
    return this.#offsetAtDay(day + 1, zone) === atStart ? atStart : this.#exactOffsetAt(instant, zone);
  }

  instantsOf(wall: WallTime, zone: string): readonly Instant[] {
    const utc = wallAsUtc(wall);
    // No zone changes its offset twice within two days, so the offsets one day before and after enclose a change.
    const before = this.offsetAt(utc - DAY, zone);
    const after = this.offsetAt(utc + DAY, zone);
    if (before === after) return [utc - before];
    const candidates = before > after ? [utc - before, utc - after] : [utc - after, utc - before];
    return candidates.filter((instant) => instant + this.offsetAt(instant, zone) === utc);
  }

  #offsetAtDay(day: number, zone: string): number {
    const offsets = this.#dayOffsets.get(zone) ?? new Map<number, number>();
    const cached = offsets.get(day);
    if (cached !== undefined) return cached;
    if (offsets.size >= MAX_CACHED_DAYS) offsets.clear();
    const offset = this.#exactOffsetAt(day * DAY, zone);
    this.#dayOffsets.set(zone, offsets.set(day, offset));
    return offset;
  }
}
