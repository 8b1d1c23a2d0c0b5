import { expect } from 'chai';
import { MINUTE } from '@loft/sync-core';
import { createApp } from '#src/http/create-app.js';
import { listen } from '#src/http/http-host.js';
import { HttpWorld } from './support/http-world.js';

describe('the HTTP application', () => {
  let world: HttpWorld;
  beforeEach(async () => {
    world = await new HttpWorld().start();
  });
  afterEach(() => world.close());

  describe('GET /health', () => {
    it('answers 200 while the process runs, also if the store fails', async () => {
      world.storeDown = true;
      const answer = await world.request('GET', '/health');
      world.storeDown = false;
      expect(answer.status).to.equal(200);
      expect(answer.json).to.deep.equal({ status: 'ok' });
    });
  });

  describe('GET /ready', () => {
    it('answers 200 if everything works', async () => {
      const answer = await world.request('GET', '/ready');
      expect(answer.status).to.equal(200);
      expect(answer.json).to.include({ status: 'ready' });
    });

    it('answers 503 with the reason when the store cannot be reached', async () => {
      world.storeDown = true;
      const answer = await world.request('GET', '/ready');
      world.storeDown = false;
      expect(answer.status).to.equal(503);
      expect(answer.json['reasons']).to.satisfy((reasons: string[]) =>
        reasons.some((it) => it.includes('the disk is gone')),
      );
    });

    it('answers 503 with the reason when a calendar is not shared', async () => {
      const calendarId = world.bays[1]?.calendarId ?? '';
      world.calendars.shareCalendar(calendarId, 'none');
      await world.clock.advance(6 * MINUTE);
      const answer = await world.request('GET', '/ready');
      expect(answer.status).to.equal(503);
      expect(JSON.stringify(answer.json['reasons'])).to.contain(calendarId);
    });
  });

  describe('an unknown route', () => {
    it('is answered 404 in JSON', async () => {
      const answer = await world.request('GET', '/nothing/here');
      expect(answer.status).to.equal(404);
      expect(answer.json).to.deep.equal({ error: 'There is nothing at /nothing/here.' });
    });

    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PROPFIND']) {
      it(`is answered 405 if the path exists and the method ${method} does not`, async () => {
        const answer = await world.request(method, '/health');
        expect(answer.status).to.equal(405);
        expect(answer.headers.get('allow')).to.equal('HEAD, GET');
        expect(answer.json['error']).to.contain('/health does not take');
      });
    }

    it('is answered 404 for an unknown method on an unknown path too', async () => {
      expect((await world.request('PROPFIND', '/nothing')).status).to.equal(404);
    });
  });

  describe('an exception in the service', () => {
    it('is answered 500 without its details, which go to the log', async () => {
      const { events } = new HttpWorld().engine;
      const engine = { events, readiness: () => Promise.reject(new Error('a secret detail')) };
      const broken = await new HttpWorld({ engine: engine as unknown as HttpWorld['engine'] }).start('still');
      const answer = await broken.request('GET', '/ready');
      await broken.close();
      expect(answer.status).to.equal(500);
      expect(answer.text).not.to.contain('a secret detail');
      expect(broken.logLines.join('')).to.contain('a secret detail');
    });
  });

  describe('on a port that is in use', () => {
    it('reports the port in one sentence', async () => {
      const { parts } = new HttpWorld();
      const first = await listen(createApp(parts), { port: 0, hostname: '127.0.0.1' });
      if (first.err) throw new Error(first.val);
      const { port } = first.val;
      const second = await listen(createApp(parts), { port, hostname: '127.0.0.1' });
      await first.val.close(0);
      expect(second.err && second.val).to.equal(
        `Cannot listen on port ${port}: another program uses it. Stop that program, or set PORT to another port.`,
      );
    });
  });
});
