import { Err, Ok, type DeadLetter, type Instant, type Result, type SyncError } from '@loft/sync-core';
import type { ClaimedTask, ClaimRequest, NewTask, TaskCounts } from '@loft/sync-core/store';
import { ObjectId, type Collection, type Filter, type UpdateFilter } from 'mongodb';
import { inBatches } from './batches.js';
import type { DeadLetters } from './dead-letters.js';
import type { Fences } from './fences.js';
import { foldTasks, type TaskMark } from './fold-tasks.js';
import { againstDuplicates } from './put-record.js';
import type { Stored, TaskRecord } from './records.js';
import { storeError } from './store-error.js';
import { insertMissing } from './insert-missing.js';

/** Maximum attempts to claim when other replicas claim the same tasks. */
const CLAIM_ROUNDS = 5;

const FREE = { owner: null, leaseUntil: 0 } as const;

/** The tasks: one document for each appointment. */
export class Tasks {
  readonly #tasks: Collection<Stored<TaskRecord>>;
  readonly #letters: DeadLetters;
  readonly #fences: Fences;

  constructor(tasks: Collection<Stored<TaskRecord>>, letters: DeadLetters, fences: Fences) {
    this.#tasks = tasks;
    this.#letters = letters;
    this.#fences = fences;
  }

