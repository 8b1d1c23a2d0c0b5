import type { Bay, Clock, Instant, SyncEngine, SyncSettings, TimeZones } from '@loft/sync-core';
import type { SyncStore } from '@loft/sync-core/store';
import type { Journal } from '@loft/sync-core/reports';
import type { Logger } from 'pino';
import type { Metrics } from '../observe/metrics.js';
import type { ActionCounts } from '../observe/action-counts.js';
import type { ZoneNotices } from '../time-zones/zone-notices.js';
import type { SandboxUsers } from './console/sandbox-users.js';
import type { ConsoleAccess } from './console-access.js';
import type { LiveBoard } from './live-board.js';
import type { AdminToken } from './admins.js';
import type { PushMonitor } from './push-monitor.js';
import type { CheckIdentity } from './google-identity.js';
import type { Tracing } from '../observe/tracing/tracing.js';

/** The parts of the HTTP application. It creates none of them itself. */
export interface AppParts {
  readonly engine: SyncEngine;
  /** The store of the maps and of the signed-out sessions. */
  readonly store: Pick<
    SyncStore,
    'getMap' | 'getDeadLetter' | 'listJournal' | 'listActivity' | 'getFeedState' | 'putFeedState' | 'ping'
  >;
  /** The journal. Pending entries are flushed before it is read. It also records manual actions. */
  readonly journal: Pick<Journal, 'flush' | 'noteAct'>;
  /** The pending changes. */
  readonly board: LiveBoard;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly counts: ActionCounts;
  /** The start of the service. */
  readonly startedAt: Instant;
  readonly timeZone: string;
  readonly timeZones: TimeZones;
  readonly zoneNotices: Pick<ZoneNotices, 'warnings'>;
  readonly bays: readonly Bay[];
  /** The days before and after today whose bookings are read. */
  readonly windowDays: Pick<SyncSettings['uschedule'], 'pastDays' | 'futureDays'>;
  /** The address that calendars are shared with; null if it is not known. */
  readonly googleAccount: string | null;
  /** Root URL of the calendar API; null: Google's own. Links to events may lead there. */
  readonly calendarRootUrl: string | null;
  /** Whether edits in the calendar of a bay change bookings. Without that, a change cannot be undone. */
  readonly canMoveBookings: (bay: string) => boolean;
  /** Empty: `/admin`, `/tasks`, `/metrics` and the console answer 404. */
  readonly admins: readonly AdminToken[];
  /** null: `/webhook/uschedule` answers 404. */
  readonly webhookSecret: string | null;
  /** Whether push notifications are on. false: `/webhook/gcal` answers 404. */
  readonly push: boolean;
  /** Derives the token of a channel; null without push notifications. */
  readonly channelToken: ((channelId: string) => string) | null;
  /** The monitor of Google's notifications. */
  readonly pushMonitor: PushMonitor;
  readonly consoleAccess: ConsoleAccess;
  /** The simulated persons of the sandbox; null for a service on real systems. */
  readonly sandbox: SandboxUsers | null;
  /** Checks the tokens of a scheduler at `/tasks/tick`; null: only the admin token is accepted. */
  readonly tickIdentity: CheckIdentity | null;
  /** Number of proxies in front of the service that add to `X-Forwarded-For`; 0: the caller connects directly. */
  readonly trustedProxies: number;
  /** null: no traces. */
  readonly tracing: Tracing | null;
}
