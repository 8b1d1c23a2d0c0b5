import { expect } from 'chai';
import type { BookingEventMap } from '@loft/sync-core';
import type { SyncIntent, SyncStore } from '@loft/sync-core/store';
import { SqliteDatabase } from '#src/database.js';
import { Maps } from '#src/maps.js';
import { openSqliteStore } from '#src/open-sqlite-store.js';
import { RecentMaps } from '#src/recent-maps.js';
import { migrate } from '#src/schema.js';
import { SqliteStore } from '#src/sqlite-store.js';
import { SqliteFiles } from './sqlite-file.js';

const NOW = Date.UTC(2026, 2, 14, 17, 30);
const INTENT: SyncIntent = {
  kind: 'reschedule',
  start: NOW,
  end: NOW + 1,
  bay: '1',
  since: NOW,
  triedAt: NOW,
  successor: null,
};

function mapOf(id: string, fields: Partial<BookingEventMap> = {}): BookingEventMap {
  return {
    uscheduleAppointmentId: id,
    googleCalendarId: 'bay1@group.calendar.google.com',
    googleEventId: `loft${id}`,
    lastSyncedAt: NOW,
    lastSource: 'USCHEDULE',
    etag: '"1"',
    version: 0,
    status: 'ACTIVE',
    base: { start: NOW, end: NOW + 1, bay: '1', title: 'Ada', description: '' },
    fence: 0,
    bookingWrittenAt: null,
    eventUpdatedAt: null,
    intent: null,
    supersededBy: null,
    ...fields,
  };
}

const idsWithIntent = async (store: SyncStore): Promise<readonly string[]> =>
  (await store.listMaps({ withIntent: true })).unwrap().map((map) => map.uscheduleAppointmentId);

