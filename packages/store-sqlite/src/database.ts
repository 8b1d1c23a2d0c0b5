import Connection from 'libsql';
import { JournalFlush } from './journal-flush.js';
import { UnstorableText } from './store-error.js';

/** The values of parameters. libsql aborts the whole process on a boolean, so the type excludes it. */
export type SqlValue = string | number | null;

export type SqlParameters = Readonly<Record<string, SqlValue>>;

export type SqlRow = Readonly<Record<string, unknown>>;

/** A named parameter of a statement. */
const PARAMETER = /@(\w+)/g;

/** NUL and halves of surrogate pairs, which the file does not return unchanged. */
const UNSTORABLE = /\0|\p{Surrogate}/u;

/** A prepared statement, whose named parameters are bound by number: libsql binds an array in half the time of an object. */
class Prepared {
  readonly statement: Connection.Statement;
  /** The parameters in the order of their numbers. */
  readonly #names: readonly string[];

  constructor(connection: Connection.Database, sql: string) {
    const names = [...new Set(Array.from(sql.matchAll(PARAMETER), ([, name = '']) => name))];
    this.statement = connection.prepare(sql.replaceAll(PARAMETER, (_, name: string) => `?${names.indexOf(name) + 1}`));
    this.#names = names;
  }

  /** Throws for a text that the file does not return unchanged. */
  values(parameters: SqlParameters): readonly SqlValue[] {
    return this.#names.map((name) => {
      const value = parameters[name] ?? null;
      if (typeof value === 'string' && UNSTORABLE.test(value)) throw new UnstorableText(name);
      return value;
    });
  }
}

/** A prepared statement that returns rows. */
export class Query {
  readonly #prepared: Prepared;

  constructor(connection: Connection.Database, sql: string) {
    this.#prepared = new Prepared(connection, sql);
  }

  /**
   * Returns all rows. There is no method for a single row, because in libsql 0.5 `get` after `all` on the same
   * statement keeps the old parameters and returns the old row.
   */
  all(parameters: SqlParameters = {}): readonly SqlRow[] {
    return this.#prepared.statement.all(this.#prepared.values(parameters)) as readonly SqlRow[];
  }

  /** Returns the first row of a statement with at most one. */
  first(parameters: SqlParameters = {}): SqlRow | undefined {
    return this.all(parameters)[0];
  }
}

/** A prepared statement that returns only the number of changed rows. */
export class Command {
  readonly #prepared: Prepared;

  /**
   * Throws for a statement that returns rows (`RETURNING`): libsql 0.5.29 stops it after its first row, and the write
   * is lost without an error.
   */
  constructor(connection: Connection.Database, sql: string) {
    const prepared = new Prepared(connection, sql);
    if (answersRows(prepared.statement))
      throw new TypeError(`a statement that answers rows is a query, not a command: ${sql}`);
    this.#prepared = prepared;
  }

  /** Runs the statement. Returns the number of changed rows. */
  run(parameters: SqlParameters = {}): number {
    return this.#prepared.statement.run(this.#prepared.values(parameters)).changes;
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
  /** Whether a commit has happened since the last flush began. */
  #isUnflushed = false;
  #lastFlush: Promise<void> = Promise.resolve();
  /** Rollbacks of changes in memory that belong to the running transaction. */
  #undo: (() => void)[] = [];

  /** Opens or creates the file. Throws libsql's errors. */
  constructor(path: string) {
    this.path = path;
    this.#connection = new Connection(path);
  }

  /** Prepares a query once for each text, for statements that are composed at run time. */
  query(sql: string): Query {
    let query = this.#queries.get(sql);
    if (!query) this.#queries.set(sql, (query = new Query(this.#connection, sql)));
    return query;
  }

  command(sql: string): Command {
    return new Command(this.#connection, sql);
  }

  /** Runs statements without a result. */
  execute(sql: string): void {
    this.#connection.exec(sql);
  }

  /** Reads or sets a pragma. Returns its value. */
  pragma(source: string): unknown {
    const [row] = this.#connection.prepare(`PRAGMA ${source}`).all() as readonly SqlRow[];
    return row === undefined ? undefined : Object.values(row)[0];
  }

  /**
   * Runs `work` in a transaction: all its writes are stored, or none if it throws. A nested call joins the outer
   * transaction.
   */
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
      // Some failures, such as a full disk, have already ended the transaction.
      if (this.#connection.inTransaction) this.#connection.exec('ROLLBACK');
      for (const undo of this.#undo.splice(0).toReversed()) undo();
      throw error;
    }
  }

  /** Registers the rollback of a change in memory, called if the transaction is rolled back. */
  onRollback(undo: () => void): void {
    if (this.#connection.inTransaction) this.#undo.push(undo);
  }

  /**
   * Locks the file for this connection, with a durable journal: `FULL`, because `NORMAL` may lose the last commits at a
   * power cut. Entering WAL mode under the exclusive lock keeps its index in memory. Throws `SQLITE_BUSY` if another
   * connection has the file. The kernel releases the lock when the process ends.
   */
  takeForUs(): void {
    this.pragma('locking_mode = EXCLUSIVE');
    this.pragma('journal_mode = WAL');
    this.pragma('synchronous = FULL');
    this.transaction(() => {});
  }

  /**
   * From now on, a commit survives the end of the process, and a power cut only after `flush`: SQLite's own flush would
   * block all other work. A power cut loses only the latest commits.
   */
  flushOnRequestOnly(): void {
    // SQLite's last own flush creates the journal and stores its directory entry.
    this.pragma(`user_version = ${Number(this.pragma('user_version'))}`);
    this.#journal = new JournalFlush(`${this.path}-wal`);
    this.pragma('synchronous = NORMAL');
  }

  /** Resolves when all earlier commits are on the disk. */
  flush(): Promise<void> {
    if (!this.#isUnflushed || !this.#journal) return this.#lastFlush;
    this.#isUnflushed = false;
    this.#lastFlush = this.#journal.flush();
    return this.#lastFlush;
  }

  /**
   * Writes the journal back into the file, removes it, and releases the lock. Closing alone is not enough: libsql keeps
   * the connection with its lock until all prepared statements are garbage-collected.
   */
  close(): void {
    this.#journal?.close();
    try {
      this.pragma('synchronous = FULL');
      this.pragma('journal_mode = DELETE');
      this.pragma('locking_mode = NORMAL');
      this.pragma('user_version');
    } catch {
      // The journal then stays, and the next open reads it.
    }
    this.#connection.close();
  }
}
