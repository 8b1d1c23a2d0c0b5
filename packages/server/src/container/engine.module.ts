import {
  createSyncEngine,
  type BookingSystem,
  type CalendarSystem,
  type Clock,
  type SyncObserver,
  type SyncStore,
} from '@loft/sync-core';
import { ContainerModule } from 'inversify';
import type { Logger } from 'pino';
import type { ServiceSettings } from '../config/service-settings.js';
import { channelTokens } from '../http/channel-token.js';
import type { ActionCounts } from '../observe/action-counts.js';
import { LogObserver } from '../observe/log-observer.js';
import { MetricsObserver } from '../observe/metrics-observer.js';
import type { Metrics } from '../observe/metrics.js';
import type { Tracing } from '../observe/tracing/tracing.js';
import { TOKENS } from './tokens.js';

/** @param observers whoever wants to see what the engine does, besides the log and the metrics */
export function engineModule(observers: readonly SyncObserver[]): ContainerModule {
  return new ContainerModule(({ bind }) => {
    bind(TOKENS.engine)
      .toResolvedValue(
        (
          { push, sync, leaseMs, timeZones }: ServiceSettings,
          bookings: BookingSystem,
          calendars: CalendarSystem,
          store: SyncStore,
          clock: Clock,
          log: Logger,
          metrics: Metrics,
          counts: ActionCounts,
          tracing: Tracing | null,
        ) =>
          createSyncEngine({
            bookings: tracing?.bookings(bookings) ?? bookings,
            calendars: tracing?.calendars(calendars) ?? calendars,
            store: tracing?.store(store) ?? store,
            clock: tracing?.clock(clock) ?? clock,
            settings: sync,
            timeZones,
            leaseMs,
            ...(push && { push: { address: push.address, tokenOf: channelTokens(push.channelSecret) } }),
            observers: [
              new LogObserver(log),
              new MetricsObserver(metrics),
              counts,
              ...(tracing ? [tracing.observer] : []),
              ...observers,
            ],
          }),
        [
          TOKENS.settings,
          TOKENS.bookings,
          TOKENS.calendars,
          TOKENS.store,
          TOKENS.clock,
          TOKENS.log,
          TOKENS.metrics,
          TOKENS.counts,
          TOKENS.tracing,
        ],
      )
      .inSingletonScope();
  });
}
