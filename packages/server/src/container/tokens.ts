import type { BookingSystem, CalendarSystem, Clock, SyncEngine } from '@loft/sync-core';
import type { SyncStore } from '@loft/sync-core/store';
import type { HttpClient } from '@loft/sync-http';
import type { ServiceIdentifier } from 'inversify';
import type Koa from 'koa';
import type { Logger } from 'pino';
import type { ServiceSettings } from '../config/service-settings.js';
import type { ActionCounts } from '../observe/action-counts.js';
import type { Metrics } from '../observe/metrics.js';
import type { CalendarOffsets } from '../time-zones/calendar-offsets.js';
import type { ZoneNotices } from '../time-zones/zone-notices.js';
import type { Tracing } from '../observe/tracing/tracing.js';

/** The bindings of the container, each with its token. */
interface Tokens {
  readonly settings: ServiceIdentifier<ServiceSettings>;
  readonly clock: ServiceIdentifier<Clock>;
  readonly log: ServiceIdentifier<Logger>;
  readonly metrics: ServiceIdentifier<Metrics>;
  readonly counts: ServiceIdentifier<ActionCounts>;
  /** null: no traces. */
  readonly tracing: ServiceIdentifier<Tracing | null>;
  readonly http: ServiceIdentifier<HttpClient>;
  readonly store: ServiceIdentifier<SyncStore>;
  readonly bookings: ServiceIdentifier<BookingSystem>;
  readonly calendars: ServiceIdentifier<CalendarSystem>;
  /** The offsets of the studio's zone that calendars report. */
  readonly offsets: ServiceIdentifier<CalendarOffsets>;
  readonly zoneNotices: ServiceIdentifier<ZoneNotices>;
  readonly engine: ServiceIdentifier<SyncEngine>;
  readonly app: ServiceIdentifier<Koa>;
}

function token<T>(name: string): ServiceIdentifier<T> {
  return Symbol.for(`loft-sync/${name}`);
}

export const TOKENS: Tokens = {
  settings: token('settings'),
  clock: token('clock'),
  log: token('log'),
  metrics: token('metrics'),
  counts: token('counts'),
  tracing: token('tracing'),
  http: token('http'),
  store: token('store'),
  bookings: token('bookings'),
  calendars: token('calendars'),
  offsets: token('offsets'),
  zoneNotices: token('zone-notices'),
  engine: token('engine'),
  app: token('app'),
};
