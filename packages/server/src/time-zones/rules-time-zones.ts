import type { TimeZones } from '@loft/sync-core';
import { timeZonesFrom } from '@loft/sync-core/time-zones';
import { offsetByRules, type ZoneRules } from './zone-rules.js';

/** A source of the rules of zones by name; null: the source does not have the zone. */
export interface RulesSource {
  readonly source: string;
  readonly version: string | null;
  readonly load: (zone: string) => ZoneRules | null;
}

/** Creates time zones from rules. The rules of a zone are loaded at its first use. */
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
