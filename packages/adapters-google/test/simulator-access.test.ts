import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { expect } from 'chai';
import type { GoogleSimulator } from '#src/simulator/index.js';
import { BAY_1, closeAll, EVENT_ID, googleClient, refusal, simulate } from './helpers/simulated.js';

const SCOPE = 'https://www.googleapis.com/auth/calendar.events';

interface Key {
  readonly client_email: string;
  readonly private_key: string;
  readonly token_uri: string;
}

function keyOf(simulator: GoogleSimulator): Key {
  return JSON.parse(simulator.serviceAccountKey()) as Key;
}

/** A signed JWT as Google's guide describes it, made by hand. */
function assertion(key: Key, claims: object = {}, signWith: KeyObject | string = key.private_key): string {
  const iat = Math.floor(Date.now() / 1000);
  const payload = { iss: key.client_email, scope: SCOPE, aud: key.token_uri, iat, exp: iat + 3600, ...claims };
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg: 'RS256', typ: 'JWT' })}.${part(payload)}`;
  return `${signed}.${createSign('RSA-SHA256').update(signed).sign(signWith, 'base64url')}`;
}

async function trade(key: Key, jwt: string, grant = 'urn:ietf:params:oauth:grant-type:jwt-bearer') {
  const answer = await fetch(key.token_uri, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: grant, assertion: jwt }),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

async function read(simulator: GoogleSimulator, token: unknown): Promise<number> {
  const url = `${simulator.rootUrl}/calendar/v3/calendars/${BAY_1}/events`;
  const answer = await fetch(url, { headers: { authorization: `Bearer ${String(token)}` } });
  await answer.text();
  return answer.status;
}

describe('The simulator’s token endpoint', () => {
  afterEach(closeAll);

  it('exchanges a signed JWT for an access token of the API', async () => {
    const simulator = await simulate();
    const key = keyOf(simulator);
    const { status, body } = await trade(key, assertion(key));
    expect([status, body['token_type'], body['expires_in']]).to.deep.equal([200, 'Bearer', 3600]);
    expect(await read(simulator, body['access_token'])).to.equal(200);
  });

  it('accepts the audience of Google’s Python library, with any token_uri in the key', async () => {
    const key = keyOf(await simulate());
    const { status } = await trade(key, assertion(key, { aud: 'https://oauth2.googleapis.com/token' }));
    expect(status).to.equal(200);
  });

  it('refuses a faulty JWT with a reason', async () => {
    const key = keyOf(await simulate());
    const { privateKey: stranger } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const now = Math.floor(Date.now() / 1000);
    const wrong: readonly (readonly [string, string])[] = [
      [assertion(key, {}, stranger), 'Invalid JWT Signature.'],
      [assertion(key, { iss: 'another@account.example' }), 'account not found'],
      [assertion(key, { aud: 'https://tokens.example/token' }), 'wrong audience'],
      [assertion(key, { iat: now - 8000, exp: now - 4400 }), 'reasonable timeframe'],
      [assertion(key, { exp: now + 7200 }), 'short-lived'],
      ['not a token', 'Invalid JWT'],
    ];
    for (const [jwt, problem] of wrong) {
      const { status, body } = await trade(key, jwt);
      expect([status, body['error']]).to.deep.equal([400, 'invalid_grant']);
      expect(body['error_description']).to.contain(problem);
    }
    expect((await trade(key, assertion(key), 'password')).body['error']).to.equal('unsupported_grant_type');
    expect((await trade(key, assertion(key, { scope: '' }))).body['error']).to.equal('invalid_scope');
  });

  it('issues a token for the requested scopes only', async () => {
    const simulator = await simulate();
    const key = keyOf(simulator);
    const { body } = await trade(key, assertion(key, { scope: 'https://www.googleapis.com/auth/drive' }));
    expect(await read(simulator, body['access_token'])).to.equal(403);
  });
});

describe('The simulator’s API', () => {
  afterEach(closeAll);

  it('refuses missing, wrong, revoked and expired tokens', async () => {
    let now = Date.now();
    const simulator = await simulate({ tokenLifetimeSeconds: 60, now: () => now });
    const list = () => fetch(`${simulator.rootUrl}/calendar/v3/calendars/${BAY_1}/events`);
    expect((await list()).status).to.equal(401);
    expect(await read(simulator, 'made-up')).to.equal(401);
    const token = simulator.issueAccessToken();
    expect(await read(simulator, token)).to.equal(200);
    now += 61_000;
    expect(await read(simulator, token)).to.equal(401);
    const other = simulator.issueAccessToken();
    simulator.revokeAccessTokens();
    expect(await read(simulator, other)).to.equal(401);
  });

  it('answers errors in Google’s format', async () => {
    const simulator = await simulate();
    const answer = await fetch(`${simulator.rootUrl}/calendar/v3/calendars/${BAY_1}/events`);
    expect(await answer.json()).to.deep.equal({
      error: {
        code: 401,
        message: 'Invalid Credentials',
        errors: [
          {
            domain: 'global',
            reason: 'authError',
            message: 'Invalid Credentials',
            location: 'Authorization',
            locationType: 'header',
          },
        ],
        status: 'UNAUTHENTICATED',
      },
    });
  });

  it('answers 404 outside the API, names unsupported methods, and refuses a body that is not JSON', async () => {
    const simulator = await simulate();
    const headers = { authorization: `Bearer ${simulator.issueAccessToken()}` };
    const calendar = `${simulator.rootUrl}/calendar/v3/calendars/${BAY_1}`;
    for (const path of ['/', '/drive/v3/files']) {
      expect((await fetch(`${simulator.rootUrl}${path}`, { headers })).status).to.equal(404);
    }
    const lacking: readonly (readonly [string, string])[] = [
      ['GET', `${calendar}/acl`],
      ['GET', `${calendar}/events/a/b/c`],
      ['POST', `${calendar}/events/quickAdd`],
      ['PATCH', calendar],
      ['POST', `${simulator.rootUrl}/calendar/v3/users/me/calendarList`],
      ['POST', `${simulator.rootUrl}/batch/calendar/v3`],
    ];
    for (const [method, url] of lacking) {
      const answer = await fetch(url, { method, headers });
      const { error } = (await answer.json()) as { error: { message: string; errors: { reason: string }[] } };
      expect([answer.status, error.errors[0]?.reason], url).to.deep.equal([501, 'notImplemented']);
      expect(error.message).to.contain(`${method} ${new URL(url).pathname}`);
    }
    const answer = await fetch(`${calendar}/events`, { method: 'POST', headers, body: '{"id":' });
    expect(answer.status).to.equal(400);
  });

  for (const status of [403, 429] as const) {
    it(`answers ${status} if calls are too frequent, and recovers after a minute`, async () => {
      let now = Date.now();
      const quota = { perMinute: 2, status, reason: 'userRateLimitExceeded', retryAfterSeconds: 5 };
      const simulator = await simulate({ quota, now: () => now });
      const { events } = googleClient(simulator);
      await events.list({ calendarId: BAY_1 });
      await events.list({ calendarId: BAY_1 });
      const url = `${simulator.rootUrl}/calendar/v3/calendars/${BAY_1}/events`;
      const answer = await fetch(url, { headers: { authorization: `Bearer ${simulator.issueAccessToken()}` } });
      await answer.text();
      expect([answer.status, answer.headers.get('retry-after')]).to.deep.equal([status, '5']);
      expect(await refusal(events.list({ calendarId: BAY_1 }))).to.deep.equal([status, 'userRateLimitExceeded']);
      now += 60_001;
      await events.list({ calendarId: BAY_1 });
      simulator.setQuota(null);
      for (let count = 0; count < 5; count++) await events.list({ calendarId: BAY_1 });
    });
  }

  it('counts a patch three times', async () => {
    const simulator = await simulate({ quota: { perMinute: 5, status: 403 } });
    const { events } = googleClient(simulator);
    const requestBody = { id: EVENT_ID, start: { date: '2027-01-20' }, end: { date: '2027-01-21' } };
    await events.insert({ calendarId: BAY_1, requestBody });
    await events.patch({ calendarId: BAY_1, eventId: EVENT_ID, requestBody: { summary: 'Other' } });
    const again = events.patch({ calendarId: BAY_1, eventId: EVENT_ID, requestBody: { summary: 'Another' } });
    expect(await refusal(again)).to.deep.equal([403, 'rateLimitExceeded']);
    await events.get({ calendarId: BAY_1, eventId: EVENT_ID });
    expect(await refusal(events.get({ calendarId: BAY_1, eventId: EVENT_ID }))).to.deep.equal([
      403,
      'rateLimitExceeded',
    ]);
  });

  it('closes all connections, including those of hanging calls', async () => {
    const simulator = await simulate();
    simulator.addFault({ kind: 'hang' });
    simulator.addFault({ kind: 'delay', ms: 60_000 });
    const { events } = googleClient(simulator);
    const hanging = events.list({ calendarId: BAY_1 }).catch((error: unknown) => error);
    const delayed = events.list({ calendarId: BAY_1 }).catch((error: unknown) => error);
    while (simulator.connections < 2) await new Promise((resolve) => setImmediate(resolve));
    await closeAll();
    expect(await hanging).to.be.an('error');
    await delayed;
  });
});
