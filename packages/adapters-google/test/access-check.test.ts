import { expect } from 'chai';
import { createHttpClient } from '@loft/sync-http';
import { askTokenInfo } from '#src/access/token-info.js';
import { CALENDAR_EVENTS_SCOPE, createGoogleAccessCheck, type GoogleAccessCheck } from '#src/index.js';
import type { GoogleSimulator, SimulatorOptions } from '#src/simulator/index.js';
import { BAY_1, closeAll, errorOf, simulate } from './helpers/simulated.js';

const MINUTES = 60_000;

describe('The check of our access to Google', () => {
  afterEach(closeAll);

  const checkOf = (simulator: GoogleSimulator, json = simulator.serviceAccountKey()): GoogleAccessCheck =>
    createGoogleAccessCheck({
      credentials: { kind: 'key', json },
      timeZone: 'America/Phoenix',
      rootUrl: simulator.rootUrl,
    });

  const checked = async (options: SimulatorOptions = {}): Promise<GoogleAccessCheck> =>
    checkOf(await simulate(options));

  it('names the account of a key, and none without a key', async () => {
    const check = await checked({ clientEmail: 'sync@studio.example' });
    expect((await check.account()).unwrap()).to.equal('sync@studio.example');
    const platform = createGoogleAccessCheck({ credentials: { kind: 'platform' }, timeZone: 'UTC' });
    expect((await platform.account()).unwrap()).to.equal(null);
    const missing = { kind: 'key-file', path: '/nowhere/key.json' } as const;
    const error = errorOf(await createGoogleAccessCheck({ credentials: missing, timeZone: 'UTC' }).account());
    expect(error).to.include({ kind: 'unauthorized' });
    expect(error.message).to.contain('/nowhere/key.json cannot be read');
  });

  it('reports the scope of the token: the one we request', async () => {
    const check = await checked();
    expect((await check.token()).ok).to.equal(true);
    const { scopes, clockAheadMs } = (await check.tokenInfo()).unwrap();
    expect(scopes).to.deep.equal([CALENDAR_EVENTS_SCOPE]);
    expect(Math.abs(clockAheadMs ?? Infinity)).to.be.lessThan(1000);
  });

  it('reports a token with more scopes', async () => {
    const simulator = await simulate();
    const url = `${simulator.rootUrl}/tokeninfo`;
    const info = await askTokenInfo(url, simulator.issueAccessToken(), {
      http: createHttpClient(),
      timeoutMs: 1000,
      now: Date.now,
    });
    expect(info.unwrap().scopes).to.have.members([CALENDAR_EVENTS_SCOPE, 'https://www.googleapis.com/auth/calendar']);
  });

  for (const [minutes, hasToken] of [
    [10, false],
    [-10, true],
    [-90, false],
  ] as const) {
    it(`reports a clock that is off by ${minutes} minutes, ${hasToken ? 'with' : 'without'} a token`, async () => {
      const check = await checked({ now: () => Date.now() - minutes * MINUTES });
      expect((await check.token()).ok).to.equal(hasToken);
      const { scopes, clockAheadMs } = (await check.tokenInfo()).unwrap();
      expect(scopes !== null).to.equal(hasToken);
      expect(Math.abs((clockAheadMs ?? 0) - minutes * MINUTES)).to.be.lessThan(1000);
    });
  }

  it('reports no scope of a revoked token', async () => {
    const simulator = await simulate();
    const check = checkOf(simulator);
    await check.token();
    simulator.revokeAccessTokens();
    expect((await check.tokenInfo()).unwrap().scopes).to.equal(null);
  });

  it('returns an error when no server answers', async () => {
    const simulator = await simulate();
    const check = checkOf(simulator);
    await closeAll();
    expect(errorOf(await check.token())).to.include({ kind: 'transient' });
    const error = errorOf(await check.tokenInfo());
    expect(error).to.include({ kind: 'transient', method: 'oauth2.tokeninfo' });
    expect(error.message).to.contain(new URL(simulator.rootUrl).host);
  });

  for (const role of ['owner', 'writer', 'reader'] as const) {
    it(`reports the role ${role}`, async () => {
      const check = await checked({ calendars: [{ id: BAY_1, role }] });
      expect((await check.calendar(BAY_1)).unwrap()).to.deep.equal({ role });
    });
  }

  it('reports an error for a calendar that is not shared, and for an invalid answer', async () => {
    const simulator = await simulate({ calendars: [{ id: BAY_1, role: 'none' }] });
    expect(errorOf(await checkOf(simulator).calendar(BAY_1))).to.include({ kind: 'not-found' });
    simulator.shareCalendar(BAY_1, 'writer');
    simulator.addFault({ kind: 'garbage', body: '{"items": []}', contentType: 'application/json' });
    expect(errorOf(await checkOf(simulator).calendar(BAY_1))).to.include({ kind: 'transient', method: 'events.list' });
  });
});
