import { MongoClient, type MongoClientOptions } from 'mongodb';
import { UnusableAddress } from './store-error.js';

/** Milliseconds after which we no longer wait: a store out of reach is to be known soon. */
const PATIENCE = {
  /** For a server that can be written to. */
  serverSelectionTimeoutMS: 3000,
  connectTimeoutMS: 3000,
  /** For an answer. */
  socketTimeoutMS: 5000,
  /** For a free connection. */
  waitQueueTimeoutMS: 5000,
} as const;

export const DEFAULT_DATABASE = 'loft-sync';

/**
 * Connects. What the address or the options say goes before our defaults, but for two things: writes are acknowledged by
 * a majority unless they say otherwise, and reads go to the primary, so that every replica reads what any has written.
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

/** The driver and its parser of addresses throw errors of many classes here, all for the same reason. */
function newClient(url: string, options: MongoClientOptions): MongoClient {
  try {
    return new MongoClient(url, options);
  } catch (thrown) {
    throw new UnusableAddress(thrown instanceof Error ? thrown.message : String(thrown), { cause: thrown });
  }
}

/** FerretDB 1.x reads a document, changes it and writes it back, with room for another command in between. */
async function updatesInTwoSteps(client: MongoClient): Promise<boolean> {
  const build = await client.db('admin').command({ buildInfo: 1 });
  return 'ferretdbVersion' in build;
}

/** Our defaults for all that the address does not settle. */
export function defaultsFor(url: string): MongoClientOptions {
  const named = new Set([...url.matchAll(/[?&]([^=&]+)=/g)].map((match) => match[1]?.toLowerCase()));
  const patience = Object.entries(PATIENCE).filter(([option]) => !named.has(option.toLowerCase()));
  return { ...Object.fromEntries(patience), ...(!named.has('w') && { writeConcern: { w: 'majority' } }) };
}

/** The database that the address names; null when it names none. */
export function databaseIn(url: string): string | null {
  const name = /^mongodb(?:\+srv)?:\/\/[^/]+\/([^?]+)/.exec(url)?.[1];
  return name === undefined ? null : decodeURIComponent(name);
}
