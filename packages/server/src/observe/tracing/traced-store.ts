import { wrapPort } from '@loft/sync-core/adapters';
import type { SyncStore } from '@loft/sync-core/store';
import { SpanKind } from '@opentelemetry/api';
import type { ChangeTraces } from './change-traces.js';

/**
 * Wraps the store: reports to the traces when a task is stored, claimed and released. Only the write of a map has a
 * span.
 */
export function tracedStore(store: SyncStore, traces: ChangeTraces): SyncStore {
  const reported: Partial<SyncStore> = {
    getFeedState: (feed) => {
      traces.feedLooked(feed);
      return store.getFeedState(feed);
    },
    addTasks: async (tasks, now) => {
      // Reported before the call, because a task can be claimed before the call returns.
      traces.tasksStored(tasks);
      return store.addTasks(tasks, now);
    },
    claimTasks: async (request) => {
      const claimed = await store.claimTasks(request);
      if (claimed.ok) traces.tasksClaimed(claimed.val);
      return claimed;
    },
    getMap: async (appointmentId) => {
      const map = await store.getMap(appointmentId);
      if (map.ok && map.val) traces.eventSeen(appointmentId, map.val.googleEventId);
      return map;
    },
    putMap: (map) => {
      const { uscheduleAppointmentId: appointmentId, googleCalendarId: calendarId, googleEventId: eventId } = map;
      const target = { appointmentId, calendarId, eventId };
      return traces.call('store putMap', SpanKind.INTERNAL, target, () => store.putMap(map));
    },
    completeTask: async (task, now, againAt) => {
      const completed = await store.completeTask(task, now, againAt);
      traces.attemptEnded(task.appointmentId, completed.ok ? completed.val : 'lost');
      return completed;
    },
    postponeTask: async (task, dueAt, attempts, now) => {
      const postponed = await store.postponeTask(task, dueAt, attempts, now);
      traces.attemptEnded(task.appointmentId, postponed.ok ? 'later' : 'lost');
      return postponed;
    },
    deadLetterTask: async (task, letter) => {
      const deadLettered = await store.deadLetterTask(task, letter);
      traces.attemptEnded(task.appointmentId, deadLettered.ok ? 'dead-letter' : 'lost');
      return deadLettered;
    },
  };
  return wrapPort(store, (name, original) => {
    const own: unknown = Object.hasOwn(reported, name) ? Reflect.get(reported, name) : undefined;
    return own ?? original();
  });
}
