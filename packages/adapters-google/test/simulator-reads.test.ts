import { expect } from 'chai';
import type { calendar_v3 } from 'googleapis/build/src/apis/calendar/index.js';
import type { GoogleSimulator } from '#src/simulator/index.js';
import { BAY_1, BAY_2, closeAll, googleClient, HOUR, refusal, simulate, START } from './helpers/simulated.js';

const DAY = 24 * HOUR;

function iso(instant: number): string {
  return new Date(instant).toISOString();
}

/** Three events on three days, and what a list of them answers. */
async function threeDays() {
  const simulator = await simulate();
  const api = googleClient(simulator);
  const ids = [2, 0, 1].map((day) =>
    simulator.person.addEvent(BAY_1, {
      summary: `Day ${day}`,
      start: { dateTime: iso(START + day * DAY) },
      end: { dateTime: iso(START + day * DAY + HOUR) },
      extendedProperties: { private: { day: String(day) }, shared: { parity: String(day % 2) } },
      ...(day === 1 ? { description: 'Bring the Left-handed clubs', location: 'Bay 1' } : {}),
    }),
  );
  const list = async (params: object = {}): Promise<calendar_v3.Schema$Events> =>
    (await api.events.list({ calendarId: BAY_1, ...params })).data;
  const titles = async (params: object = {}) => (await list(params)).items?.map(({ summary }) => summary);
  return { simulator, api, ids, list, titles };
}

