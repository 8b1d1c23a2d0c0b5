import { expect } from 'chai';
import { Err, HOUR, MINUTE, SECOND, type SyncError } from '@loft/sync-core';
import type { ClaimRequest } from '@loft/sync-core/store';
import { BackfillPacing } from '#src/engine/queue/task-queue.js';
import { LeasedTask } from '#src/engine/queue/leased-task.js';
import { Worker } from '#src/engine/queue/worker.js';
import type { Outcome } from '#src/engine/reconcile/outcome.js';
import type { Reconciler } from '#src/engine/reconcile/reconciler.js';
import { VirtualClock } from '#src/testing/index.js';
import { aBooking, anEvent, bookingSeen, ID } from '../rules/situations.js';
import { failure } from './act-bench.js';
import { anAttempt, DONE, failed, QueueBench, STORE_FAILS } from './queue-bench.js';

/** A worker whose works end when the test says so. */
class WorkerBench {
  readonly bench: QueueBench;
  readonly worker: Worker;
  /** The appointments whose work has begun, in their order. */
  readonly begun: string[] = [];
  readonly claims: ClaimRequest[] = [];
  readonly released: string[] = [];
  claimFails = false;
  throws = false;
  outcome: Outcome = DONE;
  /** Without it every work ends at once. */
  isHeld = false;
  readonly #ends: (() => void)[] = [];

