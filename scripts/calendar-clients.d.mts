/** Names of the clients, with their versions. */
export const CLIENT_NAMES: readonly string[];

/** How a client is run. */
export interface ClientCommand {
  readonly command: string;
  readonly args: readonly string[];
}

export interface CalendarClientOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Gets what is installed, and why a client cannot be had. */
  readonly log?: (message: string) => void;
}

/** null: it cannot be had on this machine. */
export function calendarClient(name: string, options?: CalendarClientOptions): Promise<ClientCommand | null>;

/** Name of the CalDAV server, with its version. */
export const CALDAV_SERVER_NAME: string;

/** null: it cannot be had on this machine. */
export function caldavServer(options?: CalendarClientOptions): Promise<ClientCommand | null>;