describe('The simulator, read by third-party clients,', () => {
  afterEach(closeAll);

  describe('of events', () => {
    it('lists those that end after timeMin and start before timeMax', async () => {
      const { titles } = await threeDays();
      expect(await titles({ timeMin: iso(START + HOUR) })).to.deep.equal(['Day 2', 'Day 1']);
      expect(await titles({ timeMax: iso(START + DAY) })).to.deep.equal(['Day 0']);
      expect(await titles({ timeMin: iso(START + DAY), timeMax: iso(START + 2 * DAY) })).to.deep.equal(['Day 1']);
    });

    it('lists them in the order of their starts, or of their last changes', async () => {
      const { simulator, ids, titles } = await threeDays();
      const order = { singleEvents: true, orderBy: 'startTime' };
      expect(await titles(order)).to.deep.equal(['Day 0', 'Day 1', 'Day 2']);
      simulator.person.renameEvent(BAY_1, ids[0] ?? '', 'Changed last');
      expect((await titles({ orderBy: 'updated' }))?.at(-1)).to.equal('Changed last');
    });

    it('finds words in title, description and place, and private and shared properties', async () => {
      const { ids, titles } = await threeDays();
      expect(await titles({ q: 'left-handed BAY' })).to.deep.equal(['Day 1']);
      expect(await titles({ q: 'nothing' })).to.deep.equal([]);
      expect(await titles({ privateExtendedProperty: 'day=2' })).to.deep.equal(['Day 2']);
      expect(await titles({ sharedExtendedProperty: 'parity=0' })).to.deep.equal(['Day 2', 'Day 0']);
      expect(await titles({ privateExtendedProperty: ['day=2', 'day=0'] })).to.deep.equal([]);
      expect(await titles({ iCalUID: `${ids[1]}@google.com` })).to.deep.equal(['Day 0']);
    });

    it('lists only the requested types', async () => {
      const { simulator, titles } = await threeDays();
      const times = { start: { date: '2027-01-20' }, end: { date: '2027-01-21' } };
      simulator.person.addEvent(BAY_1, { ...times, summary: 'Home', eventType: 'workingLocation' });
      expect(await titles({ eventTypes: ['workingLocation'] })).to.deep.equal(['Home']);
      expect(await titles({ eventTypes: ['default'] })).to.have.length(3);
    });

    it('lists changes since updatedMin, including deletions', async () => {
      let now = Date.now();
      const simulator = await simulate({ now: () => now });
      const [first, second] = [0, 1].map(() => simulator.person.createEvent(BAY_1, { start: START, end: START }));
      now += 5000;
      const since = iso(now);
      simulator.person.deleteEvent(BAY_1, first ?? '');
      const { data } = await googleClient(simulator).events.list({ calendarId: BAY_1, updatedMin: since });
      expect(data.items?.map(({ id, status }) => [id, status])).to.deep.equal([[first, 'cancelled']]);
      expect(second).to.not.equal(first);
    });

    it('refuses an updatedMin before the oldest known deletion', async () => {
      const simulator = await simulate({ now: () => START });
      const listed = (updatedMin: string) => googleClient(simulator).events.list({ calendarId: BAY_1, updatedMin });
      expect((await listed(iso(START - 29 * DAY))).status).to.equal(200);
      expect(await refusal(listed(iso(START - 31 * DAY)))).to.deep.equal([410, 'updatedMinTooLongAgo']);
    });

    it('pages through a changing order without duplicates', async () => {
      const { simulator, ids, list } = await threeDays();
      const params = { singleEvents: true, orderBy: 'startTime', maxResults: 1 };
      const first = await list(params);
      simulator.person.dragEvent(BAY_1, ids[0] ?? '', { start: START + 5 * DAY });
      const second = await list({ ...params, pageToken: first.nextPageToken });
      const third = await list({ ...params, pageToken: second.nextPageToken });
      expect([first, second, third].map(({ items }) => items?.[0]?.summary)).to.deep.equal(['Day 0', 'Day 1', 'Day 2']);
      expect(third.nextPageToken).to.equal(undefined);
    });

    it('continues with a sync token after a list with timeMin, without that parameter', async () => {
      const { simulator, ids, list } = await threeDays();
      const { nextSyncToken } = await list({ timeMin: iso(START + HOUR) });
      simulator.person.renameEvent(BAY_1, ids[2] ?? '', 'Renamed');
      const { items } = await list({ syncToken: nextSyncToken });
      expect(items?.map(({ summary }) => summary)).to.deep.equal(['Renamed']);
    });

    it('gives no sync token after a search or an order', async () => {
      const { list } = await threeDays();
      expect((await list({ q: 'Day' })).nextSyncToken).to.equal(undefined);
      expect((await list({ singleEvents: true, orderBy: 'startTime' })).nextSyncToken).to.equal(undefined);
      expect((await list({ timeMin: iso(START) })).nextSyncToken).to.be.a('string');
    });

    const refused: readonly (readonly [string, object, string])[] = [
      ['a time without an offset', { timeMin: '2027-01-20T11:00:00' }, 'invalidParameter'],
      ['a range that is empty', { timeMin: iso(START), timeMax: iso(START) }, 'timeRangeEmpty'],
      ['the order of starts without single events', { orderBy: 'startTime' }, 'badRequest'],
      ['an order that there is not', { orderBy: 'title' }, 'invalidParameter'],
      ['a type that there is not', { eventTypes: ['party'] }, 'invalidParameter'],
      ['a property without a value', { privateExtendedProperty: 'day' }, 'invalidParameter'],
      ['fields that are not well formed', { fields: 'items(' }, 'invalidParameter'],
    ];
    for (const [what, params, reason] of refused) {
      it(`refuses ${what}`, async () => {
        const { list } = await threeDays();
        expect(await refusal(list(params))).to.deep.equal([400, reason]);
      });
    }

    it('returns only the requested fields', async () => {
      const { ids, list } = await threeDays();
      expect(await list({ fields: 'kind,items(id,start/dateTime),nextPageToken', maxResults: 1 })).to.deep.include({
        kind: 'calendar#events',
        items: [{ id: ids[0], start: { dateTime: iso(START + 2 * DAY).replace('.000', '') } }],
      });
      expect(await list({ fields: 'items/summary' })).to.deep.equal({
        items: [{ summary: 'Day 2' }, { summary: 'Day 0' }, { summary: 'Day 1' }],
      });
    });
  });

  describe('of calendars', () => {
    async function studio(): Promise<GoogleSimulator> {
      return simulate({
        calendars: [{ id: BAY_1, summary: 'Bay 1', timeZone: 'America/Phoenix', description: 'Left' }, BAY_2],
      });
    }

    it('lists those that are shared, with role, name and zone', async () => {
      const simulator = await studio();
      simulator.addCalendar('private@calendars.example', 'none');
      const { data } = await googleClient(simulator).calendarList.list();
      expect(data.kind).to.equal('calendar#calendarList');
      expect(
        data.items?.map(({ id, summary, timeZone, accessRole }) => [id, summary, timeZone, accessRole]),
      ).to.deep.equal([
        [BAY_1, 'Bay 1', 'America/Phoenix', 'writer'],
        [BAY_2, BAY_2, 'UTC', 'writer'],
      ]);
      expect(data.nextSyncToken).to.be.a('string');
    });

    it('lists changes since a sync token, page by page', async () => {
      const simulator = await studio();
      const { calendarList } = googleClient(simulator);
      const { data: first } = await calendarList.list({ maxResults: 1 });
      const { data: second } = await calendarList.list({ maxResults: 1, pageToken: first.nextPageToken ?? '' });
      expect([first.items?.[0]?.id, second.items?.[0]?.id]).to.deep.equal([BAY_1, BAY_2]);
      const syncToken = second.nextSyncToken ?? '';
      expect((await calendarList.list({ syncToken })).data.items).to.deep.equal([]);
      simulator.shareCalendar(BAY_1, 'none');
      simulator.addCalendar('bay-3@calendars.example', 'reader');
      const { data: changed } = await calendarList.list({ syncToken });
      expect(changed.items?.map(({ id, deleted, accessRole }) => [id, deleted, accessRole])).to.deep.equal([
        [BAY_1, true, undefined],
        ['bay-3@calendars.example', undefined, 'reader'],
      ]);
      expect(await refusal(calendarList.list({ syncToken: 'nonsense' }))).to.deep.equal([400, 'invalid']);
    });

    it('returns a shared calendar, and does not find one that is not shared', async () => {
      const simulator = await studio();
      const { calendarList, calendars } = googleClient(simulator);
      expect((await calendarList.get({ calendarId: BAY_1 })).data).to.include({
        kind: 'calendar#calendarListEntry',
        accessRole: 'writer',
      });
      const { data } = await calendars.get({ calendarId: BAY_1 });
      expect(data).to.include({
        kind: 'calendar#calendar',
        id: BAY_1,
        timeZone: 'America/Phoenix',
        description: 'Left',
      });
      simulator.shareCalendar(BAY_1, 'none');
      expect(await refusal(calendars.get({ calendarId: BAY_1 }))).to.deep.equal([404, 'notFound']);
      expect(await refusal(calendarList.get({ calendarId: BAY_1 }))).to.deep.equal([404, 'notFound']);
    });

    it('refuses the list of calendars to a token for events only', async () => {
      const simulator = await studio();
      const token = simulator.issueAccessToken(['https://www.googleapis.com/auth/calendar.events']);
      const read = async (path: string) =>
        (await fetch(`${simulator.rootUrl}/calendar/v3/${path}`, { headers: { authorization: `Bearer ${token}` } }))
          .status;
      expect(await read('users/me/calendarList')).to.equal(403);
      expect(await read(`calendars/${BAY_1}`)).to.equal(403);
      expect(await read(`calendars/${BAY_1}/events`)).to.equal(200);
    });

    it('returns busy times: opaque events, merged and cut to the period', async () => {
      const simulator = await studio();
      const add = (start: number, end: number, fields: object = {}) =>
        simulator.person.addEvent(BAY_1, { start: { dateTime: iso(start) }, end: { dateTime: iso(end) }, ...fields });
      add(START - HOUR, START + HOUR);
      add(START + HOUR, START + 2 * HOUR);
      add(START + 4 * HOUR, START + 5 * HOUR, { transparency: 'transparent' });
      simulator.person.deleteEvent(BAY_1, add(START + 3 * HOUR, START + 4 * HOUR));
      const { data } = await googleClient(simulator).freebusy.query({
        requestBody: { timeMin: iso(START), timeMax: iso(START + DAY), items: [{ id: BAY_1 }, { id: 'nowhere' }] },
      });
      const z = (instant: number) => iso(instant).replace('.000', '');
      expect(data.calendars).to.deep.equal({
        [BAY_1]: { busy: [{ start: z(START), end: z(START + 2 * HOUR) }] },
        nowhere: { errors: [{ domain: 'global', reason: 'notFound' }], busy: [] },
      });
    });
  });
});
