import { Ok, type Instant } from '@loft/sync-core';
import type { ClaimedTask, ClaimRequest, StoreResult } from '@loft/sync-core/store';
import { Breakable, giveWay, type BrokenStores } from './breakable.js';

/** Stores that go wrong when tasks are claimed. */
export const brokenClaiming: BrokenStores = {
  'a lease is ignored when tasks are claimed': class extends Breakable {
    override async claimTasks(request: ClaimRequest): StoreResult<readonly ClaimedTask[]> {
      for (const task of this.data.tasks.values()) this.data.tasks.set(task.appointmentId, { ...task, claim: null });
      return super.claimTasks(request);
    }
  },
  'an owner can claim a task that it has claimed already': class extends Breakable {
    override async claimTasks(request: ClaimRequest): StoreResult<readonly ClaimedTask[]> {
      for (const task of this.data.tasks.values()) {
        if (task.claim?.owner === request.owner) this.data.tasks.set(task.appointmentId, { ...task, claim: null });
      }
      return super.claimTasks(request);
    }
  },
  'the lease of a task never expires': class extends Breakable {
    override async claimTasks(request: ClaimRequest): StoreResult<readonly ClaimedTask[]> {
      const free = [...this.data.tasks.values()].filter((task) => !task.claim).map((task) => task.appointmentId);
      return super.claimTasks({ ...request, only: free.filter((id) => request.only?.includes(id) ?? true) });
    }
  },
  'the lease of a task is still valid at the time of its expiry': class extends Breakable {
    override async claimTasks(request: ClaimRequest): StoreResult<readonly ClaimedTask[]> {
      const late = [...this.data.tasks.values()].filter((task) => task.claim?.leaseUntil !== request.now);
      const ids = late.map((task) => task.appointmentId);
      return super.claimTasks({ ...request, only: ids.filter((id) => request.only?.includes(id) ?? true) });
    }
  },
  'claimable tasks are read before the claim, not atomically': class extends Breakable {
    override async claimTasks(request: ClaimRequest): StoreResult<readonly ClaimedTask[]> {
      const free = [...this.data.tasks.values()].filter((task) => !task.claim).map((task) => task.appointmentId);
      await giveWay();
      for (const id of free) {
        const task = this.data.tasks.get(id);
        if (task) this.data.tasks.set(id, { ...task, claim: null });
      }
      return super.claimTasks(request);
    }
  },
  'tasks are claimed before they are due': class extends Breakable {
    override async claimTasks(request: ClaimRequest): StoreResult<readonly ClaimedTask[]> {
      for (const task of this.data.tasks.values()) {
        this.data.tasks.set(task.appointmentId, { ...task, dueAt: Math.min(task.dueAt, request.now) });
      }
      return super.claimTasks(request);
    }
  },
  'tasks that were stored by a clock that was ahead are never claimed': class extends Breakable {
    override async claimTasks({ latestDueAt: _, ...request }: ClaimRequest): StoreResult<readonly ClaimedTask[]> {
      return super.claimTasks(request);
    }
  },
  'a lease that was set by a clock that was ahead is respected': class extends Breakable {
    override async claimTasks(request: ClaimRequest): StoreResult<readonly ClaimedTask[]> {
      const held = [...this.data.tasks.values()].filter(({ claim }) => (claim?.leaseUntil ?? 0) > request.now);
      const only = [...this.data.tasks.keys()].filter((id) => !held.some(({ appointmentId }) => appointmentId === id));
      const named = request.only ? only.filter((id) => request.only?.includes(id)) : only;
      return super.claimTasks({ ...request, only: named });
    }
  },
  'a creation time in the future is kept': class extends Breakable {
    override async claimTasks(request: ClaimRequest): StoreResult<readonly ClaimedTask[]> {
      const before = new Map(this.data.tasks);
      return (await super.claimTasks(request)).map((tasks) =>
        tasks.map((task) => ({ ...task, createdAt: before.get(task.appointmentId)!.createdAt })),
      );
    }
  },
  'a creation time is corrected only in the answer of a claim': class extends Breakable {
    override async claimTasks(request: ClaimRequest): StoreResult<readonly ClaimedTask[]> {
      const before = new Map(this.data.tasks);
      const claimed = await super.claimTasks(request);
      for (const [id, task] of this.data.tasks)
        this.data.tasks.set(id, { ...task, createdAt: before.get(id)!.createdAt });
      return claimed;
    }
  },
  'tasks are claimed in the order of their ids': class extends Breakable {
    override async claimTasks(request: ClaimRequest): StoreResult<readonly ClaimedTask[]> {
      const due = [...this.data.tasks.values()].filter((task) => task.dueAt <= request.now && !task.claim);
      const first = due.map((task) => task.appointmentId).sort();
      const only = first.filter((id) => request.only?.includes(id) ?? true).slice(0, request.limit);
      return (await super.claimTasks({ ...request, only })).map((tasks) =>
        tasks.toSorted((a, b) => (a.appointmentId < b.appointmentId ? -1 : 1)),
      );
    }
  },
  'the limit of a claim is ignored': class extends Breakable {
    override async claimTasks(request: ClaimRequest): StoreResult<readonly ClaimedTask[]> {
      return super.claimTasks({ ...request, limit: 1000 });
    }
  },
  '`only` is ignored': class extends Breakable {
    override async claimTasks({ only: _, ...request }: ClaimRequest): StoreResult<readonly ClaimedTask[]> {
      return super.claimTasks(request);
    }
  },
  'an empty `only` counts as an absent one': class extends Breakable {
    override async claimTasks({ only, ...request }: ClaimRequest): StoreResult<readonly ClaimedTask[]> {
      return super.claimTasks(only && only.length > 0 ? { ...request, only } : request);
    }
  },
  'the claims of a task are not counted': class extends Breakable {
    override async claimTasks(request: ClaimRequest): StoreResult<readonly ClaimedTask[]> {
      return (await super.claimTasks(request)).map((tasks) => tasks.map((task) => ({ ...task, claims: 1 })));
    }
  },
  'fences restart when the last task is removed': class extends Breakable {
    override async completeTask(task: ClaimedTask, now: Instant, againAt: Instant): StoreResult<'done' | 'again'> {
      const answer = await super.completeTask(task, now, againAt);
      if (this.data.tasks.size === 0) this.data.lastFence = 1;
      return answer;
    }
  },
  'the fences of a new store begin at one': class extends Breakable {
    override async claimTasks(request: ClaimRequest): StoreResult<readonly ClaimedTask[]> {
      this.data.lastFence ||= 1;
      return super.claimTasks(request);
    }
  },
  'each task has its own sequence of fences': class extends Breakable {
    override async claimTasks(request: ClaimRequest): StoreResult<readonly ClaimedTask[]> {
      const claimed = (await super.claimTasks(request)).unwrap();
      return Ok(
        claimed.map((claim) => {
          const task = this.data.tasks.get(claim.appointmentId)!;
          this.data.tasks.set(task.appointmentId, { ...task, claim: { ...task.claim!, fence: task.claims } });
          return { ...claim, fence: task.claims };
        }),
      );
    }
  },
  'a batch is claimed under one fence': class extends Breakable {
    override async claimTasks(request: ClaimRequest): StoreResult<readonly ClaimedTask[]> {
      const claimed = (await super.claimTasks(request)).unwrap();
      const fence = this.data.lastFence;
      return Ok(
        claimed.map((claim) => {
          const task = this.data.tasks.get(claim.appointmentId)!;
          this.data.tasks.set(task.appointmentId, { ...task, claim: { ...task.claim!, fence } });
          return { ...claim, fence };
        }),
      );
    }
  },
  'a renewal does not extend the lease of a task': class extends Breakable {
    override async renewTask(task: ClaimedTask): StoreResult<void> {
      return super.renewTask(task, task.leaseUntil);
    }
  },
  'a stale claim may be renewed': class extends Breakable {
    override async renewTask(task: ClaimedTask, leaseUntil: Instant): StoreResult<void> {
      return super.renewTask(this.asHeld(task), leaseUntil);
    }
  },
  'a released claim can be renewed': class extends Breakable {
    override async renewTask(task: ClaimedTask, leaseUntil: Instant): StoreResult<void> {
      const stored = this.data.tasks.get(task.appointmentId);
      return stored?.claim === null ? Ok.EMPTY : super.renewTask(task, leaseUntil);
    }
  },
  'an expired claim that no other worker has taken cannot be renewed': class extends Breakable {
    override async renewTask(task: ClaimedTask, leaseUntil: Instant): StoreResult<void> {
      return super.renewTask(leaseUntil < task.leaseUntil + 30_000 ? task : { ...task, fence: -1 }, leaseUntil);
    }
  },
  'a renewal extends the leases of all tasks': class extends Breakable {
    override async renewTask(task: ClaimedTask, leaseUntil: Instant): StoreResult<void> {
      for (const other of this.data.tasks.values()) {
        if (other.claim) this.data.tasks.set(other.appointmentId, { ...other, claim: { ...other.claim, leaseUntil } });
      }
      return super.renewTask(task, leaseUntil);
    }
  },
  'a renewal loses the marks that were made during the work': class extends Breakable {
    override async renewTask(task: ClaimedTask, leaseUntil: Instant): StoreResult<void> {
      const stored = this.data.tasks.get(task.appointmentId);
      if (stored) this.data.tasks.set(task.appointmentId, { ...stored, mark: task.mark });
      return super.renewTask(task, leaseUntil);
    }
  },
  'a renewal counts as a claim': class extends Breakable {
    override async renewTask(task: ClaimedTask, leaseUntil: Instant): StoreResult<void> {
      const stored = this.data.tasks.get(task.appointmentId);
      if (stored) this.data.tasks.set(task.appointmentId, { ...stored, claims: stored.claims + 1 });
      return super.renewTask(task, leaseUntil);
    }
  },
};
