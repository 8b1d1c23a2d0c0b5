import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { createGoogleCalendarSystem, readServiceAccountKey } from '#src/index.js';
import type { GoogleSimulator } from '#src/simulator/index.js';
import {
  adapter,
  BAY_1,
  BEGINNING,
  callsOf,
  closeAll,
  DRAFT,
  errorOf,
  EVENT_ID,
  simulate,
  tokenRequests,
} from './helpers/simulated.js';

const MINUTE = 60_000;

/** The simulator's key with some fields changed; undefined takes one away. */
function keyWith(simulator: GoogleSimulator, fields: object): string {
  return JSON.stringify({ ...(JSON.parse(simulator.serviceAccountKey()) as object), ...fields });
}

function strangersKey(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

describe('GoogleCalendarSystem’s access tokens', () => {
  afterEach(closeAll);

  describe('with a service account’s key', () => {
    it('come from the key’s own token_uri', async () => {
      // The token endpoint of one simulator, the API of another: the adapter cannot have guessed the first.
      const [api, other] = [await simulate(), await simulate()];
      const system = adapter(api, { credentials: { kind: 'key', json: other.serviceAccountKey() } });
      expect(errorOf(await system.listEvents(BAY_1, BEGINNING)).kind).to.equal('unauthorized');
      expect([tokenRequests(api), tokenRequests(other)]).to.deep.equal([0, 2]);
    });

    it('are fetched on first use, once for all calls', async () => {
      const simulator = await simulate();
      const system = adapter(simulator);
      expect(tokenRequests(simulator)).to.equal(0);
      const lists = await Promise.all([1, 2, 3, 4, 5].map(() => system.listEvents(BAY_1, BEGINNING)));
      expect(lists.every(({ ok }) => ok)).to.equal(true);
      await system.insertEvent(BAY_1, EVENT_ID, DRAFT);
      expect(tokenRequests(simulator)).to.equal(1);
    });

    it('are renewed before they expire', async () => {
      let now = Date.now();
      const simulator = await simulate({ now: () => now, tokenLifetimeSeconds: 600 });
      const system = adapter(simulator, { now: () => now });
      await system.listEvents(BAY_1, BEGINNING);
      now += 4 * MINUTE;
      await system.listEvents(BAY_1, BEGINNING);
      expect(tokenRequests(simulator)).to.equal(1);
      now += 4 * MINUTE;
      await system.listEvents(BAY_1, BEGINNING);
      expect(tokenRequests(simulator)).to.equal(2);
      expect(callsOf(simulator)).to.deep.equal(['events.list 200', 'events.list 200', 'events.list 200']);
    });

    it('are used for half of a short lifetime', async () => {
      let now = Date.now();
      const simulator = await simulate({ now: () => now, tokenLifetimeSeconds: 60 });
      const system = adapter(simulator, { now: () => now });
      for (const seconds of [0, 10, 10]) {
        now += seconds * 1000;
        await system.listEvents(BAY_1, BEGINNING);
      }
      expect(tokenRequests(simulator)).to.equal(1);
      now += 15_000;
      await system.listEvents(BAY_1, BEGINNING);
      expect(tokenRequests(simulator)).to.equal(2);
      expect(new Set(callsOf(simulator))).to.deep.equal(new Set(['events.list 200']));
    });

    it('are replaced when they are refused, and the call is repeated once', async () => {
      const simulator = await simulate();
      const system = adapter(simulator);
      await system.listEvents(BAY_1, BEGINNING);
      simulator.revokeAccessTokens();
      expect((await system.insertEvent(BAY_1, EVENT_ID, DRAFT)).ok).to.equal(true);
      expect(callsOf(simulator)).to.deep.equal(['events.list 200', 'events.insert 401', 'events.insert 200']);
      expect(tokenRequests(simulator)).to.equal(2);
    });

    it('are replaced once for all calls that were refused together', async () => {
      const simulator = await simulate();
      const system = adapter(simulator);
      await system.listEvents(BAY_1, BEGINNING);
      simulator.revokeAccessTokens();
      const lists = await Promise.all([1, 2, 3, 4, 5].map(() => system.listEvents(BAY_1, BEGINNING)));
      expect(lists.every(({ ok }) => ok)).to.equal(true);
      expect(tokenRequests(simulator)).to.equal(2);
    });

    it('are not fetched a third time when the new one is refused too', async () => {
      const simulator = await simulate();
      const system = adapter(simulator);
      simulator.addFault({ kind: 'answer', status: 401, reason: 'authError', times: Number.POSITIVE_INFINITY });
      const error = errorOf(await system.getEvent(BAY_1, EVENT_ID));
      expect(error).to.include({ kind: 'unauthorized', method: 'events.get', status: 401, reason: 'authError' });
      expect(callsOf(simulator)).to.deep.equal(['events.get 401', 'events.get 401']);
      expect(tokenRequests(simulator)).to.equal(2);
    });

    it('are kept when the answer is 403', async () => {
      const simulator = await simulate();
      const system = adapter(simulator);
      simulator.addFault({ kind: 'answer', status: 403, reason: 'forbidden' });
      expect(errorOf(await system.getEvent(BAY_1, EVENT_ID)).kind).to.equal('forbidden');
      expect(callsOf(simulator)).to.deep.equal(['events.get 403']);
      expect(tokenRequests(simulator)).to.equal(1);
    });

    it('are fetched again by the next call after a failure', async () => {
      const simulator = await simulate();
      const system = adapter(simulator);
      simulator.addFault({ kind: 'answer', method: 'oauth2.token', status: 503 });
      expect(errorOf(await system.listEvents(BAY_1, BEGINNING)).kind).to.equal('transient');
      expect((await system.listEvents(BAY_1, BEGINNING)).ok).to.equal(true);
    });
  });

  describe('when they cannot be fetched', () => {
    const answers = [
      { status: 400, reason: 'invalid_grant', kind: 'unauthorized' },
      { status: 401, reason: 'invalid_client', kind: 'unauthorized' },
      { status: 403, reason: 'access_denied', kind: 'unauthorized' },
      { status: 429, reason: 'rate_limited', kind: 'rate-limited' },
      { status: 500, reason: 'internal_failure', kind: 'transient' },
      { status: 503, reason: 'unavailable', kind: 'transient' },
    ] as const;
    for (const { status, reason, kind } of answers) {
      it(`cause ${kind} for ${status} ${reason}, after one request`, async () => {
        const simulator = await simulate();
        const fault = { kind: 'answer', method: 'oauth2.token', status, reason, retryAfter: 9 } as const;
        simulator.addFault({ ...fault, times: Number.POSITIVE_INFINITY });
        const error = errorOf(await adapter(simulator).listEvents(BAY_1, BEGINNING));
        expect(error).to.include({
          kind,
          system: 'google',
          method: 'oauth2.token',
          status,
          reason,
          retryAfterMs: 9000,
        });
        expect(error.payload).to.deep.equal({ error: reason, error_description: 'Simulated fault' });
        expect(tokenRequests(simulator)).to.equal(1);
        expect(callsOf(simulator)).to.deep.equal([]);
      });
    }

    for (const kind of ['lose-request', 'lose-answer', 'garbage', 'hang'] as const) {
      it(`cause transient for the fault ${kind}, after one request`, async () => {
        const simulator = await simulate();
        simulator.addFault({ kind, method: 'oauth2.token', times: Number.POSITIVE_INFINITY });
        // Only a hang ends by the timeout, which leaves a busy machine the time to send the request.
        const options = kind === 'hang' ? { callTimeoutMs: 1000 } : {};
        const error = errorOf(await adapter(simulator, options).listEvents(BAY_1, BEGINNING));
        expect(error).to.include({ kind: 'transient', method: 'oauth2.token' });
        expect(tokenRequests(simulator)).to.equal(1);
      });
    }

    for (const body of ['null', '{}', '{"access_token": ""}', '{"access_token": 7}', '[]']) {
      it(`cause transient for the answer ${body}`, async () => {
        const simulator = await simulate();
        simulator.addFault({ kind: 'garbage', method: 'oauth2.token', body, contentType: 'application/json' });
        const error = errorOf(await adapter(simulator).listEvents(BAY_1, BEGINNING));
        expect(error).to.include({ kind: 'transient', method: 'oauth2.token' });
      });
    }

    it('cause unauthorized for another key than the account’s', async () => {
      const simulator = await simulate();
      const json = keyWith(simulator, { private_key: strangersKey() });
      const error = errorOf(await adapter(simulator, { credentials: { kind: 'key', json } }).getEvent(BAY_1, EVENT_ID));
      expect(error).to.include({ kind: 'unauthorized', status: 400, reason: 'invalid_grant' });
      expect(error.message).to.contain('Invalid JWT Signature');
    });

    it('contain neither the key nor the signed text nor a token', async () => {
      const simulator = await simulate();
      const key = JSON.parse(simulator.serviceAccountKey()) as { private_key: string };
      const system = adapter(simulator);
      const errors: unknown[] = [];
      simulator.addFault({ kind: 'answer', method: 'oauth2.token', status: 400 });
      simulator.addFault({ kind: 'lose-answer', method: 'oauth2.token' });
      errors.push(
        errorOf(await system.listEvents(BAY_1, BEGINNING)),
        errorOf(await system.listEvents(BAY_1, BEGINNING)),
      );
      simulator.addFault({
        kind: 'garbage',
        method: 'oauth2.token',
        body: '{"access_token": 7, "rest": "secret-part"}',
      });
      errors.push(errorOf(await system.listEvents(BAY_1, BEGINNING)));
      simulator.addFault({ kind: 'answer', status: 401, times: 2 });
      errors.push(errorOf(await system.listEvents(BAY_1, BEGINNING)));
      simulator.addFault({ kind: 'lose-answer' });
      errors.push(errorOf(await system.listEvents(BAY_1, BEGINNING)));
      const texts = JSON.stringify(errors);
      for (const secret of [key.private_key.slice(40, 80), 'assertion', 'Bearer', 'simulated.', 'secret-part']) {
        expect(texts).to.not.contain(secret);
      }
    });
  });

  describe('with a key in a file', () => {
    let directory: string;

    beforeEach(async () => {
      directory = await mkdtemp(join(tmpdir(), 'loft-google-'));
    });

    afterEach(() => rm(directory, { recursive: true }));

    it('come from the current key in the file', async () => {
      const simulator = await simulate();
      const path = join(directory, 'key.json');
      const system = adapter(simulator, { credentials: { kind: 'key-file', path } });
      const missing = errorOf(await system.listEvents(BAY_1, BEGINNING));
      expect(missing).to.include({ kind: 'unauthorized', method: 'oauth2.token' });
      expect(missing.message).to.contain(path);
      await writeFile(path, keyWith(simulator, { private_key: strangersKey() }));
      expect(errorOf(await system.listEvents(BAY_1, BEGINNING)).kind).to.equal('unauthorized');
      await writeFile(path, simulator.serviceAccountKey());
      expect((await system.listEvents(BAY_1, BEGINNING)).ok).to.equal(true);
    });
  });

  describe('with a key that cannot be used', () => {
    const wrong: Record<string, { json: (simulator: GoogleSimulator) => string; problem: string }> = {
      'text that is not JSON': { json: () => 'private_key', problem: 'not JSON' },
      'JSON that is no object': { json: () => 'null', problem: 'not a JSON object' },
      'another type': { json: (it) => keyWith(it, { type: 'authorized_user' }), problem: '"type"' },
      'no address': { json: (it) => keyWith(it, { client_email: undefined }), problem: 'client_email' },
      'no key': { json: (it) => keyWith(it, { private_key: undefined }), problem: 'private_key' },
      'a broken key': {
        json: (it) => keyWith(it, { private_key: '-----BEGIN PRIVATE KEY-----' }),
        problem: 'private_key',
      },
      'an address that is none': {
        json: (it) => keyWith(it, { token_uri: 'file:///etc/passwd' }),
        problem: 'token_uri',
      },
    };
    for (const [what, { json, problem }] of Object.entries(wrong)) {
      it(`cause an error: ${what}`, async () => {
        const simulator = await simulate();
        const text = json(simulator);
        expect(readServiceAccountKey(text).val).to.be.a('string').that.contains(problem);
        const system = adapter(simulator, { credentials: { kind: 'key', json: text } });
        const error = errorOf(await system.listEvents(BAY_1, BEGINNING));
        expect(error).to.include({ kind: 'unauthorized', method: 'oauth2.token' });
        expect(error.message).to.contain(problem);
        expect(simulator.calls).to.deep.equal([]);
      });
    }

    it('come from Google’s endpoint if a key names none', async () => {
      const simulator = await simulate();
      const key = readServiceAccountKey(keyWith(simulator, { token_uri: undefined }));
      expect(key.val).to.include({ tokenUri: 'https://oauth2.googleapis.com/token' });
    });
  });

  describe('when nothing is called', () => {
    it('are not fetched', async () => {
      const simulator = await simulate();
      createGoogleCalendarSystem({ credentials: { kind: 'platform' }, timeZone: 'America/Phoenix' });
      adapter(simulator);
      expect(simulator.calls).to.deep.equal([]);
    });
  });
});
