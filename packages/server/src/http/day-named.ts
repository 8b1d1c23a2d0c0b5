import type { Instant } from '@loft/sync-core';
import { fromWallTime, startOfDay } from '@loft/sync-core/adapters';
import type { NamedZone } from '../time-zones/zoned-formatter.js';

/** @returns the first instant of the local day named `2026-11-26`; today's if the name is missing or invalid */
export function dayNamed(name: string | null, now: Instant, { timeZone, timeZones }: NamedZone): Instant {
  const named = /^(\d{4})-(\d\d)-(\d\d)$/.exec(name ?? '');
  if (!named) return startOfDay(now, timeZone, timeZones);
  const [year = 0, month = 1, day = 1] = named.slice(1).map(Number);
  const noon = { year, month, day, hour: 12, minute: 0, second: 0, millisecond: 0 };
  return startOfDay(fromWallTime(noon, timeZone, timeZones), timeZone, timeZones);
}
