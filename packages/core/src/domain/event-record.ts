import type { Instant } from './instant.js';
import type { SyncError } from './sync-error.js';

/**
 * A user's edit of a mirror, stored from its first observation until 30 days after its end. The delay of a deletion, the
 * edit guard and the pauses of an edit war are computed from it. One record per appointment.
 */
export interface EditRecord {
  readonly kind: 'edit';
  /** Id of the appointment. */
  readonly id: string;
  readonly appointmentId: string;
  /** Time of the first observation by any process. A restart does not change it. */
  readonly at: Instant;
  /** Bay of the mirror before the edit. */
  readonly bay: string;
  readonly change: 'deleted' | 'moved';
  /** Place of the event after the edit. For a deletion: the last place. */
  readonly start: Instant;
  readonly end: Instant;
  readonly toBay: string;
  /** Content of the map at the first observation. The edit is applied only if the booking still has this content. */
  readonly base: { readonly start: Instant; readonly end: Instant; readonly bay: string | null };
  readonly customerName: string;
  /**
   * State of the edit.
   * - `seen`: not applied yet.
   * - `carried`: the booking was changed or cancelled accordingly.
   * - `held`: the edit guard holds it until an administrator decides.
   * - `released`, `reverted`: the administrator's decision: apply the edit, or revert the event.
   * - `one-way`: observed while no edit of its bay changes a booking. The event has to be reverted, in any later direction, too.
   * - `undelivered`: the edit could not be delivered and is in a dead letter. The event has to be reverted.
   * - `dead-letter`: like `undelivered`, after the event was reverted. A replay applies the edit.
   * - `replay`: like `dead-letter`, and an administrator asked for the replay.
   * - `put-back`: the event was reverted to the booking's state. Or a request to undo a change was dropped.
   *   (Existing databases contain this name, so it is kept.)
   * - `undo`: no edit, but an administrator's request to undo a change: `base` is the booking after the change, `start`,
   *   `end` and `toBay` are its place before.
   */
  readonly state:
    | 'seen'
    | 'carried'
    | 'held'
    | 'released'
    | 'reverted'
    | 'one-way'
    | 'undelivered'
    | 'dead-letter'
    | 'replay'
    | 'put-back'
    | 'undo';
  /** Number of reverts and time of the last one. The next pause is computed from them. */
  readonly putBacks: number;
  readonly putBackAt: Instant | null;
  /** Number of reverts of any edits of this event, in quick succession. Absent if all were of this edit. */
  readonly putBacksInARow?: number;
  /** The appointment that occupies the target slot and is about to leave it. Null if there is none. */
  readonly waitsFor: string | null;
  /** What the booking system answered, while the edit waits for its slot. */
  readonly refusal?: SyncError;
}

/** A copy: an event with the marks of an appointment that another event mirrors (docs/decision-table.md#row-25). */
export interface CopyRecord {
  readonly kind: 'copy';
  /** Calendar and event id. */
  readonly id: string;
  readonly appointmentId: string;
  /** Time of the first observation. */
  readonly at: Instant;
  readonly calendarId: string;
  readonly eventId: string;
  readonly start: Instant | null;
  readonly end: Instant | null;
  readonly title: string;
  readonly description: string;
  readonly creatorEmail: string | null;
  readonly createdAt: Instant | null;
  /** Without a map it is no copy: it may become the mirror, and a later attempt of its adoption has to know it. */
  readonly isCandidate?: true;
}

/** Observations of events that must survive a restart. Records without effect are removed once a day, so there are few. */
export type EventRecord = EditRecord | CopyRecord;

/** Key of one record. */
export interface EventRecordKey {
  readonly kind: EventRecord['kind'];
  readonly id: string;
}

export function editsOf(records: readonly EventRecord[]): readonly EditRecord[] {
  return records.filter((record) => record.kind === 'edit');
}

export function copiesOf(records: readonly EventRecord[]): readonly CopyRecord[] {
  return records.filter((record) => record.kind === 'copy');
}