  constructor({
    isShared = false,
    concurrency = 2,
    nextFails = false,
  }: { readonly isShared?: boolean; readonly concurrency?: number; readonly nextFails?: boolean } = {}) {
    this.bench = new QueueBench({
      isShared,
      answers: {
        store: {
          claimTasks: async (request) => {
            this.claims.push(request);
            return this.claimFails ? Err(STORE_FAILS) : this.bench.store.claimTasks(request);
          },
          ...(nextFails ? { nextTaskDueAt: async () => Err(STORE_FAILS) } : {}),
          releaseTasks: async (owner) => {
            this.released.push(owner);
            return this.bench.store.releaseTasks(owner);
          },
        },
      },
    });
    const work: Reconciler['work'] = async (task): Promise<Outcome> => {
      this.begun.push(task.appointmentId);
      if (this.throws) throw new Error('a bug');
      if (this.isHeld) await new Promise<void>((resolve) => void this.#ends.push(resolve));
      return this.outcome;
    };
    const { parts, queue } = this.bench;
    const reconciler = { work } as Reconciler;
    this.worker = new Worker({ parts, queue, reconciler, concurrency });
  }

  async add(...ids: readonly string[]): Promise<void> {
    for (const appointmentId of ids) await this.bench.add({ appointmentId });
    await this.settle();
  }

  async settle(ms = 0): Promise<void> {
    await this.bench.act.clock.advance(ms);
  }

  /** Ends the works that have begun. */
  async endAll(): Promise<void> {
    for (const end of this.#ends.splice(0)) end();
    await this.settle();
  }

  notices(): readonly unknown[] {
    return this.bench.act.events.flatMap((event) => (event.type === 'notice' ? [[event.level, event.message]] : []));
  }
}

describe('a worker', () => {
  it('claims no task before it is opened, and all tasks then', async () => {
    const it = new WorkerBench();
    await it.add('1', '2');
    expect(it.claims).to.deep.equal([]);
    it.worker.open();
    await it.settle();
    expect(it.begun).to.have.members(['1', '2']);
    expect(it.worker.finished).to.equal(2);
  });

  it('processes tasks that are stored later, at once', async () => {
    const it = new WorkerBench();
    it.worker.open();
    await it.settle();
    await it.add('1');
    expect(it.begun).to.deep.equal(['1']);
  });

  it('processes a task when it is due', async () => {
    const it = new WorkerBench();
    it.worker.open();
    await it.settle();
    const now = it.bench.now;
    const task = { appointmentId: '1', trigger: 'poll', event: null, dueAt: now + HOUR / 2 } as const;
    await it.bench.store.addTasks([task], now);
    await it.bench.queue.add([]);
    it.worker.open();
    await it.settle(HOUR / 2 - 1);
    expect(it.begun).to.deep.equal([]);
    await it.settle(1);
    expect(it.begun).to.deep.equal(['1']);
  });

  it('processes at most `concurrency` appointments in parallel, and the next when one ends', async () => {
    const it = new WorkerBench({ concurrency: 2 });
    it.isHeld = true;
    it.worker.open();
    await it.add('1', '2', '3', '4', '5');
    expect(it.begun).to.deep.equal(['1', '2']);
    await it.endAll();
    expect(it.begun).to.deep.equal(['1', '2', '3', '4']);
    await it.endAll();
    expect(it.begun).to.have.length(5);
    await it.endAll();
    expect(it.worker.finished).to.equal(5);
  });

  it('claims as many tasks as it may process, and in a shared store no more than are free', async () => {
    const limits = async (isShared: boolean): Promise<readonly number[]> => {
      const it = new WorkerBench({ isShared, concurrency: 3 });
      it.isHeld = true;
      it.worker.open();
      await it.settle();
      await it.add('1');
      await it.add('2');
      await it.add('3');
      return it.claims.map(({ limit }) => limit);
    };
    expect(await limits(false)).to.deep.equal([3, 3, 3, 1]);
    expect(await limits(true)).to.deep.equal([3, 3, 2, 1]);
  });

  it('names its owner and lease in a claim, and looks for tasks of a clock that was ahead', async () => {
    const it = new WorkerBench();
    it.worker.open();
    await it.settle();
    const { owner, leaseMs, rules } = it.bench.parts;
    const { now } = it.bench;
    expect(it.claims[0]).to.deep.equal({
      owner,
      leaseMs,
      limit: 2,
      now,
      latestDueAt: now + rules.timing.longestWaitMs,
    });
  });

  it('queries a shared store each second for tasks of other replicas', async () => {
    const it = new WorkerBench({ isShared: true });
    it.worker.open();
    await it.settle();
    const before = it.claims.length;
    await it.settle(3 * SECOND);
    expect(it.claims.length - before).to.equal(3);
    const own = new WorkerBench();
    own.worker.open();
    await own.settle();
    const first = own.claims.length;
    await own.settle(HOUR);
    expect(own.claims.length).to.equal(first);
  });

  it('checks once a minute at the latest whether a task is due: the clock may be corrected', async () => {
    const it = new WorkerBench();
    const now = it.bench.now;
    await it.bench.store.addTasks([{ appointmentId: '1', trigger: 'poll', event: null, dueAt: now + HOUR }], now);
    it.worker.open();
    await it.settle();
    const before = it.claims.length;
    await it.settle(MINUTE - 1);
    expect(it.claims).to.have.length(before);
    await it.settle(1);
    expect(it.claims).to.have.length(before + 1);
  });

  it('claims no task twice for an appointment whose work is not over', async () => {
    const it = new WorkerBench({ concurrency: 2 });
    it.isHeld = true;
    it.worker.open();
    await it.add('1');
    // Its lease is over, for example because it could not be renewed.
    const [task] = it.begun;
    await it.bench.store.releaseTasks('me');
    await it.add('1', '2');
    expect([task, it.begun]).to.deep.equal(['1', ['1', '2']]);
    await it.endAll();
    expect(it.begun).to.deep.equal(['1', '2', '1']);
  });

  it('debounces hints by what the work has found', async () => {
    const interval = async (outcome: Outcome): Promise<number | undefined> => {
      const it = new WorkerBench();
      it.outcome = outcome;
      it.worker.open();
      for (let hint = 0; hint < 2; hint++) {
        await it.bench.add({ trigger: 'hint' });
        await it.settle(SECOND / 2);
      }
      return it.bench.queue.states.get(ID).hint?.debounce.intervalMs;
    };
    const attempt = anAttempt({ do: 'cancel-event', event: anEvent() }, 'booking-cancelled');
    expect(await interval({ kind: 'done', attempt, refusal: null })).to.equal(SECOND / 2);
    expect(await interval(DONE)).to.equal(SECOND);
    const fails = failed(failure('google', 'transient'), { attempt });
    expect(await interval(fails)).to.be.greaterThan(SECOND / 2);
  });

  it('drains: it ends only when the claim and all works are over', async () => {
    const it = new WorkerBench();
    it.isHeld = true;
    it.worker.open();
    await it.settle();
    await it.add('1');
    let isDrained = false;
    const drained = it.worker.drain().then(() => void (isDrained = true));
    await it.settle();
    expect([it.begun, isDrained]).to.deep.equal([['1'], false]);
    await it.endAll();
    await drained;
    expect(isDrained).to.equal(true);
  });

  it('claims again if another task was stored while it claimed', async () => {
    const it = new WorkerBench();
    it.worker.open();
    await it.bench.add({ appointmentId: '1' });
    await it.bench.add({ appointmentId: '2' });
    await it.settle();
    expect(it.begun).to.have.members(['1', '2']);
  });

  it('tries again after a second if it cannot read when the next task is due', async () => {
    const it = new WorkerBench({ nextFails: true });
    it.worker.open();
    await it.settle();
    const before = it.claims.length;
    await it.settle(SECOND - 1);
    expect(it.claims).to.have.length(before);
    await it.settle(1);
    expect(it.claims).to.have.length(before + 1);
  });

  it('ends when all due work is done', async () => {
    const it = new WorkerBench({ concurrency: 1 });
    it.worker.open();
    await it.add('1', '2', '3');
    await it.worker.drain();
    expect(it.worker.finished).to.equal(3);
  });
});

describe('a worker that is starting', () => {
  it('processes only appointments with a hint', async () => {
    const it = new WorkerBench();
    it.worker.start();
    it.worker.admit('2');
    await it.add('1', '2');
    expect(it.begun).to.deep.equal(['2']);
    expect(it.claims[0]?.only).to.deep.equal(['2']);
    it.worker.open();
    await it.settle();
    expect(it.begun).to.deep.equal(['2', '1']);
    expect(it.claims.at(-1)).not.to.have.property('only');
  });

  it('admits no appointment before it has started, or after it is open', async () => {
    const it = new WorkerBench();
    it.worker.admit('1');
    await it.add('1');
    expect(it.claims).to.deep.equal([]);
    it.worker.open();
    it.worker.start();
    it.worker.admit('9');
    await it.settle();
    await it.add('2');
    expect(it.begun).to.deep.equal(['1', '2']);
  });

  it('looks each second for further hints', async () => {
    const it = new WorkerBench();
    it.worker.start();
    it.worker.admit('1');
    await it.add('1');
    const before = it.claims.length;
    await it.settle(SECOND);
    expect(it.claims.length).to.equal(before + 1);
  });
});

describe('a worker that is stopped', () => {
  it('ends the works that have begun, begins no other, and releases its tasks', async () => {
    const it = new WorkerBench({ concurrency: 1 });
    it.isHeld = true;
    it.worker.open();
    await it.add('1', '2');
    let isStopped = false;
    const stopped = it.worker.stop().then(() => void (isStopped = true));
    await it.settle();
    expect([isStopped, it.released]).to.deep.equal([false, []]);
    await it.endAll();
    await stopped;
    expect([it.begun, it.released]).to.deep.equal([['1'], ['me']]);
    await it.add('3');
    await it.settle(HOUR);
    expect(it.begun).to.deep.equal(['1']);
  });

  it('is not opened again, and has no timer', async () => {
    const it = new WorkerBench({ isShared: true });
    it.worker.open();
    await it.settle();
    await it.worker.stop();
    const before = it.claims.length;
    it.worker.open();
    await it.settle(MINUTE);
    expect(it.claims).to.have.length(before);
    expect(it.bench.act.clock.pendingTimers).to.equal(0);
  });

  it('while starting forgets the hinted appointments', async () => {
    const it = new WorkerBench();
    it.worker.start();
    it.worker.admit('1');
    await it.worker.stop();
    await it.add('1');
    expect(it.begun).to.deep.equal([]);
  });

  it('drops tasks that it has claimed and not begun', async () => {
    const it = new WorkerBench({ concurrency: 2 });
    it.isHeld = true;
    it.worker.open();
    await it.settle();
    await it.add('1');
    const { now } = it.bench;
    const tasks = ['2', '3'].map(
      (appointmentId) => ({ appointmentId, trigger: 'poll', event: null, dueAt: now }) as const,
    );
    await it.bench.store.addTasks(tasks, now);
    await it.add('4');
    const stopped = it.worker.stop();
    await it.endAll();
    await it.endAll();
    await stopped;
    expect(it.begun).to.have.length(2);
    const counts = (await it.bench.store.countTasks(now)).unwrap();
    expect(counts).to.deep.equal({ due: 2, waiting: 0, claimed: 0 });
  });
});

describe('a worker whose store fails', () => {
  it('reports the first failed claim and the recovery, and tries each second', async () => {
    const it = new WorkerBench();
    it.claimFails = true;
    it.worker.open();
    await it.add('1');
    expect(it.worker.claimError).to.equal(STORE_FAILS);
    const before = it.claims.length;
    await it.add('2', '3');
    await it.settle(2 * SECOND);
    expect(it.claims.length - before).to.be.within(2, 5);
    it.claimFails = false;
    await it.settle(SECOND);
    expect(it.begun).to.have.members(['1', '2', '3']);
    expect(it.worker.claimError).to.equal(null);
    expect(it.notices()).to.deep.equal([
      ['error', `tasks cannot be claimed: ${STORE_FAILS.message}`],
      ['info', 'tasks can be claimed again'],
    ]);
  });

  it('reports a bug of a work, and continues', async () => {
    const it = new WorkerBench();
    it.throws = true;
    it.worker.open();
    await it.add('1');
    expect(it.notices()).to.have.length(1);
    expect(String(it.notices()[0])).to.match(/^error,.*a bug/);
    expect(it.bench.act.events[0]).to.include({ appointmentId: '1', calendarId: null });
    it.throws = false;
    await it.add('2');
    expect(it.begun).to.deep.equal(['1', '2']);
    expect(it.worker.finished).to.equal(2);
  });
});

describe('a worker while a whole system cannot be called', () => {
  const outage: SyncError = failure('google', 'unauthorized');

  function trip(it: WorkerBench): number {
    const { circuits, systems } = it.bench.parts;
    const call = { system: systems.calendars, calendarId: null, target: 'x', writes: false };
    circuits.learn(call, outage, it.bench.now);
    return circuits.shutUntil([systems.calendars]) ?? 0;
  }

  it('claims no task before the circuit allows a probe, and then one', async () => {
    const it = new WorkerBench({ concurrency: 4 });
    const probeAt = trip(it);
    it.isHeld = true;
    it.worker.open();
    await it.add('1', '2');
    await it.settle(probeAt - it.bench.now - 1);
    expect(it.claims).to.deep.equal([]);
    await it.settle(1);
    expect(it.begun).to.deep.equal(['1']);
    expect(it.claims[0]?.limit).to.equal(1);
    await it.settle(SECOND);
    expect(it.begun).to.deep.equal(['1']);
  });

  it('resumes deferred tasks when a circuit closes', async () => {
    const it = new WorkerBench();
    it.worker.open();
    await it.settle();
    it.bench.queue.states.defer('7');
    it.bench.parts.circuits.onClosed?.();
    await it.settle();
    expect(it.begun).to.deep.equal(['7']);
  });

  it('leaves tasks deferred until it may claim', async () => {
    const it = new WorkerBench();
    it.bench.queue.states.defer('7');
    await it.worker.resumeDeferred();
    expect(it.bench.queue.states.takeDeferred()).to.deep.equal(['7']);
  });
});

describe('the lease of a task', () => {
  const LEASE = 30 * SECOND;

  function leased(leaseMs = LEASE) {
    const clock = new VirtualClock();
    const until: number[] = [];
    const answers: SyncError[] = [];
    const bench = new QueueBench();
    const claimed = { ...bench.act.task('1'), leaseUntil: clock.now() + leaseMs };
    const renewTask = async (_task: unknown, leaseUntil: number) => {
      until.push(leaseUntil - clock.now());
      const error = answers.shift();
      return error ? Err(error) : bench.store.deleteDeadLetter('none');
    };
    const store = new Proxy(bench.store, {
      get: (target, name) => (name === 'renewTask' ? renewTask : Reflect.get(target, name)),
    });
    const task = new LeasedTask(claimed, { store, clock, leaseMs });
    return { clock, until, answers, claimed, task };
  }

  it('has the fields of the claim', () => {
    const { task, claimed } = leased();
    const { leaseUntil, ...fields } = claimed;
    expect(Object.fromEntries(Object.entries(task))).to.deep.equal(fields);
    expect(task.leaseUntil).to.equal(leaseUntil);
    task.end();
  });

  it('is renewed after a third of its time, each time for its whole length', async () => {
    const { clock, until, task } = leased();
    await clock.advance(LEASE / 3 - 1);
    expect(until).to.deep.equal([]);
    await clock.advance(1);
    expect(until).to.deep.equal([LEASE]);
    expect(task.leaseUntil).to.equal(clock.now() + LEASE);
    await clock.advance(LEASE / 3);
    expect(until).to.deep.equal([LEASE, LEASE]);
    task.end();
    expect(clock.pendingTimers).to.equal(0);
    await clock.advance(LEASE);
    expect(until).to.have.length(2);
  });

  it('is renewed again after a tenth of its time if the store fails', async () => {
    const { clock, until, answers, task } = leased();
    const before = task.leaseUntil;
    answers.push(STORE_FAILS);
    await clock.advance(LEASE / 3);
    expect(task.leaseUntil).to.equal(before);
    await clock.advance(LEASE / 10 - 1);
    expect(until).to.have.length(1);
    await clock.advance(1);
    expect(until).to.have.length(2);
    expect(task.leaseUntil).to.equal(clock.now() + LEASE);
    task.end();
  });

  it('is not renewed again after the end of the task, if a renewal was in progress', async () => {
    const { clock, until, task } = leased();
    clock.setTimer(LEASE / 3, () => task.end());
    await clock.advance(2 * LEASE);
    expect(until).to.have.length(1);
    expect(clock.pendingTimers).to.equal(0);
  });

  it('is not renewed when it has just ended', async () => {
    const { clock, until, answers, task } = leased(LEASE);
    answers.push(...Array.from({ length: 7 }, () => STORE_FAILS));
    await clock.advance(LEASE);
    expect(until).to.have.length(7);
    await clock.advance(LEASE);
    expect(until).to.have.length(7);
    task.end();
  });

  it('is not renewed any more once another replica has the task', async () => {
    const { clock, until, answers, task } = leased();
    const before = task.leaseUntil;
    answers.push(failure('store', 'conflict'));
    await clock.advance(2 * LEASE);
    expect(until).to.have.length(1);
    expect(task.leaseUntil).to.equal(before);
  });
});

describe('the pace of a backfill', () => {
  const change = (id: string, start: number | null) => ({
    item: {
      appointmentId: id,
      trigger: 'poll',
      event: null,
      observed: start === null ? {} : { booking: bookingSeen({ ...aBooking(), start }) },
      fingerprint: null,
    } as const,
    event: null,
    dueAt: 0,
    stored: () => undefined,
  });
  const many = (count: number) => Array.from({ length: count }, (_, index) => change(`${index}`, count - index));
  const pacing = (unitMs: number, burst: number) => {
    const clock = new VirtualClock();
    return { clock, pacing: new BackfillPacing(clock, { unitMs, burst }) };
  };

  it('is at once for work that the quota allows within ten seconds', () => {
    const { pacing: it } = pacing(1000, 3);
    const changes = many(10);
    expect(it.schedule(changes)).to.equal(changes);
  });

  it('is that of the quota for more work, after a burst, and bookings that start sooner come first', () => {
    const { clock, pacing: it } = pacing(1000, 3);
    const due = it.schedule([change('late', 99), change('unknown', null), ...many(10)]);
    expect(due.map(({ item }) => item.appointmentId)).to.deep.equal([
      ...[9, 8, 7, 6, 5, 4, 3, 2, 1, 0].map(String),
      'late',
      'unknown',
    ]);
    expect(due.map(({ dueAt }) => dueAt - clock.now())).to.deep.equal([
      0, 0, 0, 1000, 2000, 3000, 4000, 5000, 6000, 7000, 8000, 9000,
    ]);
  });

  it('continues after the work of earlier polls', async () => {
    const { clock, pacing: it } = pacing(1000.5, 0);
    it.schedule(many(11));
    await clock.advance(1000);
    const [first] = it.schedule(many(11));
    expect((first?.dueAt ?? 0) - clock.now()).to.equal(Math.floor(12 * 1000.5) - 1000);
    await clock.advance(HOUR);
    const [later] = it.schedule(many(11));
    expect((later?.dueAt ?? 0) - clock.now()).to.equal(1000);
  });

  it('begins anew after a clock that was ahead was corrected', () => {
    let now = HOUR;
    const clock = { now: () => now, setTimer: () => () => undefined };
    const it = new BackfillPacing(clock, { unitMs: 1000, burst: 0 });
    it.schedule(many(11));
    now = HOUR - MINUTE;
    expect(it.schedule(many(11))[0]?.dueAt).to.equal(now + 1000);
    expect(it.schedule(many(11))[0]?.dueAt).to.equal(now + 12_000);
  });
});
