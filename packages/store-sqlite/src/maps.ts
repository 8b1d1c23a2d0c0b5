import { Err, Ok, type BookingEventMap, type Instant, type Result, type SyncError } from '@loft/sync-core';
import { type MapQuery, INTENT_KINDS, type MirrorFlags } from '@loft/sync-core/store';
import type { Command, Query, SqlParameters, SqlRow, SqliteDatabase, SqlValue } from './database.js';
import { ListedWindow } from './listed-window.js';
import { IntentIndex } from './intent-index.js';
import { RecentMaps } from './recent-maps.js';
import { json, number, numberOrNull, oneOf, text, textOrNull } from './row.js';
import { assignments, insert } from './sql.js';
import { storeError } from './store-error.js';

const KEY = 'uscheduleAppointmentId';

/** The text of the statement, so that a test can check its index. No visit ends before it starts. */
export const FORGET_MAPS = `DELETE FROM bookingEventMaps
  WHERE baseStart < @before AND baseEnd < @before AND lastSyncedAt < @before AND intentSince IS NULL`;

/** The maps: one row each, in columns with the names of docs/operating-contract.md#stored-data. */
export class Maps {
  readonly #database: SqliteDatabase;
  readonly #byId: Query;
  readonly #byEvent: Query;
  readonly #insert: Command;
  readonly #update: Command;
  readonly #forget: Command;
  readonly #window: ListedWindow = new ListedWindow((id) => this.#read(id));
  readonly #recent: RecentMaps = new RecentMaps({ read: (id) => this.#read(id), find: (id) => this.#find(id) });
  readonly #intents: IntentIndex;

  constructor(database: SqliteDatabase) {
    this.#database = database;
    this.#byId = database.query(`SELECT * FROM bookingEventMaps WHERE ${KEY} = @id`);
    // 'ACTIVE' comes before 'CANCELED'.
    this.#byEvent = database.query(
      `SELECT * FROM bookingEventMaps WHERE googleEventId = @eventId ORDER BY status, lastSyncedAt DESC, ${KEY} LIMIT 1`,
    );
    this.#insert = database.command(`${insert('bookingEventMaps', NAMES)} ON CONFLICT (${KEY}) DO NOTHING`);
    this.#update = database.command(
      `UPDATE bookingEventMaps SET ${assignments(NAMES.filter((column) => column !== KEY))}
       WHERE ${KEY} = @${KEY} AND version = @version - 1 AND fence <= @fence`,
    );
    this.#forget = database.command(FORGET_MAPS);
    this.#intents = new IntentIndex(database);
  }

  get(id: string): BookingEventMap | null {
    return this.#recent.get(id);
  }

  #read(id: string): BookingEventMap | null {
    const row = this.#byId.first({ id });
    return row ? toMap(row) : null;
  }

  findByEvent(eventId: string): BookingEventMap | null {
    return this.#recent.ofEvent(eventId);
  }

  #find(eventId: string): BookingEventMap | null {
    const row = this.#byEvent.first({ eventId });
    return row ? toMap(row) : null;
  }

  list(query: MapQuery): readonly BookingEventMap[] {
    const isSingle = Object.keys(query).length === 1;
    if (isSingle && query.withIntent && this.#intents.isEmpty) return [];
    const window = isSingle ? query.period : undefined;
    if (!window) return this.#select(query);
    const cached = this.#window.list(window);
    if (cached) return cached;
    const maps = this.#select(query);
    this.#window.keep(window, maps);
    return maps;
  }

  #select(query: MapQuery): readonly BookingEventMap[] {
    const { sql, parameters } = listStatement(query);
    const { rows } =
      this.#database.query(`SELECT group_concat(row, ',') AS rows FROM (${sql})`).first(parameters) ?? {};
    if (typeof rows !== 'string') return [];
    return (JSON.parse(`[${rows}]`) as readonly (readonly unknown[])[]).map((values) => toMap(asRow(values)));
  }

  put(map: BookingEventMap): Result<BookingEventMap, SyncError> {
    const next = { ...map, version: map.version + 1 };
    const row = toRow(next);
    const changed = (map.version === 0 ? this.#insert : this.#update).run(row);
    if (changed !== 1) return Err(storeError('putMap', 'conflict', this.#whyNot(map)));
    this.#intents.note(next);
    this.#cache(toMap(row));
    return Ok(next);
  }

  forget(before: Instant): void {
    this.#forget.run({ before });
    this.#window.clear();
    this.#recent.clear();
  }

  #cache(map: BookingEventMap): void {
    this.#recent.written(map);
    this.#window.written(map);
    this.#database.onRollback(() => {
      this.#recent.drop(map);
      this.#window.drop(map.uscheduleAppointmentId);
    });
  }

  #whyNot(map: BookingEventMap): string {
    const stored = this.#read(map.uscheduleAppointmentId);
    const subject = `the map of ${map.uscheduleAppointmentId}`;
    if (!stored) return `${subject} is not there, so not at version ${map.version}`;
    if (stored.version !== map.version) return `${subject} is at version ${stored.version}, not ${map.version}`;
    return `${subject} was written under fence ${stored.fence}, above ${map.fence}`;
  }
}

/**
 * Creates the statement of a list: one text for each set of filters. Each row is JSON text, and the rows are joined to
 * one text before the parse: libsql converts each value of each row separately, which would be the slowest part of a
 * long list.
 */
