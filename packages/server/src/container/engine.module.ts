import {
  createSyncEngine,
  type SyncEngine,
  type SyncEngineOptions,
  type BookingSystem,
  type CalendarSystem,
  type Clock,
  type SyncObserver,
} from '@loft/sync-core';
import type { SyncStore } from '@loft/sync-core/store';
import { ContainerModule } from 'inversify';
import type { Logger } from 'pino';
import { googleAccountOf } from '../config/google-account.js';
import type { ServiceSettings } from '../config/service-settings.js';
import { channelTokens } from '../http/channel-token.js';
import type { ActionCounts } from '../observe/action-counts.js';
import { LogObserver } from '../observe/log-observer.js';
import { MetricsObserver } from '../observe/metrics-observer.js';
import type { Metrics } from '../observe/metrics.js';
import type { Tracing } from '../observe/tracing/tracing.js';
import { watchOffsets, type CalendarOffsets } from '../time-zones/calendar-offsets.js';
import { StartFailure } from './start-failure.js';
import type { CustomerMemory } from '../signals/customer-memory.js';
import { CUSTOMERS } from './signals.module.js';
import { TOKENS } from './tokens.js';

/**
 * Reports a fault of the engine's settings. The settings file was validated before, so the fault is in an adapter of
 * another origin or in settings made by a program.
 */
function engineOf(options: SyncEngineOptions): SyncEngine {
  const made = createSyncEngine(options);
  if (made.ok) return made.val;
  const faults = made.val.map(({ where, problem }) => `${where} ${problem}`).join('; ');
  throw new StartFailure(`The engine cannot be created: ${faults}.`);
}

/** @param observers observers of the engine besides the log and the metrics */
export function engineModule(observers: readonly SyncObserver[]): ContainerModule {
  return new ContainerModule(({ bind }) => {
    bind(TOKENS.engine)
      .toResolvedValue(
        async (
          serviceSettings: ServiceSettings,
          bookings: BookingSystem,
          calendars: CalendarSystem,
          store: SyncStore,
          clock: Clock,
          log: Logger,
          metrics: Metrics,
          counts: ActionCounts,
          tracing: Tracing | null,
          offsets: CalendarOffsets,
          customers: CustomerMemory,
        ) => {
          const { push, sync, leaseMs, timeZones, signals } = serviceSettings;
          const traced = tracing?.bookings(bookings) ?? bookings;
          return engineOf({
            account: await googleAccountOf(serviceSettings),
            // Only signals need the customers.
            bookings: signals.length > 0 ? customers.watch(traced) : traced,
            calendars: watchOffsets(tracing?.calendars(calendars) ?? calendars, offsets),
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
          });
        },
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
          TOKENS.offsets,
          CUSTOMERS,
        ],
      )
      .inSingletonScope();
  });
}
