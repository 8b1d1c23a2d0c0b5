import { expect } from 'chai';
import { HOUR, MINUTE } from '@loft/sync-core';
import type { AdminToken } from '#src/http/admins.js';
import { ANA, DISPLAY, HttpWorld, type Answer } from './support/http-world.js';

describe('a feed that a guard stopped', () => {
  let world: HttpWorld;
  let ids: readonly string[];
  let bay1: string;

  beforeEach(async () => {
    world = await new HttpWorld({ admins: [ANA, DISPLAY] }).start();
    bay1 = world.bays[0]?.calendarId ?? '';
    const start = world.clock.now() + 24 * HOUR;
    ids = Array.from({ length: 12 }, (_, hour) =>
      world.bookings.user.book({ unit: 5523, start: start + hour * HOUR, customerName: `Guest ${hour}` }),
    );
    await world.clock.advance(2 * MINUTE);
    for (const id of ids.slice(0, 10)) world.bookings.user.cancel(id);
    await world.clock.advance(2 * MINUTE);
  });
  afterEach(() => world.close());

  /** A cancelled booking is live again. */
  const restore = (index: number): void => {
    const { start = 0 } = world.bookings.user.booking(ids[index] ?? '') ?? {};
    world.bookings.user.reuseId(ids[index] ?? '', { unit: 5523, start, customerName: `Guest ${index}` });
  };

  const as = ({ token }: AdminToken, method: string, path: string, body?: unknown): Promise<Answer> =>
    world.request(method, path, {
      headers: { Authorization: `Bearer ${token}` },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  const listed = async (): Promise<Record<string, unknown>> => (await as(DISPLAY, 'GET', '/admin/feeds/bookings')).json;

  it('is shown with a list of the deletions it would cause', async () => {
    const { items, stop, version } = await listed();
    expect(stop).to.include({ wouldCancel: 10 });
    expect(version).to.be.a('string').and.not.equal('');
    const lines = items as Record<string, unknown>[];
    expect(lines.map(({ appointmentId }) => appointmentId)).to.have.members(ids.slice(0, 10));
    expect(lines.find(({ appointmentId }) => appointmentId === ids[0])).to.include({
      customerName: 'Guest 0',
      bay: '1',
      would: 'cancel event',
    });
    expect(lines[0]?.['start']).to.match(/^\d{4}-\d\d-\d\dT.*Z$/);
  });

  it('resumes with the version that was shown', async () => {
    const { version } = await listed();
    expect((await as(ANA, 'POST', '/admin/feeds/bookings/resume', { version })).status).to.equal(202);
    await world.clock.advance(3 * MINUTE);
    expect(world.calendars.events(bay1)).to.have.length(2);
    expect(await listed()).to.deep.include({ stop: null, items: [], version: null });
  });

  it('answers 409 to another version than the list’s, and stays stopped', async () => {
    const { version } = await listed();
    world.bookings.user.cancel(ids[10] ?? '');
    await world.clock.advance(3 * MINUTE);
    const answer = await as(ANA, 'POST', '/admin/feeds/bookings/resume', { version });
    expect(answer.status).to.equal(409);
    expect(answer.json['error']).to.contain('The list has grown meanwhile');
    await world.clock.advance(3 * MINUTE);
    expect(world.calendars.events(bay1)).to.have.length(12);
  });

  it('resumes with the version of a longer list: only what is left of it is cancelled', async () => {
    const { version } = await listed();
    restore(0);
    await world.clock.advance(3 * MINUTE);
    expect((await listed())['items']).to.have.length(9);
    expect((await as(ANA, 'POST', '/admin/feeds/bookings/resume', { version })).status).to.equal(202);
    await world.clock.advance(3 * MINUTE);
    expect(world.calendars.events(bay1)).to.have.length(3);
  });

  it('lists another booking that is gone instead of one that is back', async () => {
    const { version } = await listed();
    restore(0);
    world.bookings.user.cancel(ids[10] ?? '');
    await world.clock.advance(3 * MINUTE);
    const { items } = await listed();
    const listedIds = (items as Record<string, unknown>[]).map(({ appointmentId }) => appointmentId);
    expect(listedIds).to.have.members(ids.slice(1, 11));
    expect((await as(ANA, 'POST', '/admin/feeds/bookings/resume', { version })).status).to.equal(409);
  });

  it('answers 400 if the version is not text or has another name, 404 to an unknown feed, 401 without a token and 403 to the role read', async () => {
    const path = '/admin/feeds/bookings/resume';
    for (const body of [{ version: 1 }, { version: null }, { versions: 'x' }])
      expect((await as(ANA, 'POST', path, body)).status).to.equal(400);
    expect((await listed())['items']).to.have.length(10);
    expect((await as(ANA, 'GET', '/admin/feeds/calendar%3Aelsewhere')).status).to.equal(404);
    expect((await world.request('GET', '/admin/feeds/bookings')).status).to.equal(401);
    expect((await as(DISPLAY, 'POST', path, {})).status).to.equal(403);
    expect(world.calendars.events(bay1)).to.have.length(12);
  });
});

describe('a feed that runs', () => {
  it('has no stop and an empty list, also for a calendar', async () => {
    const world = await new HttpWorld().start();
    const name = encodeURIComponent(`calendar:${world.bays[0]?.calendarId ?? ''}`);
    const { status, json } = await world.admin('GET', `/admin/feeds/${name}`);
    await world.close();
    expect(status).to.equal(200);
    expect(json).to.deep.include({ stop: null, items: [], version: null });
  });
});
