import type { NewTask } from '@loft/sync-core/store';

/** All that a batch says of one appointment. */
export interface TaskMark extends NewTask {
  /** How often the batch names it. */
  readonly marks: number;
}

/** One mark for each appointment: due at the earliest time, with the last trigger and the last event that is named. */
export function foldTasks(tasks: readonly NewTask[]): readonly TaskMark[] {
  const folded = new Map<string, TaskMark>();
  for (const task of tasks) {
    const before = folded.get(task.appointmentId);
    folded.set(task.appointmentId, {
      ...task,
      dueAt: Math.min(task.dueAt, before?.dueAt ?? task.dueAt),
      event: task.event ?? before?.event ?? null,
      marks: (before?.marks ?? 0) + 1,
    });
  }
  return [...folded.values()];
}
