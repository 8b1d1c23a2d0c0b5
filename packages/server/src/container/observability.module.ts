import { ContainerModule } from 'inversify';
import type { DestinationStream } from 'pino';
import { packageVersion } from '../cli/package-version.js';
import type { ServiceSettings } from '../config/service-settings.js';
import { ActionCounts } from '../observe/action-counts.js';
import { createLogger, secretsOf } from '../observe/logger.js';
import { createMetrics } from '../observe/metrics.js';
import type { Tracing } from '../observe/tracing/tracing.js';
import { TOKENS } from './tokens.js';

/** OpenTelemetry's SDK needs time and memory, so it is loaded only if traces are on. */
async function loadTracing(): Promise<Tracing> {
  const { startTracing } = await import('../observe/tracing/start-tracing.js');
  return startTracing(packageVersion());
}

/** @param logTo destination of log lines; null: standard output */
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
    bind(TOKENS.tracing)
      .toResolvedValue(async ({ tracing }: ServiceSettings) => (tracing ? loadTracing() : null), [TOKENS.settings])
      .inSingletonScope()
      .onDeactivation((tracing) => tracing?.shutdown());
    bind(TOKENS.counts)
      .toResolvedValue(() => new ActionCounts())
      .inSingletonScope();
  });
}
