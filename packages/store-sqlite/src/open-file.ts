import { statSync } from 'node:fs';

/** The identity of a file that is open: SQLite goes on writing to a file that was deleted, and nothing of it is kept. */
export class OpenFile {
  readonly #path: string;
  readonly #identity: string | null;

  /** @param path of a file that was just opened */
  constructor(path: string) {
    this.#path = path;
    this.#identity = identityOf(path);
  }

  /** The file was deleted, or another one is in its place. */
  isLost(): boolean {
    return identityOf(this.#path) !== this.#identity;
  }

  /** For a person: what happened, and what to do. */
  get lostMessage(): string {
    return `The file ${this.#path} was deleted or replaced while it is open: what is stored from now on is lost. Stop the service, put the file back if there is a copy, and start it again.`;
  }
}

/** Device and number of the file; null: there is none. */
function identityOf(path: string): string | null {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats ? `${stats.dev}:${stats.ino}` : null;
}
