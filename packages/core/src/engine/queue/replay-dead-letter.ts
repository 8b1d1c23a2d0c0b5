import type { SyncError } from '../../domain/sync-error.js';
import { Ok, type Result } from '../../result.js';
import { askForReplay } from '../dead-letter-edits.js';
import type { EngineParts } from '../engine-parts.js';
import type { TaskQueue } from './task-queue.js';
import { replayOf } from './work-item.js';

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
