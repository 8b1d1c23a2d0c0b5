import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/**
 * The metrics of docs/operating-contract.md#logs-and-metrics and `loft_sync_feed_stopped`, in a registry of their own.
 */
export interface Metrics {
  readonly registry: Registry;
  readonly actions: Counter<'direction' | 'action' | 'outcome'>;
  readonly decisions: Counter<'reason'>;
  readonly apiCalls: Counter<'system' | 'method' | 'outcome'>;
  readonly apiCallSeconds: Histogram;
  readonly propagationSeconds: Histogram<'direction'>;
  readonly retries: Counter;
  /** Requests to the service. */
  readonly requests: Counter<'route' | 'status'>;
  readonly tasks: Gauge<'state'>;
  readonly deadLetters: Gauge;
  readonly feedAgeSeconds: Gauge<'feed'>;
  readonly feedStopped: Gauge<'feed'>;
  readonly channelExpirySeconds: Gauge<'calendar'>;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  return {
    registry,
    actions: new Counter({
      name: 'loft_sync_actions_total',
      help: 'Attempted writes to the other side',
      labelNames: ['direction', 'action', 'outcome'],
      registers,
    }),
    decisions: new Counter({
      name: 'loft_sync_decisions_total',
      help: 'Decisions by their row of the decision table',
      labelNames: ['reason'],
      registers,
    }),
    apiCalls: new Counter({
      name: 'loft_sync_api_calls_total',
      help: 'Calls to USchedule and Google; the outcome is ok or the kind of the error',
      labelNames: ['system', 'method', 'outcome'],
      registers,
    }),
    apiCallSeconds: new Histogram({
      name: 'loft_sync_api_call_seconds',
      help: 'Duration of a call to USchedule or Google',
      buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15],
      registers,
    }),
    propagationSeconds: new Histogram({
      name: 'loft_sync_propagation_seconds',
      help: 'Time from the change (from its detection if its time is unknown) to the write on the other side',
      labelNames: ['direction'],
      buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800],
      registers,
    }),
    retries: new Counter({ name: 'loft_sync_retries_total', help: 'Tasks that failed and are due again', registers }),
    requests: new Counter({
      name: 'loft_sync_requests_total',
      help: 'Requests to this service by route and status; the route is "other" for an unknown path',
      labelNames: ['route', 'status'],
      registers,
    }),
    tasks: new Gauge({
      name: 'loft_sync_tasks',
      help: 'Tasks that are due, waiting, or running',
      labelNames: ['state'],
      registers,
    }),
    deadLetters: new Gauge({ name: 'loft_sync_dead_letters', help: 'Dead letters', registers }),
    feedAgeSeconds: new Gauge({
      name: 'loft_sync_feed_age_seconds',
      help: 'Time since the last complete run of a feed; since the start if there was none',
      labelNames: ['feed'],
      registers,
    }),
    feedStopped: new Gauge({
      name: 'loft_sync_feed_stopped',
      help: '1 while a guard has paused a feed, until a person resumes it; else 0',
      labelNames: ['feed'],
      registers,
    }),
    channelExpirySeconds: new Gauge({
      name: 'loft_sync_channel_expiry_seconds',
      help: "Time until a calendar's watch channel expires; 0 if there is none",
      labelNames: ['calendar'],
      registers,
    }),
  };
}
