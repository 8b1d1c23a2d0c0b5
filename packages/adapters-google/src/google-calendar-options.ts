import type { Instant, TimeZones } from '@loft/sync-core';
import type { HttpClient } from '@loft/sync-http';

/**
 * The credentials (docs/operating-contract.md#settings).
 *
 * - `key`: the text of a service account's JSON key; its own `token_uri` is honoured.
 * - `key-file`: the path of such a key, read each time a token is fetched, so that a new key needs no restart. A file
 *   of another kind (workload identity federation, for example) is treated as `platform`.
 * - `platform`: application default credentials: the file named by the variable `GOOGLE_APPLICATION_CREDENTIALS`, or
 *   the identity the platform attaches.
 */
export type GoogleCredentials =
  | { readonly kind: 'key'; readonly json: string }
  | { readonly kind: 'key-file'; readonly path: string }
  | { readonly kind: 'platform' };

/** Options of the adapter. Only the credentials and the zone are required. */
export interface GoogleCalendarOptions {
  readonly credentials: GoogleCredentials;
  /** The studio's IANA zone: events are written with it, and a time without an offset is read in it. */
  readonly timeZone: string;
  /** Rules of the time zones. Default `intlTimeZones()`. */
  readonly timeZones?: TimeZones;
  /** Origin of the API; Google's without it. */
  readonly rootUrl?: string;
  /** Maximum duration of a call in ms, body included; after it the call fails as `transient`. Default 15000. */
  readonly callTimeoutMs?: number;
  /** The current time, for the lifetime of access tokens and for `Retry-After`. Default `Date.now`. */
  readonly now?: () => Instant;
  /** HTTP client. Default: a new client that obeys the proxy variables of this process. */
  readonly http?: HttpClient;
}

/** Default maximum duration of one call, in ms. */
export const DEFAULT_CALL_TIMEOUT_MS = 15_000;

/** The narrow scope: enough for every call we make, watch included (docs/google-calendar.md#access). */
export const CALENDAR_EVENTS_SCOPE = 'https://www.googleapis.com/auth/calendar.events';
