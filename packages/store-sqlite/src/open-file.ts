import { statSync } from 'node:fs';

/** The identity of an open file: SQLite continues to write to a deleted file, and those writes are lost. */
export class OpenFile {
  readonly #path: string;
  readonly #identity: string | null;

  /** @param path the path of a file that was just opened */
  constructor(path: string) {
    this.#path = path;
    this.#identity = identityOf(path);
  }

  /** Whether the file was deleted or replaced. */
  isLost(): boolean {
    return identityOf(this.#path) !== this.#identity;
  }

  /** A message: the fault, and the remedy. */
  get lostMessage(): string {
    return `The file ${this.#path} was deleted or replaced while it is open: what is stored from now on is lost. Stop the service, put the file back if there is a copy, and start it again.`;
  }
}

/** @returns device and inode of the file; null if there is none */
function identityOf(path: string): string | null {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats ? `${stats.dev}:${stats.ino}` : null;
}
