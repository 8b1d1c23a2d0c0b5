import { Err, Ok, type DeadLetter, type Instant, type Result, type SyncError } from '@loft/sync-core';
import type { ClaimedTask, ClaimRequest, NewTask, TaskCounts } from '@loft/sync-core/store';
import type { Command, Query, SqlRow, SqliteDatabase } from './database.js';
import type { DeadLetters } from './dead-letters.js';
import { number, numberOrNull, oneOf, text, textOrNull } from './row.js';
import { storeError } from './store-error.js';

/** The texts of the queries, where a test can see which index they use. */
export const TASK_QUERIES = {
  due: `SELECT * FROM tasks WHERE dueAt <= @now AND (leaseUntil IS NULL OR leaseUntil <= @now)
        ORDER BY dueAt, appointmentId LIMIT @limit`,
  dueAmong: `SELECT * FROM tasks WHERE appointmentId IN (SELECT value FROM json_each(@only))
             AND dueAt <= @now AND (leaseUntil IS NULL OR leaseUntil <= @now)
             ORDER BY dueAt, appointmentId LIMIT @limit`,
  next: `SELECT min(at) AS at FROM (
           SELECT min(dueAt) AS at FROM tasks WHERE leaseUntil IS NULL
           UNION ALL SELECT min(leaseUntil) FROM tasks WHERE leaseUntil IS NOT NULL)`,
  counts: `SELECT count(*) AS tasks,
                  coalesce(sum(leaseUntil > @now), 0) AS claimed,
                  coalesce(sum((leaseUntil IS NULL OR leaseUntil <= @now) AND dueAt <= @now), 0) AS due
           FROM tasks`,
  release: `UPDATE tasks SET owner = NULL, leaseUntil = NULL WHERE owner = @owner`,
  takeFences: `UPDATE counters SET value = value + @count WHERE name = 'fence' RETURNING value`,
} as const;

/** The claim is still ours: nobody claimed the task since, and it was not given back. */
const HELD = 'appointmentId = @appointmentId AND owner = @owner AND fence = @fence';
/** No mark came since it was claimed. */
const UNMARKED = 'mark = @mark';

/** The tasks: one row for each appointment. */
export class Tasks {
  readonly #database: SqliteDatabase;
  readonly #letters: DeadLetters;
  readonly #add: Command;
  readonly #due: Query;
  readonly #dueAmong: Query;
  readonly #takeFences: Query;
  readonly #claim: Command;
  readonly #remove: Command;
  readonly #renew: Command;
  readonly #startAgain: Command;
  readonly #postpone: Command;
  readonly #release: Command;
  readonly #releaseAll: Command;
  readonly #next: Query;
  readonly #counts: Query;

