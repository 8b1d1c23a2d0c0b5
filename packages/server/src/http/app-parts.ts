import type { Bay, Clock, Instant, SyncEngine, TimeZones } from '@loft/sync-core';
import type { SyncStore } from '@loft/sync-core/store';
import type { Journal } from '@loft/sync-core/reports';
import type { Logger } from 'pino';
import type { Metrics } from '../observe/metrics.js';
import type { ActionCounts } from '../observe/action-counts.js';
import type { ZoneNotices } from '../time-zones/zone-notices.js';
import type { SandboxDesk } from './console/sandbox-desk.js';
import type { ConsoleAccess } from './console-access.js';
import type { CustomerMemory } from '../signals/customer-memory.js';
import type { AdminToken } from './admins.js';
import type { PushMonitor } from './push-monitor.js';
import type { CheckIdentity } from './google-identity.js';
import type { Tracing } from '../observe/tracing/tracing.js';

/** What the HTTP application is made of. Nothing in it is made by the application itself. */
export interface AppParts {
  readonly engine: SyncEngine;
  /** What is known of appointments, and which sessions of the console were signed out. */
  readonly store: Pick<
    SyncStore,
    'getMap' | 'getDeadLetter' | 'listJournal' | 'listActivity' | 'getFeedState' | 'putFeedState' | 'ping'
  >;
  /** What it has not written yet is written before it is read. It also takes note of what people do by hand. */
  readonly journal: Pick<Journal, 'flush' | 'noteAct'>;
  /** What the booking system said of customers; without it their names are known from maps alone. */
  readonly customers?: Pick<CustomerMemory, 'factsOf'>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly counts: ActionCounts;
  /** When the service was started. */
  readonly startedAt: Instant;
  readonly timeZone: string;
  readonly timeZones: TimeZones;
  readonly zoneNotices: Pick<ZoneNotices, 'warnings'>;
  readonly bays: readonly Bay[];
  /** Whether edits in the calendar of a bay change bookings: a change of another bay cannot be undone. */
  readonly canMoveBookings: (bay: string) => boolean;
  /** Empty: `/admin`, `/tasks`, `/metrics` and the console answer 404. */
  readonly admins: readonly AdminToken[];
  /** null: `/webhook/uschedule` answers 404. */
  readonly webhookSecret: string | null;
  /** Google knows where to notify us; false: `/webhook/gcal` answers 404. */
  readonly push: boolean;
  /** Makes the token of a channel; null without push notifications. */
  readonly channelToken: ((channelId: string) => string) | null;
  /** When Google spoke, and whether it still does. */
  readonly pushMonitor: PushMonitor;
  readonly consoleAccess: ConsoleAccess;
  /** The people of the sandbox; null for a service on real systems. */
  readonly sandbox: SandboxDesk | null;
  /** Checks the tokens of a scheduler at `/tasks/tick`; null: only the admin token opens it. */
  readonly tickIdentity: CheckIdentity | null;
  /** How many proxies stand in front of us and add to `X-Forwarded-For`; 0: the caller is who connects. */
  readonly trustedProxies: number;
  /** null: no traces. */
  readonly tracing: Tracing | null;
}
