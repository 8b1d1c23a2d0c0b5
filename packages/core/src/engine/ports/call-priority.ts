import type { Trigger } from '../../domain/task.js';
import type { CallEffect } from '../../ports/port-methods.js';

/**
 * In which order calls wait for the quota.
 * - `prompt`: a person waits for it: a hint, an edit in a calendar, a replay.
 * - `backlog`: bookings that a poll has found.
 * - `background`: sweeps and watch channels. They use part of the quota at most.
 */
export type CallPriority = 'prompt' | 'backlog' | 'background';

/** Why a call is made: the trigger of its task, a person's command, a notification that asks for a read, or a source's schedule. */
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

/** The priority of a call. A watch channel can wait whatever asks for it; a write never is in the background. */
export function priorityOf(effect: CallEffect, cause: CallCause): CallPriority {
  if (effect === 'channel') return 'background';
  const priority = OF_CAUSE[cause];
  return effect === 'write' && priority === 'background' ? 'prompt' : priority;
}

/** Lower goes first. */
export const RANK: Readonly<Record<CallPriority, number>> = { prompt: 0, backlog: 1, background: 2 };
