import type { BookingEventMap, Instant, Result, SyncError } from '@loft/sync-core';
import { startOfDay } from '@loft/sync-core/adapters';
import type { AppParts } from '../app-parts.js';
import type { LiveBoard } from './live-board.js';

/** The counts of one bay on one day. */
export interface DayCount {
  readonly booked: number;
  readonly synced: number;
  readonly syncing: number;
  readonly attention: number;
  readonly cancelled: number;
}

/** Seven days, with a count for each bay and day. */
export interface Week {
  readonly days: readonly Instant[];
  readonly bays: readonly { readonly bay: string; readonly name: string; readonly counts: readonly DayCount[] }[];
}

const NONE: DayCount = { booked: 0, synced: 0, syncing: 0, attention: 0, cancelled: 0 };

/** Counts the bookings of seven days, from three days before the displayed day. */
export async function weekAround(
  day: Instant,
  parts: Pick<AppParts, 'bays' | 'engine' | 'timeZone' | 'timeZones'>,
  board: LiveBoard,
  letters: ReadonlySet<string>,
): Promise<Result<Week, SyncError>> {
  const { bays, engine, timeZone, timeZones } = parts;
  const days = [-3, -2, -1, 0, 1, 2, 3, 4].map((offset) => startOfDay(day, timeZone, timeZones, offset));
  const [from = day] = days;
  const to = days.at(-1) ?? day;
  const maps = await engine.maps({ period: { from, to } });
  return maps.map((found) => {
    const shown = days.slice(0, 7);
    const counted = bays.map(({ bay, name }) => {
      const own = found.filter((map) => map.base.bay === bay);
      const counts = shown.map((start, index) => countOf(own, start, days[index + 1] ?? start, board, letters));
      return { bay, name, counts };
    });
    return { days: shown, bays: counted };
  });
}

function countOf(
  maps: readonly BookingEventMap[],
  from: Instant,
  to: Instant,
  board: LiveBoard,
  letters: ReadonlySet<string>,
): DayCount {
  return maps
    .filter(({ base }) => base.start >= from && base.start < to)
    .reduce((count: DayCount, map): DayCount => {
      if (map.supersededBy !== null) return count;
      if (map.status === 'CANCELED') return { ...count, cancelled: count.cancelled + 1 };
      const booked = count.booked + 1;
      const id = map.uscheduleAppointmentId;
      if (letters.has(id)) return { ...count, booked, attention: count.attention + 1 };
      if (map.intent !== null || board.unfinished(id) !== null) return { ...count, booked, syncing: count.syncing + 1 };
      return { ...count, booked, synced: count.synced + 1 };
    }, NONE);
}
