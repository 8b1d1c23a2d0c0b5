import type { BookingEventMap } from '../../domain/booking-event-map.js';
import type { Instant } from '../../domain/instant.js';
import type { SyncError } from '../../domain/sync-error.js';
import type { ClaimedTask } from '../../domain/task.js';
import { Ok, type Result } from '../../result.js';
import { isShownBy } from '../../rules/rules.js';
import { echoWindowEnd } from '../../rules/verdicts.js';
import type { EngineParts } from '../engine-parts.js';
import type { Judge } from '../judging/judge.js';
import type { Known } from './known.js';

type Parts = Pick<EngineParts, 'store' | 'clock' | 'rules'> & { readonly judge: Judge };

/**
 * What was read after USchedule has refused a change need not be so: it may be an answer from before our own last write
 * to the booking, and nothing is put back to that. Answers when that write shows, and the booking is to be read once more;
 * null: what is read is what is.
 */
export async function afterRefusal(
  refused: 'cancellation' | 'reschedule',
  task: ClaimedTask,
  known: Known,
  parts: Parts,
): Promise<Result<Instant | null, SyncError>> {
  if (refused === 'cancellation') {
    const gone = await noteGone(known, parts);
    if (gone.err) return gone;
    const noted = await noteEarlierCancel(task, known, parts);
    if (noted.err) return noted;
  }
  const { map, booking } = known;
  if (!map || !booking?.booking || booking.life === 'dead') return Ok(null);
  const showsAt = echoWindowEnd(map, parts.rules);
  const repeated = refused === 'cancellation' && isNotedFor(task, map);
  const mayBeOld = booking.at < showsAt && (repeated || !isShownBy(map, booking.booking, parts.rules));
  return Ok(mayBeOld ? showsAt : null);
}

/** A cancellation is refused also where there is nothing left to cancel; a blind status does not tell. */
async function noteGone(known: Known, { judge }: Parts): Promise<Result<void, SyncError>> {
  const reading = known.booking;
  if (!reading?.booking || reading.life === 'dead') return Ok.EMPTY;
  const standing = await judge.stands(reading.booking);
  if (standing.err) return standing;
  if (standing.val === 'gone') known.booking = { ...reading, life: 'dead', sure: true };
  return Ok.EMPTY;
}

/**
 * After a crash a refused cancellation may be the repeat of one that went through. It is noted as a write of ours, once
 * for each task.
 */
async function noteEarlierCancel(
  task: ClaimedTask,
  known: Known,
  { store, clock }: Parts,
): Promise<Result<void, SyncError>> {
  const { map } = known;
  if (task.claims === 1 || !map || known.booking?.life === 'dead' || isNotedFor(task, map)) return Ok.EMPTY;
  const noted = await store.putMap({ ...map, bookingWrittenAt: clock.now(), fence: task.fence });
  if (noted.err) return noted;
  known.map = noted.val;
  return Ok.EMPTY;
}

function isNotedFor({ claims, createdAt }: ClaimedTask, { bookingWrittenAt }: BookingEventMap): boolean {
  return claims > 1 && bookingWrittenAt !== null && bookingWrittenAt >= createdAt;
}
