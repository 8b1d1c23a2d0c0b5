import type { Readiness } from '@loft/sync-core';
import type { AppParts } from './app-parts.js';

/** How the engine is, and what else a person has to know. */
export async function readinessOf({ engine, clock, pushMonitor, zoneNotices }: AppParts): Promise<Readiness> {
  const readiness = await engine.readiness();
  return {
    ...readiness,
    warnings: [...readiness.warnings, ...zoneNotices.warnings(clock.now()), ...pushMonitor.warnings],
  };
}
