import { expect } from 'chai';
import { REASONS } from '@loft/sync-core/rules';
import { createMetrics } from '#src/observe/metrics.js';
import { SimulatedStudio } from './support/simulated-studio.js';
import type { LogLine, ServiceProcess } from './support/service-process.js';
import { waitFor } from './support/wait-for.js';

interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

function samplesOf(text: string): readonly Sample[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const {
        name = '',
        labels = '',
        value = '',
      } = /^(?<name>\w+)(?:\{(?<labels>.*)\})? (?<value>\S+)$/.exec(line)?.groups ?? {};
      const pairs = [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = '', text_ = '']) => [key, text_] as const);
      return { name, labels: Object.fromEntries(pairs), value: Number(value) };
    });
}

/** The labels of docs/operating-contract.md#logs-and-metrics, with the values that are named there. `null`: any text. */
const ACTION_LABELS = {
  direction: ['USCHEDULE_TO_GCAL', 'GCAL_TO_USCHEDULE'],
  action: ['create', 'update', 'move', 'cancel', 'adopt', 'restore'],
  outcome: ['ok', 'retry', 'dead-letter'],
};

const CONTRACT: Readonly<Record<string, Readonly<Record<string, readonly string[] | null>>>> = {
  loft_sync_actions_total: ACTION_LABELS,
  loft_sync_decisions_total: { reason: REASONS },
  loft_sync_api_calls_total: { system: ['uschedule', 'google'], method: null, outcome: null },
  loft_sync_api_call_seconds_count: {},
  loft_sync_propagation_seconds_count: { direction: ACTION_LABELS.direction },
  loft_sync_tasks: { state: ['due', 'waiting', 'claimed'] },
  loft_sync_dead_letters: {},
  loft_sync_retries_total: {},
  loft_sync_feed_age_seconds: { feed: null },
  loft_sync_feed_stopped: { feed: null },
  loft_sync_channel_expiry_seconds: { calendar: null },
};

const ACTION_FIELDS = [
  'action',
  'direction',
  'outcome',
  'reason',
  'appointmentId',
  'calendarId',
  'eventId',
  'attempt',
  'durationMs',
] as const;

