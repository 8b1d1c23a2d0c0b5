import type { UnitId } from '../../domain/bay.js';
import type { Instant } from '../../domain/instant.js';

/** `toPast`: an event is dragged into the past. `ofPast`: the event of a past visit is edited. */
export type ActKind = keyof typeof DESK_ACTS | keyof typeof CALENDAR_ACTS | 'toPast' | 'ofPast';

/** An act of a user: a description, and the expected result if the booking is not touched otherwise. */
export interface Act {
  readonly kind: ActKind;
  readonly side: 'booking' | 'event' | 'other';
  readonly words: string;
  /** The booking of the act. Null if there is none. */
  readonly appointmentId: string | null;
  /** The expected state of both sides. */
  readonly expect: Expectation | null;
  /** The id belonged to a cancelled booking before. */
  readonly recycled?: true;
  /** The new id of the booking. */
  readonly renamedTo?: string;
  /** The old and new units of the booking, if they changed. */
  readonly units?: { readonly before: UnitId | null; readonly after: UnitId | null };
  /** The act changed nothing: the same time, or the same note. */
  readonly idle?: boolean;
  /** A user moved its event earlier. Without our marks such a move does not count, so the event may already be in place. */
  readonly displaced?: boolean;
  /** Our marks were removed from its event: its deletion only affects the event (docs/decision-table.md#row-19). */
  readonly unmarked?: boolean;
  /** A user wrote the description of its event, which is never overwritten. */
  readonly described?: boolean;
  /** Copies of its event may replace it (docs/decision-table.md#row-13a). The result depends on which one does. */
  readonly replaceable?: boolean;
}

export interface Expectation {
  readonly state: 'live' | 'gone';
  readonly start?: Instant;
  readonly end?: Instant;
  readonly unit?: UnitId;
}

/** The acts of users in the booking system, with their weights. */
export const DESK_ACTS = { book: 8, move: 5, changeBay: 2, notes: 2, cancel: 3 } as const;
/** The acts of calendar users, with their weights. */
export const CALENDAR_ACTS = {
  drag: 6,
  otherBay: 2,
  remove: 3,
  rename: 2,
  describe: 1,
  copy: 0.5,
  strip: 0.3,
  allDay: 0.4,
  recurring: 0.4,
  undelete: 0.7,
  own: 1.5,
  editOwn: 1,
} as const;
/** Probability that an act uses the last touched booking again: changes of mind, and concurrent users. */
export const SECOND_THOUGHTS = 0.3;
