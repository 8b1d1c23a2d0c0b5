import { HOUR } from '../../domain/instant.js';
import { assertEqual, assertOk } from '../assert.js';
import { handles, type SyncStoreSuiteContext } from './context.js';
import { add, AFTER_LEASE, claim, ids, LEASE_MS, newTask, NOW } from './fixtures.js';

/** The queue of tasks: large batches, counts, the next due time. */
export function taskQueueSuite({ describe, it, factory }: SyncStoreSuiteContext): void {
  describe('a batch of tasks', () => {
    it('may be empty', async (store) => {
      assertOk(await store.addTasks([], NOW));
      assertEqual(assertOk(await store.nextTaskDueAt()), null, 'what is due');
    });

    it('of 5,000 is stored whole', async (store) => {
      await add(store, ...Array.from({ length: 5000 }, (_, index) => newTask(`a${index}`, NOW + index)));
      assertEqual(assertOk(await store.countTasks(NOW + HOUR)), { due: 5000, waiting: 0, claimed: 0 }, 'the counts');
      assertEqual(ids(await claim(store, { limit: 3, now: NOW + 2 })), ['a0', 'a1', 'a2'], 'the first to be claimed');
      const others = await claim(store, { only: ['a4999', 'a2500'], now: NOW + HOUR });
      assertEqual(ids(others), ['a2500', 'a4999'], 'those from the middle and the end');
    });

    it('with new and existing tasks is stored and marked as a whole', async (store) => {
      const some = Array.from({ length: 240 }, (_, index) => newTask(`a${index}`, NOW + HOUR));
      await add(store, ...some.slice(0, 160));
      await add(store, ...some.slice(40).map((task) => ({ ...task, dueAt: NOW })));
      assertEqual(assertOk(await store.countTasks(NOW)), { due: 200, waiting: 40, claimed: 0 }, 'the counts');
    });

    it('is stored as a whole when several are added concurrently', async (store) => {
      const [one, two] = await handles(store, factory);
      const batch = Array.from({ length: 50 }, (_, index) => newTask(`a${index}`));
      const results = await Promise.all([one, two, one, two].map((handle) => handle.addTasks(batch, NOW)));
      for (const result of results) assertOk(result);
      assertEqual(assertOk(await two.countTasks(NOW)), { due: 50, waiting: 0, claimed: 0 }, 'the counts');
    });

    it('marks claimed tasks, even with concurrent marks and claims', async (store) => {
      const [one, two] = await handles(store, factory);
      await add(store, newTask('7'));
      let rounds = 0;
      for (let round = 0; round < 10; round++) {
        const [tasks] = await Promise.all([claim(one), add(two, newTask('7')), add(two, newTask('7'))]);
        for (const task of tasks) {
          rounds++;
          await Promise.all([add(two, newTask('7')), one.completeTask(task, NOW, NOW).then(assertOk)]);
        }
        // A mark is never lost: in any order, the last marked task can be claimed.
        assertEqual(assertOk(await one.countTasks(NOW)), { due: 1, waiting: 0, claimed: 0 }, `round ${round}`);
      }
      assertEqual(rounds, 10, 'how often it was worked on');
    });
  });

  describe('the next time a task is due', () => {
    it('is null without a task', async (store) => {
      assertEqual(assertOk(await store.nextTaskDueAt()), null, 'the next time');
    });

    it('is that of the earliest unclaimed task, or the end of the earliest lease', async (store) => {
      await add(store, newTask('1', NOW), newTask('2', NOW + 10), newTask('3', NOW + HOUR));
      assertEqual(assertOk(await store.nextTaskDueAt()), NOW, 'with nothing claimed');
      const [first] = await claim(store);
      assertEqual(assertOk(await store.nextTaskDueAt()), NOW + 10, 'with the first claimed');
      await claim(store, { now: NOW + 10 });
      assertEqual(assertOk(await store.nextTaskDueAt()), AFTER_LEASE, 'with two claimed');
      await claim(store, { now: NOW + HOUR, only: ['3'] });
      if (first) assertOk(await store.completeTask(first, NOW + 10, NOW + 10));
      assertEqual(assertOk(await store.nextTaskDueAt()), NOW + 10 + LEASE_MS, 'with the first completed');
    });
  });

  describe('the counts of tasks', () => {
    it('are all 0 without a task', async (store) => {
      assertEqual(assertOk(await store.countTasks(NOW)), { due: 0, waiting: 0, claimed: 0 }, 'the counts');
    });

    it('distinguish due, waiting and claimed tasks at the given time', async (store) => {
      await add(store, newTask('1', NOW - 1), newTask('2', NOW), newTask('3', NOW + 1), newTask('4', NOW + HOUR));
      assertEqual(assertOk(await store.countTasks(NOW)), { due: 2, waiting: 2, claimed: 0 }, 'before a claim');
      await claim(store, { limit: 1 });
      assertEqual(assertOk(await store.countTasks(NOW)), { due: 1, waiting: 2, claimed: 1 }, 'with a claim');
      assertEqual(assertOk(await store.countTasks(AFTER_LEASE - 1)), { due: 2, waiting: 1, claimed: 1 }, 'just before');
      assertEqual(assertOk(await store.countTasks(AFTER_LEASE)), { due: 3, waiting: 1, claimed: 0 }, 'with no lease');
    });
  });
}
