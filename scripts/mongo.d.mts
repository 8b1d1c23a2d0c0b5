export interface MongoServer {
  /** The URI to connect to. */
  readonly uri: string;
  /** The kind of server: `MONGODB_URI`, `mongod`, `mongodb-memory-server` or `FerretDB 1.24`. */
  readonly source: string;
  stop(): Promise<void>;
}

export interface StartMongoOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Receives progress messages. */
  readonly log?: (message: string) => void;
}

/** Returns null if no server can be started on this machine. */
export function startMongo(options?: StartMongoOptions): Promise<MongoServer | null>;
