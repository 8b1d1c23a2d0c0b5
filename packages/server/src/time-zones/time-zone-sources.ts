import type { TimeZones } from '@loft/sync-core';
import { intlTimeZones } from '@loft/sync-core/time-zones';
import type { Environment } from '../config/environment.js';
import { packagedDataFile, packagedTimeZones } from './packaged-time-zones.js';
import { SYSTEM_DIRECTORIES, systemTimeZones } from './system-time-zones.js';
import { compareTzVersions, findTzVersion } from './tz-version.js';

/** The possible sources of zone rules on this machine. */
export interface SourcePlaces {
  /** Version of the rules in the runtime's `Intl`; undefined if unknown. */
  readonly runtimeVersion: string | undefined;
  /** Directories of compiled zone files; the first that names its version is used. */
  readonly systemDirectories: readonly string[];
  /** Data file of the package; null: not installed. */
  readonly dataFile: string | null;
}

/** `TZDIR` is the C library's variable for the directory of zone files. */
export function placesOf({ TZDIR }: Pick<Environment, 'TZDIR'>): SourcePlaces {
  return {
    runtimeVersion: process.versions['tz'],
    systemDirectories: [...(TZDIR === undefined ? [] : [TZDIR]), ...SYSTEM_DIRECTORIES],
    dataFile: packagedDataFile(),
  };
}

/**
 * Lists all sources of this machine, the newest first. Order of equal versions: the runtime, then the operating system.
 */
export function timeZoneSources(places: SourcePlaces): readonly [TimeZones, ...TimeZones[]] {
  const { runtimeVersion, systemDirectories, dataFile } = places;
  const runtime = intlTimeZones({
    source: `Intl of Node ${process.versions.node}`,
    version: findTzVersion(runtimeVersion ?? ''),
  });
  const system = firstOf(systemDirectories, systemTimeZones);
  const packaged = dataFile === null ? null : packagedTimeZones(dataFile, runtime);
  const others = [system, packaged].filter((source) => source !== null);
  // A stable sort: equal versions keep this order.
  const [newest = runtime, ...older] = [runtime, ...others].toSorted((a, b) => compareTzVersions(b.version, a.version));
  return [newest, ...older];
}

/**
 * Selects the newest zone rules of this machine (docs/operating-contract.md#time-zones). Zone files are read at the
 * first use.
 */
export function newestTimeZones(environment: Pick<Environment, 'TZDIR'>): TimeZones {
  return timeZoneSources(placesOf(environment))[0];
}

function firstOf<T, U>(items: readonly T[], make: (item: T) => U | null): U | null {
  for (const item of items) {
    const made = make(item);
    if (made !== null) return made;
  }
  return null;
}
