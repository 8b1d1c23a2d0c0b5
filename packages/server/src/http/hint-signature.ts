import { createHmac } from 'node:crypto';
import { MINUTE, type Instant } from '@loft/sync-core';
import { sameSecret } from './same-secret.js';

/** How far a hint's timestamp may be from our clock, either way. */
const SIGNATURE_AGE_MS: number = 5 * MINUTE;

/** The headers of a signed hint, as they came. */
export interface HintSignature {
  /** `X-Loft-Timestamp`: Unix seconds. */
  readonly timestamp: string;
  /** `X-Loft-Signature`: `sha256=<hex>`. */
  readonly signature: string;
}

/** The signature of a hint: HMAC-SHA256 of `"<timestamp>.<raw body>"` (docs/operating-contract.md#http). */
export function signHint(secret: string, timestamp: string, body: Uint8Array | string): string {
  return `sha256=${createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('hex')}`;
}

/** Whether a hint is signed with our secret and not older than five minutes, nor from a clock that far ahead. */
export function isHintSigned(secret: string, headers: HintSignature, body: Uint8Array, now: Instant): boolean {
  const { timestamp, signature } = headers;
  const genuine = sameSecret(signHint(secret, timestamp, body), signature.toLowerCase());
  const fresh = /^\d{1,12}$/.test(timestamp) && Math.abs(now - Number(timestamp) * 1000) <= SIGNATURE_AGE_MS;
  return genuine && fresh;
}
