import { expect } from 'chai';
import { MINUTE } from '@loft/sync-core';
import { ADMIN_TOKEN, HttpWorld } from './support/http-world.js';

const ADMIN_ROUTES: readonly [string, string][] = [
  ['GET', '/metrics'],
  ['GET', '/admin/status'],
  ['GET', '/admin/bookings'],
  ['GET', '/admin/dead-letters'],
  ['POST', '/admin/dead-letters/700123/replay'],
  ['POST', '/admin/sync'],
  ['POST', '/admin/feeds/bookings/resume'],
  ['POST', '/tasks/tick'],
];

/** Books `hours` consecutive hours of tomorrow, and waits until the engine has mirrored them. */
async function book(
  world: HttpWorld,
  unit: number,
  count: number,
  customerName = 'Ana R.',
): Promise<readonly string[]> {
  const start = world.clock.now() + 24 * 60 * MINUTE;
  const ids = Array.from({ length: count }, (_, hour) =>
    world.bookings.user.book({ unit, start: start + hour * 60 * MINUTE, customerName }),
  );
  await world.clock.advance(2 * MINUTE);
  return ids;
}

function itemsOf(json: Record<string, unknown>): readonly Record<string, unknown>[] {
  return json['items'] as readonly Record<string, unknown>[];
}

