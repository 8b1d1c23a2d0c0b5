import type { SyncSettings, TimeZones } from '@loft/sync-core';
import type { GoogleCredentials } from '@loft/sync-google';
import type { Proxies } from '@loft/sync-http';
import type { UScheduleLogin } from '@loft/sync-uschedule';
import type { ChosenAdapters } from '../adapters/adapter-module.js';
import type { SignalReceiver } from '../signals/signal-types.js';
import type { AdminToken } from '../http/admins.js';
import type { TickIdentity } from '../http/google-identity.js';

/** Where the store is (`STORE_URL`). */
export type StoreLocation =
  | { readonly kind: 'sqlite'; readonly path: string }
  | { readonly kind: 'mongo'; readonly url: string }
  | { readonly kind: 'memory' };

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** `LOG_LEVEL`: how much is logged. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What the Google adapter needs to know. */
export interface GoogleAccess {
  readonly credentials: GoogleCredentials;
  /** Another server than Google's own; null: Google. */
  readonly apiRootUrl: string | null;
}

/** What the USchedule adapter needs to know. */
export interface UScheduleAccess {
  readonly baseUrl: string;
  readonly alias: string;
  readonly appKey: string;
  readonly login: UScheduleLogin;
  readonly locationId: number;
  readonly serviceId: number;
  readonly serviceLengthMinutes: number;
}

/** How Google's push notifications reach us. */
export interface PushAccess {
  /** Address of `POST /webhook/gcal` as seen from outside. */
  readonly address: string;
  /** Key of the channel tokens. */
  readonly channelSecret: string;
}

/** Everything the service is told, checked. The rules and routing in it are `sync`, handed to the engine as they are. */
export interface ServiceSettings {
  readonly port: number;
  readonly logLevel: LogLevel;
  readonly store: StoreLocation;
  readonly google: GoogleAccess;
  /** null: another adapter brings the bookings. */
  readonly uschedule: UScheduleAccess | null;
  /** The adapters that the settings file names. */
  readonly adapters: ChosenAdapters;
  /** The variables whose name begins with `ADAPTER_`, for these adapters. All of them are taken for secrets. */
  readonly adapterVariables: Readonly<Record<string, string>>;
  /** null: no watch channels. */
  readonly push: PushAccess | null;
  /** Whose tokens open `/admin`, `/tasks`, `/metrics` and the console. Empty: these are off. */
  readonly admins: readonly AdminToken[];
  /** null: `/webhook/uschedule` is off. */
  readonly webhookSecret: string | null;
  /** Whose tokens open `/tasks/tick` beside the admin token; null: nobody's. */
  readonly tickIdentity: TickIdentity | null;
  /** How many proxies stand in front of the service and add to `X-Forwarded-For`. */
  readonly trustedProxies: number;
  /** Through which proxies both systems, the token endpoint and Google's public keys are reached. */
  readonly proxies: Proxies;
  /** Webhooks that signals go to. */
  readonly signals: readonly SignalReceiver[];
  /** Longest time one call to another system may take, in milliseconds. */
  readonly callTimeoutMs: number;
  /** Traces are asked for, by the usual variables of OpenTelemetry. */
  readonly tracing: boolean;
  /** How long what a replica works on is left to it when it does not speak up, in milliseconds. */
  readonly leaseMs: number;
  readonly sync: SyncSettings;
  /** The newest zone rules of this machine, by which `sync.timeZone` was checked and every wall time is read. */
  readonly timeZones: TimeZones;
}
