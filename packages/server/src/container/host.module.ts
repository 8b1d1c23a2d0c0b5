import type { Clock, SyncEngine } from '@loft/sync-core';
import type { SyncStore } from '@loft/sync-core/store';
import type { Journal } from '@loft/sync-core/reports';
import type { HttpClient } from '@loft/sync-http';
import { ContainerModule } from 'inversify';
import type { Logger } from 'pino';
import type { ServiceSettings } from '../config/service-settings.js';
import type { ConsoleAccess } from '../http/console-access.js';
import type { SandboxUsers } from '../http/console/sandbox-users.js';
import { canMoveBookings } from '../http/can-move-bookings.js';
import { googleAccountOf } from '../config/google-account.js';
import { createApp } from '../http/create-app.js';
import { googleIdentity } from '../http/google-identity.js';
import { liveBoard } from '../http/live-board.js';
import type { ActionCounts } from '../observe/action-counts.js';
import type { Metrics } from '../observe/metrics.js';
import type { Tracing } from '../observe/tracing/tracing.js';
import type { ZoneNotices } from '../time-zones/zone-notices.js';
import { JOURNAL } from './journal.module.js';
import { channelTokens } from '../http/channel-token.js';
import type { PushMonitor } from '../http/push-monitor.js';
import { PUSH_MONITOR } from './push.module.js';
import { TOKENS } from './tokens.js';

export function hostModule(consoleAccess: ConsoleAccess, sandbox: SandboxUsers | null): ContainerModule {
  return new ContainerModule(({ bind }) => {
    bind(TOKENS.app)
      .toResolvedValue(
        async (
          settings: ServiceSettings,
          engine: SyncEngine,
          clock: Clock,
          log: Logger,
          metrics: Metrics,
          counts: ActionCounts,
          store: SyncStore,
          journal: Journal,
          tracing: Tracing | null,
          http: HttpClient,
          zoneNotices: ZoneNotices,
          pushMonitor: PushMonitor,
        ) =>
          createApp({
            engine,
            clock,
            log,
            metrics,
            counts,
            store,
            journal,
            startedAt: clock.now(),
            timeZone: settings.sync.timeZone,
            timeZones: settings.timeZones,
            zoneNotices,
            bays: settings.sync.bays,
            googleAccount: (await googleAccountOf(settings)) ?? null,
            board: liveBoard(engine, clock),
            calendarRootUrl: settings.google.apiRootUrl,
            windowDays: settings.sync.uschedule,
            canMoveBookings: (bay) => canMoveBookings(bay, settings.sync),
            admins: settings.admins,
            webhookSecret: settings.webhookSecret,
            push: settings.push !== null,
            channelToken: settings.push && channelTokens(settings.push.channelSecret),
            pushMonitor,
            consoleAccess,
            sandbox,
            tickIdentity: settings.tickIdentity && googleIdentity(settings.tickIdentity, clock, http),
            trustedProxies: settings.trustedProxies,
            tracing,
          }),
        [
          TOKENS.settings,
          TOKENS.engine,
          TOKENS.clock,
          TOKENS.log,
          TOKENS.metrics,
          TOKENS.counts,
          TOKENS.store,
          JOURNAL,
          TOKENS.tracing,
          TOKENS.http,
          TOKENS.zoneNotices,
          PUSH_MONITOR,
        ],
      )
      .inSingletonScope();
  });
}
