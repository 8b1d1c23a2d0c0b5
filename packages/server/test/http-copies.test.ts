import { expect } from 'chai';
import { HOUR, MINUTE } from '@loft/sync-core';
import type { AdminToken } from '#src/http/admins.js';
import { HttpWorld, type Answer } from './support/http-world.js';

const ANA: AdminToken = { name: 'Ana', role: 'act', token: 'token-of-ana' };
const DISPLAY: AdminToken = { name: 'display', role: 'read', token: 'token-of-the-display' };

describe('copies of events', () => {
  let world: HttpWorld;
  let id: string;
  let bay1: string;
  let mirror: string;
  const OURS = 'ourdouble';

  beforeEach(async () => {
    world = await new HttpWorld({ admins: [ANA, DISPLAY] }).start();
    bay1 = world.bays[0]?.calendarId ?? '';
    id = world.bookings.user.book({ unit: 5523, start: world.clock.now() + 24 * HOUR, customerName: 'Ana R.' });
    await world.clock.advance(2 * MINUTE);
    const [event] = world.calendars.events(bay1);
    mirror = event?.eventId ?? '';
    const { start, end, title = '', description = '' } = event ?? {};
    if (!start || !end) throw new Error('the mirror has no times');
    const draft = { start, end, title, description, free: false, appointmentId: id, bay: '1', write: 'earlier' };
    (await world.calendars.insertEvent(bay1, OURS, draft)).unwrap();
    await world.clock.advance(10 * MINUTE);
  });
  afterEach(() => world.close());

  const as = ({ token }: AdminToken, method: string, path: string): Promise<Answer> =>
    world.request(method, path, { headers: { Authorization: `Bearer ${token}` } });
  const eventIds = (): readonly string[] => world.calendars.events(bay1).map(({ eventId }) => eventId);

  it('are listed with the event that mirrors their appointment', async () => {
    const { status, json } = await as(DISPLAY, 'GET', '/admin/copies');
    expect(status).to.equal(200);
    const items = json['items'] as Record<string, unknown>[];
    expect(items).to.have.length(1);
    for (const item of items) {
      expect(item).to.include({
        appointmentId: id,
        calendarId: bay1,
        bay: '1',
        title: 'Ana R.',
        mirrorEventId: mirror,
      });
      expect(item['start']).to.match(/^\d{4}-\d\d-\d\dT.*Z$/);
    }
  });

  it('do not include the events of closed bays, which have their own list and removal', async () => {
    expect((await as(DISPLAY, 'GET', '/admin/closed-bays')).json['items']).to.deep.equal([]);
    expect((await as(DISPLAY, 'POST', '/admin/closed-bays/remove')).status).to.equal(403);
    const { status, json } = await as(ANA, 'POST', '/admin/closed-bays/remove');
    expect(status).to.equal(200);
    expect(json).to.deep.include({ removed: [], kept: [] });
    expect(eventIds()).to.have.members([mirror, OURS]);
  });

  it('are removed if our account created them and they are exact, and the journal names the user', async () => {
    const { status, json } = await as(ANA, 'POST', '/admin/copies/remove');
    expect(status).to.equal(200);
    expect((json['removed'] as Record<string, string>[]).map(({ eventId }) => eventId)).to.deep.equal([OURS]);
    expect(json['kept']).to.deep.equal([]);
    expect(eventIds()).to.deep.equal([mirror]);
    const { items } = (await as(ANA, 'GET', `/admin/appointments/${id}/journal`)).json;
    expect(JSON.stringify(items)).to.contain(`Ana had event ${OURS} removed, an exact duplicate`);
  });

  it('are kept if a person created them, with the reason', async () => {
    await as(ANA, 'POST', '/admin/copies/remove');
    const own = world.calendars.person.copyEvent(bay1, mirror);
    await world.clock.advance(10 * MINUTE);
    const { json } = await as(ANA, 'POST', '/admin/copies/remove');
    const [kept] = json['kept'] as Record<string, string>[];
    expect(kept).to.include({ eventId: own });
    expect(kept?.['why']).to.match(/ made it$/);
    expect(eventIds()).to.have.members([mirror, own]);
  });

  it('can be listed with the role read, but not removed', async () => {
    expect((await as(DISPLAY, 'POST', '/admin/copies/remove')).status).to.equal(403);
    expect((await world.request('POST', '/admin/copies/remove')).status).to.equal(401);
    expect((await world.request('GET', '/admin/copies')).status).to.equal(401);
    expect(eventIds()).to.have.length(2);
  });

  it('are answered with 503 while the store cannot be reached', async () => {
    world.storeDown = true;
    const answers = [await as(ANA, 'GET', '/admin/copies'), await as(ANA, 'POST', '/admin/copies/remove')];
    world.storeDown = false;
    expect(answers.map(({ status }) => status)).to.deep.equal([503, 503]);
  });
});
