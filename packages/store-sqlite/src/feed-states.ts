import type { FeedState, FeedStop } from '@loft/sync-core/store';
import type { Command, Query, SqliteDatabase } from './database.js';
import { flag, json, number, text, textOrNull } from './row.js';
import { upsert } from './sql.js';

const COLUMNS = [
  'feed',
  'syncToken',
  'tokenParameters',
  'stopped',
  'resumed',
  'approved',
  'savedAt',
] as const satisfies readonly (keyof FeedState)[];

/** The states of the feeds: one row each. */
export class FeedStates {
  readonly #put: Command;
  readonly #byFeed: Query;

  constructor(database: SqliteDatabase) {
    this.#put = database.command(upsert('feedStates', 'feed', COLUMNS));
    this.#byFeed = database.query('SELECT * FROM feedStates WHERE feed = @feed');
  }

  get(feed: string): FeedState | null {
    const row = this.#byFeed.first({ feed });
    if (!row) return null;
    return {
      feed: text(row, 'feed'),
      syncToken: textOrNull(row, 'syncToken'),
      tokenParameters: textOrNull(row, 'tokenParameters'),
      stopped:
        row['stopped'] === null ? null : json<FeedStop>(row, 'stopped', ['at', 'reason', 'wouldCancel', 'mirrors']),
      resumed: flag(row, 'resumed'),
      ...(row['approved'] === null ? {} : { approved: json<readonly string[]>(row, 'approved', []) }),
      savedAt: number(row, 'savedAt'),
    };
  }

  put(state: FeedState): void {
    const { feed, syncToken, tokenParameters, savedAt } = state;
    const stopped = state.stopped && JSON.stringify(state.stopped);
    const resumed = state.resumed ? 1 : 0;
    const approved = state.approved ? JSON.stringify(state.approved) : null;
    this.#put.run({ feed, syncToken, tokenParameters, stopped, resumed, savedAt, approved });
  }
}
