import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { openMongoStore } from '@loft/sync-store-mongo';
import { INDEXES } from '#src/indexes.js';
import { expect } from 'chai';
import { startGate } from '../../../scripts/mongo-gate.mjs';
import { describeWithMongo } from './mongo-server.js';

const HASTY = { serverSelectionTimeoutMS: 200, connectTimeoutMS: 200, socketTimeoutMS: 400 };

async function errorOf(
  url: string,
  options: Parameters<typeof openMongoStore>[1],
): Promise<{ readonly kind: string; readonly message: string }> {
  const opened = await openMongoStore(url, options);
  if (opened.err) return opened.val;
  await opened.val.close();
  throw new Error('it was opened');
}

describe('openMongoStore', () => {
  describe('on an address', () => {
    it('without a server reports a transient error', async () => {
      const listener = createServer().listen(0, '127.0.0.1');
      await once(listener, 'listening');
      const { port } = listener.address() as AddressInfo;
      listener.close();
      await once(listener, 'close');
      const error = await errorOf(`mongodb://127.0.0.1:${port}/`, { clientOptions: HASTY });
      expect(error).to.include({ kind: 'transient', system: 'store', method: 'open' });
    });

    it('with a server that never answers reports a transient error', async () => {
      const sockets = new Set<Socket>();
      const mute = createServer((socket) => sockets.add(socket)).listen(0, '127.0.0.1');
      await once(mute, 'listening');
      try {
        const { port } = mute.address() as AddressInfo;
        const error = await errorOf(`mongodb://127.0.0.1:${port}/`, { clientOptions: HASTY });
        expect(error.kind).to.equal('transient');
      } finally {
        for (const socket of sockets) socket.destroy();
        mute.close();
      }
    });

    it('that is invalid is reported without the password', async () => {
      for (const url of [
        'mongodb//loft:hunter2@db.example.com',
        'mongodb://loft:hunter2@',
        'mongodb://loft:hunter2@a:b/',
      ]) {
        const error = await errorOf(url, { clientOptions: HASTY });
        expect(error.kind).to.equal('invalid');
        expect(error.message).not.to.include('hunter2');
      }
    });

    it('with an unknown option is reported', async () => {
      const error = await errorOf('mongodb://127.0.0.1:1/?maxPoolSize=many', { clientOptions: HASTY });
      expect(error.kind).to.equal('invalid');
    });
  });

  describeWithMongo('on a server', (mongo) => {
    async function indexesOf(database: string, collection: string): Promise<readonly string[]> {
      const listed: readonly { readonly key?: unknown }[] = await mongo()
        .database(database)
        .collection(collection)
        .listIndexes()
        .toArray();
      return listed.map((index) => JSON.stringify(index.key));
    }

    it('creates its indexes, and finds them at the next start', async () => {
      const name = mongo().newDatabase();
      await mongo().open(name);
      const expected = (INDEXES.tasks ?? []).map((index) => JSON.stringify(index.key));
      expect(await indexesOf(name, 'tasks')).to.include.members(expected);
      await mongo().open(name);
      expect(await indexesOf(name, 'tasks')).to.have.length(expected.length + 1);
    });

    it('creates a removed index again', async () => {
      const name = mongo().newDatabase();
      await mongo().open(name);
      await mongo().database(name).collection('bookingEventMaps').dropIndex('byEvent');
      await mongo().open(name);
      const expected = (INDEXES.maps ?? []).map((index) => JSON.stringify(index.key));
      expect(await indexesOf(name, 'bookingEventMaps')).to.include.members(expected);
    });

    it('is opened by several at once on an empty database', async () => {
      const name = mongo().newDatabase();
      const stores = await Promise.all([1, 2, 3].map(() => mongo().open(name)));
      expect(await mongo().database(name).collection('counters').countDocuments()).to.equal(3);
      for (const store of stores) expect((await store.ping()).ok).to.equal(true);
    });

    it('creates nothing if it is opened for reading only', async () => {
      const name = mongo().newDatabase();
      const opened = await openMongoStore(mongo().uri, { databaseName: name, readOnly: true });
      const store = opened.unwrap();
      expect((await store.listMaps({})).unwrap()).to.deep.equal([]);
      expect((await store.listLiveness()).unwrap()).to.deep.equal([]);
      await store.close();
      expect(await mongo().database(name).listCollections().toArray()).to.deep.equal([]);
    });

    it('reports a database of a newer version, and does not change it', async () => {
      const name = mongo().newDatabase();
      const counters = mongo().database(name).collection<{ _id: string; value: number }>('counters');
      await counters.insertOne({ _id: 'schema', value: 2 });
      const error = await errorOf(mongo().uri, { databaseName: name });
      expect(error.kind).to.equal('invalid');
      expect(error.message).to.include('newer version').and.include('schema 2');
      expect((await counters.findOne({ _id: 'schema' }))?.value).to.equal(2);
      const names = (await mongo().database(name).listCollections().toArray()).map((collection) => collection.name);
      expect(names).to.deep.equal(['counters']);
    });

    it('that becomes unreachable reports a transient error soon, and continues when the server is back', async function () {
      const { hostname, port } = new URL(mongo().uri);
      const name = mongo().newDatabase();
      let between = await startGate({ host: hostname, port: Number(port) });
      const opened = await openMongoStore(`mongodb://127.0.0.1:${between.port}/`, {
        databaseName: name,
        clientOptions: { ...HASTY, directConnection: true },
      });
      const store = opened.unwrap();
      try {
        (await store.ping()).unwrap();
        await between.close();
        const started = Date.now();
        expect((await store.ping()).val).to.include({ kind: 'transient', system: 'store', method: 'ping' });
        expect((await store.nextTaskDueAt()).val).to.include({ kind: 'transient', method: 'nextTaskDueAt' });
        expect(Date.now() - started).to.be.below(5000);
        between = await startGate({ host: hostname, port: Number(port) }, between.port);
        let answer = await store.ping();
        for (let attempt = 0; attempt < 20 && answer.err; attempt++) answer = await store.ping();
        expect(answer.ok).to.equal(true);
      } finally {
        await store.close();
        await between.close();
      }
    });
  });
});
