/** A CalDAV server with the calendar home of one account, and a person who may write to all its calendars. */
export interface Radicale {
  /** The account of the service. */
  readonly account: { readonly home: string; readonly username: string; readonly password: string };
  createCalendar(name: string): Promise<unknown>;
  /** Changes what the account may do with a calendar. */
  share(name: string, access: 'none' | 'reader' | 'writer'): Promise<void>;
  /** A plain request of the person; the path begins at the calendar home. Refusals throw. */
  request(method: string, path: string, body?: string, headers?: Readonly<Record<string, string>>): Promise<string>;
  stop(): Promise<void>;
}

export interface StartRadicaleOptions {
  /** Receives progress messages, and the reason why the server cannot be installed. */
  readonly log?: (message: string) => void;
}

/** Returns null if it cannot be installed on this machine. The first installation takes a minute. */
export function startRadicale(options?: StartRadicaleOptions): Promise<Radicale | null>;

/** For tests that need the server. They are skipped with a message if it cannot be installed; in CI that is a failure. */
export function requireRadicale(radicale: Radicale | null, skip: () => never): Radicale;
