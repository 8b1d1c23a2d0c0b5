import type { MapsByAppointment } from '../../domain/booking-event-map.js';
import type { FeedState, FeedStop } from '../../domain/feed-state.js';
import { HOUR, MINUTE, type Instant } from '../../domain/instant.js';
import {
  exchangeNote,
  freeSlotsStop,
  guardStop,
  movedAwayStop,
  stopItem,
  stopItems,
  zoneChangeText,
  type GuardedChange,
} from '../../rules/mass-cancel-guard.js';
import type { EngineParts } from '../engine-parts.js';
import type { ListedStatuses } from '../observe/observe-booking.js';
import type { Findings } from './booking-findings.js';

/** Period in which moves count. */
const MOVES_COUNT_MS: number = 10 * MINUTE;

/** Period in which an exchange of bays is a warning of `/ready`. */
const EXCHANGE_REPORTED_MS: number = HOUR;

/** Stops a poll whose changes may come from a fault (docs/decision-table.md#guards). */
export class BookingGuard {
  readonly #parts: Pick<EngineParts, 'settings' | 'timeZones' | 'rules'>;
  /** Appointments that were moved recently, with the time. */
  readonly #lately = new Map<string, Instant>();
  #exchange: { readonly note: string; readonly at: Instant } | null = null;

  constructor(parts: Pick<EngineParts, 'settings' | 'timeZones' | 'rules'>) {
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

  /** Reports for an hour that most bookings of a bay were in another bay at once (docs/decision-table.md#guards). */
  notes({ changed, mirrors }: Findings, mapOf: MapsByAppointment, now: Instant): readonly string[] {
    const { settings, rules } = this.#parts;
    const { routing } = rules;
    const moved = changed.filter(({ appointmentId, observed }) => {
      const map = mapOf.get(appointmentId);
      const bay = observed.booking?.booking && routing.ofUnit(observed.booking.booking.resourceUnitId);
      if (map?.status !== 'ACTIVE' || !bay) return false;
      return routing.ofCalendar(map.googleCalendarId) !== null && bay.calendarId !== map.googleCalendarId;
    });
    const ids = new Set(moved.map(({ appointmentId }) => appointmentId));
    const note = exchangeNote(ids, mirrors, settings.bays, settings.rules);
    if (note !== null) this.#exchange = { note, at: now };
    const age = this.#exchange ? now - this.#exchange.at : -1;
    return this.#exchange && age >= 0 && age < EXCHANGE_REPORTED_MS ? [this.#exchange.note] : [];
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
