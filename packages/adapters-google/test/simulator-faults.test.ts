import { expect } from 'chai';
import type { EventPage } from '@loft/sync-core/adapters';
import {
  adapter,
  BAY_1,
  BAY_2,
  BEGINNING,
  closeAll,
  DRAFT,
  errorOf,
  EVENT_ID,
  MARKS,
  simulate,
} from './helpers/simulated.js';

const OTHER_ID = 'loft0000002';

describe('The simulator’s faults', () => {
  afterEach(closeAll);

  it('affect one event, while its calendar accepts other writes', async () => {
    const simulator = await simulate();
    const system = adapter(simulator);
    for (const id of [EVENT_ID, OTHER_ID]) await system.insertEvent(BAY_1, id, DRAFT);
    const reason = 'forbiddenForNonOrganizer';
    simulator.addFault({ kind: 'answer', status: 403, reason, eventId: EVENT_ID, times: Infinity });
    const patch = (id: string) => system.patchEvent(BAY_1, id, { ...MARKS, title: 'New' }, null);
    expect(errorOf(await patch(EVENT_ID))).to.include({ kind: 'forbidden', reason, scope: 'event' });
    expect((await patch(OTHER_ID)).ok).to.equal(true);
    simulator.clearFaults();
    expect((await patch(EVENT_ID)).ok).to.equal(true);
  });

  it('affect one method of one calendar', async () => {
    const simulator = await simulate();
    const system = adapter(simulator);
    simulator.addFault({ kind: 'answer', status: 404, reason: 'notFound', method: 'events.watch', calendarId: BAY_1 });
    const watch = (calendarId: string) =>
      system.watch({
        calendarId,
        channelId: calendarId.slice(0, 5),
        token: 't',
        address: 'https://x.example',
        ttlSeconds: 60,
      });
    expect((await system.listEvents(BAY_1, BEGINNING)).ok).to.equal(true);
    expect((await watch(BAY_2)).ok).to.equal(true);
    expect(errorOf(await watch(BAY_1))).to.include({ kind: 'not-found', method: 'events.watch' });
  });

  for (const read of ['events.list', 'events.get'] as const) {
    it(`make ${read} show the old state, while the other read shows the current one`, async () => {
      const simulator = await simulate({ pageSize: 2 });
      const system = adapter(simulator);
      for (const id of [EVENT_ID, OTHER_ID]) await system.insertEvent(BAY_1, id, DRAFT);
      const { nextSyncToken: syncToken } = (await system.listEvents(BAY_1, BEGINNING)).unwrap();
      const release = simulator.holdReads(BAY_1, read);
      simulator.person.renameEvent(BAY_1, EVENT_ID, 'New');
      await system.deleteEvent(BAY_1, OTHER_ID);
      await system.insertEvent(BAY_1, 'loft0000003', DRAFT);

      const got = async (id: string) => {
        const event = await system.getEvent(BAY_1, id);
        return event.ok ? `${event.val.title} ${event.val.state}` : event.val.kind;
      };
      const seen = { list: await whole(), news: await news(), gets: [await got(EVENT_ID), await got('loft0000003')] };
      const old = { list: ['Ann Example live', 'Ann Example live'], news: [], gets: ['Ann Example live', 'not-found'] };
      const now = {
        list: ['New live', 'Ann Example gone', 'Ann Example live'],
        news: ['New live', 'Ann Example gone', 'Ann Example live'],
        gets: ['New live', 'Ann Example live'],
      };
      expect(seen).to.deep.equal(read === 'events.list' ? { ...old, gets: now.gets } : { ...now, gets: old.gets });
      release();
      expect({
        list: await whole(),
        news: await news(),
        gets: [await got(EVENT_ID), await got('loft0000003')],
      }).to.deep.equal(now);

      async function pages(token: string | null): Promise<readonly string[]> {
        const found: string[] = [];
        for (let pageToken: string | null = null; ;) {
          const page: EventPage = (await system.listEvents(BAY_1, { syncToken: token, pageToken })).unwrap();
          found.push(...page.events.map(({ title, state }) => `${title} ${state}`));
          pageToken = page.nextPageToken;
          if (pageToken === null) return found;
        }
      }
      function whole(): Promise<readonly string[]> {
        return pages(null);
      }
      function news(): Promise<readonly string[]> {
        return pages(syncToken);
      }
    });
  }

  it('do not lose a change that was made while lists showed the old state', async () => {
    const simulator = await simulate();
    const system = adapter(simulator);
    await system.insertEvent(BAY_1, EVENT_ID, DRAFT);
    const release = simulator.holdReads(BAY_1, 'events.list');
    simulator.person.renameEvent(BAY_1, EVENT_ID, 'New');
    const { nextSyncToken: syncToken } = (await system.listEvents(BAY_1, BEGINNING)).unwrap();
    release();
    const page = (await system.listEvents(BAY_1, { syncToken, pageToken: null })).unwrap();
    expect(page.events.map(({ title }) => title)).to.deep.equal(['New']);
  });
});
