import type { BookingList, UnreadableBooking, Booking } from '../../domain/booking.js';
import type { BookingEventMap, MapsByAppointment } from '../../domain/booking-event-map.js';
import type { Instant } from '../../domain/instant.js';
import type { DeadLetter } from '../../domain/task.js';
import { bookingAttention, bookingFingerprint, type SyncTime } from '../../rules/needs-attention.js';
import type { Rules } from '../../rules/rules.js';
import type { Life, BookingReading } from '../../rules/situation.js';
import type { ListedStatuses } from '../observe/observe-booking.js';
import type { WorkItem } from '../queue/appointment-state.js';
import { replayOf } from '../queue/dead-letters.js';
import type { SourceRun } from './source.js';

/** The records that the comparison found to need attention. */
export interface Findings {
  /** New, changed or revived. */
  readonly changed: readonly WorkItem[];
  /** docs/decision-table.md#row-1a: a checkout may be in progress. */
  readonly held: readonly WorkItem[];
  /** Dead by their own status. */
  readonly dead: readonly WorkItem[];
  /** Blind mode: dead, without a map. An event may wait for this proof (docs/decision-table.md#row-6). */
  readonly deadUnmapped: readonly WorkItem[];
  /** Mirrored, and now on a unit without a route. */
  readonly movedAway: readonly WorkItem[];
  /** Mirrored, and not listed any more. */
  readonly missing: readonly string[];
  readonly mirrors: readonly BookingEventMap[];
  readonly withoutRoute: readonly Unrouted[];
  /** Appointments with a report for an administrator. */
  readonly unreadable: readonly UnreadableBooking[];
}

/** An appointment on none of our bays, with the evidence. */
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

/** Compares the lists of the polls with the maps of their window. */
export class BookingComparison {
  readonly #rules: Rules;
  readonly #steady = new SteadyBookings();

  constructor(rules: Rules) {
    this.#rules = rules;
  }

