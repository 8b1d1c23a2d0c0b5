import {
  Ok,
  type BookingEventMap,
  type DeadLetter,
  type Instant,
  type Period,
  type Result,
  type SyncError,
} from '@loft/sync-core';
import { startOfDay } from '@loft/sync-core/adapters';
import type { AppParts } from '../app-parts.js';
import type { LiveBoard } from '../live-board.js';
import { pendingAppointments } from '../pending-appointments.js';
import type { Circumstances, Sides } from './pairs.js';

/** The state of an appointment in the week's counts. `missed`: it is over, and has no event. */
type WeekState = 'synced' | 'syncing' | 'attention' | 'cancelled' | 'notKnown' | 'missed';

/** The counts of one bay on one day. */
export type DayCount = Readonly<Record<WeekState | 'booked', number>>;

/** Seven days, with a count for each bay and day. */
export interface Week {
  readonly days: readonly Instant[];
  /** For each day: whether the service knows its bookings, so that a count of 0 means that there are none. */
  readonly known: readonly boolean[];
  readonly bays: readonly {
    readonly bay: string;
    readonly name: string;
    /** The calendar of the bay cannot be read at present. */
    readonly isUnread: boolean;
    readonly counts: readonly DayCount[];
  }[];
}

/** One appointment in the counts. */
interface Counted {
  readonly bay: string | null;
  readonly start: Instant;
  readonly state: WeekState;
}

/** The data besides the maps that determines the states of the appointments. */
export interface WeekContext extends Pick<Circumstances, 'attention' | 'unreadBays'> {
  readonly letters: readonly DeadLetter[];
  readonly now: Instant;
  /** Whether the bookings were read since the start. */
  readonly isRead: boolean;
}

type Parts = Pick<AppParts, 'bays' | 'board' | 'clock' | 'engine' | 'store' | 'timeZone' | 'timeZones' | 'windowDays'>;

const NONE: DayCount = { booked: 0, synced: 0, syncing: 0, attention: 0, cancelled: 0, notKnown: 0, missed: 0 };

/** Counts the bookings of seven days, from three days before the displayed day. */
export async function weekAround(day: Instant, parts: Parts, context: WeekContext): Promise<Result<Week, SyncError>> {
  const { bays, engine, timeZone, timeZones } = parts;
  const days = [-3, -2, -1, 0, 1, 2, 3, 4].map((offset) => startOfDay(day, timeZone, timeZones, offset));
  const [from = day] = days;
  const to = days.at(-1) ?? day;
  const period = { from, to };
  const maps = await engine.maps({ period });
  if (maps.err) return maps;
  const earlier = await engine.maps({ period: { from: 0, to: from }, limit: 1 });
  if (earlier.err) return earlier;
  const mapped = new Set(maps.val.map(({ uscheduleAppointmentId: id }) => id));
  const pending = await pendingAppointments({ letters: context.letters, mapped, period }, parts);
  const shown = new Set([...mapped, ...pending.map(({ appointmentId }) => appointmentId)]);
  const counted = [
    ...appointmentsOf(maps.val, pending, parts.board, context),
    ...(await missedAppointments({ shown, period }, parts, context.now)),
  ];
  const sevenDays = days.slice(0, 7);
  const first = earlier.val.length > 0 ? from : Math.min(...maps.val.map(({ base }) => base.start));
  return Ok({
    days: sevenDays,
    known: sevenDays.map((_, index) => isKnown(days[index + 1] ?? to, first, parts, context)),
    bays: bays.map(({ bay, name }) => {
      const own = counted.filter((one) => one.bay === bay);
      const counts = sevenDays.map((start, index) => countOf(own, start, days[index + 1] ?? start));
      return { bay, name, isUnread: context.unreadBays.has(bay), counts };
    }),
  });
}

/**
 * Whether the service knows the bookings of the day that ends at `end`: the poll reads that day, or an earlier visit was
 * recorded, so the service existed then.
 */
function isKnown(
  end: Instant,
  first: Instant,
  { timeZone, timeZones, windowDays }: Parts,
  { isRead, now }: WeekContext,
): boolean {
  if (end > startOfDay(now, timeZone, timeZones, windowDays.futureDays + 1)) return false;
  return first < end || (isRead && end > startOfDay(now, timeZone, timeZones, -windowDays.pastDays));
}

/** Finds the live bookings that are over, and have no event: their calendar could not be written in time. */
async function missedAppointments(
  { period: { from, to }, shown }: { readonly period: Period; readonly shown: ReadonlySet<string> },
  { bays, engine, store }: Parts,
  now: Instant,
): Promise<readonly Counted[]> {
  const missed: Counted[] = [];
  for (const { appointmentId, end, resourceUnitId, start, status } of engine.latestBookings()) {
    if (status !== 'live' || end > now || start < from || start >= to || shown.has(appointmentId)) continue;
    const bay = bays.find((one) => one.resourceUnitId === resourceUnitId)?.bay;
    if (bay === undefined) continue;
    // The map of a booking that was moved is in another period.
    const map = await store.getMap(appointmentId);
    if (map.ok && map.val === null) missed.push({ bay, start, state: 'missed' });
  }
  return missed;
}

function appointmentsOf(
  maps: readonly BookingEventMap[],
  pending: readonly Sides[],
  board: LiveBoard,
  { attention, unreadBays }: WeekContext,
): readonly Counted[] {
  const stateOf = ({ base, intent, status, uscheduleAppointmentId: id }: BookingEventMap): WeekState => {
    if (status === 'CANCELED') return 'cancelled';
    if (attention.has(id)) return 'attention';
    if (intent !== null || board.unfinished(id) !== null) return 'syncing';
    return unreadBays.has(base.bay ?? '') ? 'notKnown' : 'synced';
  };
  const current = maps.filter(({ supersededBy }) => supersededBy === null);
  const stored = current.map((map): Counted => ({ bay: map.base.bay, start: map.base.start, state: stateOf(map) }));
  const unmapped = pending.flatMap(({ appointmentId, google, uschedule }): Counted[] => {
    const slot = uschedule ?? google;
    if (slot === null) return [];
    return [{ bay: slot.bay, start: slot.start, state: attention.has(appointmentId) ? 'attention' : 'syncing' }];
  });
  return [...stored, ...unmapped];
}

function countOf(appointments: readonly Counted[], from: Instant, to: Instant): DayCount {
  return appointments
    .filter(({ start }) => start >= from && start < to)
    .reduce(
      (count: DayCount, { state }): DayCount => ({
        ...count,
        booked: count.booked + (state === 'cancelled' ? 0 : 1),
        [state]: count[state] + 1,
      }),
      NONE,
    );
}
