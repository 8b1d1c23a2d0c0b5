import type { Readiness } from '@loft/sync-core';
import type { AppParts } from './app-parts.js';

/** The state of the engine with the warnings of the service. */
export async function readinessOf({ engine, clock, push, pushMonitor, zoneNotices }: AppParts): Promise<Readiness> {
  const readiness = await engine.readiness();
  const ofService = [...zoneNotices.warnings(clock.now()), ...(push ? pushMonitor.warnings : [])];
  return { ...readiness, warnings: [...readiness.warnings, ...ofService] };
}
