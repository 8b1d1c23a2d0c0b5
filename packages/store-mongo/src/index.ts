/**
 * The store of several replicas, on a MongoDB server.
 * @module @loft/sync-store-mongo
 */
export * from './open-mongo-store.js';
