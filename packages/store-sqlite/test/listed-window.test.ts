import { expect } from 'chai';
import type { BookingEventMap } from '@loft/sync-core';
import type { SyncStore } from '@loft/sync-core/store';
import { SqliteFiles } from './sqlite-file.js';

const START = Date.UTC(2026, 2, 14, 17);
const WINDOW = { from: START - 1000, to: START + 1000 };

function aMap(id: string): BookingEventMap {
  return {
    uscheduleAppointmentId: id,
    googleCalendarId: 'c',
    googleEventId: `e${id}`,
    lastSyncedAt: START,
    lastSource: 'USCHEDULE',
    etag: '',
    version: 0,
    status: 'ACTIVE',
    base: { start: START, end: START + 1, bay: '1', title: '', description: '' },
    fence: 0,
    bookingWrittenAt: null,
    eventUpdatedAt: null,
    intent: null,
    supersededBy: null,
  };
}

describe('a repeated list of the maps of a period', () => {
  const files = new SqliteFiles();
  let store: SyncStore;

  const titles = async (period = WINDOW): Promise<readonly string[]> =>
    (await store.listMaps({ period })).unwrap().map(({ base }) => base.title);
  const put = async (id: string, start: number, title: string): Promise<void> => {
    const stored = (await store.getMap(id)).unwrap();
    const map = stored ?? aMap(id);
    (await store.putMap({ ...map, base: { ...map.base, start, title } })).unwrap();
  };

  beforeEach(async () => {
    store = await files.open(await files.path());
    await put('2', START, 'two');
    await put('1', START, 'one');
    expect(await titles()).to.deep.equal(['one', 'two']);
  });

  afterEach(() => files.dispose());

  it('contains the current state of a map that was written since', async () => {
    await put('1', START + 1, 'one again');
    expect(await titles()).to.deep.equal(['one again', 'two']);
  });

  it('is the same object while no map has changed', async () => {
    const list = async () => (await store.listMaps({ period: WINDOW })).unwrap();
    const first = await list();
    expect(await list()).to.equal(first);
    await put('1', START, 'one again');
    expect(await list()).not.to.equal(first);
    expect(first.map(({ base }) => base.title)).to.deep.equal(['one', 'two']);
  });

  it('contains a new map in its order', async () => {
    await put('10', START, 'ten');
    expect(await titles()).to.deep.equal(['one', 'ten', 'two']);
  });

  it('contains several new maps in their order', async () => {
    for (const id of ['3', '10', '11']) await put(id, START, id);
    expect(await titles()).to.deep.equal(['one', '10', '11', 'two', '3']);
    await put('0', START, 'zero');
    expect(await titles()).to.deep.equal(['zero', 'one', '10', '11', 'two', '3']);
  });

  it('lacks a map that has left the period, and contains it when it returns', async () => {
    await put('1', START + 5000, 'one');
    expect(await titles()).to.deep.equal(['two']);
    await put('1', START, 'one');
    expect(await titles()).to.deep.equal(['one', 'two']);
  });

  it('contains the stored state after a refused write', async () => {
    const [map] = (await store.listMaps({ period: WINDOW })).unwrap();
    const refused = await store.putMap({ ...map!, version: 7, base: { ...map!.base, title: 'never stored' } });
    expect(refused.err).to.equal(true);
    expect(await titles()).to.deep.equal(['one', 'two']);
  });

  it('is different for another period', async () => {
    await put('3', START + 5000, 'three');
    expect(await titles({ from: START + 4000, to: START + 6000 })).to.deep.equal(['three']);
    expect(await titles()).to.deep.equal(['one', 'two']);
  });
});
