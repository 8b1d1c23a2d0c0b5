import { closeSync, fdatasyncSync, openSync } from 'node:fs';
import { createRequire } from 'node:module';

/** The driver as the store has it. */
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
 * A file that the store has made, without the store, with the same tables and indexes.
 *
 * As durable as the store (ADR 15): a commit outlives the process, and a power cut only after `flush`.
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
  // Made by the first write.
  connection.exec('BEGIN IMMEDIATE; COMMIT');
  const journal = openSync(`${path}-wal`, 'r+');
  return {
    connection,
    insert,
    flush: () => fdatasyncSync(journal),
    /** Gives up the lock, which libsql would keep until its statements are collected. */
    close: () => {
      connection.prepare('PRAGMA journal_mode = DELETE').all();
      connection.prepare('PRAGMA locking_mode = NORMAL').all();
      connection.prepare('PRAGMA user_version').all();
      connection.close();
      closeSync(journal);
    },
  };
}
