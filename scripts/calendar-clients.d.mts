/** Names of the clients, with their versions. */
export const CLIENT_NAMES: readonly string[];

/** The command line of a client. */
export interface ClientCommand {
  readonly command: string;
  readonly args: readonly string[];
}

export interface CalendarClientOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Receives progress messages, and the reason why a client cannot be installed. */
  readonly log?: (message: string) => void;
}

/** Returns null if it cannot be installed on this machine. */
export function calendarClient(name: string, options?: CalendarClientOptions): Promise<ClientCommand | null>;

/** Name of the CalDAV server, with its version. */
export const CALDAV_SERVER_NAME: string;

/** Returns null if it cannot be installed on this machine. */
export function caldavServer(options?: CalendarClientOptions): Promise<ClientCommand | null>;

/** Name of the synchroniser of folders and CalDAV servers, with its version. */
export const SYNCHRONISER_NAME: string;

/** Returns null if it cannot be installed on this machine. */
export function folderSynchroniser(options?: CalendarClientOptions): Promise<ClientCommand | null>;
