import type { MapsByAppointment } from '../../domain/booking-event-map.js';
import type { FeedState, FeedStop } from '../../domain/feed-state.js';
import { MINUTE, HOUR, type Instant } from '../../domain/instant.js';
import { toWallTime } from '../../domain/zoned-time.js';
import type { TimeZones } from '../../ports/time-zones.js';
import {
  freeSlotsStop,
  guardStop,
  movedAwayStop,
  stopItem,
  stopItems,
  type GuardedChange,
} from '../../rules/mass-cancel-guard.js';
import type { EngineParts } from '../engine-parts.js';
import type { ListedStatuses } from '../observe/booking-status.js';
import type { Findings } from './booking-findings.js';

/** Period in which moves count. */
const MOVES_COUNT_MS: number = 10 * MINUTE;

/** Stops a poll whose changes may come from a fault (docs/decision-table.md#guards). */
export class BookingGuard {
  readonly #parts: Pick<EngineParts, 'settings' | 'timeZones'>;
  /** Appointments that were moved recently, with the time. */
  readonly #lately = new Map<string, Instant>();

  constructor(parts: Pick<EngineParts, 'settings' | 'timeZones'>) {
    this.#parts = parts;
  }

  /** @returns null if the changes of the poll may be applied */
  stop(
    found: Findings,
    mapOf: MapsByAppointment,
    slots: ListedStatuses['slots'],
    state: FeedState | null,
    now: Instant,
  ): FeedStop | null {
    const { bays, rules: guards } = this.#parts.settings;
    const { mirrors } = found;
    const guard = (change: GuardedChange): FeedStop | null => guardStop(change, state, guards, now);
    const dead = found.dead.map(({ appointmentId }) => appointmentId);
    const movedAway = found.movedAway.map(({ appointmentId }) => appointmentId);
    const gone = [...dead, ...found.missing, ...movedAway];
    const goneItems = stopItems(mirrors, new Set(gone), 'cancel event');
    const allGone = { what: 'bookings are gone', wouldCancel: gone.length, mirrors: mirrors.length, items: goneItems };
    const stop =
      movedAwayStop(new Set(movedAway), mirrors, bays, guard) ??
      guardStop(allGone, state, guards, now) ??
      this.#stopOfMoves(found, mapOf, state, now);
    if (stop || (dead.length === 0 && !state?.stopped)) return stop;
    return freeSlotsStop(slots, stopItems(mirrors, new Set(dead), 'cancel event'), guard);
  }

  /**
   * Too many mirrors have another time within ten minutes. Possible causes are a wrong zone or unit in the settings, and new
   * rules of the studio's zone, which the reason then names.
   *
   * @returns null if the moves may be applied; they count from now on
   */
  #stopOfMoves(found: Findings, mapOf: MapsByAppointment, state: FeedState | null, now: Instant): FeedStop | null {
    const { settings, timeZones } = this.#parts;
    const moved = found.changed.flatMap(({ appointmentId, observed }) => {
      const map = mapOf.get(appointmentId);
      const booking = observed.booking?.booking;
      if (!booking || map?.status !== 'ACTIVE') return [];
      const isMoved = booking.start !== map.base.start || booking.end !== map.base.end;
      return isMoved ? [{ map, from: map.base.start, to: booking.start }] : [];
    });
    for (const [id, at] of this.#lately) if (now - at >= MOVES_COUNT_MS) this.#lately.delete(id);
    if (moved.length === 0) return null;
    const ids = new Set([...this.#lately.keys(), ...moved.map(({ map }) => map.uscheduleAppointmentId)]);
    const stop = guardStop(
      {
        what: 'bookings have another time',
        wouldCancel: ids.size,
        mirrors: found.mirrors.length,
        items: moved.map(({ map }) => stopItem(map, 'move event')),
      },
      state,
      settings.rules,
      now,
    );
    if (stop === null) {
      for (const { map } of moved) this.#lately.set(map.uscheduleAppointmentId, now);
      return null;
    }
    const why = zoneChangeText(moved, settings.timeZone, timeZones);
    return why === null ? stop : { ...stop, reason: `${stop.reason} Perhaps ${why}.` };
  }
}

/** A booking whose start differs from its mirrored start. */
export interface MovedStart {
  readonly from: Instant;
  readonly to: Instant;
}

/** Maximum change of an offset by law. */
const LARGEST_CHANGE_MS: number = 3 * HOUR;
/** Offsets are multiples of this. */
const OFFSET_STEP_MS: number = 15 * MINUTE;

/**
 * Explains a mass move of bookings by new rules of the studio's zone: the wall times are unchanged, so all starts move by
 * the same length, the change of the offset. Nothing has to be stored for that: the map still contains the start by the old
 * offset. Used by the guard of mass moves (docs/decision-table.md#guards).
 *
 * @returns a sentence such as `the offset of America/Vancouver changed from −8 to −7 from 2026-12-10 on`; null if the
 * bookings do not move alike, or by a length that no offset change has
 */
export function zoneChangeText(moved: readonly MovedStart[], zone: string, timeZones: TimeZones): string | null {
  const [first, ...rest] = moved.toSorted((a, b) => a.to - b.to);
  if (!first) return null;
  const shift = first.to - first.from;
  const isOffset = shift !== 0 && Math.abs(shift) <= LARGEST_CHANGE_MS && shift % OFFSET_STEP_MS === 0;
  if (!isOffset || rest.some(({ from, to }) => to - from !== shift)) return null;
  const offset = timeZones.offsetAt(first.to, zone);
  const { year, month, day } = toWallTime(first.to, zone, timeZones);
  const date = [String(year), pad(month), pad(day)].join('-');
  return (
    `the offset of ${zone} changed from ${hoursText(offset + shift)} to ${hoursText(offset)} from ${date} on, ` +
    `if the bookings themselves were not moved; the time zone rules are now ${timeZones.version ?? 'of an unknown version'}`
  );
}

/** `−8`, `+5:45` */
function hoursText(offset: number): string {
  const minutes = Math.round(Math.abs(offset) / MINUTE);
  const rest = minutes % 60;
  return `${offset < 0 ? '−' : '+'}${Math.floor(minutes / 60)}${rest === 0 ? '' : `:${pad(rest)}`}`;
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
