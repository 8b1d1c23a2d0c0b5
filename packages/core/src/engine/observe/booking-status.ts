import type { BookingEventMap } from '../../domain/booking-event-map.js';
import type { Booking } from '../../domain/booking.js';
import type { Instant } from '../../domain/instant.js';
import type { SyncError } from '../../domain/sync-error.js';
import { Ok, type Result } from '../../result.js';
import type { Existence, Life } from '../../rules/situation.js';

/** How an appointment was judged. */
export interface Judgement {
  readonly life: Life;
  /** Blind: a checkout may be under way until then (docs/decision-table.md#row-1a). */
  readonly heldUntil?: Instant;
  /** A death that can be acted on alone (see `BookingReading`). */
  readonly sure: boolean;
}

/** The records of one list, judged together. */
export interface ListJudgement {
  of(booking: Booking): Judgement;
  /**
   * Stores what has to be remembered. `spared`: the appointments that a guard keeps from being cancelled; nothing is
   * remembered of their death. What ended before `historyBefore` cannot come back and is forgotten.
   */
  remember(spared: ReadonlySet<string>, historyBefore: Instant): Promise<Result<void, SyncError>>;
  /** Of the mirrored bookings: how many slots were read this time, and how many of them as free. */
  readonly slots: { readonly read: number; readonly free: number };
  /** What keeps us from our job, in words. */
  readonly warnings: readonly string[];
  /** What is odd, in words, and keeps us from nothing. */
  readonly notes: readonly string[];
}

/** What can be said of a booking after a write to it, or one that made it, came to no clear end. */
export type Standing = Existence;

/** Tells the living from the dead: by their status where it is trusted, by `rules/liveness.ts` where it is blind. */
export interface Judge {
  /** One record that was read by its id. */
  read(booking: Booking): Promise<Result<Judgement, SyncError>>;
  /**
   * Whether a booking stands that we have asked the system to make or to cancel, where its answer leaves that open: a
   * cancellation is refused also when it is the repeat of one that went through.
   */
  stands(booking: Booking): Promise<Result<Standing, SyncError>>;
  /** All records of one poll, with the maps of the same window. */
  list(
    bookings: readonly Booking[],
    maps: readonly BookingEventMap[],
    now: Instant,
  ): Promise<Result<ListJudgement, SyncError>>;
}

/** Where the booking system's status can be believed, it is the judgement. A death is sure only when read by id. */
export const trustStatus: Judge = {
  read: async ({ status }) => Ok({ life: status, sure: true }),
  stands: async ({ status }) => Ok(status === 'dead' ? 'gone' : 'exists'),
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

function aboutStatus(bookings: readonly Booking[]): Pick<ListJudgement, 'warnings' | 'notes'> {
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
