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
 * The two systems as one task may write to them: each write is sent only while the task's lease runs. A worker that was
 * paused past its lease writes nothing more, since another replica may have the appointment. The other systems know no
 * fencing token, so this check is the nearest to one.
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
 * What the store was told, intents and records of edits too, is on the disk before anything is written. The first insert
 * of an appointment alone may be sent before: its id is derived, so that a store that has lost its task and its map finds
 * the event again (docs/adr/0024-work-begins-before-the-flush.md).
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
