import { expect } from 'chai';
import { ServiceOnSimulators, type ReadyAnswer } from './support/service-on-simulators.js';
import { waitFor } from './support/wait-for.js';

interface Outage {
  readonly title: string;
  readonly begin: (studio: ServiceOnSimulators) => void;
  /** A reason that `/ready` must give. */
  readonly reason: RegExp;
  /** Calls hang: their timeout must be short, but long enough for the other calls on a busy machine. */
  readonly hangs?: true;
  /** Number of bookings. Default: enough for the guard. */
  readonly bookings?: number;
}

const page = { status: 200, body: '<html><p>We will be back soon' };

const OUTAGES: readonly Outage[] = [
  {
    title: 'an empty list',
    begin: ({ uschedule }) => uschedule.setOutage('empty-list'),
    reason: /feed bookings was stopped by a guard: 12 of 12 bookings are gone at once/,
  },
  {
    title: 'an empty list of a studio so small that no guard stops',
    begin: ({ uschedule }) => uschedule.setOutage('empty-list'),
    reason: /3 mirrored bookings are missing from the list/,
    bookings: 3,
  },
  {
    title: 'half the records',
    begin: ({ uschedule }) => uschedule.setOutage('half-list'),
    reason: /6 mirrored bookings are missing from the list/,
  },
  {
    title: '502',
    begin: ({ uschedule }) => uschedule.setOutage('bad-gateway'),
    reason: /feed bookings fails: getapiappointments: HTTP 502/,
  },
  {
    title: 'a page instead of an answer',
    begin: ({ uschedule }) => uschedule.setOutage('garbage'),
    reason: /not JSON/,
  },
  {
    title: 'JSON that is no list',
    begin: ({ uschedule }) => uschedule.failNext('getapiappointments', Infinity, { status: 200, body: { Items: [] } }),
    reason: /not the expected form/,
  },
  {
    title: 'a socket that hangs',
    begin: ({ uschedule }) => uschedule.hang('*', Infinity),
    reason: /no complete answer within 1000 ms/,
    hangs: true,
  },
  {
    title: 'a list that hangs',
    begin: ({ uschedule }) => uschedule.hang('getapiappointments', Infinity),
    reason: /no complete answer within 1000 ms/,
    hangs: true,
  },
  {
    title: 'connections that are cut',
    begin: ({ uschedule }) => uschedule.loseAnswers('*', Infinity),
    reason: /no answer/,
  },
];

const AVAILABILITY_OUTAGES: readonly Outage[] = [
  {
    title: '502 about availability',
    begin: ({ uschedule }) => uschedule.failNext('getavailability', Infinity, { status: 502, body: 'Bad Gateway' }),
    reason: /availability of \d+ days cannot be read: getavailability: HTTP 502/,
  },
  {
    title: 'a page about availability',
    begin: ({ uschedule }) => uschedule.failNext('getavailability', Infinity, page),
    reason: /availability of \d+ days cannot be read: .*not JSON/,
  },
  {
    title: 'availability that hangs',
    begin: ({ uschedule }) => uschedule.hang('getavailability', Infinity),
    reason: /availability of \d+ days cannot be read: .*no complete answer/,
    hangs: true,
  },
];

describe('an outage of USchedule', function () {
  this.timeout(300_000);
  let studio: ServiceOnSimulators;
  afterEach(() => studio.close());

  /** Bookings on separate days, so that the availability of many days is read. */
  async function mirrored(
    status: 'blind' | 'trusted',
    bookings: number,
    callTimeoutSeconds = 10,
  ): Promise<readonly string[]> {
    studio = await ServiceOnSimulators.open({
      uschedule: { status, pollSeconds: 0.2 },
      retry: { callTimeoutSeconds, baseMs: 20, maxMs: 200 },
      simulator: { status },
      skipWaits: true,
    });
    const ids = Array.from({ length: bookings }, (_, index) => studio.book(30 + 24 * index, `Customer ${index}`));
    await studio.start();
    await waitFor('the events', () => studio.mirrored.length === bookings);
    await waitFor('no task to be left', async () => (await studio.tasks()) === 0);
    await waitFor('the service to be ready', async () => (await studio.ready()).status === 200);
    return ids;
  }

  async function survives(outage: Outage, status: 'blind' | 'trusted'): Promise<void> {
    const { begin, reason, hangs, bookings = 12 } = outage;
    const ids = await mirrored(status, bookings, hangs ? 1 : undefined);
    const writes = studio.googleWrites;
    // While a call hangs the service is idle, and the call's timeout elapses in real time.
    if (hangs) studio.waitInRealTime();
    begin(studio);
    let ready: ReadyAnswer = { status: 0, reasons: [] };
    await waitFor('/ready to report it', async () => {
      ready = await studio.ready();
      return ready.status === 503 && reason.test(ready.reasons.join('\n'));
    });
    // More polls than confirmations; a list call that hangs is repeated too.
    await studio.morePolls(5);
    expect((await studio.ready()).status).to.equal(503);

    studio.uschedule.heal();
    await waitFor('the service to be ready again', async () => (await studio.ready()).status === 200);
    await studio.morePolls(3);
    expect(studio.mirrored).to.have.members(ids);
    expect(studio.googleWrites).to.equal(writes);
    expect(studio.uschedule.writes).to.deep.equal([]);

    const [gone = '', ...left] = ids;
    studio.uschedule.cancel(gone);
    await waitFor('a cancellation to be mirrored', () => studio.mirrored.length < ids.length);
    expect(studio.mirrored).to.have.members(left);
  }

  for (const outage of [...OUTAGES, ...AVAILABILITY_OUTAGES]) {
    it(`with ${outage.title} cancels nothing, is reported, and is recovered from`, () => survives(outage, 'blind'));
  }

  for (const outage of OUTAGES.slice(0, 3)) {
    it(`with ${outage.title} cancels nothing if the status is trusted`, () => survives(outage, 'trusted'));
  }

  it('of availability alone does not prevent changes and cancellations', async () => {
    const ids = await mirrored('blind', 12);
    studio.uschedule.failNext('getavailability', Infinity, { status: 500, body: 'Oops' });
    await studio.morePolls(2);
    const [moved = '', deleted = ''] = ids;
    studio.uschedule.setNotes(moved, 'left-handed');
    studio.deleteEvent(deleted);
    await waitFor('the note', () => studio.eventOf(moved)?.description === 'left-handed');
    await studio.admin('POST', '/admin/sync');
    await waitFor('the cancellation', () => studio.uschedule.booking(deleted)?.state === 'canceled');
  });
});