  /**
   * Runs `decide` for each booking of a list, except those that an earlier poll has found in sync.
   *
   * @param mapOf the maps, by appointment id
   */
  next({ list, maps, statuses }: Listed, mapOf: MapsByAppointment, time: SyncTime): Findings {
    const rules = this.#rules;
    const listed = new Set(list.unreadable.map(({ appointmentId }) => appointmentId));
    const isElsewhere = ({ appointmentId, withoutUnit }: UnreadableBooking): boolean =>
      withoutUnit === true && mapOf.get(appointmentId ?? '')?.status !== 'ACTIVE';
    const changed: WorkItem[] = [];
    const held: WorkItem[] = [];
    const dead: WorkItem[] = [];
    const deadUnmapped: WorkItem[] = [];
    const movedAway: WorkItem[] = [];
    const withoutRoute = list.unreadable.filter(isElsewhere).map(({ appointmentId }): Unrouted => ({
      appointmentId: appointmentId ?? '',
      detail: 'its record names no unit',
    }));
    for (const booking of list.bookings) {
      const resolved = statuses.of(booking);
      const { status } = resolved;
      const map = mapOf.get(booking.appointmentId) ?? null;
      if (map && this.#steady.has(booking, status, map)) continue;
      listed.add(booking.appointmentId);
      const reading = { at: time.now, booking, ...resolved };
      const attention = bookingAttention(booking.appointmentId, reading, map, time, rules);
      if (attention === 'in-step' && map?.status === 'ACTIVE') this.#steady.add(booking, status, map);
      const isDeadUnmapped = rules.trust === 'blind' && map === null && status === 'dead';
      if ((attention === 'none' && !isDeadUnmapped) || attention === 'in-step') continue;
      if (attention === 'no-route') {
        const { appointmentId, resourceUnitId } = booking;
        withoutRoute.push({ appointmentId, detail: `no bay is configured for unit ${resourceUnitId}` });
        continue;
      }
      ({ dead, movedAway, changed, held, none: deadUnmapped })[attention].push({
        appointmentId: booking.appointmentId,
        trigger: 'poll',
        event: null,
        observed: { booking: reading },
        fingerprint: bookingFingerprint(booking, status),
      });
    }
    const mirrors = maps.filter((map) => map.status === 'ACTIVE' && map.base.end > time.historyBefore);
    const ids = mirrors.map((map) => map.uscheduleAppointmentId);
    const missing = ids.filter((id) => !this.#steady.isFound(id) && !listed.has(id));
    this.#steady.endPoll();
    const unreadable = list.unreadable.filter((it) => !isElsewhere(it));
    return { changed, held, dead, deadUnmapped, movedAway, missing, mirrors, withoutRoute, unreadable };
  }
}

/** Maximum number of unreadable records that are named. The others are counted. */
const UNREADABLE_NAMED = 20;

/**
 * Among the unreadable records, only those of mirrored bookings (or without an id) make the service not ready. Others may
 * not concern our bays: an appointment without a unit is on none of them.
 */
export function unreadableOf(
  { unreadable }: BookingList,
  maps: readonly BookingEventMap[],
): Pick<SourceRun, 'warnings' | 'notes'> {
  if (unreadable.length === 0) return { warnings: [], notes: [] };
  const active = maps.filter(({ status }) => status === 'ACTIVE');
  const mirrored = new Set<string | null>([null, ...active.map((map) => map.uscheduleAppointmentId)]);
  const isOurs = ({ appointmentId }: UnreadableBooking): boolean => mirrored.has(appointmentId);
  return { warnings: named(unreadable.filter(isOurs)), notes: named(unreadable.filter((record) => !isOurs(record))) };
}

/** Describes a list in words. Names only some of many items, and counts the others. */
function named(unreadable: readonly UnreadableBooking[]): readonly string[] {
  const first = unreadable
    .slice(0, UNREADABLE_NAMED)
    .map(({ appointmentId, problem }) => `record ${appointmentId ?? 'without an id'}: ${problem}`);
  const more = unreadable.length - first.length;
  return more > 0 ? [...first, `${more} more cannot be read`] : first;
}

/** Returns the dead letters of temporary faults whose automatic retry is due. */
export function dueRetries(letters: readonly DeadLetter[], now: Instant): readonly WorkItem[] {
  return letters.filter((letter) => letter.retryAt !== null && letter.retryAt <= now).map(replayOf);
}

/** A dead-lettered appointment gets no task until its booking changes, or its retry is due. */
export function isChange(item: WorkItem, deadLetters: ReadonlyMap<string, DeadLetter>): boolean {
  const letter = deadLetters.get(item.appointmentId);
  if (!letter || item.trigger === 'replay') return true;
  return item.fingerprint !== 'missing' && item.fingerprint !== letter.fingerprint;
}

interface Steady {
  readonly booking: Booking;
  readonly status: Life;
  readonly map: BookingEventMap;
  /** Number of the latest poll that found it. */
  poll: number;
}

/**
 * Cache of the bookings that a poll has found in sync with their maps. `decide` is not run for them again until the booking,
 * its status or the map has changed: the result depends on nothing else, not even on the time.
 */
export class SteadyBookings {
  readonly #bookings = new Map<string, Steady>();
  #poll = 1;

  /** Was this booking in sync with this map at the last poll? An unchanged reading is the same object. */
  has(booking: Booking, status: Life, map: BookingEventMap): boolean {
    const steady = this.#bookings.get(booking.appointmentId);
    if (steady?.booking !== booking || steady.status !== status || !isSameVersion(steady.map, map)) return false;
    steady.poll = this.#poll;
    return true;
  }

  add(booking: Booking, status: Life, map: BookingEventMap): void {
    this.#bookings.set(booking.appointmentId, { booking, status, map, poll: this.#poll });
  }

  /** Has the running poll found the booking in sync? */
  isFound(appointmentId: string): boolean {
    return this.#bookings.get(appointmentId)?.poll === this.#poll;
  }

  /** Ends a poll: bookings that it did not find in sync are removed. */
  endPoll(): void {
    for (const [appointmentId, { poll }] of this.#bookings) {
      if (poll !== this.#poll) this.#bookings.delete(appointmentId);
    }
    this.#poll++;
  }
}

/** Every write of a map raises its version. The other fields detect a store that was restored from a backup. */
function isSameVersion(a: BookingEventMap, b: BookingEventMap): boolean {
  if (a === b) return true;
  return a.version === b.version && a.lastSyncedAt === b.lastSyncedAt && a.etag === b.etag && a.fence === b.fence;
}

/** A record whose checkout may still be in progress (docs/decision-table.md#row-1a). */
export interface HeldCheckout {
  readonly appointmentId: string;
  readonly customerName: string;
  readonly bay: string;
  readonly start: Instant;
  readonly end: Instant;
  /** End of the hold. Then the booking is mirrored if it exists. */
  readonly until: Instant;
}

/** Returns the report about a held record. Null if it is not held, or its unit has no route. */
export function heldCheckoutOf(reading: BookingReading | null | undefined, rules: Rules): HeldCheckout | null {
  const booking = reading?.booking;
  const bay = booking && rules.routing.ofUnit(booking.resourceUnitId)?.bay;
  if (!booking || bay === undefined || bay === null || reading.heldUntil === undefined) return null;
  const { appointmentId, customerName, start, end } = booking;
  return { appointmentId, customerName, bay, start, end, until: reading.heldUntil };
}

/** Interval of the rechecks of an appointment, in polls … */
const AGAIN_AFTER_POLLS = 10;
/** … and maximum number of rechecks per poll, unless the caller allows more. */
const TURNS_PER_POLL = 24;

/** Sentinel: never checked yet. */
const NEVER_YET = Number.MAX_VALUE;

/**
 * Selects the appointments that one poll reads by their id: a new one at once, then every tenth poll while it is still
 * listed. Of many, those with the oldest recheck come first.
 */
export class RecheckRotation {
  /** Number of polls since the last recheck of each. */
  #pollsSince: ReadonlyMap<string, number> = new Map();

  /** Returns the candidates to recheck now. An appointment that is not a candidate any more is removed. */
  next(appointmentIds: readonly string[], atMost: number = TURNS_PER_POLL): ReadonlySet<string> {
    const waited = (id: string): number => this.#pollsSince.get(id) ?? NEVER_YET;
    const due = appointmentIds.filter((id) => waited(id) >= AGAIN_AFTER_POLLS);
    const inTurn = due.toSorted((a, b) => waited(b) - waited(a));
    const turn = new Set(inTurn.slice(0, atMost));
    this.#pollsSince = new Map(appointmentIds.map((id) => [id, turn.has(id) ? 1 : waited(id) + 1]));
    return turn;
  }

  /** Was it rechecked in an earlier poll, and is it still a candidate? */
  hadTurn(appointmentId: string): boolean {
    const polls = this.#pollsSince.get(appointmentId) ?? NEVER_YET;
    return polls > 1 && polls < NEVER_YET;
  }
}
