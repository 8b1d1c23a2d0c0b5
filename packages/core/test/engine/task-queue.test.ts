import { expect } from 'chai';
import { Err, HOUR, Ok, type SyncError } from '@loft/sync-core';
import { replayDeadLetter } from '#src/engine/queue/dead-letters.js';
import { LONGEST_WAIT } from '#src/engine/queue/retry-or-dead-letter.js';
import { TaskQueue } from '#src/engine/queue/task-queue.js';
import type { WorkItem } from '#src/engine/queue/appointment-state.js';
import { aBooking, anEdit, bookingSeen, ID } from '../rules/situations.js';
import { aLetter, EVENT, QueueBench, STORE_FAILS, storeLetter } from './queue-bench.js';
import { overridden } from './overridden.js';

describe('the queue of tasks', () => {
  const booked = (id: string, start: number, change: Partial<WorkItem> = {}): WorkItem => ({
    appointmentId: id,
    trigger: 'poll',
    event: null,
    observed: { booking: bookingSeen({ ...aBooking(), appointmentId: id, start }) },
    fingerprint: id,
    ...change,
  });

  it('wakes the worker after a task was stored, also if the answer was lost', async () => {
    for (const addTasks of [undefined, async () => Err(STORE_FAILS)]) {
      const bench = new QueueBench({ answers: { store: addTasks ? { addTasks } : {} } });
      let woken = 0;
      bench.queue.onStored = () => void woken++;
      const added = await bench.queue.add([booked('1', 1)]);
      expect([woken, added.ok]).to.deep.equal([1, addTasks === undefined]);
      expect(bench.queue.isBusyWith('1')).to.equal(addTasks === undefined);
    }
  });

  it('stores nothing that is stored already', async () => {
    const bench = new QueueBench();
    let woken = 0;
    bench.queue.onStored = () => void woken++;
    await bench.queue.add([booked('1', 1)]);
    expect((await bench.queue.add([booked('1', 1)])).ok).to.equal(true);
    expect((await bench.queue.add([])).ok).to.equal(true);
    expect(woken).to.equal(1);
  });

  it('stores the work of a poll, with its event and trigger, due at once', async () => {
    const bench = new QueueBench();
    await bench.queue.add([booked('1', 1, { event: EVENT }), booked('2', 1, { trigger: 'sweep' })]);
    const request = { owner: 'me', now: bench.now, leaseMs: HOUR, limit: 9 };
    const tasks = (await bench.store.claimTasks(request)).unwrap();
    expect(tasks.map(({ appointmentId, trigger, event }) => ({ appointmentId, trigger, event }))).to.have.deep.members([
      { appointmentId: '1', trigger: 'poll', event: EVENT },
      { appointmentId: '2', trigger: 'sweep', event: null },
    ]);
  });

  it('makes deferred tasks due when a circuit closes', async () => {
    const bench = new QueueBench();
    bench.queue.states.defer(ID);
    await bench.queue.resumeDeferred();
    expect(await bench.claim()).to.include({ appointmentId: ID, trigger: 'follow-up' });
    await bench.queue.resumeDeferred();
    expect((await bench.store.countTasks(bench.now)).unwrap()).to.deep.equal({ due: 0, waiting: 0, claimed: 1 });
  });

  it('keeps tasks deferred if the store fails, and asks it only if there are some', async () => {
    let calls = 0;
    const addTasks = async (): Promise<Err<SyncError>> => {
      calls++;
      return Err(STORE_FAILS);
    };
    const bench = new QueueBench({ answers: { store: { addTasks } } });
    await bench.queue.resumeDeferred();
    expect(calls).to.equal(0);
    bench.queue.states.defer(ID);
    await bench.queue.resumeDeferred();
    expect(bench.queue.states.takeDeferred()).to.deep.equal([ID]);
  });

  it('ends pending changes that the latest poll does not report', async () => {
    const bench = new QueueBench();
    await bench.queue.add([booked('1', 1), booked('2', 1)]);
    bench.queue.retainReported([booked('2', 1)]);
    expect([bench.queue.isBusyWith('1'), bench.queue.isBusyWith('2')]).to.deep.equal([false, true]);
  });

  it('in a shared store forgets pending changes after five times the longest delay of a retry', async () => {
    const bench = new QueueBench({ isShared: true });
    await bench.queue.add([booked('1', 1)]);
    const expires = LONGEST_WAIT * bench.parts.settings.retry.maxMs;
    await bench.act.clock.advance(expires - 1);
    expect(bench.queue.isBusyWith('1')).to.equal(true);
    await bench.act.clock.advance(1);
    expect(bench.queue.isBusyWith('1')).to.equal(false);
  });
});

