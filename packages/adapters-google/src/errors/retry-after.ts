import { SECOND, type Instant } from '@loft/sync-core';
import { RETRY_AFTER_LIMIT_MS } from '@loft/sync-core/adapters';

/**
 * Returns the wait of a `Retry-After` header in milliseconds, at most ten minutes. The header holds seconds or an HTTP
 * date.
 * @returns null if it is neither
 */
export function parseRetryAfter(header: string | null, now: Instant): number | null {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) return Math.min(Number(text) * SECOND, RETRY_AFTER_LIMIT_MS);
  // Only a text that begins with a letter can be an HTTP date; Date.parse takes much else for one.
  const at = /^[A-Za-z]/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? null : Math.min(Math.max(0, at - now), RETRY_AFTER_LIMIT_MS);
}
