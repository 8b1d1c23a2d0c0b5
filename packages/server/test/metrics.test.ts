import { expect } from 'chai';
import type { EngineStatus } from '@loft/sync-core';
import { collectStatus } from '#src/observe/collect-metrics.js';
import { createMetrics } from '#src/observe/metrics.js';
import { MetricsObserver } from '#src/observe/metrics-observer.js';
import { aCall, anAction, anError, aTaskEvent } from './support/sync-events.js';

const NOW = Date.UTC(2026, 10, 22, 12);
const CALENDAR = 'bay-1@group.calendar.google.com';

const status: EngineStatus = {
  running: true,
  feeds: [
    {
      feed: 'bookings',
      bay: null,
      calendarId: null,
      lastSuccessAt: NOW - 30_000,
      lastError: null,
      stopped: null,
      warnings: [],
      notes: [],
      everySeconds: 60,
      elsewhere: false,
    },
    {
      feed: `calendar:${CALENDAR}`,
      bay: '1',
      calendarId: CALENDAR,
      lastSuccessAt: null,
      lastError: anError,
      stopped: null,
      warnings: [],
      notes: [],
      everySeconds: 300,
      elsewhere: false,
    },
  ],
  channels: [{ calendarId: CALENDAR, bay: '1', channelId: 'c', expiresAt: NOW + 3_600_000, lastError: null }],
  circuits: [],
  tasks: { due: 1, waiting: 2, claimed: 3 },
  deadLetters: 4,
};

/** Sample lines, without the comments. */
async function samplesOf(metrics: ReturnType<typeof createMetrics>): Promise<readonly string[]> {
  const text = await metrics.registry.metrics();
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

describe('the metrics', () => {
  it('use no exemplars, with which prom-client 15.1.3 drops labels and values', async () => {
    const { registry } = createMetrics();
    const metrics = registry.getMetricsAsArray();
    expect(metrics.length).to.be.greaterThan(10);
    for (const metric of metrics) {
      expect(Reflect.get(metric, 'enableExemplars'), metric.name).to.not.equal(true);
    }
  });

  it('have the names and labels of docs/operating-contract.md#logs-and-metrics', async () => {
    const metrics = createMetrics();
    const observer = new MetricsObserver(metrics);
    for (const event of [anAction(), aCall(), aTaskEvent('retry')]) observer.onEvent(event);
    observer.onEvent({ type: 'decision', at: NOW, appointmentId: '1', reason: 'in-sync', quiet: true, detail: null });
    collectStatus(metrics, status, NOW, NOW - 90_000);
    const samples = await samplesOf(metrics);
    expect(samples).to.include.members([
      'loft_sync_actions_total{direction="USCHEDULE_TO_GCAL",action="create",outcome="ok"} 1',
      'loft_sync_decisions_total{reason="in-sync"} 1',
      'loft_sync_api_calls_total{system="google",method="events.insert",outcome="ok"} 1',
      'loft_sync_api_call_seconds_count 1',
      'loft_sync_api_call_seconds_sum 0.12',
      'loft_sync_propagation_seconds_count{direction="USCHEDULE_TO_GCAL"} 1',
      'loft_sync_propagation_seconds_sum{direction="USCHEDULE_TO_GCAL"} 1.5',
      'loft_sync_retries_total 1',
      'loft_sync_tasks{state="due"} 1',
      'loft_sync_tasks{state="waiting"} 2',
      'loft_sync_tasks{state="claimed"} 3',
      'loft_sync_dead_letters 4',
      'loft_sync_feed_age_seconds{feed="bookings"} 30',
      'loft_sync_feed_stopped{feed="bookings"} 0',
      `loft_sync_channel_expiry_seconds{calendar="${CALENDAR}"} 3600`,
    ]);
  });

  it('use the service’s age for a feed that has never run', async () => {
    const metrics = createMetrics();
    collectStatus(metrics, status, NOW, NOW - 90_000);
    expect(await samplesOf(metrics)).to.include(`loft_sync_feed_age_seconds{feed="calendar:${CALENDAR}"} 90`);
  });

  it('leave out the age of a feed that another replica runs', async () => {
    const metrics = createMetrics();
    const feeds = status.feeds.map((feed) => ({ ...feed, elsewhere: feed.bay === null }));
    collectStatus(metrics, { ...status, feeds }, NOW, NOW - 90_000);
    const ages = (await samplesOf(metrics)).filter((sample) => sample.startsWith('loft_sync_feed_age_seconds'));
    expect(ages).to.deep.equal([`loft_sync_feed_age_seconds{feed="calendar:${CALENDAR}"} 90`]);
  });

  it('leave out values of the store while it cannot be reached', async () => {
    const metrics = createMetrics();
    collectStatus(metrics, status, NOW, NOW);
    collectStatus(metrics, null, NOW, NOW);
    const text = (await samplesOf(metrics)).join('\n');
    for (const name of ['tasks', 'dead_letters', 'feed_age_seconds', 'channel_expiry_seconds']) {
      expect(text).not.to.match(new RegExp(`^loft_sync_${name}`, 'm'));
    }
  });

  it('count the calls to the two systems, and not those to the store', async () => {
    const metrics = createMetrics();
    new MetricsObserver(metrics).onEvent(aCall({ system: 'store', method: 'putMap' }));
    expect((await samplesOf(metrics)).join('\n')).not.to.contain('putMap');
  });

  it('count a failed task as a retry, but not a deferred one', async () => {
    const metrics = createMetrics();
    const observer = new MetricsObserver(metrics);
    for (const outcome of ['retry', 'wait', 'dead-letter', 'retry'] as const) observer.onEvent(aTaskEvent(outcome));
    expect(await samplesOf(metrics)).to.include('loft_sync_retries_total 2');
  });
});
