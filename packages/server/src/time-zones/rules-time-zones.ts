import type { TimeZones } from '@loft/sync-core';
import { timeZonesFrom } from '@loft/sync-core/time-zones';
import { offsetByRules, type ZoneRules } from './zone-rules.js';

/** A source that gives the rules of a zone by its name; null: it has no such zone. */
export interface RulesSource {
  readonly source: string;
  readonly version: string | null;
  readonly load: (zone: string) => ZoneRules | null;
}

/** Time zones by rules that are loaded when a zone is asked for the first time. */
export function rulesTimeZones({ source, version, load }: RulesSource): TimeZones {
  const loaded = new Map<string, ZoneRules | null>();
  const rulesOf = (zone: string): ZoneRules | null => {
    let rules = loaded.get(zone);
    if (rules === undefined) {
      rules = load(zone);
      loaded.set(zone, rules);
    }
    return rules;
  };
  return timeZonesFrom({
    source,
    version,
    isZone: (name) => rulesOf(name) !== null,
    offsetAt: (instant, zone) => {
      const rules = rulesOf(zone);
      if (!rules) throw new RangeError(`${source} has no time zone ${zone}`);
      return offsetByRules(rules, instant);
    },
  });
}