describe('the maps that the SQLite store has in memory', () => {
  const files = new SqliteFiles();
  afterEach(() => files.dispose());

  it('are read from the file once, until they are written, and no more than a limit', () => {
    const reads: string[] = [];
    const read = (id: string): BookingEventMap | null => {
      reads.push(id);
      return id === 'none' ? null : mapOf(id);
    };
    const recent = new RecentMaps({ read, find: () => null });
    expect(recent.get('none')).to.equal(null);
    expect(recent.get('none')).to.equal(null);
    expect(recent.get('1')).to.equal(recent.get('1'));
    expect(reads).to.deep.equal(['none', '1']);
    recent.drop(mapOf('none'));
    recent.get('none');
    expect(reads).to.deep.equal(['none', '1', 'none']);
    for (let id = 2; id < 5002; id++) recent.get(String(id));
    recent.get('none');
    expect(reads.filter((id) => id === 'none')).to.have.length(3);
  });

  it('are found by their event without the file after a first write', () => {
    const finds: string[] = [];
    const find = (eventId: string): null => {
      finds.push(eventId);
      return null;
    };
    const recent = new RecentMaps({ read: () => null, find });
    expect(recent.ofEvent('loft1')).to.equal(null);
    const map = mapOf('1');
    recent.written(map);
    expect(recent.ofEvent('loft1')).to.equal(map);
    recent.drop(map);
    expect(recent.ofEvent('loft1'), 'after a rollback').to.equal(null);
    expect(finds).to.deep.equal(['loft1', 'loft1']);
  });

  it('are found by the event that they name now', async () => {
    const store = (await openSqliteStore(await files.path())).unwrap();
    const ownerOf = async (eventId: string): Promise<string | undefined> =>
      (await store.findMapByEvent(eventId)).unwrap()?.uscheduleAppointmentId;
    expect(await ownerOf('loft1')).to.equal(undefined);
    const first = (await store.putMap(mapOf('1'))).unwrap();
    expect(await ownerOf('loft1'), 'after the first write').to.equal('1');
    const moved = (await store.putMap({ ...first, googleEventId: 'loft1r1' })).unwrap();
    expect(await ownerOf('loft1'), 'after the map names another event').to.equal(undefined);
    expect(await ownerOf('loft1r1')).to.equal('1');
    (await store.putMap({ ...moved, status: 'CANCELED', supersededBy: '2' })).unwrap();
    expect(await ownerOf('loft1r1')).to.equal('1');
    (await store.putMap(mapOf('2', { googleEventId: 'loft1r1' }))).unwrap();
    expect(await ownerOf('loft1r1'), 'after another map names the event').to.equal('2');
    await store.forgetMaps(NOW + 10);
    expect(await ownerOf('loft1r1'), 'after the maps are removed').to.equal(undefined);
    await store.close();
  });

  it('show a new map and a changed one after each write', async () => {
    const store = (await openSqliteStore(await files.path())).unwrap();
    expect((await store.getMap('1')).unwrap()).to.equal(null);
    const first = (await store.putMap(mapOf('1'))).unwrap();
    expect((await store.getMap('1')).unwrap()).to.deep.equal(first);
    const second = (await store.putMap({ ...first, etag: '"2"' })).unwrap();
    expect((await store.getMap('1')).unwrap()).to.deep.equal(second);
    await store.close();
  });

  it('list the maps with an intent after a restart, a refused write and a settled one', async () => {
    const path = await files.path();
    let store = (await openSqliteStore(path)).unwrap();
    expect(await idsWithIntent(store)).to.deep.equal([]);
    const begun = (await store.putMap(mapOf('1', { intent: INTENT }))).unwrap();
    expect(await idsWithIntent(store)).to.deep.equal(['1']);
    expect((await store.putMap({ ...begun, version: 7, intent: null })).err).to.equal(true);
    expect(await idsWithIntent(store), 'after a conflict').to.deep.equal(['1']);
    await store.close();
    store = (await openSqliteStore(path)).unwrap();
    expect(await idsWithIntent(store), 'after a restart').to.deep.equal(['1']);
    (await store.putMap({ ...begun, intent: null })).unwrap();
    expect(await idsWithIntent(store), 'when it is settled').to.deep.equal([]);
    await store.close();
  });

  it('list a map with an intent whose end the full disk refused', async () => {
    const database = new SqliteDatabase(await files.path());
    database.takeForUs();
    migrate(database).unwrap();
    const store = new SqliteStore(database);
    const begun = (await store.putMap(mapOf('1', { intent: INTENT }))).unwrap();
    database.pragma(`max_page_count = ${Number(database.pragma('page_count'))}`);
    const long = { ...begun.base, description: 'long '.repeat(10_000) };
    expect((await store.putMap({ ...begun, intent: null, base: long })).val).to.include({ reason: 'SQLITE_FULL' });
    expect(await idsWithIntent(store)).to.deep.equal(['1']);
    expect((await store.getMap('1')).unwrap()).to.deep.equal(begun);
    expect((await store.findMapByEvent('loft1')).unwrap()).to.deep.equal(begun);
    await store.close();
  });

  it('are those of the file after a rollback', async () => {
    const database = new SqliteDatabase(await files.path());
    database.takeForUs();
    migrate(database).unwrap();
    const maps = new Maps(database);
    const period = { from: NOW, to: NOW + 1 };
    const known = maps.put(mapOf('1')).unwrap();
    expect(maps.list({ period })).to.deep.equal([known]);
    expect(maps.findByEvent('loft2')).to.equal(null);
    const writes = (): never => {
      maps.put({ ...known, etag: '"2"' }).unwrap();
      maps.put(mapOf('2')).unwrap();
      throw new Error('the disk is full');
    };
    expect(() => database.transaction(writes)).to.throw('the disk is full');
    expect(maps.get('1')).to.deep.equal(known);
    expect(maps.get('2')).to.equal(null);
    expect(maps.findByEvent('loft2')).to.equal(null);
    expect(maps.list({ period })).to.deep.equal([known]);
    database.close();
  });
});
