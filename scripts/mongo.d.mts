export interface MongoServer {
  /** What to connect to. */
  readonly uri: string;
  /** What was found: `MONGODB_URI`, `mongod`, `mongodb-memory-server` or `FerretDB 1.24`. */
  readonly source: string;
  stop(): Promise<void>;
}

export interface StartMongoOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Receives progress messages. */
  readonly log?: (message: string) => void;
}

/** null: there is no way to have one on this machine. */
export function startMongo(options?: StartMongoOptions): Promise<MongoServer | null>;
