import { ContainerModule } from 'inversify';
import type { DestinationStream } from 'pino';
import type { ServiceSettings } from '../config/service-settings.js';
import { ActionCounts } from '../observe/action-counts.js';
import { createLogger, secretsOf } from '../observe/logger.js';
import { createMetrics } from '../observe/metrics.js';
import { TOKENS } from './tokens.js';

/** @param logTo where log lines go; standard output when null */
export function observabilityModule(logTo: DestinationStream | null): ContainerModule {
  return new ContainerModule(({ bind }) => {
    bind(TOKENS.log)
      .toResolvedValue(
        (settings: ServiceSettings) => createLogger(settings, secretsOf(settings), logTo ?? undefined),
        [TOKENS.settings],
      )
      .inSingletonScope();
    bind(TOKENS.metrics)
      .toResolvedValue(() => createMetrics())
      .inSingletonScope();
    bind(TOKENS.counts)
      .toResolvedValue(() => new ActionCounts())
      .inSingletonScope();
  });
}
