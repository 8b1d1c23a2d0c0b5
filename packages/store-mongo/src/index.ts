/**
 * The store of several replicas, on a MongoDB server.
 *
 * @example
 * ```ts
 * const store = await openMongoStore('mongodb://127.0.0.1/loft-sync');
 * if (store.err) throw new Error(store.val.message);
 * ```
 * @module @loft/sync-store-mongo
 */
export * from './open-mongo-store.js';
