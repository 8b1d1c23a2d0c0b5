import type { Instant } from '@loft/sync-core';
import { RETRY_AFTER_LIMIT_MS } from '@loft/sync-core/adapters';

/** Reads `Retry-After` (seconds or an HTTP date) as milliseconds, at most ten minutes. @returns null if it is neither */
export function retryAfterMs(header: string | null, now: Instant): number | null {
  const value = header?.trim() ?? '';
  if (/^\d+$/.test(value)) return Math.min(Number(value) * 1000, RETRY_AFTER_LIMIT_MS);
  const date = /[a-z]/i.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(date) ? null : Math.min(Math.max(0, date - now), RETRY_AFTER_LIMIT_MS);
}