export function listStatement(query: MapQuery): { readonly sql: string; readonly parameters: SqlParameters } {
  const conditions: string[] = [];
  const parameters: Record<string, SqlValue> = {};
  const where = (condition: string, values: SqlParameters = {}): void => {
    conditions.push(condition);
    Object.assign(parameters, values);
  };
  const { status, calendarId, bay, period, withIntent, after, limit } = query;
  if (status !== undefined) where('status = @status', { status });
  if (calendarId !== undefined) where('googleCalendarId = @calendarId', { calendarId });
  if (bay !== undefined) where('baseBay = @bay', { bay });
  if (period !== undefined) where('baseStart >= @from AND baseStart < @to', { from: period.from, to: period.to });
  if (withIntent !== undefined) where('intentSince IS NOT NULL');
  if (after !== undefined) where(`${KEY} > @after`, { after });
  const filter = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')} ` : '';
  if (limit !== undefined) parameters['limit'] = limit;
  const row = `json_array(${NAMES.join(', ')}) AS row`;
  const page = limit === undefined ? '' : ' LIMIT @limit';
  const sql = `SELECT ${row} FROM bookingEventMaps ${filter}ORDER BY ${KEY}${page}`;
  return { sql, parameters };
}

/** Every column, and its value in a map. */
const COLUMNS = {
  uscheduleAppointmentId: (map) => map.uscheduleAppointmentId,
  googleCalendarId: (map) => map.googleCalendarId,
  googleEventId: (map) => map.googleEventId,
  lastSyncedAt: (map) => map.lastSyncedAt,
  lastSource: (map) => map.lastSource,
  etag: (map) => map.etag,
  version: (map) => map.version,
  status: (map) => map.status,
  baseStart: (map) => map.base.start,
  baseEnd: (map) => map.base.end,
  baseBay: (map) => map.base.bay,
  baseTitle: (map) => map.base.title,
  baseDescription: (map) => map.base.description,
  fence: (map) => map.fence,
  bookingWrittenAt: (map) => map.bookingWrittenAt,
  eventUpdatedAt: (map) => map.eventUpdatedAt,
  intentKind: (map) => map.intent?.kind ?? null,
  intentStart: (map) => map.intent?.start ?? null,
  intentEnd: (map) => map.intent?.end ?? null,
  intentBay: (map) => map.intent?.bay ?? null,
  intentSince: (map) => map.intent?.since ?? null,
  intentTriedAt: (map) => map.intent?.triedAt ?? null,
  intentSuccessor: (map) => map.intent?.successor ?? null,
  supersededBy: (map) => map.supersededBy,
  intentWrite: (map) => map.intent?.write ?? null,
  flags: (map) => (map.flags ? JSON.stringify(map.flags) : null),
  eventLink: (map) => map.eventLink ?? null,
} satisfies Record<string, (map: BookingEventMap) => SqlValue>;

const NAMES = Object.keys(COLUMNS);
const VALUES = Object.entries<(map: BookingEventMap) => SqlValue>(COLUMNS);

function asRow(values: readonly unknown[]): SqlRow {
  const row: Record<string, unknown> = {};
  NAMES.forEach((name, index) => {
    row[name] = values[index];
  });
  return row;
}

function toRow(map: BookingEventMap): SqlParameters {
  const row: Record<string, SqlValue> = {};
  for (const [column, valueOf] of VALUES) row[column] = valueOf(map);
  return row;
}

function toMap(row: SqlRow): BookingEventMap {
  return {
    uscheduleAppointmentId: text(row, 'uscheduleAppointmentId'),
    googleCalendarId: text(row, 'googleCalendarId'),
    googleEventId: text(row, 'googleEventId'),
    lastSyncedAt: number(row, 'lastSyncedAt'),
    lastSource: oneOf(row, 'lastSource', ['USCHEDULE', 'GCAL']),
    etag: text(row, 'etag'),
    version: number(row, 'version'),
    status: oneOf(row, 'status', ['ACTIVE', 'CANCELED']),
    base: {
      start: number(row, 'baseStart'),
      end: number(row, 'baseEnd'),
      bay: textOrNull(row, 'baseBay'),
      title: text(row, 'baseTitle'),
      description: text(row, 'baseDescription'),
    },
    fence: number(row, 'fence'),
    bookingWrittenAt: numberOrNull(row, 'bookingWrittenAt'),
    eventUpdatedAt: numberOrNull(row, 'eventUpdatedAt'),
    intent:
      row['intentSince'] === null
        ? null
        : {
            kind: oneOf(row, 'intentKind', INTENT_KINDS),
            start: number(row, 'intentStart'),
            end: number(row, 'intentEnd'),
            bay: text(row, 'intentBay'),
            since: number(row, 'intentSince'),
            triedAt: number(row, 'intentTriedAt'),
            successor: textOrNull(row, 'intentSuccessor'),
            ...(typeof row['intentWrite'] === 'string' ? { write: row['intentWrite'] } : {}),
          },
    supersededBy: textOrNull(row, 'supersededBy'),
    ...(typeof row['flags'] === 'string' ? { flags: json<MirrorFlags>(row, 'flags', []) } : {}),
    ...(typeof row['eventLink'] === 'string' ? { eventLink: row['eventLink'] } : {}),
  };
}
