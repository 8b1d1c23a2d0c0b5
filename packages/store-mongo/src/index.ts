/** `@loft/sync-store-mongo`: the store of several replicas, on a MongoDB server. */
export * from './open-mongo-store.js';
