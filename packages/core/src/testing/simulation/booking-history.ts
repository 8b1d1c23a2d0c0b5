import type { BookingEventMap } from '../../domain/booking-event-map.js';
import { HOUR, SECOND, type Instant } from '../../domain/instant.js';
import type { StudioBooking } from '../studio-booking.js';
import { slotWords } from './rest-check.js';
import type { SameBooking } from './same-booking.js';

/** A time of a booking, and its end of validity. */
interface Version {
  readonly start: Instant;
  readonly end: Instant;
  until: Instant | null;
  endedBy: 'people' | 'us' | null;
}

/** A time that we wrote to an event. */
export interface ShownTime {
  readonly appointmentId: string;
  readonly start: Instant;
  readonly end: Instant;
}

/** The echo window of our own write to a booking, and a slow call. */
const ECHO_MS = 25 * SECOND;

/**
 * Does the event get the time at which we left its booking a moment ago? Within the echo window a revert shows that time, also
 * if a customer has changed the booking since (docs/decision-table.md#echoes-and-loops).
 */
export function isAsWeLeftIt(maps: readonly BookingEventMap[], { start, end }: ShownTime, now: Instant): boolean {
  return maps.some(
    ({ bookingWrittenAt, base }) =>
      bookingWrittenAt !== null && now < bookingWrittenAt + ECHO_MS && base.start === start && base.end === end,
  );
}

/**
 * All times that a booking ever had. A write to its event must use one of them, and not one that had ended before the last
 * synchronization: such a write would revert a change without a user's request.
 */
export class BookingHistory {
  readonly #same: SameBooking;
  readonly #versions = new Map<string, Version[]>();
  /** When a map was last stored without an intent. */
  readonly #syncedAt = new Map<string, Instant>();
  /** Appointments whose events were inserted with the usual length. */
  readonly #ofUsualLength = new Set<string>();

  constructor(same: SameBooking) {
    this.#same = same;
  }

  /** Call after every change. */
  record(bookings: readonly StudioBooking[], by: 'people' | 'us', now: Instant): void {
    for (const { id, start, end, state } of bookings) {
      const versions = this.#versions.get(id) ?? [];
      this.#versions.set(id, versions);
      const last = versions.at(-1);
      const live = state === 'live';
      if (last && last.until === null && (!live || last.start !== start || last.end !== end)) {
        last.until = now;
        last.endedBy = by;
      }
      if (live && versions.at(-1)?.until !== null) versions.push({ start, end, until: null, endedBy: null });
    }
  }

  synced(appointmentId: string, at: Instant): void {
    this.#syncedAt.set(appointmentId, at);
  }

  /**
   * Returns what is wrong with a write of this time, or null. `slack`: maximum age of an answer in milliseconds; `Infinity`:
   * any.
   */
  faultOf({ appointmentId, start, end }: ShownTime, slack: number): string | null {
    const written = slotWords({ start, end });
    const matching = this.#chain(appointmentId).filter((version) => version.start === start && version.end === end);
    if (matching.length === 0) return `${written} was written for booking ${appointmentId}, which was never then`;
    if (slack === Infinity || matching.some(({ until }) => until === null)) return null;
    const last = matching.reduce((a, b) => ((b.until ?? 0) > (a.until ?? 0) ? b : a));
    if (last.endedBy === 'us') return `${written} was written for booking ${appointmentId}, from where we had moved it`;
    const syncedAt = this.#syncedAt.get(appointmentId);
    if (syncedAt === undefined || (last.until ?? 0) >= syncedAt - slack) return null;
    return `${written} was written for booking ${appointmentId}, which had been moved from there before`;
  }

  /**
   * While its end is missing, a booking keeps its known length: one that it ever had, or, if its event was inserted meanwhile,
   * the usual one, until a whole record is written (docs/decision-table.md#missing-is-not-empty).
   */
  mayLackEnd(shown: ShownTime, isInsert: boolean): boolean {
    const { appointmentId, start, end } = shown;
    const chain = this.#chain(appointmentId);
    const isUsual = isInsert || this.#ofUsualLength.has(appointmentId);
    const lengths = [...(isUsual ? [HOUR] : []), ...chain.map((version) => version.end - version.start)];
    if (!this.startsAt(shown) || !lengths.includes(end - start)) return false;
    if (this.wasAt(shown)) this.#ofUsualLength.delete(appointmentId);
    else if (isInsert) this.#ofUsualLength.add(appointmentId);
    return true;
  }

  /** Did the booking ever start then? */
  startsAt({ appointmentId, start }: ShownTime): boolean {
    return this.#chain(appointmentId).some((version) => version.start === start);
  }

  /** Did the booking ever have that time? */
  wasAt({ appointmentId, start, end }: ShownTime): boolean {
    return this.#chain(appointmentId).some((version) => version.start === start && version.end === end);
  }

  #chain(appointmentId: string): readonly Version[] {
    const root = this.#same.of(appointmentId);
    return [...this.#versions].flatMap(([id, versions]) => (this.#same.of(id) === root ? versions : []));
  }
}
