import type { BookingEventMap, DeadLetter, Instant, Result, SyncError } from '@loft/sync-core';
import { startOfDay } from '@loft/sync-core/adapters';
import type { AppParts } from '../app-parts.js';
import type { LiveBoard } from '../live-board.js';
import { pendingAppointments } from '../pending-appointments.js';
import type { Circumstances, Sides } from './pairs.js';

/** The state of an appointment in the week's counts. */
type WeekState = 'synced' | 'syncing' | 'attention' | 'cancelled' | 'notKnown';

/** The counts of one bay on one day. */
export type DayCount = Readonly<Record<WeekState | 'booked', number>>;

/** Seven days, with a count for each bay and day. */
export interface Week {
  readonly days: readonly Instant[];
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

/** What the states of the appointments depend on besides the maps. */
export interface WeekContext extends Pick<Circumstances, 'attention' | 'unreadBays'> {
  readonly letters: readonly DeadLetter[];
}

const NONE: DayCount = { booked: 0, synced: 0, syncing: 0, attention: 0, cancelled: 0, notKnown: 0 };

/** Counts the bookings of seven days, from three days before the displayed day. */
export async function weekAround(
  day: Instant,
  parts: Pick<AppParts, 'bays' | 'board' | 'clock' | 'engine' | 'store' | 'timeZone' | 'timeZones'>,
  context: WeekContext,
): Promise<Result<Week, SyncError>> {
  const { bays, engine, timeZone, timeZones } = parts;
  const days = [-3, -2, -1, 0, 1, 2, 3, 4].map((offset) => startOfDay(day, timeZone, timeZones, offset));
  const [from = day] = days;
  const to = days.at(-1) ?? day;
  const maps = await engine.maps({ period: { from, to } });
  if (maps.err) return maps;
  const mapped = new Set(maps.val.map(({ uscheduleAppointmentId: id }) => id));
  const pending = await pendingAppointments({ letters: context.letters, mapped, period: { from, to } }, parts);
  return maps.map((found) => {
    const counted = appointmentsOf(found, pending, parts.board, context);
    const shown = days.slice(0, 7);
    const rows = bays.map(({ bay, name }) => {
      const own = counted.filter((one) => one.bay === bay);
      const counts = shown.map((start, index) => countOf(own, start, days[index + 1] ?? start));
      return { bay, name, isUnread: context.unreadBays.has(bay), counts };
    });
    return { days: shown, bays: rows };
  });
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
