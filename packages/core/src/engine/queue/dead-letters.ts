import { editsOf, type EditRecord } from '../../domain/event-record.js';
import type { SyncError } from '../../domain/sync-error.js';
import type { DeadLetter, EventRef } from '../../domain/task.js';
import { Ok, type Result } from '../../result.js';
import { whyReplayEnded } from '../../rules/decide-replay.js';
import type { EngineParts } from '../engine-parts.js';
import type { TaskQueue } from './task-queue.js';
import type { WorkItem } from './appointment-state.js';

/** Queues a dead letter again. It is removed when the task succeeds. @returns false if there is none */
export async function replayDeadLetter(
  appointmentId: string,
  queue: TaskQueue,
  parts: EngineParts,
): Promise<Result<boolean, SyncError>> {
  const letter = await parts.store.getDeadLetter(appointmentId);
  if (letter.err) return letter;
  if (!letter.val) return Ok(false);
  queue.noteDeadLetters([letter.val]);
  const asked = await askForReplay(appointmentId, parts);
  if (asked.err) return asked;
  const added = await queue.add([{ ...replayOf(letter.val), fingerprint: null }]);
  return added.err ? added : Ok(true);
}

type Parts = Pick<EngineParts, 'clock' | 'store' | 'rules' | 'emit'>;

/** The edit of an appointment that its dead letter keeps (docs/decision-table.md#row-21a); null: none. */
async function deadLetterEdit(
  appointmentId: string,
  states: ReadonlySet<EditRecord['state']>,
  { store }: Pick<Parts, 'store'>,
): Promise<Result<EditRecord | null, SyncError>> {
  const records = await store.listEventRecords({ kind: 'edit', appointmentId });
  return records.map((found) => editsOf(found).find(({ state }) => states.has(state)) ?? null);
}

const KEPT: ReadonlySet<EditRecord['state']> = new Set(['dead-letter']);
const KEPT_OR_ASKED: ReadonlySet<EditRecord['state']> = new Set(['dead-letter', 'replay']);

/** Stores a person's request to execute the edit of a dead letter, if there is such an edit. */
async function askForReplay(appointmentId: string, parts: Parts): Promise<Result<void, SyncError>> {
  const found = await deadLetterEdit(appointmentId, KEPT, parts);
  if (found.err) return found;
  return found.val === null ? Ok.EMPTY : parts.store.putEventRecords([{ ...found.val, state: 'replay' }]);
}

/**
 * A task of the appointment is complete: does its dead letter keep an edit that can still be executed? An edit that cannot
 * ends, and the reason is reported, because its dead letter is removed.
 */
export async function keepsOpenEdit(appointmentId: string, parts: Parts): Promise<boolean> {
  const { store, clock, rules, emit } = parts;
  const found = await deadLetterEdit(appointmentId, KEPT_OR_ASKED, parts);
  const map = await store.getMap(appointmentId);
  // An unreadable edit may still exist.
  if (found.err || map.err) return true;
  if (found.val === null) return false;
  const at = clock.now();
  const detail = whyReplayEnded(found.val, map.val, at, rules);
  if (detail === null) return found.val.state === 'dead-letter';
  await store.putEventRecords([{ ...found.val, state: 'put-back' }]);
  emit({ type: 'decision', at, appointmentId, reason: 'edit-undelivered', quiet: true, detail });
  return false;
}

/** The retry of a dead letter: earlier observations do not count any more. */
export function replayOf(letter: DeadLetter): WorkItem {
  return {
    appointmentId: letter.appointmentId,
    trigger: 'replay',
    event: eventOfDeadLetter(letter),
    observed: { mustReread: true },
    fingerprint: 'replay',
  };
}

/** The event of the dead letter. Null if it names none. */
export function eventOfDeadLetter({ calendarId, eventId }: DeadLetter): EventRef | null {
  return calendarId !== null && eventId !== null ? { calendarId, eventId } : null;
}
