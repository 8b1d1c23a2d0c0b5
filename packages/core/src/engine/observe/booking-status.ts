import type { BookingEventMap } from '../../domain/booking-event-map.js';
import type { Booking } from '../../domain/booking.js';
import type { Instant } from '../../domain/instant.js';
import type { SyncError } from '../../domain/sync-error.js';
import { Ok, type Result } from '../../result.js';
import type { Existence, Life } from '../../rules/situation.js';

/** Status of an appointment, as far as it is known. */
export interface ResolvedStatus {
  readonly life: Life;
  /** Blind: a checkout may be under way until then (docs/decision-table.md#row-1a). */
  readonly heldUntil?: Instant;
  /** A death that can be acted on alone (see `BookingReading`). */
  readonly sure: boolean;
}

/** The statuses of the records of one list. */
export interface ListedStatuses {
  of(booking: Booking): ResolvedStatus;
  /**
   * Stores what must outlast a restart, and deletes records that ended before `historyBefore`.
   *
   * @param spared appointments that a guard keeps from being cancelled: nothing is stored about their death
   */
  remember(spared: ReadonlySet<string>, historyBefore: Instant): Promise<Result<void, SyncError>>;
  /** Of the mirrored bookings: how many slots were read this time, and how many of them as free. */
  readonly slots: { readonly read: number; readonly free: number };
  /** Faults that keep the service from its job. */
  readonly warnings: readonly string[];
  /** Oddities that keep the service from nothing. */
  readonly notes: readonly string[];
}

/** Resolves the status of a booking: from its record where that is trusted, by `rules/liveness.ts` where it is blind. */
export interface StatusResolver {
  /** Status of a record that was read by its id. */
  read(booking: Booking): Promise<Result<ResolvedStatus, SyncError>>;
  /**
   * Whether a booking exists, after the answer to its creation or cancellation left that open: the repeat of a
   * cancellation that took effect is refused as well.
   */
  existence(booking: Booking): Promise<Result<Existence, SyncError>>;
  /** All records of one poll, with the maps of the same window. */
  list(
    bookings: readonly Booking[],
    maps: readonly BookingEventMap[],
    now: Instant,
  ): Promise<Result<ListedStatuses, SyncError>>;
}

/** Takes the status from the record. A dead booking is sure only when it was read by its id. */
export const trustStatus: StatusResolver = {
  read: async ({ status }) => Ok({ life: status, sure: true }),
  existence: async ({ status }) => Ok(status === 'dead' ? 'gone' : 'exists'),
  list: async (bookings) => {
    return Ok({
      of: ({ status }) => ({ life: status, sure: false }),
      remember: async () => Ok.EMPTY,
      slots: { read: 0, free: 0 },
      ...aboutStatus(bookings),
    });
  },
};

/** Names of records without a status in one warning, at most. */
const NAMED_WITHOUT_STATUS = 5;

function aboutStatus(bookings: readonly Booking[]): Pick<ListedStatuses, 'warnings' | 'notes'> {
  if (bookings.length > 0 && bookings.every(({ status }) => status === 'unknown')) {
    const hidden = 'no record has a status: this deployment hides it, set uschedule.status to "blind"';
    return { warnings: [hidden], notes: [] };
  }
  const silent = bookings.filter(({ missing }) => missing?.status).map(({ appointmentId }) => appointmentId);
  if (silent.length === 0) return { warnings: [], notes: [] };
  const named = silent.slice(0, NAMED_WITHOUT_STATUS).join(', ');
  const more = silent.length > NAMED_WITHOUT_STATUS ? ` and ${silent.length - NAMED_WITHOUT_STATUS} more` : '';
  const note = `appointment ${named}${more}: the record has no status, though others have; nothing is concluded from it`;
  return { warnings: [], notes: [note] };
}
