import type { Instant } from '@loft/sync-core';

/** `Retry-After` as milliseconds: seconds or an HTTP date; null when it is neither. */
export function retryAfterMs(header: string | null, now: Instant): number | null {
  const value = header?.trim() ?? '';
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  const date = /[a-z]/i.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}
