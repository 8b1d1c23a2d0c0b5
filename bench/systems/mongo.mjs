import { createRequire } from 'node:module';
import { startMongo } from '../../scripts/mongo.mjs';
import { progress } from '../harness/measure.mjs';

/** The store's driver. */
const { MongoClient } = createRequire(new URL('../../packages/store-mongo/package.json', import.meta.url))('mongodb');

export const NO_MONGO = 'there is no MongoDB server: set MONGODB_URI, or put mongod or a Go toolchain on the PATH';

/**
 * A MongoDB server, or another server with its protocol, with the driver's own client. null if there is none.
 *
 * `isFerretdb`: FerretDB 1.x, which gets one command at a time and has an index on `_id` only: other queries read the whole collection.
 */
export async function mongoServer() {
  const server = await startMongo({ log: progress });
  if (server === null) return null;
  const isFerretdb = server.source.includes('FerretDB');
  // Connects like the store.
  const pool = isFerretdb ? { minPoolSize: 0, maxPoolSize: 1 } : {};
  const client = new MongoClient(server.uri, { ...pool, writeConcern: { w: 'majority' } });
  await client.connect();
  let databases = 0;
  return {
    isFerretdb,
    source: server.source,
    client,
    /** The name and the address of a new database. */
    database: () => {
      const name = `loft-sync-bench-${process.pid}-${++databases}`;
      const [address, options] = server.uri.split('?');
      return { name, url: `${address}${name}${options === undefined ? '' : `?${options}`}` };
    },
    /** @param {readonly string[]} names Removed with it. */
    close: async (names) => {
      for (const name of names) await client.db(name).dropDatabase();
      await client.close();
      await server.stop();
    },
  };
}
