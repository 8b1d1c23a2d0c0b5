import type { SqliteDatabase } from './database.js';

/**
 * What a write must survive before it is acknowledged: the end of the process, or a power cut. `soon`: the end of the
 * process at once; a power cut a moment later, or after `flush`.
 */
export type Lasting = 'process' | 'soon' | 'power-cut';

/** Delay of a flush that no write waits for, so that later writes share it. */
const SOON_MS = 500;

interface Write {
  readonly lasting: Lasting;
  readonly perform: () => void;
  /** Call after `perform`, when the result is stored. */
  readonly acknowledge: () => void;
  readonly fail: (thrown: unknown) => void;
}

/**
 * Stores the writes of one turn of the event loop in one commit. Writes that must survive a power cut are acknowledged
 * after a flush, which is the slow part; other writes do not wait for it. Each write is atomic, and a failed one does
 * not affect the others.
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

  /**
   * Returns the result of `work` after it is stored. Rejects with the error of `work`; none of its writes are stored
   * then.
   */
  write<T>(lasting: Lasting, work: () => T): Promise<T> {
    return new Promise((resolve, fail) => {
      let result: T;
      const perform = (): void => {
        result = work();
      };
      if (!this.#isPlanned) setImmediate(() => this.commit());
      this.#isPlanned = true;
      this.#waiting.push({ lasting, perform, acknowledge: () => resolve(result), fail });
    });
  }

  /**
   * Runs `work` with the next commit or a moment later, without an acknowledgement. It may be lost if the process ends.
   */
  writeLater(work: () => void): void {
    this.#waiting.push({ lasting: 'process', perform: work, acknowledge: () => {}, fail: () => {} });
    this.#flushLater();
  }

  /** Resolves when all earlier writes survive a power cut. */
  flush(): Promise<void> {
    this.commit();
    clearTimeout(this.#flushSoon);
    this.#flushSoon = undefined;
    return this.#database.flush();
  }

  /** Stores the pending writes. No write is accepted after that. */
  close(): void {
    this.commit();
    clearTimeout(this.#flushSoon);
  }

  /** Stores the pending writes now. */
  commit(): void {
    const writes = this.#waiting;
    this.#waiting = [];
    this.#isPlanned = false;
    if (writes.length === 0 || this.#store(writes) === null) return;
    // One or all of them cannot be stored: each is tried separately.
    for (const write of writes) {
      const failure = this.#store([write]);
      if (failure) write.fail(failure.thrown);
    }
  }

  /** @returns null if they are stored */
  #store(writes: readonly Write[]): { readonly thrown: unknown } | null {
    try {
      this.#database.transaction(() => writes.forEach(({ perform }) => perform()));
    } catch (thrown) {
      return { thrown };
    }
    for (const { lasting, acknowledge } of writes) if (lasting !== 'power-cut') acknowledge();
    if (writes.some(({ lasting }) => lasting === 'soon')) this.#flushLater();
    const unflushed = writes.filter(({ lasting }) => lasting === 'power-cut');
    if (unflushed.length > 0) {
      this.#database.flush().then(
        () => unflushed.forEach(({ acknowledge }) => acknowledge()),
        (thrown: unknown) => unflushed.forEach(({ fail }) => fail(thrown)),
      );
    }
    return null;
  }

  #flushLater(): void {
    // The error of a failed flush is reported to the next write that waits for one.
    this.#flushSoon ??= setTimeout(() => void this.flush().catch(() => {}), SOON_MS).unref();
  }
}
