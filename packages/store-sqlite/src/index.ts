/** `@loft/sync-store-sqlite`: the store of a single host, in one file. */
export * from './open-sqlite-store.js';