describe('the routes that need the admin token', () => {
  let world: HttpWorld;
  beforeEach(async () => {
    world = await new HttpWorld().start();
  });
  afterEach(() => world.close());

  describe('without the right token', () => {
    for (const [method, path] of ADMIN_ROUTES) {
      describe(`${method} ${path}`, () => {
        it('answers 401 without the token', async () => {
          const answer = await world.request(method, path);
          expect(answer.status).to.equal(401);
          expect(answer.headers.get('www-authenticate')).to.contain('Bearer');
          expect(answer.json['error']).to.be.a('string');
        });

        for (const header of ['Bearer another', `Bearer ${ADMIN_TOKEN}x`, `Basic ${ADMIN_TOKEN}`, ADMIN_TOKEN]) {
          it(`answers 401 to "${header}"`, async () => {
            expect((await world.request(method, path, { headers: { Authorization: header } })).status).to.equal(401);
          });
        }

        it('answers 404 if no token is set', async () => {
          const closed = await new HttpWorld({ admins: [] }).start('still');
          const answer = await closed.admin(method, path);
          await closed.close();
          expect(answer.status).to.equal(404);
        });
      });
    }
  });

  describe('GET /admin/status', () => {
    it('shows feeds, channels, tasks and counts', async () => {
      await book(world, 5523, 1);
      const { status, json } = await world.admin('GET', '/admin/status');
      expect(status).to.equal(200);
      expect(json).to.deep.include({
        running: true,
        tasks: { due: 0, waiting: 0, claimed: 0 },
        deadLetters: 0,
        actions: { ok: 1, retry: 0, deadLetter: 0 },
      });
      const feeds = json['feeds'] as readonly Record<string, unknown>[];
      expect(feeds.map(({ feed }) => feed)).to.deep.equal([
        'bookings',
        ...world.bays.map(({ calendarId }) => `calendar:${calendarId}`),
      ]);
      expect(feeds[0]?.['lastSuccessAt']).to.match(/^\d{4}-\d\d-\d\dT.*Z$/);
      expect(json['channels']).to.have.length(2);
    });

    it('answers 503 while the store cannot be reached', async () => {
      world.storeDown = true;
      const answer = await world.admin('GET', '/admin/status');
      world.storeDown = false;
      expect(answer.status).to.equal(503);
    });
  });

  describe('with Prefer: clock', () => {
    it('an answer has each of its instants as the studio’s clock shows it', async () => {
      await book(world, 5523, 1);
      const headers = { Authorization: `Bearer ${ADMIN_TOKEN}`, Prefer: 'clock' };
      const { json, headers: answered } = await world.request('GET', '/admin/bookings', { headers });
      expect(answered.get('preference-applied')).to.equal('clock');
      const { start } = itemsOf(json)[0]?.['base'] as { readonly start: string };
      // Phoenix has seven hours less than UTC all year.
      const time = new Date(Date.parse(start) - 7 * 60 * MINUTE).toISOString().slice(11, 16);
      expect((json['clock'] as Record<string, string>)[start]).to.match(new RegExp(`^\\w{3} \\d+ \\w{3,4} ${time}$`));
      expect((await world.admin('GET', '/admin/bookings')).json).not.to.have.property('clock');
      const refused = await world.request('GET', '/admin/bookings', { headers: { Prefer: 'clock' } });
      expect(refused.status).to.equal(401);
    });
  });

  describe('GET /admin/bookings', () => {
    it('shows the maps under the names of docs/operating-contract.md#stored-data', async () => {
      const [id] = await book(world, 5523, 1);
      const { status, json } = await world.admin('GET', '/admin/bookings');
      expect(status).to.equal(200);
      expect(json['next']).to.equal(null);
      const [map] = itemsOf(json);
      expect(map).to.include({
        uscheduleAppointmentId: id,
        googleCalendarId: world.bays[0]?.calendarId,
        googleEventId: `loft${id}`,
        lastSource: 'USCHEDULE',
        status: 'ACTIVE',
      });
      expect(map).to.include.keys('etag', 'version', 'lastSyncedAt', 'base');
      expect(map?.['base']).to.include({ title: 'Ana R.', bay: '1' });
    });

    it('filters by status and bay', async () => {
      const [cancelled] = await book(world, 5523, 1);
      const [kept] = await book(world, 5524, 1);
      world.bookings.user.cancel(cancelled ?? '');
      await world.clock.advance(2 * MINUTE);
      const idsFor = async (query: string): Promise<readonly unknown[]> =>
        itemsOf((await world.admin('GET', `/admin/bookings?${query}`)).json).map(
          (map) => map['uscheduleAppointmentId'],
        );
      expect(await idsFor('status=CANCELED')).to.deep.equal([cancelled]);
      expect(await idsFor('status=ACTIVE')).to.deep.equal([kept]);
      expect(await idsFor('bay=2')).to.deep.equal([kept]);
      expect(await idsFor('status=ACTIVE&bay=1')).to.deep.equal([]);
    });

    it('comes in pages', async () => {
      const ids = await book(world, 5523, 5);
      const seen: unknown[] = [];
      let next = '';
      for (let pages = 0; pages < 3; pages++) {
        const { json } = await world.admin('GET', `/admin/bookings?limit=2&after=${next}`);
        seen.push(...itemsOf(json).map((map) => map['uscheduleAppointmentId']));
        next = String(json['next']);
      }
      expect(seen).to.deep.equal(ids);
      expect(next).to.equal('null');
    });

    for (const query of ['status=DEAD', 'limit=0', 'limit=501', 'limit=many']) {
      it(`answers 400 to ?${query}`, async () => {
        expect((await world.admin('GET', `/admin/bookings?${query}`)).status).to.equal(400);
      });
    }
  });

  describe('GET /admin/dead-letters', () => {
    it('shows the dead letters', async () => {
      const letter = await world.park('700123');
      const { status, json } = await world.admin('GET', '/admin/dead-letters');
      expect(status).to.equal(200);
      expect(json['next']).to.equal(null);
      const [item] = itemsOf(json);
      const { error, ...rest } = item ?? {};
      expect(rest).to.deep.equal({
        id: '700123',
        appointmentId: '700123',
        calendarId: letter.calendarId,
        eventId: 'loft700123',
        reason: 'new-booking',
        attempts: 8,
        at: new Date(letter.at).toISOString(),
        retryAt: null,
        customerName: null,
      });
      expect(error).to.include({ kind: 'invalid', message: 'The time range is empty.' });
    });

    it('comes in pages', async () => {
      for (const id of ['700001', '700002', '700003']) await world.park(id);
      const first = await world.admin('GET', '/admin/dead-letters?limit=2');
      expect(itemsOf(first.json).map(({ id }) => id)).to.deep.equal(['700001', '700002']);
      const second = await world.admin('GET', `/admin/dead-letters?limit=2&after=${String(first.json['next'])}`);
      expect(itemsOf(second.json).map(({ id }) => id)).to.deep.equal(['700003']);
      expect(second.json['next']).to.equal(null);
    });
  });

  describe('POST /admin/dead-letters/{id}/replay', () => {
    it('answers 202, and retries the appointment', async () => {
      const [id = ''] = await book(world, 5523, 1);
      await world.park(id);
      expect((await world.admin('POST', `/admin/dead-letters/${id}/replay`)).status).to.equal(202);
      await world.clock.advance(MINUTE);
      expect(itemsOf((await world.admin('GET', '/admin/dead-letters')).json)).to.deep.equal([]);
    });

    it('answers 404 to an id that is no dead letter', async () => {
      expect((await world.admin('POST', '/admin/dead-letters/1/replay')).status).to.equal(404);
    });
  });

  describe('POST /admin/sync', () => {
    it('answers 202, polls and sweeps', async () => {
      world.bookings.user.book({ unit: 5523, start: world.clock.now() + 60 * MINUTE });
      expect((await world.admin('POST', '/admin/sync')).status).to.equal(202);
      await world.clock.advance(10);
      expect(world.calendars.events(world.bays[0]?.calendarId ?? '')).to.have.length(1);
    });
  });

  describe('POST /admin/feeds/{name}/resume', () => {
    for (const feed of ['bookings', 'calendar:bay-1@group.calendar.google.com']) {
      it(`answers 202 for ${feed}`, async () => {
        expect((await world.admin('POST', `/admin/feeds/${encodeURIComponent(feed)}/resume`)).status).to.equal(202);
      });
    }

    it('accepts a name that is not URL-encoded', async () => {
      const path = '/admin/feeds/calendar:bay-1@group.calendar.google.com/resume';
      expect((await world.admin('POST', path)).status).to.equal(202);
    });

    it('answers 404 to an unknown feed', async () => {
      expect((await world.admin('POST', '/admin/feeds/calendar%3Aelsewhere/resume')).status).to.equal(404);
    });

    it('resumes a feed that a guard has stopped', async () => {
      const ids = await book(world, 5523, 12);
      for (const id of ids) world.bookings.user.cancel(id);
      await world.clock.advance(2 * MINUTE);
      expect((await world.request('GET', '/ready')).status).to.equal(503);
      expect(world.calendars.events(world.bays[0]?.calendarId ?? '')).to.have.length(12);
      expect((await world.admin('POST', '/admin/feeds/bookings/resume')).status).to.equal(202);
      await world.clock.advance(2 * MINUTE);
      expect((await world.request('GET', '/ready')).status).to.equal(200);
      expect(world.calendars.events(world.bays[0]?.calendarId ?? '')).to.have.length(0);
    });
  });

  describe('POST /tasks/tick', () => {
    it('answers 200 with a report of its work', async () => {
      world.bookings.user.book({ unit: 5523, start: world.clock.now() + 60 * MINUTE });
      const { status, json } = await world.admin('POST', '/tasks/tick');
      expect(status).to.equal(200);
      expect(json).to.deep.equal({
        polled: true,
        swept: world.bays.map(({ calendarId }) => `calendar:${calendarId}`),
        channelsRenewed: 0,
        tasksDone: 1,
      });
    });
  });

  describe('GET /metrics', () => {
    it('answers Prometheus text', async () => {
      await book(world, 5523, 1);
      const { status, headers, text } = await world.admin('GET', '/metrics');
      expect(status).to.equal(200);
      expect(headers.get('content-type')).to.contain('text/plain; version=0.0.4');
      expect(text).to.contain('loft_sync_actions_total{direction="USCHEDULE_TO_GCAL",action="create",outcome="ok"} 1');
      expect(text).to.contain('loft_sync_feed_age_seconds{feed="bookings"}');
      expect(text).to.contain('loft_sync_tasks{state="due"} 0');
    });

    it('still answers while the store cannot be reached', async () => {
      world.storeDown = true;
      const answer = await world.admin('GET', '/metrics');
      world.storeDown = false;
      expect(answer.status).to.equal(200);
      expect(answer.text).not.to.contain('loft_sync_tasks{');
    });
  });
});
