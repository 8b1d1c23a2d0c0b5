import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { GoogleSimulator } from '@loft/sync-google/simulator';
import { calendarClient } from '../../../../scripts/calendar-clients.mjs';

/** Installing them for the first time takes a minute. */
const INSTALL_TIMEOUT_MS = 15 * 60_000;

/** An event as another program stores it. */
export interface HeldEvent {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly start: number;
  readonly end: number;
  readonly free: boolean;
}

/** The state of another program after a reading. */
export interface Reading {
  readonly calendars: readonly {
    readonly id: string;
    readonly name: string;
    readonly timeZone: string;
    readonly role: string;
  }[];
  /** By calendar. */
  readonly events: Readonly<Record<string, readonly HeldEvent[]>>;
  /** Ids of the events that the search found. */
  readonly found: readonly string[];
}

/** Another program that reads the calendars, and has a state of its own. */
export class CalendarReader {
  readonly #child: ChildProcess;
  readonly #google: GoogleSimulator;
  readonly #answers: ((line: string) => void)[] = [];
  readonly #failures: ((error: Error) => void)[] = [];
  #complaints = '';

  private constructor(child: ChildProcess, google: GoogleSimulator) {
    this.#child = child;
    this.#google = google;
    child.stderr?.on('data', (data: Buffer) => (this.#complaints += data.toString()));
    if (child.stdout) createInterface({ input: child.stdout }).on('line', (line) => this.#answers.shift()?.(line));
    child.on('error', (error) => (this.#complaints += error.message));
    child.on('close', () => {
      for (const fail of this.#failures) fail(new Error(`it has ended: ${this.#complaints}`));
    });
  }

  /** Starts a client by its name. @returns null if it cannot be installed on this machine */
  static async start(name: string, google: GoogleSimulator): Promise<CalendarReader | null> {
    const log = (message: string): void => void process.stderr.write(`${message}\n`);
    const program = await calendarClient(name, { log });
    if (!program) return null;
    const child = spawn(program.command, program.args, { stdio: 'pipe' });
    child.stdin.on('error', () => {});
    const reader = new CalendarReader(child, google);
    child.stdin.write(`${JSON.stringify({ rootUrl: google.rootUrl, key: google.serviceAccountKey() })}\n`);
    return reader;
  }

  /**
   * Reads all calendars, and searches for a text if one is given. Rejects if Google refuses the client's access token.
   * @param token For the one client that is handed its token, as Home Assistant hands it to the library.
   */
  async read({ search = '', token = this.#google.issueAccessToken() } = {}): Promise<Reading> {
    const line = new Promise<string>((resolve, reject) => {
      this.#answers.push(resolve);
      this.#failures.push(reject);
    });
    this.#child.stdin?.write(`${JSON.stringify({ search, token })}\n`);
    const answer = JSON.parse(await line) as Reading | { readonly refused: string };
    if ('refused' in answer) throw new Error(`refused: ${answer.refused}`);
    return answer;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once('close', resolve));
    this.#child.kill('SIGKILL');
    await ended;
  }
}

/** Tests that need a client. They are skipped with a message if it cannot be installed; in CI that is a failure. */
export function requireClient(name: string, isThere: boolean, skip: () => void): void {
  if (isThere) return;
  const problem = `NO ${name}: it was not tested beside the service. Put python3 and go on the PATH.`;
  if (process.env['CI'] === 'true') throw new Error(problem);
  process.stderr.write(`\n*** ${problem} ***\n\n`);
  skip();
}

export { INSTALL_TIMEOUT_MS };
