import { DAY, type Instant, type Period, type SyncSettings } from '@loft/sync-core';
import type { CalendarOffsets } from './calendar-offsets.js';
import { outdatedRulesWarning } from './outdated-rules.js';
import type { NamedZone } from './zoned-formatter.js';

/** The days that the poll looks at, to the day. */
export function windowOf({ pastDays, futureDays }: SyncSettings['uschedule'], now: Instant): Period {
  return { from: now - pastDays * DAY, to: now + (futureDays + 1) * DAY };
}

/** What a person has to know about the zone rules of this service. */
export class ZoneNotices {
  readonly #zone: NamedZone;
  readonly #uschedule: SyncSettings['uschedule'];
  readonly #offsets: CalendarOffsets;
  /** The sentence changes with the window: it is made once for each day. */
  #outdated: { readonly day: number; readonly warning: string | null } | null = null;

  constructor(zone: NamedZone, uschedule: SyncSettings['uschedule'], offsets: CalendarOffsets) {
    this.#zone = zone;
    this.#uschedule = uschedule;
    this.#offsets = offsets;
  }

  /** Sentences for `/ready`: they never turn it red. */
  warnings(now: Instant): readonly string[] {
    return [this.outdated(now), this.#offsets.warning()].filter((warning) => warning !== null);
  }

  /** The sentence about rules that are old; null: they are recent. */
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
