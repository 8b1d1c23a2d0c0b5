import { request } from 'node:http';
import { expect } from 'chai';
import { channelTokens } from '#src/http/channel-token.js';
import { ADMIN_TOKEN, HttpWorld, type Answer } from './support/http-world.js';

const HINT = '{"appointmentId": "700123"}';
const FORGED = { 'X-Loft-Signature': `sha256=${'0'.repeat(64)}` };

describe('the guards of the HTTP application', function () {
  this.timeout(300_000);
  let world: HttpWorld;
  const open = async (change: ConstructorParameters<typeof HttpWorld>[0] = {}): Promise<HttpWorld> =>
    (world = await new HttpWorld(change).start());
  afterEach(() => world.close());

  /** Sends a request many times, with limited concurrency, and counts the answers by status. */
  async function storm(
    times: number,
    send: (nth: number) => Promise<Answer>,
  ): Promise<Readonly<Record<number, number>>> {
    const counts: Record<number, number> = {};
    let next = 0;
    const sender = async (): Promise<void> => {
      while (next < times) {
        const { status } = await send(next++);
        counts[status] = (counts[status] ?? 0) + 1;
      }
    };
    await Promise.all(Array.from({ length: 16 }, sender));
    return counts;
  }

  describe('set security headers on every answer', () => {
    it('which forbid a browser to embed it, run scripts in it or guess its type', async () => {
      await open();
      for (const path of ['/health', '/nowhere', '/admin/status']) {
        const { headers } = await world.request('GET', path);
        expect(headers.get('content-security-policy'), path).to.equal(
          "default-src 'none';base-uri 'none';form-action 'none';frame-ancestors 'none'",
        );
        expect(headers.get('x-content-type-options'), path).to.equal('nosniff');
        expect(headers.get('x-frame-options'), path).to.equal('DENY');
        expect(headers.get('referrer-policy'), path).to.equal('no-referrer');
        expect(headers.get('strict-transport-security'), path).to.match(/^max-age=\d{8}/);
        expect(headers.get('cross-origin-resource-policy'), path).to.equal('same-origin');
        expect(headers.get('x-powered-by'), path).to.equal(null);
      }
    });
  });

  describe('limit failures', () => {
    const forge = (): Promise<Answer> => world.hint(HINT, FORGED);

    it('of signatures: the first 300 get 401, the others 429 with Retry-After', async () => {
      await open();
      expect(await storm(400, forge)).to.deep.equal({ 401: 300, 429: 100 });
      const answer = await forge();
      expect(answer.status).to.equal(429);
      expect(answer.headers.get('retry-after')).to.equal('1');
      const warnings = world.logLines.filter((line) => line.includes('too many failed requests'));
      expect(warnings).to.have.length(1);
    });

    it('and accept 2,000 signed hints from the same address', async () => {
      await open();
      await storm(310, forge);
      expect(await storm(2000, (nth) => world.hint(`{"appointmentId": "${nth}"}`))).to.deep.equal({ 202: 2000 });
    });

    it('and accept 2,000 valid notifications while others name unknown channels', async () => {
      await open();
      const [channel] = world.calendars.channels;
      const known = channel?.channelId ?? '';
      const tokenOf = channelTokens('channel-secret');
      const notify = (channelId: string): Promise<Answer> =>
        world.request('POST', '/webhook/gcal', {
          headers: {
            'X-Goog-Channel-ID': channelId,
            'X-Goog-Channel-Token': tokenOf(channelId),
            'X-Goog-Resource-State': 'exists',
            'X-Goog-Resource-ID': channel?.resourceId ?? '',
          },
        });
      expect(await storm(320, () => notify('unknown'))).to.deep.equal({ 404: 300, 429: 20 });
      expect(await storm(2000, () => notify(known))).to.deep.equal({ 204: 2000 });
    });

    it('of the admin token: an address that has guessed 100 times gets 429, and a right token always passes', async () => {
      await open();
      const guess = (): Promise<Answer> =>
        world.request('GET', '/admin/status', { headers: { Authorization: 'Bearer guess' } });
      expect(await storm(120, guess)).to.deep.equal({ 401: 100, 429: 20 });
      expect((await world.admin('GET', '/admin/status')).status).to.equal(200);
      expect((await world.admin('GET', '/metrics')).status).to.equal(200);
      expect((await world.admin('POST', '/tasks/tick')).status).to.equal(200);
      expect((await world.request('GET', '/health')).status).to.equal(200);
      expect((await world.hint(HINT)).status).to.equal(202);
    });

    it("of the console's token by address, and a right token always passes", async () => {
      await open({ trustedProxies: 1 });
      const signIn = (from: string, token: string): Promise<Answer> =>
        world.request('POST', '/console/sign-in', {
          headers: { 'Content-Type': 'application/x-www-form-urlencoded', 'X-Forwarded-For': from },
          body: `token=${token}`,
          redirect: 'manual',
        });
      expect(await storm(15, () => signIn('192.0.2.1', 'guess'))).to.deep.equal({ 401: 10, 429: 5 });
      expect((await signIn('192.0.2.2', 'guess')).status).to.equal(401);
      expect((await signIn('192.0.2.1', ADMIN_TOKEN)).status).to.equal(303);
    });

    it('by the address that the trusted proxy reports, not the one that the caller claims', async () => {
      await open({ trustedProxies: 1 });
      const guess = (forwarded: string): Promise<Answer> =>
        world.request('GET', '/metrics', { headers: { Authorization: 'Bearer x', 'X-Forwarded-For': forwarded } });
      expect(await storm(120, (nth) => guess(`10.0.0.${nth}, 192.0.2.1`))).to.deep.equal({ 401: 100, 429: 20 });
      expect((await guess('192.0.2.1, 192.0.2.2')).status).to.equal(401);
    });

    it('by the address of the connection if no proxy is trusted', async () => {
      await open();
      const guess = (nth: number): Promise<Answer> =>
        world.request('GET', '/metrics', {
          headers: { Authorization: 'Bearer x', 'X-Forwarded-For': `10.0.0.${nth}` },
        });
      expect(await storm(120, guess)).to.deep.equal({ 401: 100, 429: 20 });
    });
  });

  it('refuse the character 0 in an address, which a store answers with a fault', async () => {
    await open();
    for (const path of [
      '/admin/appointments/7%00/journal',
      '/admin/bookings?bay=%00',
      '/admin/dead-letters?after=%00',
    ]) {
      const answer = await world.admin('GET', path);
      expect(answer.status, path).to.equal(400);
    }
  });

  describe('limit bodies', () => {
    it('on every route, before they are read', async () => {
      await open();
      const { port } = new URL(world.url);
      for (const path of ['/webhook/gcal', '/admin/sync', '/tasks/tick']) {
        const status = await new Promise<number | undefined>((resolve, reject) => {
          const headers = { 'Content-Length': String(10 ** 9) };
          const sent = request({ host: '127.0.0.1', port, path, method: 'POST', headers }, (answer) => {
            resolve(answer.statusCode);
            sent.destroy();
          });
          sent.once('error', reject).flushHeaders();
        });
        expect(status, path).to.equal(413);
      }
    });
  });
});
