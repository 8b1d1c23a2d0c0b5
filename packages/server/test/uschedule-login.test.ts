import { expect } from 'chai';
import { ServiceOnSimulators, type ServiceOptions } from './support/service-on-simulators.js';
import { waitFor } from './support/wait-for.js';

const WRONG = 'not-the-password';
const REFUSED = /the login was refused: check the user, the password and the application key/;

/** Maximum number of attempts in `ms` milliseconds: at once, after 1 s, 2 s more, 4 s more … */
function attemptsIn(ms: number): number {
  return 1 + Math.floor(Math.log2(ms / 1000 + 1));
}

describe('the login of the service at USchedule', function () {
  this.timeout(300_000);
  let studio: ServiceOnSimulators;
  const open = async (options: ServiceOptions = {}): Promise<void> => {
    studio = await ServiceOnSimulators.open(options);
  };
  afterEach(() => studio.close());

  const impersonating = (username = 'sync@example.com'): Readonly<Record<string, string | undefined>> => ({
    USCHEDULE_USERNAME: undefined,
    USCHEDULE_PASSWORD: undefined,
    USCHEDULE_IMPERSONATE: username,
  });
  const logins = (): readonly unknown[] =>
    studio.uschedule.calls
      .filter(({ method }) => method === 'validateuser' || method === 'impersonateuser')
      .map(({ method, body }) => [method, ...Object.keys(body as object)].join(' '));

  /** Expects that both sides are synced. */
  const works = async (): Promise<void> => {
    expect(await studio.ready()).to.deep.equal({ status: 200, reasons: [] });
    const id = studio.book(50);
    await studio.tick();
    expect(studio.mirrored).to.deep.equal([id]);
    studio.deleteEvent(id);
    await studio.tick();
    expect(studio.uschedule.booking(id)?.state).to.equal('canceled');
  };

  it('is one call with user and password', async () => {
    await open();
    await studio.start();
    await works();
    expect(logins()).to.deep.equal(['validateuser UserName Password']);
  });

  const field = 'impersonateuser FieldName Value';
  const search = 'impersonateuser SearchField Value';
  for (const [impersonation, first, then] of [
    ['FieldName', [field], field],
    ['SearchField', [field, search], search],
    ['both', [field], field],
  ] as const) {
    it(`is one call by impersonation, where the parameter is ${impersonation}, and the name is learnt once`, async () => {
      await open({ environment: impersonating(), simulator: { impersonation } });
      await studio.start();
      await works();
      expect(logins()).to.deep.equal(first);
      studio.uschedule.invalidateAuthKeys();
      await studio.tick(2);
      expect(logins()).to.deep.equal([...first, then]);
    });
  }

  it('is repeated once when the key expires, also if many calls fail at the same time', async () => {
    await open({ uschedule: { status: 'blind' }, simulator: { status: 'blind' } });
    const ids = Array.from({ length: 12 }, (_, index) => studio.book(30 + 24 * index));
    await studio.start();
    await studio.tick();
    expect(studio.mirrored).to.have.members(ids);
    const before = studio.uschedule.calls.length;
    studio.uschedule.setLatency(50);
    studio.uschedule.invalidateAuthKeys();
    await Promise.all(ids.map((id) => studio.hint(id)));
    await studio.tick();
    const refused = studio.uschedule.calls.slice(before).filter(({ status }) => status === 401);
    expect(refused.length, 'calls that were answered 401').to.be.greaterThan(1);
    expect(logins()).to.have.length(2);
    expect((await studio.ready()).status).to.equal(200);
  });

  for (const [title, environment] of [
    ['a wrong password', { USCHEDULE_PASSWORD: WRONG }],
    ['a user that does not exist', impersonating('unknown@example.com')],
    ['a wrong application key', { USCHEDULE_APP_KEY: WRONG }],
  ] as const) {
    it(`with ${title} is reported clearly, and retried with backoff`, async () => {
      await open({ environment: { ...environment }, uschedule: { pollSeconds: 0.1 } });
      const begun = performance.now();
      await studio.start();
      const ids = [studio.book(30), studio.book(31)];
      for (let times = 0; times < 10; times++) for (const id of ids) expect(await studio.hint(id)).to.equal(202);
      const { status, reasons } = await studio.ready();
      expect(status).to.equal(503);
      expect(reasons.join('\n')).to.match(REFUSED);

      const failedPolls = (): number =>
        studio.events.filter((event) => event.type === 'feed' && event.outcome === 'failed').length;
      // With impersonation, an attempt is one call for each spelling of the parameter.
      const calls = 'USCHEDULE_IMPERSONATE' in environment ? 2 : 1;
      await waitFor('the second attempt, and more polls', () => logins().length > calls && failedPolls() > 5);
      expect(logins().length).to.be.at.most(calls * attemptsIn(performance.now() - begun));
      expect(studio.uschedule.calls).to.have.length(logins().length);
      expect((await studio.ready()).reasons.join('\n')).to.match(REFUSED);
      expect(JSON.stringify(studio.log)).not.to.contain(WRONG);
    });
  }

  it('that is refused temporarily recovers by itself, and the deferred tasks are done', async () => {
    await open({ uschedule: { pollSeconds: 0.2 } });
    const refusal = { status: 401, body: 'The user name or password is incorrect.' };
    studio.uschedule.failNext('validateuser', 2, refusal);
    await studio.start();
    expect((await studio.ready()).reasons.join('\n')).to.match(REFUSED);
    const id = studio.book(30);
    expect(await studio.hint(id)).to.equal(202);
    await waitFor('the event', () => studio.mirrored.length > 0);
    await waitFor('the service to be ready', async () => (await studio.ready()).status === 200);
    expect(logins()).to.have.length(3);
    expect(studio.log.some(({ message }) => message === 'feed bookings has recovered')).to.equal(true);
  });
});
