import type { BookingEventMap, DeadLetter } from '@loft/sync-core';
import type { SyncStore, NewTask } from '@loft/sync-core/store';
import { openMongoStore } from '@loft/sync-store-mongo';
import { syncStoreSuite, type SyncStoreFactory } from '@loft/sync-core/testing';
import type { DeadLetterRecord, Stored } from '#src/records.js';
import { expect } from 'chai';
import { describeWithMongo, type Mongo } from './mongo-server.js';

const NOW = Date.UTC(2026, 2, 14);

function factory(mongo: () => Mongo): SyncStoreFactory {
  let database = '';
  return {
    open: async () => {
      database = mongo().newDatabase();
      return mongo().open(database);
    },
    replica: async () => mongo().open(database),
    reopen: async (store) => {
      await store.close();
      return mongo().open(database);
    },
    dispose: async () => mongo().clear(),
  };
}

const map: BookingEventMap = {
  uscheduleAppointmentId: '700123',
  googleCalendarId: 'c',
  googleEventId: 'e',
  lastSyncedAt: NOW,
  lastSource: 'GCAL',
  etag: '"1"',
  version: 0,
  status: 'ACTIVE',
  base: { start: NOW, end: NOW, bay: '1', title: '', description: '' },
  fence: 0,
  bookingWrittenAt: null,
  eventUpdatedAt: null,
  intent: null,
  supersededBy: null,
};

const letter: DeadLetter = {
  appointmentId: '700123',
  calendarId: null,
  eventId: null,
  reason: null,
  attempts: 1,
  error: { kind: 'refused', system: 'uschedule', method: 'm', message: 'no', payload: { 'a.b': { $set: 1 } } },
  at: NOW,
  fingerprint: null,
  retryAt: null,
  revivals: 0,
};

function task(appointmentId: string): NewTask {
  return { appointmentId, dueAt: NOW, trigger: 'poll', event: null };
}

describeWithMongo('the MongoDB store', (mongo) => {
  syncStoreSuite({ describe, it }, factory(mongo));

  async function fresh(): Promise<{ store: SyncStore; database: string }> {
    const database = mongo().newDatabase();
    return { store: await mongo().open(database), database };
  }

  it('reports that it is shared', async () => {
    expect((await fresh()).store.supports?.sharing).to.equal(true);
  });

  it('stores maps with the field names of docs/operating-contract.md#stored-data, times as epoch milliseconds', async () => {
    const { store, database } = await fresh();
    await store.putMap(map);
    const [document] = await mongo().database(database).collection('bookingEventMaps').find().toArray();
    expect(document).to.deep.equal({ _id: '700123', ...map, version: 1 });
  });

  it('stores the payload of a dead letter as text, with any field names', async () => {
    const { store, database } = await fresh();
    await store.addTasks([task('700123')], NOW);
    const [claimed] = (await store.claimTasks({ owner: 'o', now: NOW, leaseMs: 1, limit: 1 })).unwrap();
    (await store.deadLetterTask(claimed!, letter)).unwrap();
    const [document] = await mongo().database(database).collection('deadLetters').find().toArray();
    expect(document?.['error']).to.include({ kind: 'refused', payload: '{"a.b":{"$set":1}}' });
    expect((await store.getDeadLetter('700123')).unwrap()).to.deep.equal(letter);
  });

  it('has the dead letter and still the task after a crash between the two writes of a dead-lettering', async () => {
    const { store, database } = await fresh();
    await store.addTasks([task('700123')], NOW);
    const [claimed] = (await store.claimTasks({ owner: 'o', now: NOW, leaseMs: 1000, limit: 1 })).unwrap();
    // An interrupted dead-lettering leaves the dead letter in addition to the task.
    await mongo()
      .database(database)
      .collection<Stored<DeadLetterRecord>>('deadLetters')
      .insertOne({ _id: '700123', ...letter, error: { ...letter.error, payload: 'null' } });
    const next = await mongo().open(database);
    const [again] = (await next.claimTasks({ owner: 'p', now: NOW + 1000, leaseMs: 1, limit: 1 })).unwrap();
    expect(again?.claims).to.equal(2);
    (await next.deadLetterTask(again!, letter)).unwrap();
    expect((await next.listDeadLetters({})).unwrap()).to.deep.equal([letter]);
    expect((await store.completeTask(claimed!, NOW, NOW)).val).to.include({ kind: 'conflict' });
  });

  it('gives higher fences after another program dropped the database, and makes its indexes again', async () => {
    const { store, database } = await fresh();
    const replica = await mongo().open(database);
    const claimOf = async (from: SyncStore, now = NOW): Promise<number> => {
      (await from.addTasks([task('1')], now)).unwrap();
      const [claimed] = (await from.claimTasks({ owner: 'o', now, leaseMs: 1, limit: 1 })).unwrap();
      (await from.completeTask(claimed!, now, now)).unwrap();
      return claimed!.fence;
    };
    const before = [await claimOf(replica), await claimOf(replica), await claimOf(replica)];
    await mongo().database(database).dropDatabase();
    const after = await claimOf(store, NOW + 1000);
    expect(after).to.be.above(Math.max(...before));
    expect(await claimOf(replica, NOW + 1000)).to.be.above(after);
    const indexes = await mongo().database(database).collection('tasks').indexes();
    expect(indexes.map(({ name }) => name)).to.include('byDue');
  });

  it('opens a database without counters with fences above those of the maps', async () => {
    const { store, database } = await fresh();
    (await store.putMap({ ...map, fence: NOW + 41 })).unwrap();
    await mongo().database(database).collection('counters').drop();
    const next = await mongo().open(database);
    await next.addTasks([task('700123')], NOW);
    const [claimed] = (await next.claimTasks({ owner: 'o', now: NOW, leaseMs: 1, limit: 1 })).unwrap();
    expect(claimed?.fence).to.equal(NOW + 42);
  });

  it('may be closed twice, and returns an error for every later call', async () => {
    const { store } = await fresh();
    await store.close();
    await store.close();
    expect((await store.ping()).val).to.include({ kind: 'invalid', system: 'store', method: 'ping' });
  });

  it('works with retryable writes switched off', async () => {
    const database = mongo().newDatabase();
    const separator = mongo().uri.includes('?') ? '&' : '?';
    const store = (
      await openMongoStore(`${mongo().uri}${separator}retryWrites=false`, { databaseName: database })
    ).unwrap();
    try {
      (await store.putMap(map)).unwrap();
      (await store.addTasks([task('1'), task('2')], NOW)).unwrap();
      const claimed = (await store.claimTasks({ owner: 'o', now: NOW, leaseMs: 1, limit: 5 })).unwrap();
      expect(claimed).to.have.length(2);
    } finally {
      await store.close();
    }
  });
});