describe('the queue of tasks during a backfill', () => {
  it('stores the work of a large poll at the pace of the quota, and every other trigger at once', async () => {
    const bench = new QueueBench();
    const quota = { unitMs: 1000, burst: 0 };
    const queue = new TaskQueue({ ...bench.parts, quota: overridden(bench.parts.quota, quota) });
    const start = bench.now + HOUR;
    const item = (appointmentId: string, trigger: 'poll' | 'sweep'): WorkItem => ({
      appointmentId,
      trigger,
      event: null,
      observed: { booking: bookingSeen({ ...aBooking(), start }) },
      fingerprint: appointmentId,
    });
    const polled = Array.from({ length: 20 }, (_, index) => item(`poll${index}`, 'poll'));
    const swept = Array.from({ length: 20 }, (_, index) => item(`sweep${index}`, 'sweep'));
    await queue.add([...polled, ...swept]);
    const counts = (await bench.store.countTasks(bench.now)).unwrap();
    expect(counts).to.deep.equal({ due: 20, waiting: 20, claimed: 0 });
    const later = (await bench.store.countTasks(bench.now + 10_000)).unwrap();
    expect(later).to.deep.equal({ due: 30, waiting: 10, claimed: 0 });
    const request = { owner: 'me', now: bench.now, leaseMs: HOUR, limit: 40 };
    const claimed = (await bench.store.claimTasks(request)).unwrap();
    expect(claimed.every(({ trigger }) => trigger === 'sweep')).to.equal(true);
  });
});

describe('the request to replay a dead letter', () => {
  const replay = async (bench: QueueBench) => replayDeadLetter(ID, bench.queue, bench.parts);

  it('is answered with false if there is none', async () => {
    expect((await replay(new QueueBench())).unwrap()).to.equal(false);
  });

  it('queues the appointment, each time, and asks for its edit', async () => {
    const bench = new QueueBench();
    await storeLetter(bench);
    await bench.store.putEventRecords([anEdit({ state: 'dead-letter' })]);
    expect((await replay(bench)).unwrap()).to.equal(true);
    expect(await bench.edits()).to.deep.equal([anEdit({ state: 'replay' })]);
    expect(bench.queue.states.get(ID).deadLetter).to.deep.equal({ event: EVENT });
    expect(await bench.claim()).to.deep.include({ trigger: 'replay', event: EVENT });
    const before = bench.queue.states.get(ID).pending?.marks ?? 0;
    expect((await replay(bench)).unwrap()).to.equal(true);
    expect(bench.queue.states.get(ID).pending).to.include({ marks: before + 1 });
  });

  it('fails if the store does', async () => {
    for (const store of [
      { getDeadLetter: async () => Err(STORE_FAILS) },
      { getDeadLetter: async () => Ok(aLetter()), listEventRecords: async () => Err(STORE_FAILS) },
      { getDeadLetter: async () => Ok(aLetter()), addTasks: async () => Err(STORE_FAILS) },
    ]) {
      expect((await replay(new QueueBench({ answers: { store } }))).err).to.equal(true);
    }
  });
});
