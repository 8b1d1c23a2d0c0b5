import { expect } from 'chai';
import { Err, MemoryStore, MINUTE, Ok, SECOND } from '@loft/sync-core';
import type { SyncStore } from '@loft/sync-core/store';
import { VirtualClock } from '@loft/sync-core/testing';
import { LeasedTask } from '#src/engine/queue/leased-task.js';
import { ReplicaClock } from '#src/testing/simulation/replica-clock.js';
import { overridden } from './overridden.js';
import { BAY1, World } from './world.js';

const LEASE_MS = 30 * SECOND;

describe('the lease of a claimed task', () => {
  async function claimed(): Promise<{ virtual: VirtualClock; clock: ReplicaClock; task: LeasedTask }> {
    const virtual = new VirtualClock();
    const clock = new ReplicaClock(virtual);
    const store = new MemoryStore();
    const now = clock.now();
    await store.addTasks([{ appointmentId: '700100', trigger: 'hint', event: null, dueAt: now }], now);
    const due = { now, limit: 1, owner: 'replica-1', leaseMs: LEASE_MS };
    const [first] = (await store.claimTasks(due)).unwrap();
    return { virtual, clock, task: new LeasedTask(first!, { store, clock, leaseMs: LEASE_MS }) };
  }

  it('is renewed while the process works', async () => {
    const { virtual, clock, task } = await claimed();
    await virtual.advance(5 * LEASE_MS);
    expect(task.leaseUntil).to.be.greaterThan(clock.now());
    task.end();
  });

  it('is not renewed by a process that was paused for longer: its task makes no write with outdated readings', async () => {
    const { virtual, clock, task } = await claimed();
    clock.pause();
    await virtual.advance(2 * LEASE_MS);
    clock.resume();
    await virtual.advance(SECOND);
    expect(task.leaseUntil).to.be.lessThan(clock.now());
    await virtual.advance(2 * LEASE_MS);
    expect(task.leaseUntil).to.be.lessThan(clock.now());
    task.end();
  });
});

describe('a task whose lease cannot be renewed', () => {
  it('is claimed again, and processed again only after the process has finished its first attempt', async () => {
    const world = new World();
    world.store = new MemoryStore({ shared: true });
    let attempts = 0;
    let most = 0;
    const getBooking: typeof world.bookings.getBooking = async (id) => {
      most = Math.max(most, ++attempts);
      await new Promise<void>((resolve) => world.clock.setTimer(2 * MINUTE, resolve));
      attempts--;
      return world.bookings.getBooking(id);
    };
    const failed = { kind: 'transient', system: 'store', method: 'renewTask', message: 'unreachable' } as const;
    const store = overridden<SyncStore>(world.store, { renewTask: async () => Err(failed) });
    world.through({ store, bookings: overridden(world.bookings, { getBooking }) });
    await world.start();
    const id = world.book(BAY1.resourceUnitId, 30);
    await world.settle(10 * MINUTE);
    void world.engine.hint(id);
    await world.settle(10 * MINUTE);
    expect(most).to.equal(1);
  });
});

describe('tasks that are stored although the answer of the store is lost', () => {
  it('are processed, also if their cause has ended', async () => {
    const world = new World();
    let isFaulty = false;
    const listBookings: typeof world.bookings.listBookings = async (period) =>
      isFaulty ? Ok({ bookings: [], unreadable: [] }) : world.bookings.listBookings(period);
    const addTasks: SyncStore['addTasks'] = async (tasks, now) => {
      const stored = await world.store.addTasks(tasks, now);
      if (!isFaulty) return stored;
      isFaulty = false;
      return Err({ kind: 'transient', system: 'store', method: 'addTasks', message: 'timeout' });
    };
    const store = overridden<SyncStore>(world.store, { addTasks });
    world.through({ store, bookings: overridden(world.bookings, { listBookings }) });
    await world.start();
    const id = world.book(BAY1.resourceUnitId, 30);
    await world.settle();
    isFaulty = true;
    await world.settle(2 * MINUTE);
    expect(isFaulty).to.equal(false);
    expect((await world.store.countTasks(world.clock.now())).unwrap()).to.include({ due: 0, claimed: 0 });
    expect(world.bookings.user.booking(id)?.state).to.equal('live');
  });
});
