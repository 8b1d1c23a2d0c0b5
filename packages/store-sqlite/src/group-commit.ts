import type { SqliteDatabase } from './database.js';

/**
 * What a write has to outlive before it is acknowledged: the process, or a power cut. `soon`: the process, and a power cut a
 * moment later, or when `flush` is asked for.
 */
export type Lasting = 'process' | 'soon' | 'power-cut';

/** A flush that nobody waits for is shared with whatever is written meanwhile. */
const SOON_MS = 500;

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
 * waiting ──next turn──▶ committed ──┬──────────────────▶ acknowledged   'process', 'soon'
 *                                    └──flush is over───▶ acknowledged   'power-cut'
 * ```
 */
export class GroupCommit {
  readonly #database: Pick<SqliteDatabase, 'transaction' | 'flush'>;
  #waiting: Write[] = [];
  #isPlanned = false;
  #flushSoon: NodeJS.Timeout | undefined;

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
      if (!this.#isPlanned) setImmediate(() => this.commit());
      this.#isPlanned = true;
      this.#waiting.push({ lasting, perform, fail });
    });
  }

  /** Does `work` with the next commit, or a moment later. Nobody waits for it, and it may be lost with the process. */
  writeLater(work: () => void): void {
    const perform = (): (() => void) => {
      work();
      return () => {};
    };
    this.#waiting.push({ lasting: 'process', perform, fail: () => {} });
    this.#flushLater();
  }

  /** Resolves when all that was written before outlives a power cut. */
  flush(): Promise<void> {
    this.commit();
    clearTimeout(this.#flushSoon);
    this.#flushSoon = undefined;
    return this.#database.flush();
  }

  /** Stores what waits; nothing is written any more. */
  close(): void {
    this.commit();
    clearTimeout(this.#flushSoon);
  }

  /** Stores what waits, now. */
  commit(): void {
    const writes = this.#waiting;
    this.#waiting = [];
    this.#isPlanned = false;
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
    for (const { lasting, acknowledge } of stored) if (lasting !== 'power-cut') acknowledge();
    if (stored.some(({ lasting }) => lasting === 'soon')) this.#flushLater();
    const unflushed = stored.filter(({ lasting }) => lasting === 'power-cut');
    if (unflushed.length > 0) {
      this.#database.flush().then(
        () => unflushed.forEach(({ acknowledge }) => acknowledge()),
        (thrown: unknown) => unflushed.forEach(({ fail }) => fail(thrown)),
      );
    }
    return null;
  }

  #flushLater(): void {
    // A flush that fails is told to the next write that waits for one.
    this.#flushSoon ??= setTimeout(() => void this.flush().catch(() => {}), SOON_MS).unref();
  }
}
