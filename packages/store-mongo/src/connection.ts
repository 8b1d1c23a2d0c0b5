import { MongoClient, type MongoClientOptions } from 'mongodb';
import { UnusableAddress } from './store-error.js';

/** Timeouts in ms, short, so that an unreachable store is reported soon. */
const PATIENCE = {
  /** Maximum wait for a server that accepts writes. */
  serverSelectionTimeoutMS: 3000,
  connectTimeoutMS: 3000,
  /** Maximum wait for an answer. */
  socketTimeoutMS: 5000,
  /** Maximum wait for a free connection. */
  waitQueueTimeoutMS: 5000,
} as const;

export const DEFAULT_DATABASE = 'loft-sync';

/**
 * Connects. The address and the options override our defaults, with two additions: writes are acknowledged by a majority
 * unless they say otherwise, and reads go to the primary, so that every replica reads the writes of the others.
 */
export async function connect(url: string, clientOptions: MongoClientOptions): Promise<MongoClient> {
  const options = { ...defaultsFor(url), ...clientOptions, ignoreUndefined: true, readPreference: 'primary' } as const;
  const client = await connected(url, options);
  if (!(await updatesInTwoSteps(client))) return client;
  await client.close();
  // One command at a time keeps the commands of this process apart; see the README for what it cannot do.
  return connected(url, { ...options, minPoolSize: 0, maxPoolSize: 1 });
}

async function connected(url: string, options: MongoClientOptions): Promise<MongoClient> {
  const client = newClient(url, options);
  try {
    return await client.connect();
  } catch (thrown) {
    await client.close();
    throw thrown;
  }
}

/** Maps an error of the driver or its address parser. Their classes differ, but the cause is the same: a wrong address. */
function newClient(url: string, options: MongoClientOptions): MongoClient {
  try {
    return new MongoClient(url, options);
  } catch (thrown) {
    throw new UnusableAddress(thrown instanceof Error ? thrown.message : String(thrown), { cause: thrown });
  }
}

/** FerretDB 1.x reads a document, changes it and writes it back, and another command can run in between. */
async function updatesInTwoSteps(client: MongoClient): Promise<boolean> {
  const build = await client.db('admin').command({ buildInfo: 1 });
  return 'ferretdbVersion' in build;
}

/** Our defaults for options that the address does not set. */
export function defaultsFor(url: string): MongoClientOptions {
  const named = new Set([...url.matchAll(/[?&]([^=&]+)=/g)].map((match) => match[1]?.toLowerCase()));
  const patience = Object.entries(PATIENCE).filter(([option]) => !named.has(option.toLowerCase()));
  return { ...Object.fromEntries(patience), ...(!named.has('w') && { writeConcern: { w: 'majority' } }) };
}

/** @returns the database in the address; null if it has none */
export function databaseIn(url: string): string | null {
  const name = /^mongodb(?:\+srv)?:\/\/[^/]+\/([^?]+)/.exec(url)?.[1];
  return name === undefined ? null : decodeURIComponent(name);
}
