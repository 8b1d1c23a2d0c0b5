import type { Instant } from '@loft/sync-core';
import type { OutgoingSignal, SignalQuery, SignalState } from '@loft/sync-core/store';
import type { Command, Query, SqlRow, SqliteDatabase } from './database.js';
import { number, oneOf, text, textOrNull } from './row.js';
import { insert, upsert } from './sql.js';

const COLUMNS = [
  'id',
  'receiver',
  'subject',
  'type',
  'at',
  'body',
  'state',
  'attempts',
  'dueAt',
  'problem',
] as const satisfies readonly (keyof OutgoingSignal)[];

const STATES: readonly SignalState[] = ['waiting', 'delivered', 'dead'];

const PAGE = '(at, id) > (@at, @id) ORDER BY at, id LIMIT @limit';

interface SignalStatements {
  readonly all: string;
  readonly ofReceiver: string;
  readonly inState: string;
  readonly ofReceiverInState: string;
  readonly forget: string;
}

/** The texts of the statements, so that a test can check their indexes. `limit` -1 is all. */
export const SIGNAL_STATEMENTS: SignalStatements = {
  all: `SELECT * FROM signals WHERE ${PAGE}`,
  ofReceiver: `SELECT * FROM signals WHERE receiver = @receiver AND ${PAGE}`,
  inState: `SELECT * FROM signals WHERE state = @state AND ${PAGE}`,
  ofReceiverInState: `SELECT * FROM signals WHERE state = @state AND receiver = @receiver AND ${PAGE}`,
  forget: `DELETE FROM signals WHERE at < @before AND state <> 'waiting'`,
};

/** The outbox: one row for each signal and receiver. */
export class Signals {
  readonly #database: SqliteDatabase;
  readonly #add: Command;
  readonly #put: Command;
  readonly #forget: Command;
  readonly #queries: Readonly<Record<Exclude<keyof SignalStatements, 'forget'>, Query>>;

  constructor(database: SqliteDatabase) {
    this.#database = database;
    this.#add = database.command(`${insert('signals', COLUMNS)} ON CONFLICT (id) DO NOTHING`);
    this.#put = database.command(upsert('signals', 'id', COLUMNS));
    this.#forget = database.command(SIGNAL_STATEMENTS.forget);
    this.#queries = {
      all: database.query(SIGNAL_STATEMENTS.all),
      ofReceiver: database.query(SIGNAL_STATEMENTS.ofReceiver),
      inState: database.query(SIGNAL_STATEMENTS.inState),
      ofReceiverInState: database.query(SIGNAL_STATEMENTS.ofReceiverInState),
    };
  }

  add(signals: readonly OutgoingSignal[]): void {
    if (signals.length === 0) return;
    this.#database.transaction(() => {
      for (const signal of signals) this.#add.run({ ...signal });
    });
  }

  list({ receiver, state, after, limit }: SignalQuery): readonly OutgoingSignal[] {
    const page = { at: after?.at ?? -1, id: after?.id ?? '', limit: limit ?? -1 };
    const { all, inState, ofReceiver, ofReceiverInState } = this.#queries;
    if (receiver === undefined)
      return (state === undefined ? all.all(page) : inState.all({ ...page, state })).map(toSignal);
    const rows =
      state === undefined ? ofReceiver.all({ ...page, receiver }) : ofReceiverInState.all({ ...page, receiver, state });
    return rows.map(toSignal);
  }

  put(signal: OutgoingSignal): void {
    this.#put.run({ ...signal });
  }

  forget(before: Instant): void {
    this.#forget.run({ before });
  }
}

function toSignal(row: SqlRow): OutgoingSignal {
  return {
    id: text(row, 'id'),
    receiver: text(row, 'receiver'),
    subject: text(row, 'subject'),
    type: text(row, 'type'),
    at: number(row, 'at'),
    body: text(row, 'body'),
    state: oneOf(row, 'state', STATES),
    attempts: number(row, 'attempts'),
    dueAt: number(row, 'dueAt'),
    problem: textOrNull(row, 'problem'),
  };
}
