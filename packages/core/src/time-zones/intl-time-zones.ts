import { SECOND, type Instant } from '../domain/instant.js';
import type { TimeZones } from '../ports/time-zones.js';
import { timeZonesFrom } from './time-zones-from.js';

/** The zone rules of a host's `Intl`. `Intl` does not report its version. */
export interface IntlNames {
  /** Default `Intl`. */
  readonly source?: string;
  /** Version of the rules. Default null: unknown. */
  readonly version?: string | null;
}

/**
 * Returns time zones based on the runtime's `Intl`. This is the default of the core, because a library may be embedded
 * anywhere. No other file of this repository reads zones from `Intl`.
 */
export function intlTimeZones({ source = 'Intl', version = null }: IntlNames = {}): TimeZones {
  return timeZonesFrom({
    source,
    version,
    isZone: (name) => {
      // `Intl` accepts offsets such as "+02:00" as zones. USchedule and Google know only names.
      if (/^[+-]/.test(name)) return false;
      try {
        formatterOf(name);
        return true;
      } catch {
        return false;
      }
    },
    offsetAt: (instant, zone) => offsetIn(formatterOf(zone), instant),
  });
}

/** Formatters by zone, shared by all engines of the process: creating one takes a thousand times as long as using it. */
const formatters = new Map<string, Intl.DateTimeFormat>();

/** @throws RangeError if `Intl` does not know the zone */
function formatterOf(zone: string): Intl.DateTimeFormat {
  let formatter = formatters.get(zone);
  if (!formatter) {
    formatter = createFormatter(zone);
    formatters.set(zone, formatter);
  }
  return formatter;
}

function createFormatter(zone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    calendar: 'iso8601',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    era: 'short',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
}

function offsetIn(formatter: Intl.DateTimeFormat, instant: Instant): number {
  const fields: Record<string, number> = {};
  for (const part of formatter.formatToParts(instant)) {
    if (part.type !== 'literal' && part.type !== 'era') fields[part.type] = Number(part.value);
  }
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = fields;
  const wholeSecond = Math.floor(instant / SECOND) * SECOND;
  return Date.UTC(year, month - 1, day, hour, minute, second) - wholeSecond;
}
