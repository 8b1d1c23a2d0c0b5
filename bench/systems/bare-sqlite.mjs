import { createRequire } from 'node:module';

/** The store's driver. */
const Connection = createRequire(new URL('../../packages/store-sqlite/package.json', import.meta.url))('libsql');

/** @param {import('@loft/sync-core').BookingEventMap} map The columns of a map. */
export function mapRow({ base, intent, ...map }) {
  return {
    ...map,
    baseStart: base.start,
    baseEnd: base.end,
    baseBay: base.bay,
    baseTitle: base.title,
    baseDescription: base.description,
    intentKind: intent?.kind ?? null,
    intentStart: intent?.start ?? null,
    intentEnd: intent?.end ?? null,
    intentBay: intent?.bay ?? null,
    intentSince: intent?.since ?? null,
    intentTriedAt: intent?.triedAt ?? null,
    intentSuccessor: intent?.successor ?? null,
  };
}

/**
 * Bare access to a file that the store has created, with the same tables and indexes.
 *
 * It is as durable as the store (ADR 24): a commit survives the process.
 *
 * @param {string} path
 */
export function bareSqlite(path) {
  const connection = new Connection(path);
  for (const pragma of ['locking_mode = EXCLUSIVE', 'journal_mode = WAL', 'synchronous = NORMAL']) {
    connection.prepare(`PRAGMA ${pragma}`).all();
  }
  /** @param {string} table @param {readonly string[]} columns */
  const insert = (table, columns) => {
    const names = columns.map((column) => `"${column}"`).join(', ');
    return connection.prepare(
      `INSERT INTO ${table} (${names}) VALUES (${columns.map((name) => `@${name}`).join(', ')})`,
    );
  };
  return {
    connection,
    insert,
    /** Releases the lock, which libsql would keep until its statements are garbage-collected. */
    close: () => {
      connection.prepare('PRAGMA journal_mode = DELETE').all();
      connection.prepare('PRAGMA locking_mode = NORMAL').all();
      connection.prepare('PRAGMA user_version').all();
      connection.close();
    },
  };
}
