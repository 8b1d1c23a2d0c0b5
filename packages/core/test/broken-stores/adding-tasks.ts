import { Ok, type Instant } from '@loft/sync-core';
import type { NewTask, StoreResult } from '@loft/sync-core/store';
import { Breakable, giveWay, type BrokenStores } from './breakable.js';

/** Stores with a defect in adding or marking tasks. */
export const brokenAdding: BrokenStores = {
  'only the first 1,000 of a batch are stored': class extends Breakable {
    override async addTasks(tasks: readonly NewTask[], now: Instant): StoreResult<void> {
      return super.addTasks(tasks.slice(0, 1000), now);
    }
  },
  'a batch is answered before it is stored': class extends Breakable {
    override async addTasks(tasks: readonly NewTask[], now: Instant): StoreResult<void> {
      void giveWay()
        .then(giveWay)
        .then(() => super.addTasks(tasks, now));
      return Ok.EMPTY;
    }
  },
  'only the last of several marks of a task in one batch counts': class extends Breakable {
    override async addTasks(tasks: readonly NewTask[], now: Instant): StoreResult<void> {
      return super.addTasks([...new Map(tasks.map((task) => [task.appointmentId, task])).values()], now);
    }
  },
  'a mark on a claimed task is lost': class extends Breakable {
    override async addTasks(tasks: readonly NewTask[], now: Instant): StoreResult<void> {
      return super.addTasks(
        tasks.filter((task) => !this.data.tasks.get(task.appointmentId)?.claim),
        now,
      );
    }
  },
  'a mark ends the claim of the task': class extends Breakable {
    override async addTasks(tasks: readonly NewTask[], now: Instant): StoreResult<void> {
      const answer = await super.addTasks(tasks, now);
      for (const { appointmentId } of tasks) {
        const task = this.data.tasks.get(appointmentId);
        if (task) this.data.tasks.set(appointmentId, { ...task, claim: null });
      }
      return answer;
    }
  },
  'a mark delays a task that was due earlier': class extends Breakable {
    override async addTasks(tasks: readonly NewTask[], now: Instant): StoreResult<void> {
      const answer = await super.addTasks(tasks, now);
      for (const { appointmentId, dueAt } of tasks) {
        const task = this.data.tasks.get(appointmentId);
        if (task) this.data.tasks.set(appointmentId, { ...task, dueAt });
      }
      return answer;
    }
  },
  'a mark with an earlier due time does not change the due time': class extends Breakable {
    override async addTasks(tasks: readonly NewTask[], now: Instant): StoreResult<void> {
      return super.addTasks(
        tasks.map((task) => ({ ...task, dueAt: this.data.tasks.get(task.appointmentId)?.dueAt ?? task.dueAt })),
        now,
      );
    }
  },
  'a mark does not change the trigger': class extends Breakable {
    override async addTasks(tasks: readonly NewTask[], now: Instant): StoreResult<void> {
      return super.addTasks(
        tasks.map((task) => ({ ...task, trigger: this.data.tasks.get(task.appointmentId)?.trigger ?? task.trigger })),
        now,
      );
    }
  },
  'a mark without an event removes the event of the task': class extends Breakable {
    override async addTasks(tasks: readonly NewTask[], now: Instant): StoreResult<void> {
      const answer = await super.addTasks(tasks, now);
      for (const { appointmentId, event } of tasks) {
        const task = this.data.tasks.get(appointmentId);
        if (task) this.data.tasks.set(appointmentId, { ...task, event });
      }
      return answer;
    }
  },
  'a mark changes the creation time of the task': class extends Breakable {
    override async addTasks(tasks: readonly NewTask[], now: Instant): StoreResult<void> {
      const answer = await super.addTasks(tasks, now);
      for (const { appointmentId } of tasks) {
        const task = this.data.tasks.get(appointmentId);
        if (task) this.data.tasks.set(appointmentId, { ...task, createdAt: now });
      }
      return answer;
    }
  },
};
