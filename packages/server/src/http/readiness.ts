import type { Readiness } from '@loft/sync-core';
import type { AppParts } from './app-parts.js';

/** The state of the engine with the warnings of the service. */
export async function readinessOf({ engine, clock, pushMonitor, zoneNotices }: AppParts): Promise<Readiness> {
  const readiness = await engine.readiness();
  return {
    ...readiness,
    warnings: [...readiness.warnings, ...zoneNotices.warnings(clock.now()), ...pushMonitor.warnings],
  };
}
