import type { NewTask } from '@loft/sync-core/store';

/** The content of a batch for one appointment. */
export interface TaskMark extends NewTask {
  /** Number of its entries in the batch. */
  readonly marks: number;
}

/** Merges a batch into one mark per appointment: the earliest due time, the last trigger and the last event. */
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
