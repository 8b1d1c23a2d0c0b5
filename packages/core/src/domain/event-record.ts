import type { Instant } from './instant.js';

/**
 * What a person did to a mirror, from the first sight of it until its outcome is old: the grace of a deletion, the guard of
 * edits and the pauses of an edit war all count from it. One per appointment.
 */
export interface EditRecord {
  readonly kind: 'edit';
  /** The appointment's id. */
  readonly id: string;
  readonly appointmentId: string;
  /** When this process or another one saw the edit first. A restart does not change it. */
  readonly at: Instant;
  /** The bay of the mirror before the edit. */
  readonly bay: string;
  readonly change: 'deleted' | 'moved';
  /** Where the event stands since the edit; of a deletion: where it stood. */
  readonly start: Instant;
  readonly end: Instant;
  readonly toBay: string;
  /** Content of the map when the edit was seen: an edit is carried out only if the booking still says so. */
  readonly base: { readonly start: Instant; readonly end: Instant; readonly bay: string | null };
  readonly customerName: string;
  /**
   * - `seen`: not carried out yet.
   * - `carried`: the booking was changed or cancelled for it.
   * - `held`: the guard of edits holds it until a person decides.
   * - `released`, `reverted`: the person's decision: carry it out, or put the event back.
   * - `undelivered`: it could not be delivered; a dead letter keeps it, and the event is put back.
   * - `parked`: the same, and the event was put back: a replay carries it out.
   * - `put-back`: the booking's state was written over it, or a request to undo a change was dropped.
   * - `undo`: no edit, but the request of a person to undo a change: `base` is where the change left the booking, and
   *   `start`, `end`, `toBay` where it was before.
   */
  readonly state:
    'seen' | 'carried' | 'held' | 'released' | 'reverted' | 'undelivered' | 'parked' | 'put-back' | 'undo';
  /** How often the event was put back, and when last: the next pause follows from it. */
  readonly putBacks: number;
  readonly putBackAt: Instant | null;
  /** The appointment that holds the wanted slot and is about to leave it; null: none. */
  readonly waitsFor: string | null;
}

/** An event that bears the marks of an appointment which another event mirrors (docs/decision-table.md#row-25). */
export interface CopyRecord {
  readonly kind: 'copy';
  /** Calendar and event id. */
  readonly id: string;
  readonly appointmentId: string;
  /** When it was seen first. */
  readonly at: Instant;
  readonly calendarId: string;
  readonly eventId: string;
  readonly start: Instant | null;
  readonly end: Instant | null;
  readonly title: string;
  readonly description: string;
  readonly creatorEmail: string | null;
  readonly createdAt: Instant | null;
}

/** What the syncs have seen of events and must outlast a restart. Few: each is removed when it means nothing any more. */
export type EventRecord = EditRecord | CopyRecord;

/** Names one record. */
export interface EventRecordKey {
  readonly kind: EventRecord['kind'];
  readonly id: string;
}
