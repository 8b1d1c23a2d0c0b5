import type { BookingEventMap } from '../../domain/booking-event-map.js';
import type { FeedState, FeedStop } from '../../domain/feed-state.js';
import { type Instant, MINUTE } from '../../domain/instant.js';
import { zoneChangeText } from '../../rules/zone-change.js';
import type { EngineParts } from '../engine-parts.js';
import { guardStop, stopItem } from '../../rules/mass-cancel-guard.js';

/** A mirror whose booking has another time. */
export interface MovedMirror {
  readonly map: BookingEventMap;
  readonly to: Instant;
}

/** Period in which moves count. */
const MOVES_COUNT_MS: number = 10 * MINUTE;

/**
 * Stops the feed if the times of too many mirrors change within ten minutes (docs/decision-table.md#guards). Possible causes
 * are a wrong zone or unit in the settings, and new rules of the studio's zone, which the reason then names.
 */
export class MovesGuard {
  readonly #parts: Pick<EngineParts, 'settings' | 'timeZones'>;
  /** Appointments that were moved recently, with the time. */
  readonly #lately = new Map<string, Instant>();

  constructor(parts: Pick<EngineParts, 'settings' | 'timeZones'>) {
    this.#parts = parts;
  }

  /** @returns null if the moves may be applied; they count from now on */
  stop(moved: readonly MovedMirror[], mirrors: number, state: FeedState | null, now: Instant): FeedStop | null {
    const { settings, timeZones } = this.#parts;
    for (const [id, at] of this.#lately) if (now - at >= MOVES_COUNT_MS) this.#lately.delete(id);
    const ids = new Set([...this.#lately.keys(), ...moved.map(({ map }) => map.uscheduleAppointmentId)]);
    const stop = guardStop(
      {
        what: 'bookings have another time',
        wouldCancel: ids.size,
        mirrors,
        items: moved.map(({ map }) => stopItem(map, 'move event')),
      },
      state,
      settings.rules,
      now,
    );
    if (stop === null || moved.length === 0) {
      for (const { map } of moved) this.#lately.set(map.uscheduleAppointmentId, now);
      return null;
    }
    const starts = moved.map(({ map, to }) => ({ from: map.base.start, to }));
    const why = zoneChangeText(starts, settings.timeZone, timeZones);
    return why === null ? stop : { ...stop, reason: `${stop.reason} Perhaps ${why}.` };
  }
}
