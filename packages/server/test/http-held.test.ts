import { expect } from 'chai';
import { HOUR, MINUTE } from '@loft/sync-core';
import type { AdminToken } from '#src/http/admins.js';
import { ANA, DISPLAY, HttpWorld, type Answer } from './support/http-world.js';
import { ServiceOnSimulators } from './support/service-on-simulators.js';

interface Held {
  readonly appointmentId: string;
}

describe('edits that the guard holds', () => {
  let world: HttpWorld;
  let ids: readonly string[];
  let bay1: string;

  beforeEach(async () => {
    world = await new HttpWorld({ admins: [ANA, DISPLAY] }).start();
    bay1 = world.bays[0]?.calendarId ?? '';
    const start = world.clock.now() + 24 * HOUR;
    ids = [0, 1, 2, 3].map((hour) =>
      world.bookings.user.book({ unit: 5523, start: start + hour * HOUR, customerName: `Guest ${hour}` }),
    );
    await world.clock.advance(2 * MINUTE);
    // All events of a bay are deleted, so the guard holds these edits.
    for (const { eventId } of world.calendars.events(bay1)) world.calendars.person.deleteEvent(bay1, eventId);
    await world.clock.advance(10 * MINUTE);
  });
  afterEach(() => world.close());

  const as = ({ token }: AdminToken, method: string, path: string, body?: unknown): Promise<Answer> =>
    world.request(method, path, {
      headers: { Authorization: `Bearer ${token}` },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  const heldIds = async (): Promise<readonly string[]> =>
    ((await as(DISPLAY, 'GET', '/admin/held')).json['items'] as Held[]).map(({ appointmentId }) => appointmentId);
  const isLive = (id: string): boolean => world.bookings.user.booking(id)?.state === 'live';
  const storyOf = async (id: string): Promise<string> =>
    JSON.stringify((await as(ANA, 'GET', `/admin/appointments/${id}/journal`)).json['items']);

  it('are listed with customer, time, and the effect of a release', async () => {
    const { status, json } = await as(DISPLAY, 'GET', '/admin/held');
    expect(status).to.equal(200);
    expect(await heldIds()).to.deep.equal(ids);
    const [first] = json['items'] as Record<string, unknown>[];
    expect(first).to.include({ appointmentId: ids[0], customerName: 'Guest 0', bay: '1', would: 'cancel', to: null });
    for (const name of ['start', 'end', 'at']) expect(first?.[name]).to.match(/^\d{4}-\d\d-\d\dT.*Z$/);
    expect(ids.every(isLive)).to.equal(true);
  });

  it('are carried out when they are released, and the journal names who released them', async () => {
    const { status, json } = await as(ANA, 'POST', '/admin/held/1/release');
    expect(status).to.equal(202);
    expect(json['appointmentIds']).to.deep.equal(ids);
    await world.clock.advance(5 * MINUTE);
    expect(ids.some(isLive)).to.equal(false);
    expect(await heldIds()).to.deep.equal([]);
    expect(await storyOf(ids[0] ?? '')).to.contain('Ana released the held edit');
  });

  it('are undone in the calendar when they are reverted, and no booking is cancelled', async () => {
    expect((await as(ANA, 'POST', '/admin/held/1/revert', {})).status).to.equal(202);
    await world.clock.advance(5 * MINUTE);
    expect(world.calendars.events(bay1)).to.have.length(4);
    expect(ids.every(isLive)).to.equal(true);
    expect(await heldIds()).to.deep.equal([]);
    expect(await storyOf(ids[3] ?? '')).to.contain('Ana reverted the held edit');
  });

  it('are released or reverted for the named appointments only', async () => {
    const appointmentIds = ids.slice(0, 1);
    expect((await as(ANA, 'POST', '/admin/held/1/revert', { appointmentIds })).status).to.equal(202);
    await world.clock.advance(5 * MINUTE);
    expect(world.calendars.events(bay1)).to.have.length(1);
    expect(await heldIds()).to.deep.equal(ids.slice(1));
  });

  it('can be listed with the role read, but not decided', async () => {
    for (const path of ['/admin/held/1/release', '/admin/held/1/revert', '/admin/bookings/1/mirror']) {
      expect((await as(DISPLAY, 'POST', path)).status, path).to.equal(403);
      expect((await world.request('POST', path)).status, path).to.equal(401);
    }
    expect((await world.request('GET', '/admin/held')).status).to.equal(401);
    expect(await heldIds()).to.deep.equal(ids);
  });

  it('answers 404 to an unknown bay and to an appointment whose edit is not held', async () => {
    expect((await as(ANA, 'POST', '/admin/held/9/release')).status).to.equal(404);
    const other = await as(ANA, 'POST', '/admin/held/1/release', { appointmentIds: ['1'] });
    expect(other.status).to.equal(404);
    expect(other.json['error']).to.contain('/admin/held lists them');
    expect(await heldIds()).to.deep.equal(ids);
  });

  const wrongLists = ['"700001"', '[]', '[{}]', 'null'].map((value) => `{"appointmentIds":${value}}`);
  for (const body of ['{', '[]', ...wrongLists, '{"appointmentId":["700001"]}']) {
    it(`answers 400 to ${body}, and decides nothing`, async () => {
      expect((await as(ANA, 'POST', '/admin/held/1/release', body)).status).to.equal(400);
      expect(await heldIds()).to.deep.equal(ids);
    });
  }

  it('are listed in the console, whose confirmation decides the shown edits, and nothing if one of them has changed', async () => {
    const options = { headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, redirect: 'manual' } as const;
    const signedIn = await world.request('POST', '/console/sign-in', { ...options, body: `token=${ANA.token}` });
    const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
    const page = (await world.request('GET', '/', { headers: { Accept: 'text/html', Cookie: cookie } })).text;
    expect(page).to.contain('Bay 1: 4 edits are held').and.to.contain('Guest 2').and.to.contain('cancel the booking');
    expect(page).not.to.contain('action="/console/held/');
    const link = /href="(?<address>\/console\/confirm\/revert[^"]+)"/.exec(page)?.groups?.['address'] ?? '';
    const headers = { Accept: 'text/html', Cookie: cookie };
    const second = (await world.request('GET', link.replaceAll('&amp;', '&'), { headers })).text;
    expect(second).to.contain('Revert 4 edits').and.to.contain('Guest 2').and.to.contain('Fri 16 Jan 2026');
    const fields = [...second.matchAll(/name="(?<name>version|appointment)" value="(?<value>[^"]+)"/g)].map(
      ({ groups = {} }): [string, string] => [groups['name'] ?? '', groups['value'] ?? ''],
    );
    expect(fields).to.have.length(5);
    const form = /data-token="(?<token>[^"]+)"/.exec(page)?.groups?.['token'] ?? '';
    const press = (): ReturnType<HttpWorld['request']> =>
      world.request('POST', '/console/held/1/revert', {
        headers: { ...options.headers, Accept: 'application/json', Cookie: cookie },
        body: new URLSearchParams([['form', form], ...fields]).toString(),
      });
    // One of the edits has changed meanwhile: the event was moved instead of deleted.
    const records = (await world.store.listEventRecords({ kind: 'edit' })).unwrap();
    const record = records.find(({ appointmentId }) => appointmentId === ids[3]);
    if (record?.kind !== 'edit') throw new Error('there is no record of the edit');
    await world.store.putEventRecords([{ ...record, change: 'moved', start: record.start + 60_000 }]);
    const refused = await press();
    expect(refused.status).to.equal(409);
    expect(refused.json['error']).to.contain('The list has changed meanwhile');
    expect(await heldIds()).to.deep.equal(ids);
    await world.store.putEventRecords([record]);
    expect((await press()).json).to.deep.equal({ at: world.clock.now(), message: '4 edits are reverted.' });
    expect(await heldIds()).to.deep.equal([]);
    await world.clock.advance(MINUTE);
    expect(await storyOf(ids[0] ?? '')).to.contain('Ana reverted the held edit');
  });

  it('answers 503 while the store cannot be reached', async () => {
    world.storeDown = true;
    const answers = [
      await as(ANA, 'GET', '/admin/held'),
      await as(ANA, 'POST', '/admin/held/1/release'),
      await as(ANA, 'POST', '/admin/bookings/1/mirror'),
    ];
    world.storeDown = false;
    expect(answers.map(({ status }) => status)).to.deep.equal([503, 503, 503]);
  });
});

