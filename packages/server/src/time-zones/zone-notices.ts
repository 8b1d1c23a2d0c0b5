import { DAY, type Instant, type Period, type SyncSettings } from '@loft/sync-core';
import type { CalendarOffsets } from './calendar-offsets.js';
import { outdatedRulesWarning } from './outdated-rules.js';
import type { NamedZone } from './zoned-formatter.js';

/** The period of the poll, in days. */
export function windowOf({ pastDays, futureDays }: SyncSettings['uschedule'], now: Instant): Period {
  return { from: now - pastDays * DAY, to: now + (futureDays + 1) * DAY };
}

/** The warnings about the zone rules of the service. */
export class ZoneNotices {
  readonly #zone: NamedZone;
  readonly #uschedule: SyncSettings['uschedule'];
  readonly #offsets: CalendarOffsets;
  /** The sentence depends on the window, so it is computed once a day. */
  #outdated: { readonly day: number; readonly warning: string | null } | null = null;

  constructor(zone: NamedZone, uschedule: SyncSettings['uschedule'], offsets: CalendarOffsets) {
    this.#zone = zone;
    this.#uschedule = uschedule;
    this.#offsets = offsets;
  }

  /** Sentences for `/ready`. They do not change its status. */
  warnings(now: Instant): readonly string[] {
    return [this.outdated(now), this.#offsets.warning()].filter((warning) => warning !== null);
  }

  /** A sentence about outdated rules; null: they are recent. */
  outdated(now: Instant): string | null {
    const day = Math.floor(now / DAY);
    if (this.#outdated?.day !== day) {
      const { timeZone, timeZones } = this.#zone;
      const warning = outdatedRulesWarning(timeZone, timeZones, windowOf(this.#uschedule, now), now);
      this.#outdated = { day, warning };
    }
    return this.#outdated.warning;
  }
}
