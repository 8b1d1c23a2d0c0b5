/**
 * The store of a single host, in one file.
 * @module @loft/sync-store-sqlite
 */
export * from './open-sqlite-store.js';
