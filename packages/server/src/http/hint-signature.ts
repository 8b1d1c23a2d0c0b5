import { createHmac } from 'node:crypto';
import { MINUTE, type Instant } from '@loft/sync-core';
import { sameSecret } from './same-secret.js';

/** Maximum difference between a hint's timestamp and our clock, in both directions. */
const SIGNATURE_AGE_MS: number = 5 * MINUTE;

/** The headers of a signed hint. */
export interface HintSignature {
  /** `X-Loft-Timestamp`: Unix seconds. */
  readonly timestamp: string;
  /** `X-Loft-Signature`: `sha256=<hex>`. */
  readonly signature: string;
}

/** Computes the signature of a hint: HMAC-SHA256 of `"<timestamp>.<raw body>"` (docs/operating-contract.md#http). */
export function signHint(secret: string, timestamp: string, body: Uint8Array | string): string {
  return `sha256=${createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('hex')}`;
}

/** The reason why a hint is refused, as a sentence for its sender and for the log. */
export type HintFault = string;

/**
 * Checks that a hint is signed with our secret, and that its timestamp differs from our clock by at most five minutes.
 *
 * @returns null if the signature is valid
 */
export function hintFault(secret: string, headers: HintSignature, body: Uint8Array, now: Instant): HintFault | null {
  const { timestamp, signature } = headers;
  const isGenuine = sameSecret(signHint(secret, timestamp, body), signature.toLowerCase());
  const isNear = (seconds: number): boolean => Math.abs(now - seconds * 1000) <= SIGNATURE_AGE_MS;
  if (timestamp === '') return 'The header X-Loft-Timestamp is missing.';
  if (signature === '') return 'The header X-Loft-Signature is missing.';
  if (/^\d{13}$/.test(timestamp) && isNear(Number(timestamp) / 1000)) {
    return 'X-Loft-Timestamp is in milliseconds. Send Unix seconds.';
  }
  if (!/^\d{1,12}$/.test(timestamp)) return 'X-Loft-Timestamp is not a number of Unix seconds.';
  if (!isNear(Number(timestamp))) return 'X-Loft-Timestamp is more than 5 minutes from our clock.';
  return isGenuine ? null : 'X-Loft-Signature is not the signature of this timestamp and body with our secret.';
}
