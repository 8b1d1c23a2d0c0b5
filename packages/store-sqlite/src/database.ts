import Connection from 'libsql';
import { JournalFlush } from './journal-flush.js';
import { UnstorableText } from './store-error.js';

/** What can be bound to a parameter. libsql aborts the whole process on a boolean, so the types let none through. */
export type SqlValue = string | number | null;

export type SqlParameters = Readonly<Record<string, SqlValue>>;

export type SqlRow = Readonly<Record<string, unknown>>;

/** A prepared statement that answers rows. */
export class Query {
  readonly #statement: Connection.Statement;

  constructor(statement: Connection.Statement) {
    this.#statement = statement;
  }

  /**
   * All rows. There is no way to ask for one row only, on purpose: in libsql 0.5, `get` after `all` on the same statement
   * keeps the old parameters and answers the old row.
   */
  all(parameters: SqlParameters = {}): readonly SqlRow[] {
    return this.#statement.all(bindable(parameters)) as readonly SqlRow[];
  }

  /** The first row; for statements that answer one at most. */
  first(parameters: SqlParameters = {}): SqlRow | undefined {
    return this.all(parameters)[0];
  }
}

/** A prepared statement that answers nothing but how many rows it changed. */
export class Command {
  readonly #statement: Connection.Statement;

  /**
   * Throws for a statement that answers rows (`RETURNING`): libsql 0.5.29 stops such a statement after its first row when
   * it is run, and the write is lost without an error.
   */
  constructor(statement: Connection.Statement, sql: string) {
    if (answersRows(statement)) throw new TypeError(`a statement that answers rows is a query, not a command: ${sql}`);
    this.#statement = statement;
  }

  /** How many rows were changed. */
  run(parameters: SqlParameters = {}): number {
    return this.#statement.run(bindable(parameters)).changes;
  }
}

function answersRows(statement: Connection.Statement): boolean {
  return statement.reader;
}

/** One connection to a SQLite file: prepared statements and transactions, without libsql's pitfalls. */
export class SqliteDatabase {
  readonly path: string;
  readonly #connection: Connection.Database;
  readonly #queries = new Map<string, Query>();
  #journal: JournalFlush | null = null;
  /** Committed since the last flush began. */
  #isUnflushed = false;
  #lastFlush: Promise<void> = Promise.resolve();
  /** How to undo, in memory, what the transaction under way has changed there. */
  #undo: (() => void)[] = [];

  /** Opens or creates the file. Throws what libsql throws. */
  constructor(path: string) {
    this.path = path;
    this.#connection = new Connection(path);
  }

  /** A query, prepared once for each text: for statements that are put together at run time. */
  query(sql: string): Query {
    let query = this.#queries.get(sql);
    if (!query) this.#queries.set(sql, (query = new Query(this.#connection.prepare(sql))));
    return query;
  }

  command(sql: string): Command {
    return new Command(this.#connection.prepare(sql), sql);
  }

  /** Runs statements that answer nothing. */
  execute(sql: string): void {
    this.#connection.exec(sql);
  }

  /** Asks for or sets a pragma; its value. */
  pragma(source: string): unknown {
    const [row] = this.#connection.prepare(`PRAGMA ${source}`).all() as readonly SqlRow[];
    return row === undefined ? undefined : Object.values(row)[0];
  }

  /** All that `work` writes is stored, or, when it throws, nothing. Inside of another one it is a part of that. */
  transaction<T>(work: () => T): T {
    if (this.#connection.inTransaction) return work();
    this.#connection.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.#connection.exec('COMMIT');
      this.#undo = [];
      this.#isUnflushed = true;
      return result;
    } catch (error) {
      // Some failures (a full disk) have ended the transaction already.
      if (this.#connection.inTransaction) this.#connection.exec('ROLLBACK');
      for (const undo of this.#undo.splice(0).toReversed()) undo();
      throw error;
    }
  }

  /** Something in memory was changed together with the file: `undo` is called if the transaction is undone. */
  onRollback(undo: () => void): void {
    if (this.#connection.inTransaction) this.#undo.push(undo);
  }

  /**
   * Locks the file for this connection, durably journalled: `FULL`, since `NORMAL` may lose the last commits when the power
   * fails. Entering WAL mode under the exclusive lock keeps its index in memory. Throws `SQLITE_BUSY` when another
   * connection has the file. The lock is the kernel's: it ends with the process, however that ends.
   */
  takeForUs(): void {
    this.pragma('locking_mode = EXCLUSIVE');
    this.pragma('journal_mode = WAL');
    this.pragma('synchronous = FULL');
    this.transaction(() => {});
  }

  /**
   * From now on what is committed outlives the process, and a power cut only after a `flush`: a flush of SQLite's own would
   * stop everything else. What a power cut takes is always the last that was committed.
   */
  flushOnlyWhenTold(): void {
    // The journal is made, and its folder told of it, by SQLite's last flush of its own.
    this.pragma(`user_version = ${Number(this.pragma('user_version'))}`);
    this.#journal = new JournalFlush(`${this.path}-wal`);
    this.pragma('synchronous = NORMAL');
  }

  /** Resolves when all that has been committed by now is on the disk. */
  flush(): Promise<void> {
    if (!this.#isUnflushed || !this.#journal) return this.#lastFlush;
    this.#isUnflushed = false;
    this.#lastFlush = this.#journal.flush();
    return this.#lastFlush;
  }

  /**
   * Writes the journal back into the file, removes it, and gives the lock up. Closing alone would not: libsql keeps the
   * connection, and with it the lock, for as long as a prepared statement waits for the garbage collector.
   */
  close(): void {
    this.#journal?.close();
    try {
      this.pragma('synchronous = FULL');
      this.pragma('journal_mode = DELETE');
      this.pragma('locking_mode = NORMAL');
      this.pragma('user_version');
    } catch {
      // Then the journal stays, and the next opening takes it up.
    }
    this.#connection.close();
  }
}

/** NUL and halves of surrogate pairs, which come back from the file as something else. */
const UNSTORABLE = /\0|\p{Surrogate}/u;

function bindable(parameters: SqlParameters): SqlParameters {
  for (const [name, value] of Object.entries(parameters)) {
    if (typeof value === 'string' && UNSTORABLE.test(value)) throw new UnstorableText(name);
  }
  return parameters;
}
