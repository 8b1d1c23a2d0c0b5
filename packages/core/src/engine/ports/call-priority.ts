import type { Trigger } from '../../domain/task.js';
import type { CallEffect } from '../../ports/port-methods.js';

/**
 * The order in which calls wait for the quota.
 * - `prompt`: a person waits for the result: a hint, an edit in a calendar, a replay.
 * - `backlog`: bookings that a poll has found.
 * - `background`: incremental syncs and watch channels. They use only a part of the quota.
 */
export type CallPriority = 'prompt' | 'backlog' | 'background';

/** The cause of a call: the trigger of its task, a command, a notification that requests a read, or a source's schedule. */
export type CallCause = Trigger | 'command' | 'notification' | 'schedule';

const OF_CAUSE: Readonly<Record<CallCause, CallPriority>> = {
  hint: 'prompt',
  sweep: 'prompt',
  replay: 'prompt',
  'follow-up': 'prompt',
  command: 'prompt',
  notification: 'prompt',
  poll: 'backlog',
  schedule: 'background',
};

/** Returns the priority of a call. A watch channel is always background; a write never is. */
export function priorityOf(effect: CallEffect, cause: CallCause): CallPriority {
  if (effect === 'channel') return 'background';
  const priority = OF_CAUSE[cause];
  return effect === 'write' && priority === 'background' ? 'prompt' : priority;
}

/** Calls with a lower number go first. */
export const RANK: Readonly<Record<CallPriority, number>> = { prompt: 0, backlog: 1, background: 2 };
