import { closeSync, fdatasync, openSync } from 'node:fs';
import { promisify } from 'node:util';
import { UnflushedJournal } from './store-error.js';

const datasync = promisify(fdatasync);

/**
 * Flushes SQLite's journal to the disk beside everything else, one flush at a time: who asks during one shares the next.
 *
 * It has the file open for itself. That takes no lock from SQLite, whose locks are on the database's file.
 */
export class JournalFlush {
  readonly #file: number;
  #running: Promise<void> = Promise.resolve();
  /** Asked for, and not begun. */
  #next: Promise<void> | null = null;
  #closed = false;

  constructor(path: string) {
    this.#file = openSync(path, 'r+');
  }

  /** Resolves when all that was written before is on the disk. */
  flush(): Promise<void> {
    this.#next ??= this.#begin();
    return this.#next;
  }

  /** No more flushes; the file is closed when the one under way is over. */
  close(): void {
    this.#closed = true;
    void this.#settled().then(() => closeSync(this.#file));
  }

  async #begin(): Promise<void> {
    await this.#settled();
    this.#next = null;
    if (this.#closed) return;
    this.#running = this.#flushNow();
    await this.#running;
  }

  async #flushNow(): Promise<void> {
    try {
      await datasync(this.#file);
    } catch (thrown) {
      throw new UnflushedJournal(`The journal cannot be flushed to the disk: ${String(thrown)}`);
    }
  }

  /** However it ended. */
  async #settled(): Promise<void> {
    await this.#running.catch(() => {});
  }
}