describe('a checkout that is held', function () {
  this.timeout(60_000);

  it('is mirrored at once by POST /admin/bookings/{id}/mirror', async () => {
    const studio = await ServiceOnSimulators.openBlind();
    try {
      await studio.start();
      const id = studio.uschedule.book({ unit: 5523, start: studio.hour(30), customerName: 'Ana R.' });
      await studio.tick(2);
      expect(studio.mirrored).to.deep.equal([]);
      expect((await studio.admin('POST', `/admin/bookings/${id}/mirror`)).status).to.equal(202);
      await studio.settle();
      expect(studio.mirrored).to.deep.equal([id]);
    } finally {
      await studio.close();
    }
  });

  it('is listed with its customer and the end of its hold, and the console mirrors it at once', async () => {
    const studio = await ServiceOnSimulators.openBlind();
    try {
      await studio.start();
      const start = studio.hour(30);
      const id = studio.uschedule.book({ unit: 5524, start, customerName: 'Ana R.' });
      const { createdAt = 0 } = studio.uschedule.booking(id) ?? {};
      await studio.tick();
      const listed = async (): Promise<unknown> =>
        ((await (await studio.admin('GET', '/admin/held')).json()) as { readonly checkouts: unknown }).checkouts;
      const [checkout] = (await listed()) as readonly Record<string, string>[];
      expect(checkout).to.include({ appointmentId: id, customerName: 'Ana R.', bay: '2' });
      expect(Date.parse(checkout?.['start'] ?? '')).to.equal(start);
      expect(Date.parse(checkout?.['until'] ?? '')).to.be.within(
        createdAt + 10 * MINUTE - 1000,
        createdAt + 10 * MINUTE,
      );

      const { page, act } = await signedIn(studio);
      expect(page).to.contain('1 checkout is held').and.to.contain('Ana R., Bay 2');
      const answer = await act(`/console/checkouts/${id}/mirror`);
      expect(answer).to.include({
        message: `Appointment ${id} is being mirrored, if its booking exists.`,
      });
      expect(await listed()).to.deep.equal([]);
      await studio.settle();
      expect(studio.mirrored).to.deep.equal([id]);
    } finally {
      await studio.close();
    }
  });
});

/** The console for a person who has signed in. */
async function signedIn(studio: ServiceOnSimulators): Promise<{
  readonly page: string;
  readonly act: (path: string) => Promise<unknown>;
}> {
  const FORM = { 'Content-Type': 'application/x-www-form-urlencoded', Connection: 'close' };
  const signIn = await fetch(`${studio.url}/console/sign-in`, {
    method: 'POST',
    headers: FORM,
    body: 'token=the-admin-token',
    redirect: 'manual',
  });
  const Cookie = signIn.headers.get('set-cookie')?.split(';')[0] ?? '';
  const page = await (
    await fetch(studio.url, { headers: { Accept: 'text/html', Cookie, Connection: 'close' } })
  ).text();
  const form = /data-token="(?<token>[^"]+)"/.exec(page)?.groups?.['token'] ?? '';
  const act = async (path: string): Promise<unknown> => {
    const headers = { ...FORM, Accept: 'application/json', Cookie };
    return (
      await fetch(`${studio.url}${path}`, { method: 'POST', headers, body: `form=${encodeURIComponent(form)}` })
    ).json();
  };
  return { page, act };
}
