import type { SyncEvent, SyncObserver } from '@loft/sync-core';
import type { Metrics } from './metrics.js';

/** Counts the engine's events. States are read at the scrape: `collect-metrics.ts`. */
export class MetricsObserver implements SyncObserver {
  readonly #metrics: Metrics;

  constructor(metrics: Metrics) {
    this.#metrics = metrics;
  }

  onEvent(event: SyncEvent): void {
    const { actions, apiCalls, apiCallSeconds, decisions, propagationSeconds, retries } = this.#metrics;
    switch (event.type) {
      case 'action': {
        const { direction, action, outcome, propagationMs } = event;
        actions.inc({ direction, action, outcome });
        if (propagationMs !== null) propagationSeconds.observe({ direction }, propagationMs / 1000);
        return;
      }
      case 'decision':
        decisions.inc({ reason: event.reason });
        return;
      case 'call':
        if (event.system === 'store') return;
        apiCalls.inc({ system: event.system, method: event.method, outcome: event.outcome });
        apiCallSeconds.observe(event.durationMs / 1000);
        return;
      case 'task':
        if (event.outcome === 'retry') retries.inc();
        return;
      case 'feed':
      case 'channel':
      case 'notice':
        return;
    }
  }
}
