import { SECOND, type Instant } from '@loft/sync-core';

/** Milliseconds a `Retry-After` header asks us to wait: it holds seconds or an HTTP date. null: neither. */
export function parseRetryAfter(header: string | null, now: Instant): number | null {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) return Number(text) * SECOND;
  // Only a text that begins with a letter can be an HTTP date; Date.parse takes much else for one.
  const at = /^[A-Za-z]/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}
