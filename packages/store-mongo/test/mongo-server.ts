import { randomUUID } from 'node:crypto';
import type { SyncStore } from '@loft/sync-core/store';
import { openMongoStore } from '@loft/sync-store-mongo';
import { MongoClient, type Db } from 'mongodb';
import { startMongo, type MongoServer } from '../../../scripts/mongo.mjs';

/** Building FerretDB for the first time takes minutes. */
const START_TIMEOUT_MS = 20 * 60_000;
const TEST_TIMEOUT_MS = 120_000;

const NONE =
  'NO MONGODB SERVER: the tests of the MongoDB store did not run. Set MONGODB_URI, or put mongod or a Go toolchain on the PATH.';

/** Timeouts in ms for a database that shares its cores with other tests. */
const BUSY_MACHINE = { serverSelectionTimeoutMS: 60_000, socketTimeoutMS: 60_000, waitQueueTimeoutMS: 60_000 } as const;

/** A server, and the databases and stores that a test has on it. */
export class Mongo {
  readonly #server: MongoServer;
  readonly #client: MongoClient;
  readonly #stores: SyncStore[] = [];
  readonly #databases = new Set<string>();

  private constructor(server: MongoServer, client: MongoClient) {
    this.#server = server;
    this.#client = client;
  }

  static async start(): Promise<Mongo | null> {
    const log = (message: string): void => void process.stderr.write(`${message}\n`);
    const server = await startMongo({ log });
    if (!server) return null;
    try {
      return new Mongo(server, await new MongoClient(server.uri).connect());
    } catch (error) {
      await server.stop();
      throw error;
    }
  }

  get uri(): string {
    return this.#server.uri;
  }

  get source(): string {
    return this.#server.source;
  }

  /** The name of a new database. */
  newDatabase(): string {
    const name = `loft-sync-test-${randomUUID()}`;
    this.#databases.add(name);
    return name;
  }

  /** The documents themselves. */
  database(name: string): Db {
    return this.#client.db(name);
  }

  async open(databaseName: string): Promise<SyncStore> {
    const store = (await openMongoStore(this.uri, { databaseName, clientOptions: BUSY_MACHINE })).unwrap();
    this.#stores.push(store);
    return store;
  }

  /** Closes the stores and removes their databases. */
  async clear(): Promise<void> {
    for (const store of this.#stores.splice(0)) await store.close();
    for (const name of this.#databases) await this.#client.db(name).dropDatabase();
    this.#databases.clear();
  }

  async stop(): Promise<void> {
    await this.clear();
    await this.#client.close();
    await this.#server.stop();
  }
}

/** Tests that need a server. They are skipped with a message if there is none; in CI that is a failure. */
export function describeWithMongo(title: string, body: (mongo: () => Mongo) => void): void {
  describe(title, function () {
    this.timeout(TEST_TIMEOUT_MS);
    let mongo: Mongo | null = null;

    before('start a MongoDB server', async function () {
      this.timeout(START_TIMEOUT_MS);
      mongo = await Mongo.start();
      if (mongo) return;
      if (process.env['CI'] === 'true') throw new Error(NONE);
      process.stderr.write(`\n*** ${NONE} ***\n\n`);
      this.skip();
    });
    afterEach(() => mongo?.clear());
    after(() => mongo?.stop());

    body(() => {
      if (!mongo) throw new Error('the server is not started yet');
      return mongo;
    });
  });
}
