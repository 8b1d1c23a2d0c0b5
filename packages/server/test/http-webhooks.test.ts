import { expect } from 'chai';
import { HttpWorld } from './support/http-world.js';

describe('POST /webhook/uschedule', () => {
  let world: HttpWorld;
  beforeEach(async () => {
    world = await new HttpWorld().start('still');
  });
  afterEach(() => world.close());

  const dueTasks = async (): Promise<number> => {
    const counts = await world.store.countTasks(world.clock.now());
    return counts.ok ? counts.val.due : -1;
  };

  describe('with a signed hint', () => {
    for (const body of ['{"appointmentId": "700123"}', '{"appointmentId": 700123, "more": true}']) {
      it(`answers 202 after it was stored: ${body}`, async () => {
        const answer = await world.hint(body);
        expect(answer.status).to.equal(202);
        expect(await dueTasks()).to.equal(1);
      });
    }

    it('answers 503 when it could not be stored', async () => {
      world.storeDown = true;
      const answer = await world.hint('{"appointmentId": "700123"}');
      expect(answer.status).to.equal(503);
      expect(answer.json['error']).to.contain('could not be stored');
    });
  });

  describe('with a wrong signature', () => {
    it('answers 401 and stores nothing', async () => {
      const answer = await world.hint('{"appointmentId": "700123"}', {
        'X-Loft-Signature': `sha256=${'0'.repeat(64)}`,
      });
      expect(answer.status).to.equal(401);
      expect(await dueTasks()).to.equal(0);
    });

    it('answers 401 to a hint without a signature', async () => {
      const answer = await world.request('POST', '/webhook/uschedule', { body: '{"appointmentId": "700123"}' });
      expect(answer.status).to.equal(401);
    });

    it('does not report faults of the body to a caller without a valid signature', async () => {
      const answer = await world.request('POST', '/webhook/uschedule', { body: 'no json' });
      expect(answer.status).to.equal(401);
    });
  });

  describe('with a malformed body', () => {
    const bodies = ['', 'appointmentId=700123', '[]', 'null', '{}', '{"appointmentId": ""}', '{"appointmentId": -1}'];
    for (const body of [...bodies, '{"appointmentId": 1.5}', '{"appointmentId": "../1"}', '{"appointmentId": [1]}']) {
      it(`answers 400: ${body}`, async () => {
        const answer = await world.hint(body);
        expect(answer.status).to.equal(400);
        expect(answer.json['error']).to.be.a('string');
      });
    }
  });

  describe('with a large body', () => {
    const padded = (bytes: number): string => {
      const rest = '{"appointmentId": "700123", "padding": ""}';
      return rest.replace('""', `"${'x'.repeat(bytes - rest.length)}"`);
    };

    it('accepts 64 KiB', async () => {
      expect((await world.hint(padded(64 * 1024))).status).to.equal(202);
    });

    it('answers 413 to one byte more', async () => {
      const answer = await world.hint(padded(64 * 1024 + 1));
      expect(answer.status).to.equal(413);
      expect(answer.json['error']).to.contain('64 KiB');
    });

    it('answers 413 to a longer body without Content-Length', async () => {
      const chunk = new Uint8Array(16 * 1024);
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          for (let chunks = 0; chunks < 5; chunks++) controller.enqueue(chunk);
          controller.close();
        },
      });
      expect((await world.request('POST', '/webhook/uschedule', { body })).status).to.equal(413);
    });
  });

  it('answers 405 to another method', async () => {
    const answer = await world.request('GET', '/webhook/uschedule');
    expect(answer.status).to.equal(405);
    expect(answer.headers.get('allow')).to.equal('POST');
  });

  describe('without a secret', () => {
    it('answers 404', async () => {
      const closed = await new HttpWorld({ webhookSecret: null }).start('still');
      const answer = await closed.hint('{"appointmentId": "700123"}');
      await closed.close();
      expect(answer.status).to.equal(404);
    });
  });
});

describe('POST /webhook/gcal', () => {
  let world: HttpWorld;
  beforeEach(async () => {
    world = await new HttpWorld().start();
  });
  afterEach(() => world.close());

  /** The headers of a notification of the first bay's channel. */
  const headers = (): Record<string, string> => {
    const [channel] = world.calendars.channels;
    return {
      'X-Goog-Channel-ID': channel?.channelId ?? '',
      'X-Goog-Channel-Token': channel?.token ?? '',
      'X-Goog-Resource-ID': channel?.resourceId ?? '',
      'X-Goog-Resource-State': 'exists',
      'X-Goog-Message-Number': '2',
    };
  };
  const notify = (change: Record<string, string> = {}): ReturnType<HttpWorld['request']> =>
    world.request('POST', '/webhook/gcal', { headers: { ...headers(), ...change } });

  it('answers 204 to a notification of a channel of ours', async () => {
    const answer = await notify();
    expect(answer.status).to.equal(204);
    expect(answer.text).to.equal('');
  });

  it('answers 401 to a wrong token', async () => {
    expect((await notify({ 'X-Goog-Channel-Token': 'guessed' })).status).to.equal(401);
  });

  it('answers 404 to an unknown channel', async () => {
    expect((await notify({ 'X-Goog-Channel-ID': 'unknown-channel' })).status).to.equal(404);
  });

  it('answers 404 to a request that names no channel', async () => {
    expect((await world.request('POST', '/webhook/gcal')).status).to.equal(404);
  });

  it('answers 503 when the store does not answer', async () => {
    const known = headers();
    world.storeDown = true;
    const answer = await world.request('POST', '/webhook/gcal', { headers: known });
    world.storeDown = false;
    expect(answer.status).to.equal(503);
  });

  describe('without a public address', () => {
    it('answers 404', async () => {
      const closed = await new HttpWorld({ push: false }).start();
      const answer = await closed.request('POST', '/webhook/gcal', { headers: headers() });
      await closed.close();
      expect(answer.status).to.equal(404);
    });
  });
});
