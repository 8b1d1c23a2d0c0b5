import { Err, Ok, type BookingEventMap, type Result, type SyncError } from '@loft/sync-core';
import type { EventRecord, SyncStore, LivenessRecord } from '@loft/sync-core/store';
import type { StoreLocation } from '../config/service-settings.js';
import { snapshotSqlite } from './sqlite-snapshot.js';

/** The stored data that a plan needs. */
export interface Remembered {
  readonly maps: readonly BookingEventMap[];
  readonly liveness: readonly LivenessRecord[];
  readonly records: readonly EventRecord[];
}

export const NOTHING_REMEMBERED: Remembered = { maps: [], liveness: [], records: [] };

async function readFrom(store: SyncStore): Promise<Result<Remembered, SyncError>> {
  const maps = await store.listMaps({});
  if (maps.err) return maps;
  const liveness = await store.listLiveness();
  if (liveness.err) return liveness;
  const edits = await store.listEventRecords({ kind: 'edit' });
  if (edits.err) return edits;
  const copies = await store.listEventRecords({ kind: 'copy' });
  return copies.map((listed) => ({ maps: maps.val, liveness: liveness.val, records: [...edits.val, ...listed] }));
}

async function readAndClose(opened: Result<SyncStore, SyncError>): Promise<Result<Remembered, string>> {
  if (opened.err) return Err(`The store cannot be read. ${opened.val.message}`);
  const read = await readFrom(opened.val);
  await opened.val.close();
  return read.mapErr(({ message }) => `The store cannot be read. ${message}`);
}

/** Reads the store without a change, also while a service uses it. A missing store is empty. */
export async function readRemembered(location: StoreLocation): Promise<Result<Remembered, string>> {
  switch (location.kind) {
    case 'memory':
      return Ok(NOTHING_REMEMBERED);
    case 'sqlite': {
      const snapshot = await snapshotSqlite(location.path);
      if (snapshot.err) return snapshot;
      if (snapshot.val === null) return Ok(NOTHING_REMEMBERED);
      const { openSqliteStore } = await import('@loft/sync-store-sqlite');
      const read = await readAndClose(await openSqliteStore(snapshot.val.path));
      await snapshot.val.remove();
      return read;
    }
    case 'mongo': {
      const { openMongoStore } = await import('@loft/sync-store-mongo');
      return readAndClose(await openMongoStore(location.url, { readOnly: true }));
    }
  }
}
