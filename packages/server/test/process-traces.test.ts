import { expect } from 'chai';
import { signHint } from '#src/http/hint-signature.js';
import { NEVER_AGAIN, SimulatedStudio } from './support/simulated-studio.js';
import { TraceCollector, type ReceivedSpan } from './support/trace-collector.js';
import { PACKAGES } from './support/service-process.js';
import { waitFor } from './support/wait-for.js';

const CALLER_TRACE = '0af7651916cd43dd8448eb211c80319c';

describe('the traces of a running service', function () {
  this.timeout(300_000);
  let studio: SimulatedStudio;
  let collector: TraceCollector;

  const insertOf = (id: string): ReceivedSpan | undefined =>
    collector.named('google insertEvent').find(({ attributes }) => attributes['loft.appointment_id'] === id);
  const changeOf = (id: string): ReceivedSpan | undefined =>
    collector.named('sync appointment').find(({ attributes }) => attributes['loft.appointment_id'] === id);

  beforeEach(async () => {
    collector = await TraceCollector.open();
  });
  afterEach(async () => {
    await studio.close();
    await collector.close();
  });

  it('follow a booking from the signed hint to the event, in the trace of the sender of the hint', async () => {
    studio = await SimulatedStudio.open({ intervals: NEVER_AGAIN, environment: collector.environment });
    const service = await studio.serve();
    const id = studio.book(30, 'Wilhelmina Ferreira');
    const body = JSON.stringify({ appointmentId: id });
    const timestamp = String(Math.floor(Date.now() / 1000));
    const answer = await fetch(`${studio.url}/webhook/uschedule`, {
      method: 'POST',
      headers: {
        'X-Loft-Timestamp': timestamp,
        'X-Loft-Signature': signHint('the-webhook-secret', timestamp, body),
        traceparent: `00-${CALLER_TRACE}-b7ad6b7169203331-01`,
      },
      body,
    });
    expect(answer.status).to.equal(202);
    await waitFor('the trace', () => changeOf(id) !== undefined && insertOf(id) !== undefined);
    const insert = insertOf(id)!;
    expect(collector.pathOf(insert)).to.deep.equal([
      'POST /webhook/uschedule',
      'sync appointment',
      'attempt',
      'google insertEvent',
    ]);
    expect(insert.traceId).to.equal(CALLER_TRACE);
    const change = changeOf(id)!;
    expect(change.attributes).to.include({
      'loft.trigger': 'hint',
      'loft.action': 'create',
      'loft.direction': 'USCHEDULE_TO_GCAL',
      'loft.reason': 'new-booking',
      'loft.task': 'done',
    });
    expect(change.resource).to.include({ 'service.name': 'loft-sync' });
    const inside = collector.spans.filter(({ traceId }) => traceId === CALLER_TRACE).map(({ name }) => name);
    expect(inside).to.include.members(['uschedule getBooking', 'google insertEvent', 'store putMap']);
    const attempt = collector.spans.find(({ spanId }) => spanId === insert.parentSpanId)!;
    expect(attempt.events.map(({ name }) => name)).to.deep.equal(['decision', 'action']);
    expect((await service.stop()).code).to.equal(0);
    expect(collector.text).not.to.contain('Wilhelmina');
  });

  it("follow a poll's booking from the poll, and an edit from Google's notification, also through a failed attempt", async () => {
    studio = await SimulatedStudio.open({ environment: collector.environment });
    const service = await studio.serve();
    studio.google.addFault({ method: 'events.insert', kind: 'answer', status: 503, times: 1 });
    const id = studio.book(30);
    await waitFor('the trace', () => changeOf(id) !== undefined);
    expect(collector.pathOf(insertOf(id)!)).to.deep.equal([
      'feed run',
      'sync appointment',
      'attempt',
      'google insertEvent',
    ]);
    const attempts = collector.named('attempt').filter(({ attributes }) => attributes['loft.appointment_id'] === id);
    expect(attempts.map(({ attributes }) => attributes['loft.task'])).to.deep.equal(['later', 'done']);
    expect(new Set(attempts.map(({ traceId }) => traceId)).size).to.equal(1);
    expect(attempts[0]?.status.code).to.equal(2);

    await waitFor('the watch channels', () => studio.google.channels.length === 2);
    const calendarId = studio.bays[0]!.calendarId;
    studio.google.person.deleteEvent(calendarId, studio.eventOf(id)!.id ?? '');
    await waitFor('the trace of the edit', () => collector.named('uschedule cancelBooking').length > 0);
    await service.stop();
    const path = collector.pathOf(collector.named('uschedule cancelBooking')[0]!);
    expect(path.slice(-4)).to.deep.equal(['feed run', 'sync appointment', 'attempt', 'uschedule cancelBooking']);
  });

  it('are off by default, and OpenTelemetry is not loaded then', async () => {
    const { OTEL_EXPORTER_OTLP_ENDPOINT: _endpoint, ...others } = collector.environment;
    // Node names the modules that it loads from the files of the packages.
    studio = await SimulatedStudio.open({ environment: { ...others, NODE_DEBUG: 'esm' }, program: PACKAGES });
    const service = await studio.serve();
    const id = studio.book(30);
    await waitFor('the event', () => studio.eventOf(id) !== null);
    await service.stop();
    expect(service.stderr).to.contain('create-app.js');
    expect(service.stderr).not.to.match(/start-tracing|opentelemetry/);
    expect(collector.text).to.equal('');
  });

  it('do not affect the sync while the collector is unreachable', async () => {
    studio = await SimulatedStudio.open({
      environment: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9', OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' },
    });
    const service = await studio.serve();
    const id = studio.book(30);
    await waitFor('the event', () => studio.eventOf(id) !== null);
    expect((await service.stop()).code).to.equal(0);
  });
});
