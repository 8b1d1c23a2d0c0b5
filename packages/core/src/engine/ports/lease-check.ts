import type { SyncError } from '../../domain/sync-error.js';
import type { ClaimedTask } from '../../domain/task.js';
import type { Clock } from '../../ports/clock.js';
import { decoratePort, type CallDecorator } from '../../ports/decorate-port.js';
import { BOOKING_PORT, CALENDAR_PORT } from '../../ports/port-methods.js';
import type { SyncStore } from '../../ports/sync-store.js';
import { Err } from '../../result.js';
import type { EngineParts } from '../engine-parts.js';
import { rateLimitedCalls } from './rate-limited-calls.js';

/**
 * Checks the task's lease before each write to the two systems. A worker that was paused past its lease makes no more
 * writes, because another replica may process the appointment. The other systems have no fencing token, so this check is the
 * closest substitute.
 *
 * @param hasMap a map of the appointment is stored, perhaps with an intent that is not flushed yet
 */
export function leaseCheckedParts(parts: EngineParts, task: ClaimedTask, hasMap: boolean): EngineParts {
  const { clock, bookings, unthrottledCalendars, quota, store } = parts;
  const leaseCheck = leaseCheckedCalls(clock, task);
  const flushed = flushedCalls(store, hasMap);
  return {
    ...parts,
    bookings: decoratePort(bookings, BOOKING_PORT, flushed, leaseCheck),
    // The lease is checked after the wait for the quota, directly before the call is sent.
    calendars: decoratePort(
      unthrottledCalendars,
      CALENDAR_PORT,
      flushed,
      rateLimitedCalls(quota, () => task.trigger),
      leaseCheck,
    ),
  };
}

/**
 * Flushes the store, with its intents and records of edits, before any write to the two systems. Only the first insert of an
 * appointment may be sent earlier: its id is derived, so that a store that has lost the task and the map finds the event
 * again (docs/adr/0024-work-begins-before-the-flush.md).
 */
function flushedCalls(store: SyncStore, hasMap: boolean): CallDecorator {
  return async ({ effect, method }, send) => {
    if (effect !== 'write' || (method === 'insertEvent' && !hasMap)) return send();
    const flushed = await store.flush();
    return flushed.err ? flushed : send();
  };
}

function leaseCheckedCalls(clock: Clock, task: ClaimedTask): CallDecorator {
  return async ({ effect }, send) =>
    effect === 'write' && clock.now() >= task.leaseUntil ? Err(leaseLost(task)) : send();
}

function leaseLost({ appointmentId }: ClaimedTask): SyncError {
  const message = `the lease on appointment ${appointmentId} ran out before its write`;
  return { kind: 'conflict', system: 'store', method: 'lease', message };
}
