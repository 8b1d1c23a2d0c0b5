import type { QueuedTask } from './task-rows.js';

/**
 * @returns the tasks that have been due longest, at most `limit`, in ascending order of their due time. One pass over
 *   any number of tasks.
 */
export function longestDue(
  tasks: Iterable<QueuedTask>,
  limit: number,
  isDue: (task: QueuedTask) => boolean,
): readonly QueuedTask[] {
  const found: QueuedTask[] = [];
  if (limit <= 0) return found;
  for (const task of tasks) {
    const last = found.at(-1);
    if (last && found.length === limit && !isBefore(task, last)) continue;
    if (!isDue(task)) continue;
    let place = found.length;
    while (place > 0 && isBefore(task, found[place - 1] ?? task)) place--;
    found.splice(place, 0, task);
    if (found.length > limit) found.pop();
  }
  return found;
}

function isBefore(a: QueuedTask, b: QueuedTask): boolean {
  return a.dueAt < b.dueAt || (a.dueAt === b.dueAt && a.appointmentId < b.appointmentId);
}
