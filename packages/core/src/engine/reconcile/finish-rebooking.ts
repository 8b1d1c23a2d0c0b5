import type { BookingEventMap, SyncIntent } from '../../domain/booking-event-map.js';
import type { Instant } from '../../domain/instant.js';
import type { SyncError } from '../../domain/sync-error.js';
import type { ClaimedTask } from '../../domain/task.js';
import { Ok, type Result } from '../../result.js';
import type { EngineParts } from '../engine-parts.js';
import type { Judge } from '../judging/judge.js';
import { resumeReplacing } from './rescheduler.js';

export interface BegunRebooking {
  readonly map: BookingEventMap;
  readonly intent: SyncIntent;
  /** The booking that was made in the old one's place. */
  readonly successor: string;
  /** When the old booking was read, and seemed to stand. */
  readonly readAt: Instant;
}

/** The map as it is stored now, or when to try again. */
export type FinishedRebooking = { readonly map: BookingEventMap } | { readonly dueAt: Instant };

type Parts = Pick<EngineParts, 'systems' | 'bookings' | 'store' | 'clock' | 'rules'> & { readonly judge: Judge };

/**
 * Carries a rebooking to its end that was begun and seems not to have got there: the old booking still reads as it was.
 * That can be an old answer, and a cancellation is refused also when it is the repeat of one that went through. So nothing
 * is concluded from a refusal before all that earlier attempts have done would show: an attempt is two calls, the second of
 * which cancels. For as long as one call lasts it is tried at once, then again when the rest of that time is over; what is
 * tried from then on is noted first, as the beginning of that attempt.
 */
export async function finishRebooking(
  { map, intent, successor, readAt }: BegunRebooking,
  parts: Parts,
  task: ClaimedTask,
): Promise<Result<FinishedRebooking, SyncError>> {
  const { store, clock, rules } = parts;
  const now = clock.now();
  const settlesAt = intent.triedAt + rules.timing.rebookingShowsMs;
  const settled = readAt >= settlesAt;
  if (!settled && now >= intent.triedAt + rules.timing.longestCallMs) return Ok({ dueAt: settlesAt });
  const tried = { ...map, intent: { ...intent, triedAt: now, successor }, lastSyncedAt: now, fence: task.fence };
  const noted = settled ? await store.putMap(tried) : Ok(map);
  if (noted.err) return noted;
  const replaced = await resumeReplacing(map.uscheduleAppointmentId, successor, settled, parts);
  if (replaced.err) return replaced;
  return Ok(replaced.val === null ? { dueAt: settlesAt } : { map: noted.val });
}
