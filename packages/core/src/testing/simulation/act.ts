import type { UnitId } from '../../domain/bay.js';
import type { Instant } from '../../domain/instant.js';

/** `toPast`: an event is dragged into the past; `ofPast`: the event of a visit that is over is edited. */
export type ActKind = keyof typeof DESK_ACTS | keyof typeof CALENDAR_ACTS | 'toPast' | 'ofPast';

/** What a person did: in words, and what it should come to if nothing else happens to that booking. */
export interface Act {
  readonly kind: ActKind;
  readonly side: 'booking' | 'event' | 'other';
  readonly words: string;
  /** The booking it is about; null: none. */
  readonly appointmentId: string | null;
  /** What both sides should come to. */
  readonly expect: Expectation | null;
  /** The booking goes by this id from now on. */
  readonly renamedTo?: string;
  /** The units it was and is booked on, where that is news. */
  readonly units?: { readonly before: UnitId | null; readonly after: UnitId | null };
  /** It came to nothing: the same time, or the same note, once more. */
  readonly idle?: boolean;
  /** A person had put its event elsewhere, which counts for nothing without our marks: it may be half there already. */
  readonly displaced?: boolean;
  /** Our marks were removed from its event: its deletion asks for the event only (docs/decision-table.md#row-19). */
  readonly unmarked?: boolean;
  /** Its event bears a description of a person's, which is never written over. */
  readonly described?: boolean;
  /** Copies of its event may take its place (docs/decision-table.md#row-13a): what comes of it depends on which does. */
  readonly replaceable?: boolean;
}

export interface Expectation {
  readonly state: 'live' | 'gone';
  readonly start?: Instant;
  readonly end?: Instant;
  readonly unit?: UnitId;
}

/** What customers and the desk do, and how often. */
export const DESK_ACTS = { book: 8, move: 5, changeBay: 2, notes: 2, cancel: 3 } as const;
/** What people with a calendar app do, and how often. */
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
