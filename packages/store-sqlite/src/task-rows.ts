import type { Instant } from '@loft/sync-core';
import type { ClaimedTask } from '@loft/sync-core/store';
import type { Command, SqliteDatabase, SqlRow } from './database.js';
import { number, oneOf, text, textOrNull } from './row.js';
import { upsert } from './sql.js';

/** A task without the claim of its worker. */
export interface QueuedTask extends Omit<ClaimedTask, 'owner' | 'fence' | 'leaseUntil'> {
  readonly dueAt: Instant;
}

const COLUMNS = [
  'appointmentId',
  'dueAt',
  'trigger',
  'eventCalendarId',
  'eventId',
  'mark',
  'attempts',
  'claims',
  'createdAt',
] as const;

/** The rows of the tasks, one for each appointment. */
export class TaskRows {
  readonly #database: SqliteDatabase;
  readonly #put: Command;
  readonly #remove: Command;

  constructor(database: SqliteDatabase) {
    this.#database = database;
    this.#put = database.command(upsert('tasks', 'appointmentId', COLUMNS));
    this.#remove = database.command('DELETE FROM tasks WHERE appointmentId = @appointmentId');
  }

  all(): readonly QueuedTask[] {
    return this.#database.query('SELECT * FROM tasks').all().map(toTask);
  }

  put({ event, appointmentId, dueAt, trigger, mark, attempts, claims, createdAt }: QueuedTask): void {
    const eventCalendarId = event?.calendarId ?? null;
    const eventId = event?.eventId ?? null;
    this.#put.run({ appointmentId, dueAt, trigger, eventCalendarId, eventId, mark, attempts, claims, createdAt });
  }

  remove(appointmentId: string): void {
    this.#remove.run({ appointmentId });
  }
}

function toTask(row: SqlRow): QueuedTask {
  const eventId = textOrNull(row, 'eventId');
  return {
    appointmentId: text(row, 'appointmentId'),
    dueAt: number(row, 'dueAt'),
    trigger: oneOf(row, 'trigger', ['hint', 'poll', 'sweep', 'replay', 'follow-up']),
    event: eventId === null ? null : { calendarId: text(row, 'eventCalendarId'), eventId },
    mark: number(row, 'mark'),
    attempts: number(row, 'attempts'),
    claims: number(row, 'claims'),
    createdAt: number(row, 'createdAt'),
  };
}
