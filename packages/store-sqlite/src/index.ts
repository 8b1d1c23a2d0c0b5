/**
 * The store of a single host, in one file.
 *
 * @example
 * ```ts
 * const store = await openSqliteStore('loft-sync.db');
 * if (store.err) throw new Error(store.val.message);
 * ```
 * @module @loft/sync-store-sqlite
 */
export * from './open-sqlite-store.js';
