import { closeSync, fdatasync, openSync } from 'node:fs';
import { promisify } from 'node:util';
import { UnflushedJournal } from './store-error.js';

const datasync = promisify(fdatasync);

/**
 * Flushes SQLite's journal to the disk in the background, one flush at a time. A request during a flush shares the next
 * one.
 *
 * It opens the journal separately. That affects no lock of SQLite, because those are on the database file.
 */
export class JournalFlush {
  readonly #file: number;
  #running: Promise<void> = Promise.resolve();
  /** The requested flush that has not begun; null: none. */
  #next: Promise<void> | null = null;
  #closed = false;

  constructor(path: string) {
    this.#file = openSync(path, 'r+');
  }

  /** Resolves when all earlier writes are on the disk. */
  flush(): Promise<void> {
    this.#next ??= this.#begin();
    return this.#next;
  }

  /** Stops further flushes, and closes the file after the running one. */
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

  /** After success and after failure. */
  async #settled(): Promise<void> {
    await this.#running.catch(() => {});
  }
}
