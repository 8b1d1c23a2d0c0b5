import type { Instant } from '../../domain/instant.js';
import type { DeadLetter } from '../../domain/task.js';
import { replayOf, type WorkItem } from '../queue/work-item.js';

/** Dead letters of passing faults whose automatic retry is due. */
export function dueRetries(letters: readonly DeadLetter[], now: Instant): readonly WorkItem[] {
  return letters.filter((letter) => letter.retryAt !== null && letter.retryAt <= now).map(replayOf);
}

/** A dead-lettered appointment gets no task until its booking changes, or its retry is due. */
export function isChange(item: WorkItem, deadLetters: ReadonlyMap<string, DeadLetter>): boolean {
  const letter = deadLetters.get(item.appointmentId);
  if (!letter || item.trigger === 'replay') return true;
  return item.fingerprint !== 'missing' && item.fingerprint !== letter.fingerprint;
}
