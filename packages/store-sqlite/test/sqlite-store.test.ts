import { readdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { BookingEventMap, SyncError } from '@loft/sync-core';
import type { CopyRecord, SyncStore } from '@loft/sync-core/store';
import { syncStoreSuite, type SyncStoreFactory } from '@loft/sync-core/testing';
import { SqliteDatabase } from '#src/database.js';
import { migrate } from '#src/schema.js';
import { SqliteStore } from '#src/sqlite-store.js';
import { expect } from 'chai';
import { SqliteFiles } from './sqlite-file.js';

const NOW = Date.UTC(2026, 2, 14);

function factory(): SyncStoreFactory {
  const files = new SqliteFiles();
  let path = '';
  return {
    open: async () => {
      path = await files.path();
      return files.open(path);
    },
    reopen: async (store) => {
      await store.close();
      return files.open(path);
    },
    dispose: () => files.dispose(),
  };
}

function map(id: string, description = ''): BookingEventMap {
  return {
    uscheduleAppointmentId: id,
    googleCalendarId: 'c',
    googleEventId: `e${id}`,
    lastSyncedAt: NOW,
    lastSource: 'USCHEDULE',
    etag: '',
    version: 0,
    status: 'ACTIVE',
    base: { start: NOW, end: NOW, bay: '1', title: '', description },
    fence: 0,
    bookingWrittenAt: null,
    eventUpdatedAt: null,
    intent: null,
    supersededBy: null,
  };
}

function copyRecord(id: string): CopyRecord {
  return {
    kind: 'copy',
    id,
    appointmentId: '1',
    at: NOW,
    calendarId: 'c',
    eventId: id.slice(2),
    start: NOW,
    end: NOW,
    title: '',
    description: '',
    creatorEmail: null,
    createdAt: null,
  };
}

describe('the SQLite store', () => {
  syncStoreSuite({ describe, it }, factory());

  const files = new SqliteFiles();
  afterEach(() => files.dispose());

  it('says that it is not shared', async () => {
    expect((await files.open(await files.path())).supports?.sharing).to.equal(false);
  });

  it('is one file, without a WAL file, after it is closed', async () => {
    const path = await files.path();
    const store = await files.open(path);
    await store.putMap(map('1'));
    expect(await readdir(dirname(path))).to.have.members(['loft-sync.db', 'loft-sync.db-wal']);
    await store.close();
    expect(await readdir(dirname(path))).to.deep.equal(['loft-sync.db']);
  });

  it('may be closed twice, and returns an error for every later call', async () => {
    const store = await files.open(await files.path());
    await store.close();
    await store.close();
    expect((await store.ping()).val).to.include({ kind: 'invalid', system: 'store', method: 'ping' });
  });

  it('acknowledges the record of an edit and an intent after their commits, and flushes both once', async () => {
    const database = new SqliteDatabase(await files.path());
    database.takeForUs();
    migrate(database).unwrap();
    let flushes = 0;
    const flush = database.flush.bind(database);
    database.flush = () => {
      flushes++;
      return flush();
    };
    const store = new SqliteStore(database);
    const intent = {
      kind: 'reschedule' as const,
      start: NOW,
      end: NOW,
      bay: '1',
      since: NOW,
      triedAt: NOW,
      successor: null,
    };
    const stored = (await store.putMap(map('1'))).unwrap();
    await store.putEventRecords([copyRecord('c e1')]);
    await store.putMap({ ...stored, intent });
    expect(flushes).to.equal(0);
    await store.flush();
    expect(flushes).to.equal(1);
    await store.close();
  });

  describe('on text that SQLite would return changed', () => {
    for (const [what, text] of [
      ['a NUL', 'a\0b'],
      ['half of a surrogate pair', 'a\ud83cb'],
    ] as const) {
      it(`refuses ${what} and stores nothing`, async () => {
        const store = await files.open(await files.path());
        const tasks = ['1', text, '2'].map((appointmentId) => ({
          appointmentId,
          dueAt: NOW,
          trigger: 'hint' as const,
          event: null,
        }));
        expect((await store.addTasks(tasks, NOW)).val).to.include({ kind: 'invalid', method: 'addTasks' });
        expect((await store.nextTaskDueAt()).unwrap()).to.equal(null);
        expect((await store.putMap(map('1', text))).val).to.include({ kind: 'invalid', method: 'putMap' });
        expect((await store.getMap('1')).unwrap()).to.equal(null);
      });
    }
  });

  describe('when the disk is full', () => {
    async function fullStore(): Promise<SyncStore> {
      const database = new SqliteDatabase(await files.path());
      database.takeForUs();
      migrate(database).unwrap();
      database.pragma(`max_page_count = ${Number(database.pragma('page_count')) + 2}`);
      return new SqliteStore(database);
    }

    it('reports a transient fault, keeps its data, and continues when there is space', async () => {
      const store = await fullStore();
      try {
        const stored = (await store.putMap(map('1'))).unwrap();
        const refused = await store.putMap(map('2', 'long '.repeat(10_000)));
        expect(refused.val).to.include({ kind: 'transient', reason: 'SQLITE_FULL', system: 'store' });
        expect((await store.getMap('1')).unwrap()).to.deep.equal(stored);
        expect((await store.getMap('2')).unwrap()).to.equal(null);
        expect((await store.putMap({ ...stored, etag: 'next' })).unwrap().version).to.equal(2);
      } finally {
        await store.close();
      }
    });

    it('lists no record that it could not store, and keeps the existing one', async () => {
      const store = await fullStore();
      try {
        const record = copyRecord('c e1');
        expect((await store.putEventRecords([record])).ok).to.equal(true);
        const longer = { ...record, description: 'long '.repeat(10_000) };
        expect((await store.putEventRecords([longer, copyRecord('c e2')])).val).to.include({ reason: 'SQLITE_FULL' });
        expect((await store.listEventRecords({ kind: 'copy' })).unwrap()).to.deep.equal([record]);
      } finally {
        await store.close();
      }
    });

    it('stores a batch of tasks atomically', async () => {
      const store = await fullStore();
      try {
        const tasks = Array.from({ length: 2000 }, (_, index) => ({
          appointmentId: `appointment-${index}`,
          dueAt: NOW,
          trigger: 'poll' as const,
          event: null,
        }));
        expect(((await store.addTasks(tasks, NOW)).val as SyncError).kind).to.equal('transient');
        expect((await store.countTasks(NOW)).unwrap()).to.deep.equal({ due: 0, waiting: 0, claimed: 0 });
        expect((await store.addTasks(tasks.slice(0, 1), NOW)).ok).to.equal(true);
      } finally {
        await store.close();
      }
    });
  });
});
