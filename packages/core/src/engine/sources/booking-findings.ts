import type { BookingEventMap } from '../../domain/booking-event-map.js';
import type { BookingList, UnreadableBooking } from '../../domain/booking.js';
import { bookingFingerprint } from '../../rules/fingerprint.js';
import { bookingAttention, type SyncTime } from '../../rules/needs-attention.js';
import type { Rules } from '../../rules/rules.js';
import type { ListedStatuses } from '../observe/booking-status.js';
import { replayOf, type WorkItem } from '../queue/work-item.js';
import type { SteadyBookings } from './steady-bookings.js';
import type { Instant } from '../../domain/instant.js';
import type { DeadLetter } from '../../domain/task.js';

/** Records whose state the comparison found to need attention. */
export interface Findings {
  /** New, changed or revived. */
  readonly changed: readonly WorkItem[];
  /** docs/decision-table.md#row-1a: a checkout may be in progress. */
  readonly held: readonly WorkItem[];
  /** Dead by what they say of themselves. */
  readonly dead: readonly WorkItem[];
  /** Mirrored, and on a unit now that is no bay's. */
  readonly leaving: readonly WorkItem[];
  /** Mirrored, and not listed any more. */
  readonly missing: readonly string[];
  readonly mirrors: readonly BookingEventMap[];
  readonly withoutRoute: readonly Unrouted[];
  /** Those of which something should be known. */
  readonly unreadable: readonly UnreadableBooking[];
}

/** An appointment that is at none of our bays, and why that is known. */
export interface Unrouted {
  readonly appointmentId: string;
  readonly detail: string;
}

/** A list of bookings with their statuses, with the maps of its window. */
export interface Listed {
  readonly list: BookingList;
  readonly maps: readonly BookingEventMap[];
  readonly statuses: ListedStatuses;
}

/**
 * Compares a list with the maps of its window: each booking is asked of `decide`, but for those that `steady` knows.
 *
 * @param mapOf the maps, by their appointment
 */
export function compareWithMaps(
  { list, maps, statuses }: Listed,
  mapOf: ReadonlyMap<string, BookingEventMap>,
  steady: SteadyBookings,
  time: SyncTime,
  rules: Rules,
): Findings {
  const listed = new Set(list.unreadable.map(({ appointmentId }) => appointmentId));
  const isElsewhere = ({ appointmentId, withoutUnit }: UnreadableBooking): boolean =>
    withoutUnit === true && mapOf.get(appointmentId ?? '')?.status !== 'ACTIVE';
  const changed: WorkItem[] = [];
  const held: WorkItem[] = [];
  const dead: WorkItem[] = [];
  const leaving: WorkItem[] = [];
  const withoutRoute = list.unreadable.filter(isElsewhere).map(({ appointmentId }): Unrouted => ({
    appointmentId: appointmentId ?? '',
    detail: 'its record names no unit',
  }));
  for (const booking of list.bookings) {
    listed.add(booking.appointmentId);
    const resolved = statuses.of(booking);
    const { life } = resolved;
    const map = mapOf.get(booking.appointmentId) ?? null;
    if (map && steady.has(booking, life, map)) continue;
    const reading = { at: time.now, booking, ...resolved };
    const attention = bookingAttention(booking.appointmentId, reading, map, time, rules);
    if (attention === 'in-step' && map?.status === 'ACTIVE') steady.add(booking, life, map);
    if (attention === 'none' || attention === 'in-step') continue;
    if (attention === 'no-route') {
      const { appointmentId, resourceUnitId } = booking;
      withoutRoute.push({ appointmentId, detail: `no bay is configured for unit ${resourceUnitId}` });
      continue;
    }
    const observed = { booking: reading };
    const fingerprint = bookingFingerprint(booking, life);
    const work: WorkItem = {
      appointmentId: booking.appointmentId,
      trigger: 'poll',
      event: null,
      observed,
      fingerprint,
    };
    ({ dead, leaving, changed, held })[attention].push(work);
  }
  steady.endPoll();
  const mirrors = maps.filter((map) => map.status === 'ACTIVE' && map.base.end > time.historyBefore);
  const missing = mirrors.map((map) => map.uscheduleAppointmentId).filter((id) => !listed.has(id));
  const unreadable = list.unreadable.filter((it) => !isElsewhere(it));
  return { changed, held, dead, leaving, missing, mirrors, withoutRoute, unreadable };
}

/** So many records that cannot be read are named; of the others it is said how many there are. */
const UNREADABLE_NAMED = 20;

/**
 * Of the records that cannot be read, those of mirrored bookings (or of no one knows which) keep us from our job. Any
 * other may be no business of ours at all: an appointment without a unit is on none of our bays.
 */
export function unreadableOf(
  { unreadable }: BookingList,
  maps: readonly BookingEventMap[],
): { readonly ours: readonly UnreadableBooking[]; readonly others: readonly UnreadableBooking[] } {
  const active = maps.filter(({ status }) => status === 'ACTIVE');
  const mirrored = new Set<string | null>([null, ...active.map((map) => map.uscheduleAppointmentId)]);
  const isOurs = ({ appointmentId }: UnreadableBooking): boolean => mirrored.has(appointmentId);
  return { ours: unreadable.filter(isOurs), others: unreadable.filter((record) => !isOurs(record)) };
}

/** In words. Of very many some are named, and of the others it is said how many there are. */
export function named(unreadable: readonly UnreadableBooking[]): readonly string[] {
  const first = unreadable
    .slice(0, UNREADABLE_NAMED)
    .map(({ appointmentId, problem }) => `record ${appointmentId ?? 'without an id'}: ${problem}`);
  const more = unreadable.length - first.length;
  return more > 0 ? [...first, `${more} more cannot be read`] : first;
}

/** Dead letters of passing faults whose automatic retry is due. */
export function dueRetries(letters: readonly DeadLetter[], now: Instant): readonly WorkItem[] {
  return letters.filter((letter) => letter.retryAt !== null && letter.retryAt <= now).map(replayOf);
}

/** A dead-lettered appointment gets no task until its booking changes, or its retry is due. */
export function isChange(item: WorkItem, deadLetters: ReadonlyMap<string, DeadLetter>): boolean {
  const letter = deadLetters.get(item.appointmentId);
  if (!letter || item.trigger === 'replay') return true;
  return item.fingerprint !== 'missing' && item.fingerprint !== letter.fingerprint;
}
