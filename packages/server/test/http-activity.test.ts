import { DAY, HOUR, intlTimeZones, MINUTE } from '@loft/sync-core';
import { expect } from 'chai';
import { instantNamed } from '#src/http/activity-query.js';
import { HttpWorld } from './support/http-world.js';

const ZONE = { timeZone: 'America/Phoenix', timeZones: intlTimeZones() };

interface Item {
  readonly appointmentId: string;
  readonly customerName: string | null;
  readonly bay: string | null;
  readonly kind: string;
  readonly text: string;
  readonly at: string;
}

describe('GET /admin/activity', () => {
  let world: HttpWorld;
  let ana: string;
  let ben: string;
  before(async () => {
    world = await new HttpWorld().start();
    const start = world.clock.now() + 2 * HOUR;
    ana = world.bookings.user.book({ unit: 5523, start, customerName: 'Ana R.' });
    ben = world.bookings.user.book({ unit: 5524, start, customerName: 'Ben K.' });
    await world.clock.advance(2 * MINUTE);
    world.bookings.user.move(ana, { start: start + HOUR });
    await world.clock.advance(2 * MINUTE);
    world.bookings.user.cancel(ben);
    await world.clock.advance(2 * MINUTE);
    await world.admin('POST', '/admin/sync');
  });
  after(() => world.close());

  const list = async (query = ''): Promise<readonly Item[]> => {
    const answer = await world.admin('GET', `/admin/activity${query}`);
    expect(answer.status, answer.text).to.equal(200);
    return answer.json['items'] as Item[];
  };
  const short = (items: readonly Item[]): string[] =>
    items.map(({ kind, customerName }) => `${kind} ${customerName ?? '-'}`);

  it('lists what happened to all appointments, the newest first', async () => {
    expect(short(await list())).to.deep.equal([
      'manual -',
      'cancelled Ben K.',
      'changed Ana R.',
      ...(await list('?kind=booked')).map(({ customerName }) => `booked ${customerName ?? ''}`),
    ]);
    const [, cancelled] = await list();
    expect(cancelled).to.include({ appointmentId: ben, bay: '2' });
    expect(cancelled?.text).to.match(
      /^cancelled in USchedule \(it was booked for Thu 15 Jan \d\d:00–\d\d:00, Bay 2\) → event removed$/,
    );
  });

  it('filters by kind, bay, words and time', async () => {
    expect(short(await list('?kind=changed,cancelled'))).to.deep.equal(['cancelled Ben K.', 'changed Ana R.']);
    expect(short(await list('?bay=1'))).to.deep.equal(['changed Ana R.', 'booked Ana R.']);
    expect(short(await list('?q=ana%20MOVED'))).to.deep.equal(['changed Ana R.']);
    expect(short(await list(`?q=${ben}`))).to.deep.equal(['cancelled Ben K.', 'booked Ben K.']);
    expect(short(await list('?since=3m'))).to.deep.equal(['manual -', 'cancelled Ben K.']);
    expect(await list('?since=2027-01-01')).to.deep.equal([]);
    expect(await list('?day=2026-01-14')).to.deep.equal([]);
    expect((await list('?day=2026-01-15')).length).to.equal(5);
  });

  it('comes in pages', async () => {
    const texts: string[] = [];
    let next: string | null = '';
    while (next !== null) {
      const after: string = next === '' ? '' : `&after=${encodeURIComponent(next)}`;
      const { json } = await world.admin('GET', `/admin/activity?limit=2${after}`);
      texts.push(...(json['items'] as Item[]).map(({ text }) => text));
      next = json['next'] as string | null;
    }
    expect(texts).to.deep.equal((await list()).map(({ text }) => text));
  });

  it('can be exported for a spreadsheet', async () => {
    const answer = await world.admin('GET', '/admin/activity?format=csv&kind=cancelled');
    expect(answer.headers.get('content-type')).to.contain('text/csv');
    const [head, line, ...rest] = answer.text.split('\r\n');
    expect(head).to.equal('time,kind,appointment,customer,bay,what happened,reason');
    expect(line).to.match(new RegExp(`^\\S+Z,cancelled,${ben},Ben K\\.,Bay 2,"cancelled in USchedule`));
    expect(rest).to.deep.equal(['']);
  });

  for (const [query, words] of [
    ['?since=yesterday', '"since" and "until" are'],
    ['?kind=mirrored', '"kind" is one or more of booked,'],
    ['?after=x', '"after" is the "next"'],
    ['?limit=0', '"limit" must be'],
  ] as const) {
    it(`explains the fault of ?${query}`, async () => {
      const answer = await world.admin('GET', `/admin/activity${query}`);
      expect(answer.status).to.equal(400);
      expect(answer.json['error']).to.contain(words);
    });
  }

  it('answers 401 without the token', async () => {
    expect((await world.request('GET', '/admin/activity')).status).to.equal(401);
  });

  it('finds bookings by name or id', async () => {
    for (const q of ['ana', ana, 'R. an']) {
      const { json } = await world.admin('GET', `/admin/bookings?q=${encodeURIComponent(q)}`);
      const items = json['items'] as { uscheduleAppointmentId: string }[];
      expect(items.map(({ uscheduleAppointmentId }) => uscheduleAppointmentId)).to.deep.equal([ana]);
    }
  });

  it('accepts a time in local notation', () => {
    const now = Date.UTC(2026, 0, 15, 18);
    expect(instantNamed('90m', now, ZONE)).to.equal(now - 90 * MINUTE);
    expect(instantNamed('7d', now, ZONE)).to.equal(now - 7 * DAY);
    expect(instantNamed('2026-01-15', now, ZONE)).to.equal(Date.UTC(2026, 0, 15, 7));
    expect(instantNamed('2026-01-15T09:30:00Z', now, ZONE)).to.equal(Date.UTC(2026, 0, 15, 9, 30));
    expect(instantNamed('soon', now, ZONE)).to.equal(null);
  });
});
