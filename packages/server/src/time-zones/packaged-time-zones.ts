import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Instant, TimeZones } from '@loft/sync-core';
import { unpackZone } from './packed-zone.js';
import { rulesTimeZones } from './rules-time-zones.js';
import { startOfFile } from './system-time-zones.js';
import { findTzVersion } from './tz-version.js';
import type { ZoneRules } from './zone-rules.js';

/**
 * Only the data of the package are used; its code is never loaded. See docs/adr/0018-time-zones-by-the-newest-rules.md.
 */
const DATA = 'moment-timezone/data/packed/latest.json';
const VERSION_BYTES = 64;
/** The lists of the package end with this year, also for zones with later changes. */
const LAST_LISTED_YEAR = 2037;

/** Finds the data of the package. @returns null if it is not installed */
export function packagedDataFile(): string | null {
  try {
    return createRequire(import.meta.url).resolve(DATA);
  } catch {
    return null;
  }
}

/**
 * Reads time zones from the data of a package. The complete file is read when a zone is used.
 *
 * @param beyond answers for the years after those of the package
 * @returns null if the file cannot be read or does not name its version
 */
export function packagedTimeZones(path: string, beyond: TimeZones): TimeZones | null {
  const version = findTzVersion(startOfFile(path, VERSION_BYTES) ?? '');
  if (version === null) return null;
  let text: string | null = null;
  let all: ReadonlyMap<string, string> | null = null;
  const load = (zone: string): ZoneRules | null => {
    text ??= readFileSync(path, 'latin1');
    let rules = unpackZone(findPackedZone(text, zone) ?? '');
    if (!rules) {
      all ??= packedZones(text);
      rules = unpackZone(all.get(zone.toLowerCase()) ?? '');
    }
    return rules && { ...rules, afterwards: afterLastListed(rules, zone, beyond) };
  };
  return rulesTimeZones({ source: 'the data of moment-timezone', version, load });
}

function afterLastListed({ changes }: ZoneRules, zone: string, beyond: TimeZones): ZoneRules['afterwards'] {
  const last = changes.at(-1);
  const goesOn = last !== undefined && new Date(last).getUTCFullYear() >= LAST_LISTED_YEAR && beyond.isZone(zone);
  if (!goesOn) return null;
  const listed = Date.UTC(LAST_LISTED_YEAR + 1, 0, 1);
  return (instant: Instant) => beyond.offsetAt(Math.max(instant, listed), zone);
}

/**
 * Finds one zone in the text of the file, because a parse of all of it is the slowest part of the start. @returns null
 * if it must be parsed
 */
function findPackedZone(text: string, zone: string): string | null {
  const head = text.indexOf(`"${zone}|`);
  const end = text.indexOf('"', head + 1);
  // Further down, a line that begins with a name lists its links.
  return head < 0 || end < 0 || head > text.indexOf('"links"') ? null : text.slice(head + 1, end);
}

/** The packed zones by their names and links, in lower case. */
function packedZones(text: string): ReadonlyMap<string, string> {
  const { zones, links } = JSON.parse(text) as { readonly zones: readonly string[]; readonly links: readonly string[] };
  const byName = new Map<string, string>();
  for (const packed of zones) byName.set(packed.slice(0, packed.indexOf('|')).toLowerCase(), packed);
  for (const link of links) {
    const [zone = '', other = ''] = link.toLowerCase().split('|');
    const packed = byName.get(zone);
    if (packed !== undefined) byName.set(other, packed);
  }
  return byName;
}
