import type { SyncSettings, TimeZones } from '@loft/sync-core';
import type { GoogleCredentials } from '@loft/sync-google';
import type { Proxies } from '@loft/sync-http';
import type { UScheduleLogin } from '@loft/sync-uschedule';
import type { ChosenAdapters } from '../adapters/adapter-module.js';
import type { SignalReceiver } from '../signals/signal-types.js';
import type { AdminToken } from '../http/admins.js';
import type { TickIdentity } from '../http/google-identity.js';

/** The location of the store (`STORE_URL`). */
export type StoreLocation =
  | { readonly kind: 'sqlite'; readonly path: string }
  | { readonly kind: 'mongo'; readonly url: string }
  | { readonly kind: 'memory' };

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** `LOG_LEVEL`: the minimum level of log lines. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** The settings of the Google adapter. */
export interface GoogleAccess {
  readonly credentials: GoogleCredentials;
  /** Another server in place of Google's; null: Google. */
  readonly apiRootUrl: string | null;
}

/** The settings of the USchedule adapter. */
export interface UScheduleAccess {
  readonly baseUrl: string;
  readonly alias: string;
  readonly appKey: string;
  readonly login: UScheduleLogin;
  readonly locationId: number;
  readonly serviceId: number;
  readonly serviceLengthMinutes: number;
}

/** The settings of Google's push notifications. */
export interface PushAccess {
  /** Public address of `POST /webhook/gcal`. */
  readonly address: string;
  /** Key of the channel tokens. */
  readonly channelSecret: string;
}

/** The validated settings of the service. Rules and routing are in `sync`, which is passed to the engine unchanged. */
export interface ServiceSettings {
  readonly port: number;
  readonly logLevel: LogLevel;
  readonly store: StoreLocation;
  readonly google: GoogleAccess;
  /** null: another adapter reads the bookings. */
  readonly uschedule: UScheduleAccess | null;
  /** The adapters that the settings file names. */
  readonly adapters: ChosenAdapters;
  /** The variables whose name begins with `ADAPTER_`, for these adapters. All of them count as secrets. */
  readonly adapterVariables: Readonly<Record<string, string>>;
  /** null: no watch channels. */
  readonly push: PushAccess | null;
  /** The tokens for `/admin`, `/tasks`, `/metrics` and the console. Empty: these are off. */
  readonly admins: readonly AdminToken[];
  /** null: `/webhook/uschedule` is off. */
  readonly webhookSecret: string | null;
  /** The identity whose tokens are accepted at `/tasks/tick` beside the admin token; null: none. */
  readonly tickIdentity: TickIdentity | null;
  /** Number of proxies in front of the service that add to `X-Forwarded-For`. */
  readonly trustedProxies: number;
  /** The proxies for both systems, the token endpoint and Google's public keys. */
  readonly proxies: Proxies;
  /** Webhooks that receive signals. */
  readonly signals: readonly SignalReceiver[];
  /** Maximum duration of one call to another system, in milliseconds. */
  readonly callTimeoutMs: number;
  /** Whether the variables of OpenTelemetry ask for traces. */
  readonly tracing: boolean;
  /** Duration of a replica's lease on a task without a renewal, in milliseconds. */
  readonly leaseMs: number;
  readonly sync: SyncSettings;
  /**
   * The newest zone rules of this machine. `sync.timeZone` was checked by them, and every wall time is read by them.
   */
  readonly timeZones: TimeZones;
}
