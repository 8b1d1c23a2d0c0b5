import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { bundledProgram } from './bundled-program.js';
import { waitFor } from './wait-for.js';

/** The program as it runs from the files of the packages. */
export const PACKAGES: string = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

export type LogLine = Readonly<Record<string, unknown>>;

/** How a process ended. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** `loft-sync` as a separate process. */
export class ServiceProcess {
  stdout = '';
  stderr = '';
  ending: Ending | null = null;
  readonly #child: ChildProcess;
  readonly #ended: Promise<Ending>;

  /**
   * @param environment the whole environment of the process, except the path
   * @param program default: the bundle
   */
  constructor(
    command: readonly string[],
    environment: Readonly<Record<string, string>>,
    program: string = bundledProgram().program,
  ) {
    const { PATH = '' } = process.env;
    const env = { PATH, ...environment };
    this.#child = spawn(process.execPath, [program, ...command], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    this.#ended = new Promise((resolve) => {
      this.#child.once('close', (code, signal) => {
        this.ending = { code, signal };
        resolve(this.ending);
      });
    });
  }

  /** The log so far. */
  get log(): readonly LogLine[] {
    const lines = this.stdout.split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line) as LogLine);
  }

  /** The lines of sync actions. */
  get actions(): readonly LogLine[] {
    return this.log.filter((line) => typeof line['action'] === 'string');
  }

  has(message: string): boolean {
    return this.log.some((line) => line['message'] === message);
  }

  /** Waits until the service listens. @returns the port */
  async listening(withinMs = 60_000): Promise<number> {
    await waitFor('the service to listen', () => this.ending !== null || this.has('listening'), withinMs);
    const line = this.log.find(({ message }) => message === 'listening');
    if (!line) throw new Error(`the service has ended instead of listening: ${this.stderr}`);
    return Number(line['port']);
  }

  /** Waits for the end of the process. A process that does not end is killed, and the test fails. */
  async end(withinMs = 60_000): Promise<Ending> {
    try {
      await waitFor('the process to end', () => this.ending !== null, withinMs);
    } catch (error) {
      this.#child.kill('SIGKILL');
      throw error;
    }
    return this.#ended;
  }

  /** Pauses the process by SIGSTOP and resumes it by SIGCONT. */
  send(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<Ending> {
    this.#child.kill(signal);
    return this.end();
  }
}
