import { expect } from 'chai';
import type { BookingEventMap } from '@loft/sync-core';
import type { SyncIntent, SyncStore } from '@loft/sync-core/store';
import { SqliteDatabase } from '#src/database.js';
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
    const recent = new RecentMaps((id) => {
      reads.push(id);
      return id === 'none' ? null : mapOf(id);
    });
    expect(recent.get('none')).to.equal(null);
    expect(recent.get('none')).to.equal(null);
    expect(recent.get('1')).to.equal(recent.get('1'));
    expect(reads).to.deep.equal(['none', '1']);
    recent.drop('none');
    recent.get('none');
    expect(reads).to.deep.equal(['none', '1', 'none']);
    for (let id = 2; id < 502; id++) recent.get(String(id));
    recent.get('none');
    expect(reads.filter((id) => id === 'none')).to.have.length(3);
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
    await store.close();
  });
});
