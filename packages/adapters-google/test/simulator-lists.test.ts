import { expect } from 'chai';
import type { GoogleSimulator, SimulatorOptions } from '#src/simulator/index.js';
import { BAY_1, BAY_2, closeAll, googleClient, HOUR, refusal, simulate, START } from './helpers/simulated.js';

async function withEvents(count: number, options: SimulatorOptions = {}) {
  const simulator = await simulate(options);
  const ids = Array.from({ length: count }, () =>
    simulator.person.createEvent(BAY_1, { start: START, end: START + HOUR }),
  );
  const { events } = googleClient(simulator);
  const list = async (params: object = {}) => (await events.list({ calendarId: BAY_1, ...params })).data;
  const tokenOf = async (params: object = {}) => (await list(params)).nextSyncToken ?? '';
  return { simulator, ids, events, list, tokenOf };
}

function rename(simulator: GoogleSimulator, id: string | undefined): void {
  simulator.person.renameEvent(BAY_1, id ?? '', 'Renamed');
}

describe('The simulator, listing events to Google’s own client,', () => {
  afterEach(closeAll);

  describe('in full', () => {
    it('carries the sync token on the last page only, and the access role on each', async () => {
      const { list } = await withEvents(5);
      const first = await list({ maxResults: 3 });
      expect([first.items?.length, first.nextSyncToken, first.accessRole]).to.deep.equal([3, undefined, 'writer']);
      const last = await list({ maxResults: 3, pageToken: first.nextPageToken });
      expect([last.items?.length, last.nextPageToken, last.accessRole]).to.deep.equal([2, undefined, 'writer']);
      expect(last.nextSyncToken).to.be.a('string');
    });

    it('limits a page to the server’s maximum, and to 250 by default', async () => {
      const capped = await withEvents(3, { pageSize: 2 });
      expect((await capped.list({ maxResults: 2500 })).items).to.have.length(2);
      const { list } = await withEvents(251);
      expect((await list()).items).to.have.length(250);
    });

    it('leaves out deleted events, unless they are requested', async () => {
      const { simulator, ids, list } = await withEvents(2);
      simulator.person.deleteEvent(BAY_1, ids[0] ?? '');
      expect((await list()).items).to.have.length(1);
      expect((await list({ showDeleted: true })).items).to.have.length(2);
    });
  });

  describe('since a sync token', () => {
    it('lists changes including deletions, also if these are not requested', async () => {
      const { simulator, ids, list, tokenOf } = await withEvents(3);
      const syncToken = await tokenOf();
      rename(simulator, ids[1]);
      simulator.person.deleteEvent(BAY_1, ids[0] ?? '');
      const { items = [] } = await list({ syncToken });
      expect(items.map(({ id, status }) => [id, status])).to.deep.equal([
        [ids[1], 'confirmed'],
        [ids[0], 'cancelled'],
      ]);
    });

    it('includes the service’s own writes', async () => {
      const { ids, events, list, tokenOf } = await withEvents(1);
      const syncToken = await tokenOf();
      await events.patch({ calendarId: BAY_1, eventId: ids[0] ?? '', requestBody: { summary: 'Ours' } });
      expect((await list({ syncToken })).items?.map(({ summary }) => summary)).to.deep.equal(['Ours']);
    });

    for (const name of ['iCalUID', 'orderBy', 'q', 'timeMin', 'timeMax', 'updatedMin', 'privateExtendedProperty']) {
      it(`refuses the parameter ${name}`, async () => {
        const { list, tokenOf } = await withEvents(1);
        const syncToken = await tokenOf();
        expect(await refusal(list({ syncToken, [name]: 'anything' }))).to.deep.equal([400, 'badRequest']);
      });
    }

    it('refuses parameters that differ from the first list', async () => {
      const { list, tokenOf } = await withEvents(1);
      const syncToken = await tokenOf({ maxResults: 100, showDeleted: true });
      expect(await refusal(list({ syncToken, maxResults: 200, showDeleted: true }))).to.deep.equal([400, 'badRequest']);
      expect(await refusal(list({ syncToken, showDeleted: false }))).to.deep.equal([400, 'badRequest']);
      expect((await list({ syncToken, maxResults: 100, showDeleted: true })).items).to.deep.equal([]);
    });

    it('refuses tokens of another calendar, page tokens and malformed tokens', async () => {
      const { events, list, tokenOf } = await withEvents(2);
      const syncToken = await tokenOf();
      const { nextPageToken } = await list({ maxResults: 1 });
      for (const params of [
        { calendarId: BAY_2, syncToken },
        { calendarId: BAY_1, syncToken: nextPageToken ?? '' },
        { calendarId: BAY_1, pageToken: syncToken },
        { calendarId: BAY_1, syncToken: 'nonsense' },
      ]) {
        expect(await refusal(events.list(params))).to.deep.equal([400, 'invalid']);
      }
    });

    it('requires a full list after tokens have expired, and does not list old deletions then', async () => {
      const { simulator, ids, list, tokenOf } = await withEvents(3);
      const syncToken = await tokenOf();
      simulator.person.deleteEvent(BAY_1, ids[0] ?? '');
      simulator.expireSyncTokens();
      expect(await refusal(list({ syncToken }))).to.deep.equal([410, 'fullSyncRequired']);
      simulator.person.deleteEvent(BAY_1, ids[1] ?? '');
      const { items = [] } = await list({ showDeleted: true });
      expect(items.map(({ id, status }) => [id, status])).to.deep.equal([
        [ids[1], 'cancelled'],
        [ids[2], 'confirmed'],
      ]);
    });

    it('lists deletions in full if they are kept', async () => {
      const { simulator, ids, list } = await withEvents(1);
      simulator.person.deleteEvent(BAY_1, ids[0] ?? '');
      simulator.expireSyncTokens({ forgetDeleted: false });
      expect((await list({ showDeleted: true })).items).to.have.length(1);
    });
  });
});
