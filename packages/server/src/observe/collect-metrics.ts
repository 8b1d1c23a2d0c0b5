import type { EngineStatus, Instant } from '@loft/sync-core';
import type { Metrics } from './metrics.js';

/**
 * Sets the gauges from the engine's state at the time of a scrape. If the store cannot be reached, the gauges are
 * omitted, because an old value would look current.
 */
export function collectStatus(metrics: Metrics, status: EngineStatus | null, now: Instant, startedAt: Instant): void {
  metrics.tasks.reset();
  metrics.feedAgeSeconds.reset();
  metrics.feedStopped.reset();
  metrics.channelExpirySeconds.reset();
  metrics.deadLetters.remove();
  if (status === null) return;
  for (const state of ['due', 'waiting', 'claimed'] as const) metrics.tasks.set({ state }, status.tasks[state]);
  metrics.deadLetters.set(status.deadLetters);
  for (const { feed, lastSuccessAt, elsewhere } of status.feeds) {
    // The replica that runs the feed reports its age.
    if (elsewhere) continue;
    metrics.feedAgeSeconds.set({ feed }, Math.max(0, now - (lastSuccessAt ?? startedAt)) / 1000);
  }
  for (const { feed, stopped } of status.feeds) metrics.feedStopped.set({ feed }, stopped ? 1 : 0);
  for (const { calendarId, expiresAt } of status.channels) {
    metrics.channelExpirySeconds.set({ calendar: calendarId }, Math.max(0, (expiresAt ?? now) - now) / 1000);
  }
}
