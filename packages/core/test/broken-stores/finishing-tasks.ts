import { Ok, type DeadLetter, type Instant } from '@loft/sync-core';
import type { ClaimedTask, StoreResult, TaskCounts } from '@loft/sync-core/store';
import { Breakable, type BrokenStores } from './breakable.js';

/** Stores with a defect when tasks are completed, postponed, dead-lettered, released or counted. */
export const brokenFinishing: BrokenStores = {
  'a stale claim may complete': class extends Breakable {
    override async completeTask(task: ClaimedTask, now: Instant, againAt: Instant): StoreResult<'done' | 'again'> {
      return super.completeTask(this.asHeld(task), now, againAt);
    }
  },
  'a stale claim of the same owner may complete': class extends Breakable {
    override async completeTask(task: ClaimedTask, now: Instant, againAt: Instant): StoreResult<'done' | 'again'> {
      const same = this.data.tasks.get(task.appointmentId)?.claim?.owner === task.owner;
      return super.completeTask(same ? this.asHeld(task) : task, now, againAt);
    }
  },
  'an expired claim that no other worker has taken cannot complete its task': class extends Breakable {
    override async completeTask(task: ClaimedTask, now: Instant, againAt: Instant): StoreResult<'done' | 'again'> {
      return super.completeTask(task.leaseUntil > now ? task : { ...task, fence: -1 }, now, againAt);
    }
  },
  'a task can be completed twice': class extends Breakable {
    override async completeTask(task: ClaimedTask, now: Instant, againAt: Instant): StoreResult<'done' | 'again'> {
      return this.data.tasks.has(task.appointmentId) ? super.completeTask(task, now, againAt) : Ok('done');
    }
  },
  'completing a task loses the marks that were made during the work': class extends Breakable {
    override async completeTask(task: ClaimedTask, now: Instant, againAt: Instant): StoreResult<'done' | 'again'> {
      return super.completeTask(this.asUnmarked(task), now, againAt);
    }
  },
  '`again` is not reported': class extends Breakable {
    override async completeTask(task: ClaimedTask, now: Instant, againAt: Instant): StoreResult<'done' | 'again'> {
      return (await super.completeTask(task, now, againAt)).map(() => 'done' as const);
    }
  },
  'a task that is due again keeps its old due time': class extends Breakable {
    override async completeTask(task: ClaimedTask, now: Instant, againAt: Instant): StoreResult<'done' | 'again'> {
      const before = this.data.tasks.get(task.appointmentId);
      const answer = await super.completeTask(task, now, againAt);
      const after = this.data.tasks.get(task.appointmentId);
      if (before && after) this.data.tasks.set(task.appointmentId, { ...after, dueAt: before.dueAt });
      return answer;
    }
  },
  'a task that is due again is due at once': class extends Breakable {
    override async completeTask(task: ClaimedTask, now: Instant): StoreResult<'done' | 'again'> {
      return super.completeTask(task, now, now);
    }
  },
  'a task that is due again keeps its attempts': class extends Breakable {
    override async completeTask(task: ClaimedTask, now: Instant, againAt: Instant): StoreResult<'done' | 'again'> {
      const before = this.data.tasks.get(task.appointmentId);
      const answer = await super.completeTask(task, now, againAt);
      const after = this.data.tasks.get(task.appointmentId);
      if (before && after) this.data.tasks.set(task.appointmentId, { ...after, attempts: before.attempts });
      return answer;
    }
  },
  'a stale claim may postpone': class extends Breakable {
    override async postponeTask(task: ClaimedTask, dueAt: Instant, attempts: number, now: Instant): StoreResult<void> {
      return super.postponeTask(this.asHeld(task), dueAt, attempts, now);
    }
  },
  'postponing a task loses the marks that were made during the work': class extends Breakable {
    override async postponeTask(task: ClaimedTask, dueAt: Instant, attempts: number, now: Instant): StoreResult<void> {
      return super.postponeTask(this.asUnmarked(task), dueAt, attempts, now);
    }
  },
  'postponing a task does not keep its attempts': class extends Breakable {
    override async postponeTask(task: ClaimedTask, dueAt: Instant, _: number, now: Instant): StoreResult<void> {
      return super.postponeTask(task, dueAt, 0, now);
    }
  },
  'postponing a task cannot set an earlier due time': class extends Breakable {
    override async postponeTask(task: ClaimedTask, dueAt: Instant, attempts: number, now: Instant): StoreResult<void> {
      return super.postponeTask(task, Math.max(dueAt, now), attempts, now);
    }
  },
  'a postponed task stays claimed': class extends Breakable {
    override async postponeTask(task: ClaimedTask, dueAt: Instant, attempts: number, now: Instant): StoreResult<void> {
      const claim = this.data.tasks.get(task.appointmentId)?.claim ?? null;
      const answer = await super.postponeTask(task, dueAt, attempts, now);
      const after = this.data.tasks.get(task.appointmentId);
      if (after) this.data.tasks.set(task.appointmentId, { ...after, claim });
      return answer;
    }
  },
  'a dead-lettered task is not removed': class extends Breakable {
    override async deadLetterTask(task: ClaimedTask, letter: DeadLetter): StoreResult<void> {
      const stored = this.data.tasks.get(task.appointmentId);
      const answer = await super.deadLetterTask(task, letter);
      if (stored) this.data.tasks.set(task.appointmentId, { ...stored, claim: null });
      return answer;
    }
  },
  'dead-lettering a task loses the marks that were made during the work': class extends Breakable {
    override async deadLetterTask(task: ClaimedTask, letter: DeadLetter): StoreResult<void> {
      return super.deadLetterTask(this.asUnmarked(task), letter);
    }
  },
  'dead-lettering a marked task stores no dead letter': class extends Breakable {
    override async deadLetterTask(task: ClaimedTask, letter: DeadLetter): StoreResult<void> {
      const stored = this.data.tasks.get(task.appointmentId);
      if (!stored || stored.mark === task.mark) return super.deadLetterTask(task, letter);
      return (await this.completeTask(task, letter.at, letter.at)).map(() => undefined);
    }
  },
  'a stale claim may store a dead letter': class extends Breakable {
    override async deadLetterTask(task: ClaimedTask, letter: DeadLetter): StoreResult<void> {
      return super.deadLetterTask(this.asHeld(task), letter);
    }
  },
  'a stale claim leaves a dead letter behind': class extends Breakable {
    override async deadLetterTask(task: ClaimedTask, letter: DeadLetter): StoreResult<void> {
      const answer = await super.deadLetterTask(task, letter);
      if (answer.err) this.data.deadLetters.set(letter.appointmentId, letter);
      return answer;
    }
  },
  'releasing the tasks of one owner releases the tasks of all': class extends Breakable {
    override async releaseTasks(): StoreResult<void> {
      const owners = new Set([...this.data.tasks.values()].flatMap((task) => task.claim?.owner ?? []));
      for (const owner of owners) await super.releaseTasks(owner);
      return Ok.EMPTY;
    }
  },
  'releasing the tasks of an owner has no effect': class extends Breakable {
    override async releaseTasks(): StoreResult<void> {
      return Ok.EMPTY;
    }
  },
  'releasing the tasks of an owner removes them': class extends Breakable {
    override async releaseTasks(owner: string): StoreResult<void> {
      for (const task of this.data.tasks.values()) {
        if (task.claim?.owner === owner) this.data.tasks.delete(task.appointmentId);
      }
      return Ok.EMPTY;
    }
  },
  'the next due time ignores the expiry of leases': class extends Breakable {
    override async nextTaskDueAt(): StoreResult<Instant | null> {
      const due = [...this.data.tasks.values()].filter((task) => !task.claim).map((task) => task.dueAt);
      return Ok(due.length > 0 ? Math.min(...due) : null);
    }
  },
  'the next due time of a claimed task is its old due time': class extends Breakable {
    override async nextTaskDueAt(): StoreResult<Instant | null> {
      const due = [...this.data.tasks.values()].map((task) => task.dueAt);
      return Ok(due.length > 0 ? Math.min(...due) : null);
    }
  },
  'a task counts as claimed after its lease has expired': class extends Breakable {
    override async countTasks(now: Instant): StoreResult<TaskCounts> {
      const tasks = [...this.data.tasks.values()];
      const claimed = tasks.filter((task) => task.claim).length;
      const due = tasks.filter((task) => !task.claim && task.dueAt <= now).length;
      return Ok({ claimed, due, waiting: tasks.length - claimed - due });
    }
  },
  'a task that is due now counts as waiting': class extends Breakable {
    override async countTasks(now: Instant): StoreResult<TaskCounts> {
      return super.countTasks(now - 1);
    }
  },
};
