import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { TimeZones } from '@loft/sync-core';
import { rulesTimeZones } from './rules-time-zones.js';
import { findTzVersion } from './tz-version.js';
import { readTzif } from './tzif.js';

/** Directories of compiled zone files: Linux, macOS, Solaris. */
export const SYSTEM_DIRECTORIES: readonly string[] = [
  '/usr/share/zoneinfo',
  '/var/db/timezone/zoneinfo',
  '/usr/share/lib/zoneinfo',
];

/** Files beside the zones that name the version: the first line of `tzdata.zi` is `# version 2026f`. */
const VERSION_FILES = ['+VERSION', 'tzdata.zi'];
const VERSION_BYTES = 64;

/**
 * Reads time zones from the compiled zone files of the operating system.
 *
 * @returns null if the directory does not exist or does not name its version: such files cannot be compared
 */
export function systemTimeZones(directory: string): TimeZones | null {
  const version = versionIn(directory);
  if (version === null) return null;
  const load = (zone: string): ReturnType<typeof readTzif> => {
    const bytes = readZoneFile(directory, zone);
    return bytes && readTzif(bytes);
  };
  return rulesTimeZones({ source: `the zone files in ${directory}`, version, load });
}

function versionIn(directory: string): string | null {
  for (const name of VERSION_FILES) {
    const version = findTzVersion(startOfFile(join(directory, name), VERSION_BYTES) ?? '');
    if (version !== null) return version;
  }
  return null;
}

/** Reads the first bytes of a file as text. @returns null if it cannot be read */
export function startOfFile(path: string, bytes: number): string | null {
  try {
    const file = openSync(path, 'r');
    try {
      const buffer = Buffer.alloc(bytes);
      return buffer.toString('latin1', 0, readSync(file, buffer, 0, bytes, 0));
    } finally {
      closeSync(file);
    }
  } catch {
    return null;
  }
}

/** The names of the tz database: words separated by slashes, without a path out of the directory. */
const ZONE_NAME = /^[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+)*$/;

function readZoneFile(directory: string, zone: string): Uint8Array | null {
  if (!ZONE_NAME.test(zone)) return null;
  try {
    return readFileSync(join(directory, zone));
  } catch {
    const found = findIgnoringCase(directory, zone.split('/'));
    return found === null ? null : readIfFile(found);
  }
}

/** Accepts a name in upper or lower case, as `Intl` does: `america/phoenix` is `America/Phoenix`. */
function findIgnoringCase(directory: string, words: readonly string[]): string | null {
  const [word, ...rest] = words;
  if (word === undefined) return directory;
  let names: readonly string[];
  try {
    names = readdirSync(directory);
  } catch {
    return null;
  }
  const found = names.find((name) => name.toLowerCase() === word.toLowerCase());
  return found === undefined ? null : findIgnoringCase(join(directory, found), rest);
}

function readIfFile(path: string): Uint8Array | null {
  try {
    return readFileSync(path);
  } catch {
    return null;
  }
}
