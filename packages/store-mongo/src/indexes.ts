import { Err, Ok, type Result, type SyncError } from '@loft/sync-core';
import { MongoServerError, type Collection, type IndexDescription } from 'mongodb';
import type { Collections } from './records.js';
import { storeError } from './store-error.js';

/** Every index except those on `_id`, by collection. Only single-field and compound indexes, which all servers have. */
export const INDEXES: Readonly<Partial<Record<keyof Collections, readonly IndexDescription[]>>> = {
  maps: [
    { name: 'byEvent', key: { googleEventId: 1, status: 1, lastSyncedAt: -1 } },
    { name: 'byStatus', key: { status: 1, _id: 1 } },
    { name: 'byCalendar', key: { googleCalendarId: 1, _id: 1 } },
    { name: 'byBay', key: { 'base.bay': 1, _id: 1 } },
    { name: 'byStart', key: { 'base.start': 1 } },
    { name: 'byIntent', key: { 'intent.since': 1 } },
  ],
  tasks: [
    { name: 'byDue', key: { dueAt: 1, _id: 1, leaseUntil: 1 } },
    { name: 'byLease', key: { leaseUntil: 1, dueAt: 1 } },
    { name: 'byOwner', key: { owner: 1 } },
  ],
  liveness: [{ name: 'byEnd', key: { end: 1 } }],
  journal: [
    { name: 'byAppointment', key: { appointmentId: 1, at: 1, _id: 1 } },
    { name: 'byTime', key: { at: 1, _id: 1 } },
  ],
  eventRecords: [
    { name: 'byAppointment', key: { appointmentId: 1, kind: 1, _id: 1 } },
    { name: 'byKind', key: { kind: 1, _id: 1 } },
  ],
  signals: [
    { name: 'byTime', key: { at: 1, _id: 1 } },
    { name: 'byState', key: { state: 1, receiver: 1, at: 1, _id: 1 } },
  ],
};

/** Error code: the collection does not exist. */
const NAMESPACE_NOT_FOUND = 26;

/** Creates the missing indexes and checks that they exist afterwards. */
export async function ensureIndexes(collections: Collections): Promise<Result<void, SyncError>> {
  const wanted = Object.entries(INDEXES) as [keyof Collections, readonly IndexDescription[]][];
  const missing = await Promise.all(
    wanted.map(([name, indexes]) => ensure(collections[name] as unknown as Collection, indexes)),
  );
  const names = missing.flat();
  if (names.length === 0) return Ok.EMPTY;
  return Err(storeError('open', 'invalid', `The server did not make these indexes: ${names.join(', ')}.`));
}

/**
 * Creates only the missing indexes, because FerretDB 1.x fails if an index exists. A failure counts only if an index is
 * still missing afterwards, because another replica may have created it.
 *
 * @returns the indexes that are still missing
 */
async function ensure(collection: Collection, indexes: readonly IndexDescription[]): Promise<string[]> {
  const missing = await missingOf(collection, indexes);
  if (missing.length === 0) return [];
  try {
    await collection.createIndexes([...missing]);
  } catch (thrown) {
    if ((await missingOf(collection, indexes)).length > 0) throw thrown;
  }
  return (await missingOf(collection, indexes)).map((index) => `${collection.collectionName}.${index.name}`);
}

async function missingOf(
  collection: Collection,
  indexes: readonly IndexDescription[],
): Promise<readonly IndexDescription[]> {
  const listed = new Set((await keysOf(collection)).map((key) => JSON.stringify(key)));
  return indexes.filter((index) => !listed.has(JSON.stringify(index.key)));
}

async function keysOf(collection: Collection): Promise<readonly unknown[]> {
  try {
    const indexes: readonly { readonly key?: unknown }[] = await collection.listIndexes().toArray();
    return indexes.map((index) => index.key);
  } catch (thrown) {
    if (thrown instanceof MongoServerError && thrown.code === NAMESPACE_NOT_FOUND) return [];
    throw thrown;
  }
}
