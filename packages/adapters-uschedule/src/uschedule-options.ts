import { type Instant, intlTimeZones, type TimeZones } from '@loft/sync-core';
import type { StatusTrust } from '@loft/sync-core/adapters';
import { createHttpClient, type HttpClient } from '@loft/sync-http';

/** How we log in. Impersonation needs only the application key. */
export type UScheduleLogin =
  | { readonly kind: 'password'; readonly username: string; readonly password: string }
  | { readonly kind: 'impersonate'; readonly username: string };

/** What `createUScheduleBookingSystem` needs. The defaults are those of docs/operating-contract.md#settings. */
export interface UScheduleOptions {
  /** Origin, with or without a trailing slash. Default: production, `https://clients.uschedule.com`. */
  readonly baseUrl?: string;
  /** The account's short name, as in the address `{baseUrl}/api/{alias}/{method}`. */
  readonly alias: string;
  /** Secret: sent as `X-US-Application-Key` with every call. */
  readonly applicationKey: string;
  readonly login: UScheduleLogin;
  /** The studio's IANA zone, in which wall times are to be read. */
  readonly timeZone: string;
  /** Rules of the time zones. Default `intlTimeZones()`, which can be old: see `TimeZones`. */
  readonly timeZones?: TimeZones;
  /** Whether `StatusID` can be believed (docs/uschedule.md#lesson-1). Default `trusted`. */
  readonly status?: StatusTrust;
  /** Default 1. */
  readonly locationId?: number;
  /** The service of the units that `unitServices` does not name. Default 11. */
  readonly serviceId?: number;
  /** The service that each unit offers, by the unit's id as text. It is used for availability and for bookings. */
  readonly unitServices?: ReadonlyMap<string, number>;
  /** Length in minutes of a requested free slot, and of a record without an end. Default 60. */
  readonly serviceLengthMinutes?: number;
  /** Longest time of one HTTP call, its body included, in milliseconds. Default 15 000. */
  readonly callTimeoutMs?: number;
  /** Clock for the waits between refused logins. Default: the system clock. */
  readonly now?: () => Instant;
  /** HTTP client. Default: a new client that obeys the proxy variables of this process. */
  readonly http?: HttpClient;
}

export type CompleteOptions = Required<UScheduleOptions>;

export function withDefaults(options: UScheduleOptions): CompleteOptions {
  return {
    baseUrl: 'https://clients.uschedule.com',
    status: 'trusted',
    locationId: 1,
    serviceId: 11,
    unitServices: new Map(),
    serviceLengthMinutes: 60,
    callTimeoutMs: 15_000,
    timeZones: options.timeZones ?? intlTimeZones(),
    now: () => Date.now(),
    ...options,
    http: options.http ?? createHttpClient(),
  };
}
