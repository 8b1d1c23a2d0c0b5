import { dirname, resolve } from 'node:path';
import { Err, Ok, type Result, type SyncError } from '@loft/sync-core';
import type { SyncStore } from '@loft/sync-core/store';
import { SqliteDatabase } from './database.js';
import { makeFolder } from './make-folder.js';
import { migrate } from './schema.js';
import { SqliteStore } from './sqlite-store.js';
import { asStoreError, sqliteCode, storeError } from './store-error.js';

/**
 * Opens the store in the file at `path`, and creates the file and its folder if they are missing.
 *
 * The file belongs to one process at a time: while it is open, a second open fails. The leases of the previous process
 * on tasks are released.
 *
 * Errors: `transient` if another process has the file; `invalid` if the file cannot be used (no permission, not a
 * database, of another program, or of a newer version).
 */
export async function openSqliteStore(path: string): Promise<Result<SyncStore, SyncError>> {
  // An absolute path, because libsql takes some other texts for addresses of servers.
  const file = resolve(path);
  try {
    await makeFolder(dirname(file));
  } catch (thrown) {
    return cannotOpen(file, thrown);
  }
  let database: SqliteDatabase;
  try {
    database = new SqliteDatabase(file);
  } catch (thrown) {
    return cannotOpen(file, thrown);
  }
  const opened = prepare(database);
  if (opened.err) database.close();
  return opened;
}

function prepare(database: SqliteDatabase): Result<SyncStore, SyncError> {
  try {
    database.takeForUs();
    const migrated = migrate(database);
    if (migrated.err) return migrated;
    const store = new SqliteStore(database);
    return Ok(store);
  } catch (thrown) {
    if (sqliteCode(thrown)?.startsWith('SQLITE_BUSY')) return inUse(database.path);
    const error = asStoreError('open', thrown);
    if (error === null) throw thrown;
    return Err({ ...error, message: `The file ${database.path} cannot be used as the store: ${error.message}` });
  }
}

function inUse(file: string): Result<never, SyncError> {
  const message = `The file ${file} is already open: a SQLite store belongs to one process, and in it to one store. Stop the other one, or use a MongoDB store for several processes.`;
  return Err(storeError('open', 'transient', message, 'SQLITE_BUSY'));
}

function cannotOpen(file: string, thrown: unknown): Result<never, SyncError> {
  const why = thrown instanceof Error ? thrown.message : String(thrown);
  const message = `The file ${file} cannot be opened or made: is its folder there, and may this user write to it? (${why})`;
  return Err(storeError('open', 'invalid', message));
}
