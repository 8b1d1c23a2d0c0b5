import type { BookingEventMap } from '../../domain/booking-event-map.js';
import type { Booking } from '../../domain/booking.js';
import type { Instant } from '../../domain/instant.js';
import type { SyncError } from '../../domain/sync-error.js';
import { Ok, type Result } from '../../result.js';
import type { LivenessVerdict } from '../../rules/liveness.js';
import type { BookingReading, Existence } from '../../rules/situation.js';

/** The known status of an appointment. */
export type ResolvedStatus = Omit<BookingReading, 'at' | 'booking'>;

/** The statuses of the records of one list. */
export interface ListedStatuses {
  of(booking: Booking): ResolvedStatus;
  /**
   * Stores the state that must survive a restart, and deletes records that ended before `historyBefore`.
   *
   * @param exceptFor appointments whose cancellation a guard holds back: nothing is stored about it
   */
  remember(exceptFor: ReadonlySet<string>, historyBefore: Instant): Promise<Result<void, SyncError>>;
  /** Number of slots of mirrored bookings that were read this time, and number of free ones among them. */
  readonly slots: { readonly read: number; readonly free: number };
  /** Faults that make the service not ready. */
  readonly warnings: readonly string[];
  /** Warnings that do not affect readiness. */
  readonly notes: readonly string[];
}

/** Resolves the status of a booking: from its record if the status is trusted, by `rules/liveness.ts` if it is blind. */
export interface StatusResolver {
  /** Returns the status of a record that was read by its id. */
  read(booking: Booking): Promise<Result<ResolvedStatus, SyncError>>;
  /**
   * Returns whether a booking exists after a creation or cancellation without a clear answer: a repeated cancellation is
   * refused as well.
   */
  existence(booking: Booking): Promise<Result<Existence, SyncError>>;
  /** Records that we have cancelled a booking without a map, because no map contains the cancellation. */
  noteCanceled(appointmentId: string, end: Instant): Promise<Result<void, SyncError>>;
  /** Resolves all records of one poll, with the maps of the same window. */
  list(
    bookings: readonly Booking[],
    maps: readonly BookingEventMap[],
    now: Instant,
  ): Promise<Result<ListedStatuses, SyncError>>;
}

/** Returns the status that the evidence of blind mode gives. */
export function resolvedStatus({ status, heldUntil: until }: LivenessVerdict, isIdReused: boolean): ResolvedStatus {
  return {
    status,
    sure: status === 'dead',
    ...(until === undefined ? {} : { heldUntil: until }),
    ...(isIdReused ? { idReused: true } : {}),
  };
}

/** Takes the status from the record. A dead booking is certain only if it was read by its id. */
export const trustStatus: StatusResolver = {
  read: async ({ status }) => Ok({ status, sure: true }),
  existence: async ({ status }) => Ok(status === 'dead' ? 'gone' : 'exists'),
  noteCanceled: async () => Ok.EMPTY,
  list: async (bookings) => {
    return Ok({
      of: ({ status }) => ({ status, sure: false }),
      remember: async () => Ok.EMPTY,
      slots: { read: 0, free: 0 },
      ...aboutStatus(bookings),
    });
  },
};

/** Maximum number of records without a status that one warning names. */
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
