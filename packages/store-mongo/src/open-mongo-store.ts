import { Err, Ok, type Result, type SyncError } from '@loft/sync-core';
import type { SyncStore } from '@loft/sync-core/store';
import type { MongoClient, MongoClientOptions } from 'mongodb';
import { connect, databaseIn, DEFAULT_DATABASE } from './connection.js';
import { createCounters, SCHEMA } from './counters.js';
import { ensureIndexes } from './indexes.js';
import { MongoStore } from './mongo-store.js';
import { collectionsOf, type Collections } from './records.js';
import { asStoreError, storeError } from './store-error.js';

/** Options besides the address. All are optional. */
export interface MongoStoreOptions {
  /** Name of the database. Default: the one in the address, otherwise `loft-sync`. */
  readonly databaseName?: string;
  /** Options for the driver. They override the address. */
  readonly clientOptions?: MongoClientOptions;
  /** Opens without creating or changing anything. A missing database reads as empty. */
  readonly readOnly?: boolean;
}

/**
 * Opens the store in a database of a MongoDB server and creates missing indexes.
 *
 * Errors: `transient` when the server cannot be reached, `unauthorized` or `forbidden` when it denies access, `invalid`
 * for a wrong address and for a database of a newer version.
 */
export async function openMongoStore(
  url: string,
  options: MongoStoreOptions = {},
): Promise<Result<SyncStore, SyncError>> {
  let client: MongoClient | undefined;
  try {
    client = await connect(url, options.clientOptions ?? {});
    const collections = collectionsOf(client.db(options.databaseName ?? databaseIn(url) ?? DEFAULT_DATABASE));
    const prepared = await (options.readOnly ? checkSchema(collections) : prepare(collections));
    if (prepared.ok) return Ok(new MongoStore(client, collections));
    await client.close();
    return prepared;
  } catch (thrown) {
    await client?.close();
    const error = asStoreError('open', thrown);
    if (error === null) throw thrown;
    return Err(error);
  }
}

async function prepare(collections: Collections): Promise<Result<void, SyncError>> {
  await createCounters(collections);
  const checked = await checkSchema(collections);
  return checked.err ? checked : ensureIndexes(collections);
}

async function checkSchema({ counters }: Collections): Promise<Result<void, SyncError>> {
  const schema = await counters.findOne({ _id: 'schema' });
  if (schema && schema.value > SCHEMA) {
    const message = `The database ${counters.dbName} was written by a newer version of this program (schema ${schema.value}, this one supports up to ${SCHEMA}): run that version, or name another database.`;
    return Err(storeError('open', 'invalid', message));
  }
  return Ok.EMPTY;
}