describe('the log and the metrics of a running service', function () {
  this.timeout(300_000);
  let studio: SimulatedStudio;
  let service: ServiceProcess;
  let samples: readonly Sample[];
  let bookedAt: number;

  /** The actions of an appointment, as logged. */
  const actionsOf = (id: string): readonly string[] =>
    service.actions
      .filter((line) => line['appointmentId'] === id)
      .map(({ action, direction, outcome, reason }) => [action, direction, outcome, reason].map(String).join(' '));
  const lineOf = (id: string, outcome: string): LogLine =>
    service.actions.find((line) => line['appointmentId'] === id && line['outcome'] === outcome)!;
  const ids: Record<'retried' | 'deadLettered' | 'dragged' | 'refused', string> = {} as never;

  before(async () => {
    studio = await SimulatedStudio.open();
    service = await studio.serve({ LOG_LEVEL: 'info' });
    const calendarId = studio.bays[0]!.calendarId;
    bookedAt = Date.now();

    studio.google.addFault({ method: 'events.insert', kind: 'answer', status: 503, times: 1 });
    ids.retried = studio.book(30);
    await waitFor('the retried event', () => studio.eventOf(ids.retried) !== null);
    studio.google.addFault({ method: 'events.insert', kind: 'answer', status: 400, reason: 'invalid', times: 1 });
    ids.deadLettered = studio.book(31);
    await waitFor('the dead letter', async () => (await studio.metric('loft_sync_dead_letters')) === 1);

    ids.dragged = studio.book(32);
    await waitFor('the event', () => studio.eventOf(ids.dragged) !== null);
    const dragged = studio.eventOf(ids.dragged)!.id ?? '';
    studio.google.person.dragEvent(calendarId, dragged, { start: studio.hour(40) });
    await waitFor('the booking to move', () => studio.uschedule.booking(ids.dragged)?.start === studio.hour(40));

    ids.refused = studio.book(33);
    await waitFor('the event', () => studio.eventOf(ids.refused) !== null);
    // Onto the slot of another booking.
    const refused = studio.eventOf(ids.refused)!.id ?? '';
    studio.google.person.dragEvent(calendarId, refused, { start: studio.hour(40) });
    await waitFor('the refusal', () => actionsOf(ids.refused).length === 2);
    await waitFor('the channels', () => studio.google.channels.length === 2);
    samples = samplesOf(await studio.admin('/metrics'));
  });

  after(() => studio.close());

  it('report each action once, with the fields of docs/operating-contract.md#logs-and-metrics', () => {
    expect(actionsOf(ids.retried)).to.deep.equal([
      'create USCHEDULE_TO_GCAL retry new-booking',
      'create USCHEDULE_TO_GCAL ok new-booking',
    ]);
    expect(actionsOf(ids.deadLettered)).to.deep.equal(['create USCHEDULE_TO_GCAL dead-letter new-booking']);
    expect(actionsOf(ids.dragged)).to.deep.equal([
      'create USCHEDULE_TO_GCAL ok new-booking',
      'update GCAL_TO_USCHEDULE ok event-moved',
    ]);
    expect(actionsOf(ids.refused)).to.deep.equal([
      'create USCHEDULE_TO_GCAL ok new-booking',
      'restore USCHEDULE_TO_GCAL ok edit-refused',
    ]);
    for (const line of service.actions) expect(Object.keys(line)).to.include.members([...ACTION_FIELDS]);
    const { calendarId, eventId, attempt, durationMs } = lineOf(ids.retried, 'ok');
    expect({ calendarId, eventId, attempt }).to.deep.equal({
      calendarId: studio.bays[0]!.calendarId,
      eventId: studio.eventOf(ids.retried)!.id,
      attempt: 2,
    });
    expect(durationMs).to.be.a('number');
  });

  it("report a failure with its kind and the other side's answer", () => {
    for (const [id, outcome, kind] of [
      [ids.retried, 'retry', 'transient'],
      [ids.deadLettered, 'dead-letter', 'invalid'],
      [ids.refused, 'ok', 'refused'],
    ] as const) {
      const lines = service.actions.filter((line) => line['appointmentId'] === id && line['outcome'] === outcome);
      const { error } = lines.at(-1) as { readonly error?: Readonly<Record<string, unknown>> };
      expect(error).to.include({ kind });
      expect(error).to.have.property('payload').that.is.not.equal(undefined);
    }
  });

  it('have every metric of docs/operating-contract.md#logs-and-metrics, with its labels and no others', () => {
    for (const [name, labels] of Object.entries(CONTRACT)) {
      const found = samples.filter((sample) => sample.name === name);
      expect(found, name).not.to.have.length(0);
      for (const sample of found) {
        expect(Object.keys(sample.labels), name).to.have.members(Object.keys(labels));
        for (const [label, allowed] of Object.entries(labels)) {
          if (allowed) expect(allowed, `${name} ${label}`).to.include(sample.labels[label]);
        }
      }
    }
  });

  it('have only metrics that the registry of the service declares', async () => {
    const declared = createMetrics()
      .registry.getMetricsAsArray()
      .map(({ name }) => name);
    const family = (name: string): string => name.replace(/_(bucket|sum|count)$/, '');
    for (const { name } of samples) expect(declared).to.include(family(name));
  });

  it('agree with the actions of the run', () => {
    const valueOf = (name: string, labels: Readonly<Record<string, string>> = {}): number => {
      const matching = samples.filter(
        (sample) => sample.name === name && Object.entries(labels).every(([key, text]) => sample.labels[key] === text),
      );
      return matching.reduce((sum, { value }) => sum + value, 0);
    };
    expect(valueOf('loft_sync_actions_total', { action: 'create', outcome: 'ok' })).to.equal(3);
    expect(valueOf('loft_sync_actions_total', { outcome: 'retry' })).to.equal(1);
    expect(valueOf('loft_sync_actions_total', { outcome: 'dead-letter' })).to.equal(1);
    expect(valueOf('loft_sync_retries_total')).to.equal(1);
    expect(valueOf('loft_sync_dead_letters')).to.equal(1);
    expect(valueOf('loft_sync_decisions_total', { reason: 'event-moved' })).to.equal(1);
    expect(valueOf('loft_sync_api_calls_total', { method: 'insertEvent', outcome: 'invalid' })).to.equal(1);
    expect(valueOf('loft_sync_feed_stopped')).to.equal(0);
    for (const { name, value } of samples) {
      if (name === 'loft_sync_channel_expiry_seconds') expect(value).to.be.within(1, 604_800);
      if (name === 'loft_sync_feed_age_seconds') expect(value).to.be.lessThan(30);
    }
    // Three creations, one restoration; and no propagation can be longer than the run.
    expect(valueOf('loft_sync_propagation_seconds_count', { direction: 'USCHEDULE_TO_GCAL' })).to.equal(4);
    expect(valueOf('loft_sync_propagation_seconds_count', { direction: 'GCAL_TO_USCHEDULE' })).to.equal(1);
    const longest = (Date.now() - bookedAt) / 1000 + 1;
    expect(valueOf('loft_sync_propagation_seconds_sum')).to.be.within(0, 5 * longest);
  });
});
