import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHttpClient } from '@loft/sync-http';
import { expect } from 'chai';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, type CryptoKey, type JWTPayload } from 'jose';
import { googleIdentity } from '#src/http/google-identity.js';
import { HttpWorld, type Answer } from './support/http-world.js';

const AUDIENCE = 'https://sync.example.com';
const ACCOUNT = 'tick@project.iam.gserviceaccount.com';

describe('POST /tasks/tick with a token of Google', () => {
  let keys: Server;
  let fetched: number;
  let world: HttpWorld;
  let privateKey: CryptoKey;
  let publicKey: CryptoKey;

  before(async () => {
    ({ privateKey, publicKey } = await generateKeyPair('RS256'));
    const jwk = { ...(await exportJWK(publicKey)), kid: 'key-1', alg: 'RS256', use: 'sig' };
    keys = createServer((_request, response) => {
      fetched++;
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify({ keys: [jwk] }));
    });
    await new Promise<void>((resolve) => keys.listen(0, '127.0.0.1', resolve));
  });
  after(() => {
    keys.closeAllConnections();
    return new Promise((resolve) => keys.close(resolve));
  });

  const http = createHttpClient();
  const identity = { audience: AUDIENCE, serviceAccount: ACCOUNT };
  const keysUrl = (): string => `http://127.0.0.1:${(keys.address() as AddressInfo).port}/certs`;

  beforeEach(async () => {
    fetched = 0;
    // The check uses the clock of the world, which is created later.
    const clock = { now: (): number => world.clock.now() };
    world = new HttpWorld({ tickIdentity: googleIdentity({ ...identity, keysUrl: keysUrl() }, clock, http) });
    await world.start();
  });
  afterEach(() => world.close());

  const claims = (change: JWTPayload = {}): JWTPayload => {
    const now = Math.floor(world.clock.now() / 1000);
    const issued = { iss: 'https://accounts.google.com', aud: AUDIENCE, iat: now, exp: now + 3600 };
    return { ...issued, email: ACCOUNT, email_verified: true, ...change };
  };
  const signed = (change: JWTPayload = {}, key: CryptoKey | Uint8Array = privateKey, alg = 'RS256'): Promise<string> =>
    new SignJWT(claims(change)).setProtectedHeader({ alg, kid: 'key-1' }).sign(key);
  const tick = (token: string): Promise<Answer> =>
    world.request('POST', '/tasks/tick', { headers: { Authorization: `Bearer ${token}` } });

  it('accepts the expected service account', async () => {
    const answer = await tick(await signed());
    expect(answer.status).to.equal(200);
    expect(answer.json).to.include({ polled: true });
  });

  it('fetches the keys on demand, once', async () => {
    expect(fetched).to.equal(0);
    for (let nth = 0; nth < 3; nth++) expect((await tick(await signed())).status).to.equal(200);
    expect(fetched).to.equal(1);
  });

  it('accepts the admin token too', async () => {
    expect((await world.admin('POST', '/tasks/tick')).status).to.equal(200);
  });

  const wrong: Readonly<Record<string, () => Promise<string> | string>> = {
    'for another audience': () => signed({ aud: 'https://other.example.com' }),
    'of another account': () => signed({ email: 'another@project.iam.gserviceaccount.com' }),
    'of an account that is not verified': () => signed({ email_verified: false }),
    'of another issuer': () => signed({ iss: 'https://accounts.example.com' }),
    'that has run out': () => signed({ exp: Math.floor(world.clock.now() / 1000) - 120 }),
    'that never runs out': () => signed({ exp: undefined as unknown as number }),
    'without an account': () => signed({ email: undefined }),
    'with the signature of another key': async () => signed({}, (await generateKeyPair('RS256')).privateKey),
    'that is signed with the public key as a secret': async () =>
      signed({}, new TextEncoder().encode(JSON.stringify(await exportJWK(publicKey))), 'HS256'),
    'that is not signed': () => new UnsecuredJWT(claims()).encode(),
    'that is cut': async () => (await signed()).slice(0, -20),
  };
  for (const [what, token] of Object.entries(wrong)) {
    it(`answers 401 to a token ${what}`, async () => {
      const answer = await tick(await token());
      expect(answer.status).to.equal(401);
      expect(answer.json).not.to.have.property('polled');
    });
  }

  it('logs the reason of a refusal, and does not send it to the caller', async () => {
    const answer = await tick(await signed({ email: 'another@project.iam.gserviceaccount.com' }));
    expect(answer.text).not.to.contain('another account');
    expect(world.logLines.join('\n')).to.contain('another account');
  });

  it('accepts the token on no other route', async () => {
    const headers = { Authorization: `Bearer ${await signed()}` };
    for (const path of ['/admin/status', '/metrics']) {
      expect((await world.request('GET', path, { headers })).status).to.equal(401);
    }
  });

  it('accepts the token if no admin token is set', async () => {
    await world.close();
    const clock = { now: (): number => world.clock.now() };
    world = new HttpWorld({
      admins: [],
      tickIdentity: googleIdentity({ ...identity, keysUrl: keysUrl() }, clock, http),
    });
    await world.start();
    expect((await tick(await signed())).status).to.equal(200);
    expect((await tick('guess')).status).to.equal(401);
  });

  it('answers 401 while the keys cannot be fetched', async () => {
    await world.close();
    const clock = { now: (): number => world.clock.now() };
    const unreachable = 'http://127.0.0.1:9/certs';
    world = new HttpWorld({ tickIdentity: googleIdentity({ ...identity, keysUrl: unreachable }, clock, http) });
    await world.start();
    expect((await tick(await signed())).status).to.equal(401);
  });
});
