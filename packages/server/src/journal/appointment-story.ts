import {
  Ok,
  type Bay,
  type BookingEventMap,
  type Clock,
  type DeadLetter,
  type Instant,
  type Result,
  type SyncEngine,
  type SyncError,
} from '@loft/sync-core';
import type { Journal } from '@loft/sync-core/reports';
import type { JournalEntry, SyncStore } from '@loft/sync-core/store';
import type { LiveBoard } from '../http/live-board.js';
import { followsUndo } from './after-undo.js';
import { namesInWaits } from './names-in-waits.js';
import { storyOf, type StoryLine } from './story.js';
import { undoableChange } from './undoable-change.js';
import { reasonOf, slotWords, type ReaderZone } from './words.js';

/** The state of one appointment, and its history. */
export interface AppointmentStory {
  readonly appointmentId: string;
  /** The current state in one sentence. */
  readonly now: string;
  readonly state: 'in-step' | 'on-its-way' | 'cancelled' | 'dead-letter' | 'unknown';
  readonly map: BookingEventMap | null;
  readonly deadLetter: DeadLetter | null;
  readonly lines: readonly StoryLine[];
  /** The line with a change that can be undone, by its index and its id in the journal; null: none. */
  readonly undoable: { readonly index: number; readonly entry: string } | null;
  /** Other ids of the same booking. */
  readonly others: readonly string[];
}

/** Whether a booking is cancelled. One that continues under another id was rescheduled. */
export function isCancelled(map: Pick<BookingEventMap, 'status' | 'supersededBy'> | null): boolean {
  return map?.status === 'CANCELED' && map.supersededBy === null;
}

/** Maximum lines of a story; older ones are omitted. */
export const STORY_LINES = 200;

export interface StorySource extends ReaderZone {
  readonly store: Pick<SyncStore, 'getMap' | 'getDeadLetter' | 'listJournal'>;
  /** Flushed before the read, so that the story includes the latest actions. */
  readonly journal: Pick<Journal, 'flush'>;
  readonly bays: readonly Bay[];
  readonly clock: Pick<Clock, 'now'>;
  readonly canMoveBookings: (bay: string) => boolean;
  readonly board: Pick<LiveBoard, 'unfinished'>;
  readonly engine: Pick<SyncEngine, 'latestBooking'>;
}

function currentState(
  map: BookingEventMap | null,
  letter: DeadLetter | null,
  isPending: boolean,
  source: StorySource,
): Pick<AppointmentStory, 'now' | 'state'> {
  const words = slotWords(source, source.bays);
  if (letter) {
    const why = reasonOf(letter.error);
    return {
      state: 'dead-letter',
      now: `It needs attention: ${why}. It is a dead letter: correct the cause, then try again.`,
    };
  }
  if (map === null && isPending) {
    return { state: 'on-its-way', now: 'Its event does not exist yet: the service tries again.' };
  }
  if (map === null) return { state: 'unknown', now: 'It has no event, and no task is pending.' };
  if (map.supersededBy !== null) {
    return { state: 'cancelled', now: `It was rescheduled, and is appointment ${map.supersededBy} now.` };
  }
  const where = `${words.time(map.base)}, ${words.bay(map.base.bay)}`;
  if (isCancelled(map)) return { state: 'cancelled', now: `It is cancelled on both sides. It was ${where}.` };
  if (map.intent) return { state: 'on-its-way', now: `A change is on its way: to ${words.time(map.intent)}.` };
  if (isPending) {
    const now = `Both sides last agreed on ${where}. A later change is syncing.`;
    return { state: 'on-its-way', now };
  }
  return { state: 'in-step', now: `Both sides last agreed on ${where}.` };
}

/** Finds the undoable change. If several entries led to the current state, the last one counts. */
function lastUndoable(
  entries: readonly JournalEntry[],
  map: BookingEventMap | null,
  now: Instant,
  { canMoveBookings }: Pick<StorySource, 'canMoveBookings'>,
): AppointmentStory['undoable'] {
  const index = entries.findLastIndex(
    (entry, at) =>
      !followsUndo(entry, entries.slice(0, at)) && undoableChange(entry, map, now, canMoveBookings) !== null,
  );
  const entry = entries[index]?.id;
  return entry === undefined ? null : { index, entry };
}

/** Reads an appointment's story. @returns null if the appointment is unknown */
export async function appointmentStory(
  appointmentId: string,
  source: StorySource,
): Promise<Result<AppointmentStory | null, SyncError>> {
  const map = await source.store.getMap(appointmentId);
  if (map.err) return map;
  const letter = await source.store.getDeadLetter(appointmentId);
  if (letter.err) return letter;
  await source.journal.flush();
  const entries = (await source.store.listJournal?.(appointmentId, STORY_LINES)) ?? Ok([]);
  if (entries.err) return entries;
  if (map.val === null && letter.val === null && entries.val.length === 0) return Ok(null);
  const now = source.clock.now();
  const undoable = letter.val === null ? lastUndoable(entries.val, map.val, now, source) : null;
  const lines = await namesInWaits(storyOf(entries.val, source, source.bays, now), source);
  // After a restart, only the journal shows that the first event does not exist yet.
  const isNewAndWaiting =
    map.val === null &&
    lines.at(-1)?.tone === 'waiting' &&
    source.engine.latestBooking(appointmentId)?.status === 'live';
  const isPending = isNewAndWaiting || source.board.unfinished(appointmentId) !== null;
  const others = entries.val.flatMap(({ other }) => other ?? []);
  return Ok({
    appointmentId,
    ...currentState(map.val, letter.val, isPending, source),
    map: map.val,
    deadLetter: letter.val,
    lines,
    undoable,
    others: [...new Set([...others, ...(map.val?.supersededBy ? [map.val.supersededBy] : [])])],
  });
}
