import type { WatchChannel } from '@loft/sync-core/store';
import type { Command, Query, SqlRow, SqliteDatabase } from './database.js';
import { number, text } from './row.js';
import { upsert } from './sql.js';

const COLUMNS = [
  'channelId',
  'calendarId',
  'resourceId',
  'address',
  'expiresAt',
  'createdAt',
] as const satisfies readonly (keyof WatchChannel)[];

/** The watch channels: one row each. */
export class Channels {
  readonly #put: Command;
  readonly #list: Query;
  readonly #delete: Command;

  constructor(database: SqliteDatabase) {
    this.#put = database.command(upsert('watchChannels', 'channelId', COLUMNS));
    this.#list = database.query('SELECT * FROM watchChannels ORDER BY channelId');
    this.#delete = database.command('DELETE FROM watchChannels WHERE channelId = @channelId');
  }

  list(): readonly WatchChannel[] {
    return this.#list.all().map(toChannel);
  }

  put({ channelId, calendarId, resourceId, address, expiresAt, createdAt }: WatchChannel): void {
    this.#put.run({ channelId, calendarId, resourceId, address, expiresAt, createdAt });
  }

  delete(channelId: string): void {
    this.#delete.run({ channelId });
  }
}

function toChannel(row: SqlRow): WatchChannel {
  return {
    channelId: text(row, 'channelId'),
    calendarId: text(row, 'calendarId'),
    resourceId: text(row, 'resourceId'),
    address: text(row, 'address'),
    expiresAt: number(row, 'expiresAt'),
    createdAt: number(row, 'createdAt'),
  };
}