  constructor(database: SqliteDatabase, letters: DeadLetters) {
    this.#database = database;
    this.#letters = letters;
    this.#add = database.command(
      `INSERT INTO tasks (appointmentId, dueAt, "trigger", eventCalendarId, eventId, mark, attempts, claims, createdAt, fence)
       VALUES (@appointmentId, @dueAt, @trigger, @eventCalendarId, @eventId, 1, 0, 0, @now, 0)
       ON CONFLICT (appointmentId) DO UPDATE SET
         mark = mark + 1,
         dueAt = min(dueAt, excluded.dueAt),
         "trigger" = excluded."trigger",
         eventCalendarId = iif(excluded.eventId IS NULL, eventCalendarId, excluded.eventCalendarId),
         eventId = coalesce(excluded.eventId, eventId)`,
    );
    this.#due = database.query(TASK_QUERIES.due);
    this.#dueAmong = database.query(TASK_QUERIES.dueAmong);
    this.#takeFences = database.query(TASK_QUERIES.takeFences);
    this.#claim = database.command(
      `UPDATE tasks SET owner = @owner, fence = @fence, leaseUntil = @leaseUntil, claims = claims + 1
       WHERE appointmentId = @appointmentId`,
    );
    this.#renew = database.command(`UPDATE tasks SET leaseUntil = @leaseUntil WHERE ${HELD}`);
    this.#remove = database.command(`DELETE FROM tasks WHERE ${HELD} AND ${UNMARKED}`);
    this.#startAgain = database.command(
      `UPDATE tasks SET dueAt = @againAt, attempts = 0, claims = 0, createdAt = @now, owner = NULL, leaseUntil = NULL
       WHERE ${HELD}`,
    );
    this.#postpone = database.command(
      `UPDATE tasks SET dueAt = iif(${UNMARKED}, @dueAt, @againAt), attempts = @attempts, owner = NULL, leaseUntil = NULL
       WHERE ${HELD}`,
    );
    this.#release = database.command(TASK_QUERIES.release);
    this.#releaseAll = database.command(
      'UPDATE tasks SET owner = NULL, leaseUntil = NULL WHERE leaseUntil IS NOT NULL',
    );
    this.#next = database.query(TASK_QUERIES.next);
    this.#counts = database.query(TASK_QUERIES.counts);
  }

  add(tasks: readonly NewTask[], now: Instant): void {
    this.#database.transaction(() => {
      for (const { appointmentId, dueAt, trigger, event } of tasks) {
        this.#add.run({
          appointmentId,
          dueAt,
          trigger,
          eventCalendarId: event?.calendarId ?? null,
          eventId: event?.eventId ?? null,
          now,
        });
      }
    });
  }

  claim({ owner, now, leaseMs, limit, only }: ClaimRequest): readonly ClaimedTask[] {
    if (limit <= 0 || only?.length === 0) return [];
    const rows = only ? this.#dueAmong.all({ only: JSON.stringify(only), now, limit }) : this.#due.all({ now, limit });
    // Nothing due is the usual case, and costs no write. Nobody can come between: the file is ours and this runs at once.
    if (rows.length === 0) return [];
    const leaseUntil = now + leaseMs;
    return this.#database.transaction(() => {
      const last = this.#takeFences.first({ count: rows.length });
      const firstFence = number(last ?? {}, 'value') - rows.length + 1;
      return rows.map((row, index) => {
        const fence = firstFence + index;
        this.#claim.run({ appointmentId: text(row, 'appointmentId'), owner, fence, leaseUntil });
        return toClaimedTask(row, owner, fence, leaseUntil);
      });
    });
  }

  renew(task: ClaimedTask, leaseUntil: Instant): Result<void, SyncError> {
    const { appointmentId, owner, fence } = task;
    const renewed = this.#renew.run({ appointmentId, owner, fence, leaseUntil });
    return renewed === 1 ? Ok.EMPTY : noLongerOurs('renewTask', task);
  }

  complete(task: ClaimedTask, now: Instant, againAt: Instant): Result<'done' | 'again', SyncError> {
    const { appointmentId, owner, fence, mark } = task;
    if (this.#remove.run({ appointmentId, owner, fence, mark }) === 1) return Ok('done');
    if (this.#startAgain.run({ appointmentId, owner, fence, now, againAt }) === 1) return Ok('again');
    return noLongerOurs('completeTask', task);
  }

  postpone(task: ClaimedTask, dueAt: Instant, attempts: number, againAt: Instant): Result<void, SyncError> {
    const { appointmentId, owner, fence, mark } = task;
    const changed = this.#postpone.run({ appointmentId, owner, fence, mark, dueAt, attempts, againAt });
    return changed === 1 ? Ok.EMPTY : noLongerOurs('postponeTask', task);
  }

  bury(task: ClaimedTask, letter: DeadLetter): Result<void, SyncError> {
    return this.#database.transaction(() => {
      const ended = this.complete(task, letter.at, letter.at);
      if (ended.err) return noLongerOurs('buryTask', task);
      this.#letters.put(letter);
      return Ok.EMPTY;
    });
  }

  release(owner: string): void {
    this.#release.run({ owner });
  }

  /** Lets go of everything anybody holds: for a file whose last process is gone. */
  releaseAll(): void {
    this.#releaseAll.run();
  }

  nextDueAt(): Instant | null {
    return numberOrNull(this.#next.first() ?? {}, 'at');
  }

  count(now: Instant): TaskCounts {
    const row = this.#counts.first({ now }) ?? {};
    const due = number(row, 'due');
    const claimed = number(row, 'claimed');
    return { due, claimed, waiting: number(row, 'tasks') - due - claimed };
  }
}

function toClaimedTask(row: SqlRow, owner: string, fence: number, leaseUntil: Instant): ClaimedTask {
  const eventId = textOrNull(row, 'eventId');
  return {
    appointmentId: text(row, 'appointmentId'),
    owner,
    fence,
    leaseUntil,
    mark: number(row, 'mark'),
    trigger: oneOf(row, 'trigger', ['hint', 'poll', 'sweep', 'replay', 'follow-up']),
    event: eventId === null ? null : { calendarId: text(row, 'eventCalendarId'), eventId },
    attempts: number(row, 'attempts'),
    claims: number(row, 'claims') + 1,
    createdAt: number(row, 'createdAt'),
  };
}

function noLongerOurs(method: string, task: ClaimedTask): Result<never, SyncError> {
  const message = `the task of ${task.appointmentId} is no longer held under fence ${task.fence}`;
  return Err(storeError(method, 'conflict', message));
}
