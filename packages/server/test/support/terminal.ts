import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { waitFor } from './wait-for.js';

const ROOT: string = fileURLToPath(new URL('../../../../', import.meta.url));

/** Whether this machine has the `script` of util-linux, which runs a command on a pseudo-terminal. */
export function hasTerminals(): boolean {
  return spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux') ?? false;
}

/** A command on a pseudo-terminal, run from the repository's root. */
export class Terminal {
  output = '';
  code: number | null | undefined;
  readonly #child: ChildProcess;

  constructor(command: string, environment: Readonly<Record<string, string>>) {
    const { PATH = '', HOME = '' } = process.env;
    const env = { PATH, HOME, TERM: 'xterm', ...environment };
    // --return: passes on the command's exit code.
    const args = ['--quiet', '--return', '--command', command, '/dev/null'];
    this.#child = spawn('script', args, { cwd: ROOT, env, stdio: ['pipe', 'pipe', 'pipe'], detached: true });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    this.#child.once('close', (code) => (this.code = code));
  }

  /** Presses keys: Ctrl-C is `\u0003`. */
  press(keys: string): void {
    this.#child.stdin?.write(keys);
  }

  async shows(words: string, withinMs = 60_000): Promise<void> {
    await waitFor(
      `the terminal to show "${words}"`,
      () => this.code !== undefined || this.output.includes(words),
      withinMs,
    );
    if (!this.output.includes(words)) throw new Error(`the command ended without "${words}": ${this.output}`);
  }

  /** Waits until the command has ended. Kills its process group after a timeout. */
  async end(withinMs = 30_000): Promise<number | null> {
    try {
      await waitFor('the command to end', () => this.code !== undefined, withinMs);
    } catch (error) {
      if (this.#child.pid !== undefined) process.kill(-this.#child.pid, 'SIGKILL');
      throw error;
    }
    return this.code ?? null;
  }
}
