import type { Instant } from '../../domain/instant.js';
import type { StudioBooking } from '../studio-booking.js';
import { slotWords } from './rest-check.js';
import type { SameBooking } from './same-booking.js';

/** A time a booking had, and until when. */
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

/**
 * Every time a booking ever had. What we write to its event must be one of them, and not one that was over when we
 * last brought the two in step: such a write would take a change back that nobody took back.
 */
export class BookingHistory {
  readonly #same: SameBooking;
  readonly #versions = new Map<string, Version[]>();
  /** When a map was last stored with nothing under way. */
  readonly #syncedAt = new Map<string, Instant>();

  constructor(same: SameBooking) {
    this.#same = same;
  }

  /** To be called after every change. */
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

  /** What is wrong with a write of this time; null: nothing. `slack`: how old an answer may be, in milliseconds; `Infinity`: it may be of any time. */
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

  /** Was the booking ever at that time? */
  wasAt({ appointmentId, start, end }: ShownTime): boolean {
    return this.#chain(appointmentId).some((version) => version.start === start && version.end === end);
  }

  #chain(appointmentId: string): readonly Version[] {
    const root = this.#same.of(appointmentId);
    return [...this.#versions].flatMap(([id, versions]) => (this.#same.of(id) === root ? versions : []));
  }
}
