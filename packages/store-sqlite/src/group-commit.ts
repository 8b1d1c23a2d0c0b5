import type { SqliteDatabase } from './database.js';

/** What a write has to outlive before it is acknowledged. */
export type Lasting = 'process' | 'power-cut';

interface Write {
  readonly lasting: Lasting;
  /** Does it, and answers how to acknowledge it. */
  readonly perform: () => () => void;
  readonly fail: (thrown: unknown) => void;
}

/**
 * Stores what comes within one turn of the event loop with one commit, and acknowledges what has to outlive a power cut
 * after a flush of the disk that nobody else waits for: it is the flush that takes its time, and not the writing. Each
 * write stays whole by itself, and one that fails spoils none of the others.
 *
 * ```
 * waiting ──next turn──▶ committed ──┬──────────────────▶ acknowledged   'process'
 *                                    └──flush is over───▶ acknowledged   'power-cut'
 * ```
 */
export class GroupCommit {
  readonly #database: Pick<SqliteDatabase, 'transaction' | 'flush'>;
  #waiting: Write[] = [];

  constructor(database: Pick<SqliteDatabase, 'transaction' | 'flush'>) {
    this.#database = database;
  }

  /** Answers what `work` does when it is stored; rejects with what it throws, and nothing of it is stored then. */
  write<T>(lasting: Lasting, work: () => T): Promise<T> {
    return new Promise((resolve, fail) => {
      const perform = (): (() => void) => {
        const result = work();
        return () => resolve(result);
      };
      if (this.#waiting.length === 0) setImmediate(() => this.commit());
      this.#waiting.push({ lasting, perform, fail });
    });
  }

  /** Stores what waits, now. */
  commit(): void {
    const writes = this.#waiting;
    this.#waiting = [];
    if (writes.length === 0 || this.#store(writes) === null) return;
    // One of them cannot be stored, or all of them: each for itself.
    for (const write of writes) {
      const failure = this.#store([write]);
      if (failure) write.fail(failure.thrown);
    }
  }

  /** null: they are stored. */
  #store(writes: readonly Write[]): { readonly thrown: unknown } | null {
    let stored: readonly (Write & { readonly acknowledge: () => void })[];
    try {
      stored = this.#database.transaction(() => writes.map((write) => ({ ...write, acknowledge: write.perform() })));
    } catch (thrown) {
      return { thrown };
    }
    for (const { lasting, acknowledge } of stored) if (lasting === 'process') acknowledge();
    const unflushed = stored.filter(({ lasting }) => lasting === 'power-cut');
    if (unflushed.length > 0) {
      this.#database.flush().then(
        () => unflushed.forEach(({ acknowledge }) => acknowledge()),
        (thrown: unknown) => unflushed.forEach(({ fail }) => fail(thrown)),
      );
    }
    return null;
  }
}
