import type { Instant } from '@loft/sync-core';

/** Formats the age of an instant: `40 s ago`, `5 min ago`. */
export function since(now: Instant, instant: Instant | null): string {
  if (instant === null) return 'not yet';
  const seconds = Math.max(0, Math.round((now - instant) / 1000));
  if (seconds < 120) return `${seconds} s ago`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min ago` : `${Math.round(seconds / 3600)} h ago`;
}

/** Formats a remaining duration: `5 h`, `7 days`. */
export function until(now: Instant, instant: Instant): string {
  const hours = Math.max(0, Math.round((instant - now) / 3_600_000));
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`;
}