  /** Inserts the tasks and marks existing ones. */
  async add(tasks: readonly NewTask[], now: Instant): Promise<void> {
    const marks = foldTasks(tasks);
    const there = await insertMissing(
      this.#tasks,
      marks.map((mark) => newRecord(mark, now)),
    );
    const toMark = marks.filter((mark) => there.has(mark.appointmentId));
    await inBatches(toMark, async (batch) => {
      // An upsert, because a task may have been completed in between.
      const operations = batch.map((mark) => ({
        updateOne: { filter: { _id: mark.appointmentId }, update: marking(mark, now), upsert: true },
      }));
      // The whole batch is tried again. An extra mark causes one extra round of work and no harm.
      await againstDuplicates(() => this.#tasks.bulkWrite(operations, { ordered: false }).then(() => undefined));
    });
  }

  async claim(request: ClaimRequest): Promise<readonly ClaimedTask[]> {
    const { latestDueAt } = request;
    if (latestDueAt !== undefined) await this.#tasks.updateMany(leaseAfter(latestDueAt), { $set: FREE });
    const claimed: ClaimedTask[] = [];
    for (let round = 0; round < CLAIM_ROUNDS && claimed.length < request.limit; round++) {
      const limit = request.limit - claimed.length;
      const found = await this.#tasks.find(dueFilter(request)).sort({ dueAt: 1, _id: 1 }).limit(limit).toArray();
      if (found.length === 0) break;
      // Reserved after the tasks were read: a claim that the read missed has a lower number.
      const firstFence = await this.#fences.take(found.length, request.now);
      const taken = await Promise.all(found.map((task, index) => this.#take(task, firstFence + index, request)));
      const ours = taken.filter((task) => task !== null);
      claimed.push(...ours);
      if (ours.length === found.length && found.length < limit) break;
    }
    return claimed;
  }

  async renew(task: ClaimedTask, leaseUntil: Instant): Promise<Result<void, SyncError>> {
    const renewed = await this.#tasks.updateOne(held(task), { $set: { leaseUntil } });
    return renewed.matchedCount === 1 ? Ok.EMPTY : noLongerOurs('renewTask', task);
  }

  async complete(task: ClaimedTask, now: Instant, againAt: Instant): Promise<Result<'done' | 'again', SyncError>> {
    const removed = await this.#tasks.deleteOne({ ...held(task), mark: task.mark });
    if (removed.deletedCount === 1) return Ok('done');
    const renewed = await this.#tasks.updateOne(held(task), {
      $set: { ...FREE, dueAt: againAt, attempts: 0, claims: 0, createdAt: now },
    });
    return renewed.matchedCount === 1 ? Ok('again') : noLongerOurs('completeTask', task);
  }

  async postpone(
    task: ClaimedTask,
    dueAt: Instant,
    attempts: number,
    againAt: Instant,
  ): Promise<Result<void, SyncError>> {
    const unmarked = { ...held(task), mark: task.mark };
    const postponed = await this.#tasks.updateOne(unmarked, { $set: { ...FREE, dueAt, attempts } });
    if (postponed.matchedCount === 1) return Ok.EMPTY;
    const marked = await this.#tasks.updateOne(held(task), { $set: { ...FREE, dueAt: againAt, attempts } });
    return marked.matchedCount === 1 ? Ok.EMPTY : noLongerOurs('postponeTask', task);
  }

  /** Stores the dead letter first: after an interruption the task still exists. */
  async deadLetter(task: ClaimedTask, letter: DeadLetter): Promise<Result<void, SyncError>> {
    if ((await this.#tasks.findOne(held(task))) === null) return noLongerOurs('deadLetterTask', task);
    await this.#letters.put(letter);
    return (await this.complete(task, letter.at, letter.at))
      .map(() => undefined)
      .mapErr((error) => ({ ...error, method: 'deadLetterTask' }));
  }

  async release(owner: string): Promise<void> {
    await this.#tasks.updateMany({ owner }, { $set: FREE });
  }

  async nextDueAt(): Promise<Instant | null> {
    const [[free], [leased]] = await Promise.all([
      this.#tasks.find({ leaseUntil: 0 }).sort({ dueAt: 1 }).limit(1).toArray(),
      this.#tasks
        .find({ leaseUntil: { $gt: 0 } })
        .sort({ leaseUntil: 1 })
        .limit(1)
        .toArray(),
    ]);
    if (free && leased) return Math.min(free.dueAt, leased.leaseUntil);
    return free?.dueAt ?? leased?.leaseUntil ?? null;
  }

  async count(now: Instant): Promise<TaskCounts> {
    const [due, waiting, claimed] = await Promise.all([
      this.#tasks.countDocuments({ leaseUntil: { $lte: now }, dueAt: { $lte: now } }),
      this.#tasks.countDocuments({ leaseUntil: { $lte: now }, dueAt: { $gt: now } }),
      this.#tasks.countDocuments({ leaseUntil: { $gt: now } }),
    ]);
    return { due, waiting, claimed };
  }

  /** Claims a task if it has not changed since it was read. */
  async #take(
    { appointmentId, incarnation, fence: before }: TaskRecord,
    fence: number,
    { owner, now, leaseMs }: ClaimRequest,
  ): Promise<ClaimedTask | null> {
    const unclaimed = { _id: appointmentId, incarnation, fence: before, leaseUntil: { $lte: now } };
    const task = await this.#tasks.findOneAndUpdate(
      unclaimed,
      { $set: { owner, fence, leaseUntil: now + leaseMs }, $inc: { claims: 1 }, $min: { createdAt: now } },
      { returnDocument: 'after' },
    );
    if (!task) return null;
    const { leaseUntil, mark, trigger, event, attempts, claims, createdAt } = task;
    return { appointmentId, owner, fence, leaseUntil, mark, trigger, event, attempts, claims, createdAt };
  }
}

/** Filter: due and not held. */
export function dueFilter({
  now,
  only,
  latestDueAt,
}: Pick<ClaimRequest, 'now' | 'only' | 'latestDueAt'>): Filter<Stored<TaskRecord>> {
  const named = only && { _id: { $in: [...new Set(only)] } };
  const due = { dueAt: { $lte: now } };
  const isDue = latestDueAt === undefined ? due : { $or: [due, { dueAt: { $gt: latestDueAt } }] };
  return { ...named, ...isDue, leaseUntil: { $lte: now } };
}

/** Filter: the lease ends after that time. Its holder's clock was ahead. */
export function leaseAfter(latest: Instant): Filter<Stored<TaskRecord>> {
  return { leaseUntil: { $gt: latest } };
}

/** Filter: the claim is still ours. The task was not claimed again and not released. */
function held({ appointmentId, owner, fence }: ClaimedTask): Filter<Stored<TaskRecord>> {
  return { _id: appointmentId, owner, fence };
}

function newRecord({ appointmentId, dueAt, trigger, event, marks }: TaskMark, now: Instant): Stored<TaskRecord> {
  return { _id: appointmentId, appointmentId, dueAt, trigger, event, mark: marks, ...unworked(now) };
}

function marking(
  { appointmentId, dueAt, trigger, event, marks }: TaskMark,
  now: Instant,
): UpdateFilter<Stored<TaskRecord>> {
  return {
    $inc: { mark: marks },
    $min: { dueAt },
    $set: { trigger, ...(event && { event }) },
    $setOnInsert: { appointmentId, ...unworked(now), ...(!event && { event }) },
  };
}

function unworked(
  now: Instant,
): Pick<TaskRecord, 'attempts' | 'claims' | 'createdAt' | 'fence' | 'owner' | 'leaseUntil' | 'incarnation'> {
  return { attempts: 0, claims: 0, createdAt: now, fence: 0, ...FREE, incarnation: new ObjectId() };
}

function noLongerOurs(method: string, task: ClaimedTask): Result<never, SyncError> {
  const message = `the task of ${task.appointmentId} is no longer held under fence ${task.fence}`;
  return Err(storeError(method, 'conflict', message));
}
