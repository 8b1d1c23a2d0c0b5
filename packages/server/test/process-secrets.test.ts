import { expect } from 'chai';
import { SimulatedStudio } from './support/simulated-studio.js';
import { TraceCollector } from './support/trace-collector.js';
import type { ServiceProcess } from './support/service-process.js';
import { waitFor } from './support/wait-for.js';

const ADMIN_TOKEN = 'planted-admin-token-Zq8';
const WRONG_TOKEN = 'planted-wrong-token-Xw1';
const CUSTOMER = 'Wilhelmina Featherstonehaugh';
const LIST_OF_BOOKINGS = `[{"AppointmentId": 1, "Customer": {"FirstName": "${CUSTOMER}", "Email": "w.f@example.com"`;

/**
 * A run with most kinds of failures, in which both systems echo their requests. Afterwards all output of the service is
 * searched for secrets and names.
 */
describe('the output of the service during a whole run', function () {
  this.timeout(300_000);
  let studio: SimulatedStudio;
  let service: ServiceProcess;
  let collector: TraceCollector;
  /** Answers of the service, by request. */
  const answers = new Map<string, string>();
  let secrets: Readonly<Record<string, string>>;

  const ask = async (path: string, init: RequestInit = {}): Promise<void> => {
    const answer = await fetch(`${studio.url}${path}`, init);
    const headers = [...answer.headers].map((header) => header.join(': ')).join('\n');
    answers.set(`${init.method ?? 'GET'} ${path}`, `${headers}\n${await answer.text()}`);
  };
  const actions = (id: string): number => service.actions.filter((line) => line['appointmentId'] === id).length;

  async function runAt(level: string): Promise<void> {
    collector = await TraceCollector.open();
    studio = await SimulatedStudio.open({
      environment: {
        ...collector.environment,
        ADMIN_TOKEN,
        USCHEDULE_WEBHOOK_SECRET: 'the-webhook-secret',
        GOOGLE_CHANNEL_SECRET: 'planted-channel-secret-Kp3',
        LOG_LEVEL: level,
      },
    });
    const { environment, google, uschedule } = studio;
    const key = JSON.parse(environment['GOOGLE_SERVICE_ACCOUNT_JSON'] ?? '') as { readonly private_key: string };
    secrets = {
      ADMIN_TOKEN,
      WRONG_TOKEN,
      USCHEDULE_WEBHOOK_SECRET: 'the-webhook-secret',
      GOOGLE_CHANNEL_SECRET: 'planted-channel-secret-Kp3',
      USCHEDULE_APP_KEY: environment['USCHEDULE_APP_KEY'] ?? '',
      USCHEDULE_PASSWORD: environment['USCHEDULE_PASSWORD'] ?? '',
      'a line of the private key': key.private_key.split('\n')[3] ?? '',
    };
    const echo = JSON.stringify({
      Message: `denied to ${secrets['USCHEDULE_PASSWORD']} ${secrets['USCHEDULE_APP_KEY']}`,
    });
    uschedule.failNext('login', 1, { status: 500, body: echo });
    google.addFault({ method: 'events.insert', kind: 'answer', status: 503, message: `echo ${ADMIN_TOKEN}`, times: 1 });
    google.addFault({ method: 'events.insert', kind: 'garbage', body: `{"summary": "${CUSTOMER}", "de`, times: 1 });
    google.addFault({ method: 'events.insert', kind: 'answer', status: 400, reason: 'invalid', times: 1 });
    service = await studio.serve();
    const ids = [30, 31, 32].map((hours) => studio.book(hours, CUSTOMER));
    await waitFor('one booking to be dead-lettered and two to be mirrored', () => studio.events.length === 2);
    await waitFor('the dead letter', () => service.actions.some(({ outcome }) => outcome === 'dead-letter'));

    const mirrored = ids.find((id) => studio.eventOf(id) !== null) ?? '';
    const before = actions(mirrored);
    const refusal = {
      Message: 'Slot is taken',
      Customer: { FirstName: CUSTOMER, Email: 'w.f@example.com' },
      Echo: echo,
    };
    uschedule.failNext('rescheduleappointment', 1, { status: 400, body: JSON.stringify(refusal) });
    const calendarId = studio.bays[0]!.calendarId;
    google.person.dragEvent(calendarId, studio.eventOf(mirrored)!.id ?? '', { start: studio.hour(50) });
    await waitFor('the edit to be reverted', () => actions(mirrored) > before);
    const polls = studio.polls;
    uschedule.failNext('getapiappointments', 2, { status: 200, body: LIST_OF_BOOKINGS });
    await waitFor('polls that fail', () => studio.polls >= polls + 3);

    const bearer = { Authorization: `Bearer ${ADMIN_TOKEN}` };
    for (const path of ['/admin/status', '/admin/bookings', '/admin/dead-letters', '/metrics', '/ready', '/health']) {
      await ask(path, { headers: bearer });
    }
    await ask(`/admin/appointments/${mirrored}/journal`, { headers: bearer });
    await ask(`/?appointment=${mirrored}`, { headers: { ...bearer, Accept: 'text/html' } });
    await ask('/', { headers: { Authorization: `Basic ${btoa(`x:${ADMIN_TOKEN}`)}` } });
    await ask(`/admin/feeds/${WRONG_TOKEN.slice(0, 4)}/resume`, { method: 'POST', headers: bearer });
    await ask('/admin/sync', { method: 'POST', headers: { Authorization: `Bearer ${WRONG_TOKEN}` } });
    await ask('/tasks/tick', { method: 'POST', headers: bearer });
    const forged = { 'X-Loft-Timestamp': '1', 'X-Loft-Signature': `sha256=${WRONG_TOKEN}` };
    await ask('/webhook/uschedule', { method: 'POST', headers: forged, body: '{"appointmentId": "1"}' });
    await ask('/webhook/gcal', {
      method: 'POST',
      headers: { 'X-Goog-Channel-ID': 'x', 'X-Goog-Channel-Token': WRONG_TOKEN },
    });
    expect((await service.stop()).code).to.equal(0);
    answers.set('traces', collector.text);
  }

  function close(): Promise<unknown> {
    return Promise.all([studio.close(), collector.close()]);
  }

  function expectNoSecret(): void {
    // The echoed answers were logged, without the secrets in them.
    expect(service.stdout).to.match(/denied to \[\w+\] \[\w+\]/);
    expect(service.stdout).to.contain('echo [redacted]');
    const issued = /eyJ[\w-]+\.[\w-]+\.[\w-]+|ya29\.[\w-]+|Bearer (?!realm|<|\[redacted\])\S+/;
    for (const [what, text] of [['log', service.stdout], ['errors', service.stderr], ...answers]) {
      for (const [name, secret] of Object.entries(secrets)) {
        expect(secret.length, name).to.be.greaterThan(5);
        expect(text, `${what}: ${name}`).not.to.contain(secret);
        expect(text, `${what}: ${name}, encoded`).not.to.contain(btoa(secret));
      }
      expect(text, `${what}: a token`).not.to.match(issued);
    }
  }

  describe('at the log level info', () => {
    before(() => runAt('info'));
    after(close);

    it('holds no secret', expectNoSecret);

    it('names customers only to callers with the admin token, never in the log, the metrics or the traces', () => {
      expect(answers.get('GET /admin/bookings')).to.contain(CUSTOMER);
      expect(collector.spans.length).to.be.greaterThan(20);
      for (const text of [service.stdout, service.stderr, collector.text, answers.get('GET /metrics')]) {
        expect(text).not.to.contain('Wilhelmina');
        expect(text).not.to.contain('w.f@example.com');
      }
      // The traces exist, so there was something to redact.
      expect(service.stdout).to.contain('[redacted]');
    });
  });

  describe('at the log level trace', () => {
    before(() => runAt('trace'));
    after(close);

    it('holds no secret', expectNoSecret);
  });
});
