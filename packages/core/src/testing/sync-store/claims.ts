import { HOUR } from '../../domain/instant.js';
import type { ClaimedTask } from '../../domain/task.js';
import type { StoreResult, SyncStore } from '../../ports/sync-store.js';
import { assertEqual, assertErr, assertOk, assertTrue } from '../assert.js';
import { handles, type SyncStoreSuiteContext } from './context.js';
import { add, AFTER_LEASE, claim, claimOne, ids, LATER, LEASE_MS, newLetter, newTask, NOW } from './fixtures.js';

/** Which worker gets which task, when, and until when. */
export function claimSuite({ describe, it, factory }: SyncStoreSuiteContext): void {
  describe('claiming', () => {
    it('takes the longest due first, up to the limit', async (store) => {
      await add(store, newTask('1', NOW - 1), newTask('2', NOW - 3), newTask('3', NOW - 2), newTask('4', NOW + 1));
      assertEqual(ids(await claim(store, { limit: 2 })), ['2', '3'], 'the first two');
      assertEqual(ids(await claim(store, { limit: 2 })), ['1'], 'the rest of what is due');
    });

    it('takes nothing under a limit of 0', async (store) => {
      await add(store, newTask('1'));
      assertEqual(await claim(store, { limit: 0 }), [], 'what is claimed');
      assertEqual(ids(await claim(store)), ['1'], 'what can be claimed afterwards');
    });

    it('is not delayed by claimed tasks', async (store) => {
      const old = Array.from({ length: 40 }, (_, index) => newTask(`old${index}`, NOW - 100 + index));
      await add(store, ...old, newTask('new'));
      await claim(store, { limit: 40 });
      assertEqual(ids(await claim(store, { limit: 1 })), ['new'], 'what is claimed');
    });

    it('takes only the named tasks that are due and free', async (store) => {
      await add(store, newTask('1'), newTask('2'), newTask('3', NOW - 1), newTask('4', LATER), newTask('5'));
      await claimOne(store, { only: ['5'] });
      const only = ['4', '2', '5', '3', '3', 'unknown'];
      assertEqual(ids(await claim(store, { only, limit: 1 })), ['3'], 'the longest due of those named');
      assertEqual(ids(await claim(store, { only })), ['2'], 'the others named');
      assertEqual(await claim(store, { only: [] }), [], 'when none is named');
      assertEqual(ids(await claim(store)), ['1'], 'what was not named');
    });

    it('gives each task to one of many claiming at once', async (store) => {
      const all = Array.from({ length: 60 }, (_, index) => String(index));
      await add(store, ...all.map((id) => newTask(id, NOW - Number(id))));
      const [one, two] = await handles(store, factory);
      const batches = await Promise.all(
        Array.from({ length: 8 }, (_, index) => claim(index % 2 === 0 ? one : two, { owner: `${index}`, limit: 10 })),
      );
      const claimed = batches.flat();
      while (claimed.length < all.length) {
        const more = await claim(store, { limit: 10 });
        assertTrue(more.length > 0, `${all.length - claimed.length} tasks are not claimed and cannot be claimed`);
        claimed.push(...more);
      }
      assertEqual(ids(claimed).sort(), [...all].sort(), 'the tasks claimed');
      assertEqual(new Set(claimed.map((task) => task.fence)).size, all.length, 'how many different fences');
    });

    it('under `only` gives a task to one of many claiming at once', async (store) => {
      await add(store, newTask('7'));
      const [one, two] = await handles(store, factory);
      const batches = await Promise.all(
        Array.from({ length: 8 }, (_, index) =>
          claim(index % 2 === 0 ? one : two, { owner: `${index}`, only: ['7'], limit: 1 }),
        ),
      );
      assertEqual(ids(batches.flat()), ['7'], 'the tasks claimed');
    });
  });

  describe('a lease on a task', () => {
    it('holds until it has run out', async (store) => {
      await add(store, newTask('7'));
      const first = await claimOne(store, { owner: 'one' });
      assertEqual(await claim(store, { owner: 'two', now: AFTER_LEASE - 1 }), [], 'what can be claimed before');
      const second = await claimOne(store, { owner: 'two', now: AFTER_LEASE });
      assertEqual(
        [second.owner, second.claims, second.attempts, second.mark, second.leaseUntil],
        ['two', 2, 0, first.mark, AFTER_LEASE + LEASE_MS],
        'owner, claims, attempts, mark, lease',
      );
      assertTrue(second.fence > first.fence, `a fence above ${first.fence}, not ${second.fence}`);
      const third = await claimOne(store, { owner: 'one', now: AFTER_LEASE + LEASE_MS });
      assertEqual(third.claims, 3, 'the claims');
    });

    it('is renewed, and then holds until its new end, and nothing else of the task is changed', async (store) => {
      await add(store, newTask('7'), newTask('8'));
      const task = await claimOne(store, { owner: 'one', only: ['7'] });
      await claimOne(store, { owner: 'one', only: ['8'] });
      assertOk(await store.renewTask(task, AFTER_LEASE + 10));
      assertEqual(ids(await claim(store, { owner: 'two', now: AFTER_LEASE + 9 })), ['8'], 'what can be claimed before');
      assertEqual(assertOk(await store.nextTaskDueAt()), AFTER_LEASE + 10, 'when it can be claimed');
      const next = await claimOne(store, { owner: 'two', now: AFTER_LEASE + 10 });
      assertEqual(
        [next.appointmentId, next.claims, next.attempts, next.mark],
        ['7', 2, 0, task.mark],
        'appointment, claims, attempts, mark',
      );
    });

    it('is renewed after its expiry, if the task was not claimed', async (store) => {
      await add(store, newTask('7'));
      const task = await claimOne(store);
      assertOk(await store.renewTask(task, AFTER_LEASE + LEASE_MS));
      assertEqual(await claim(store, { now: AFTER_LEASE + 1 }), [], 'what can be claimed');
      assertEqual(
        assertOk(await store.completeTask(task, AFTER_LEASE + 1, AFTER_LEASE + 1)),
        'done',
        'the answer to its holder',
      );
    });

    it('is renewed without the loss of a mark that was added meanwhile', async (store) => {
      await add(store, newTask('7'));
      const task = await claimOne(store);
      await add(store, newTask('7'));
      assertOk(await store.renewTask(task, LATER));
      assertEqual(assertOk(await store.completeTask(task, NOW, NOW)), 'again', 'the answer');
    });

    it('that has expired does not stop its owner from completing the task', async (store) => {
      await add(store, newTask('7'));
      const task = await claimOne(store);
      assertEqual(assertOk(await store.completeTask(task, AFTER_LEASE + 1, AFTER_LEASE + 1)), 'done', 'the answer');
    });

    it('of a task that another worker has claimed allows no write', async (store) => {
      for (const [name, use] of usesOfAClaim(store)) {
        await add(store, newTask('7'));
        const stale = await claimOne(store, { owner: 'one' });
        const fresh = await claimOne(store, { owner: 'two', now: AFTER_LEASE });
        const error = assertErr(await use(stale), 'conflict', `${name} under a stale claim is a conflict`);
        assertEqual(error.system, 'store', 'the system of the error');
        assertEqual(assertOk(await store.getDeadLetter('7')), null, `the dead letter after ${name}`);
        assertEqual(await claim(store, { now: AFTER_LEASE }), [], `what can be claimed after ${name}`);
        assertEqual(
          assertOk(await store.completeTask(fresh, AFTER_LEASE, AFTER_LEASE)),
          'done',
          'the answer to the new holder',
        );
      }
    });

    it('of a task that the same owner claims again makes the old claim stale', async (store) => {
      await add(store, newTask('7'));
      const stale = await claimOne(store, { owner: 'one' });
      const fresh = await claimOne(store, { owner: 'one', now: AFTER_LEASE });
      assertErr(await store.completeTask(stale, AFTER_LEASE, AFTER_LEASE), 'conflict');
      assertEqual(
        assertOk(await store.completeTask(fresh, AFTER_LEASE, AFTER_LEASE)),
        'done',
        'the answer to the new claim',
      );
    });

    it('ends when the task is completed, postponed or dead-lettered, and allows no further write', async (store) => {
      for (const [name, use] of endsOfAClaim(store)) {
        for (const [second, useAgain] of usesOfAClaim(store)) {
          await add(store, newTask('7'));
          const task = await claimOne(store);
          await use(task);
          assertErr(await useAgain(task), 'conflict', `${second} after ${name} is a conflict`);
          for (const left of await claim(store, { now: NOW + HOUR }))
            await store.completeTask(left, NOW + HOUR, NOW + HOUR);
        }
      }
    });

    it('does not outlive an `again`', async (store) => {
      await add(store, newTask('7'));
      const task = await claimOne(store);
      await add(store, newTask('7'));
      assertEqual(assertOk(await store.completeTask(task, NOW, NOW)), 'again', 'the answer');
      assertErr(await store.completeTask(task, NOW, NOW), 'conflict');
      assertEqual((await claimOne(store)).claims, 1, 'the claims of the next round');
    });

    it('does not outlive the task: a new task of the same appointment is another', async (store) => {
      await add(store, newTask('7'));
      const stale = await claimOne(store);
      assertOk(await store.completeTask(stale, NOW, NOW));
      await add(store, newTask('7'));
      assertErr(await store.completeTask(stale, NOW, NOW), 'conflict');
      assertErr(await store.postponeTask(stale, NOW, 1, NOW), 'conflict');
      assertEqual((await claimOne(store)).attempts, 0, 'the attempts of the new task');
    });
  });

  describe('fences', () => {
    it('of a new store begin above the time, so above those of a store that was lost', async (store) => {
      await add(store, newTask('1'));
      const { fence } = await claimOne(store);
      assertTrue(fence > NOW, `the first fence is above ${NOW}, not ${fence}`);
    });

    it('rise with every claim, within a batch and over the whole lifetime of the store', async (store) => {
      const [one, two] = await handles(store, factory);
      const fences: number[] = [];
      for (let round = 0; round < 4; round++) {
        for (const handle of [one, two]) {
          await add(handle, newTask('1'), newTask('2'), newTask('3'));
          const now = NOW + round * HOUR;
          const tasks = await claim(handle, { now });
          assertEqual(tasks.length, 3, 'how many tasks are claimed');
          fences.push(...tasks.map((task) => task.fence).sort((a, b) => a - b));
          for (const [index, task] of tasks.entries()) {
            if (index === 0) assertOk(await handle.completeTask(task, now, now));
            else if (index === 1) assertOk(await handle.postponeTask(task, now, 1, now));
            else assertOk(await handle.deadLetterTask(task, newLetter(task.appointmentId)));
          }
        }
      }
      for (const [index, fence] of fences.entries()) {
        const before = fences[index - 1] ?? 0;
        assertTrue(fence > before, `a fence of ${fence} was given after one of ${before}`);
      }
    });
  });
}

type Uses = readonly (readonly [string, (task: ClaimedTask) => StoreResult<unknown>])[];

function usesOfAClaim(store: SyncStore): Uses {
  return [...endsOfAClaim(store), ['renewTask', (task) => store.renewTask(task, LATER)]];
}

function endsOfAClaim(store: SyncStore): Uses {
  return [
    ['completeTask', (task) => store.completeTask(task, NOW, NOW)],
    ['postponeTask', (task) => store.postponeTask(task, LATER, 1, NOW)],
    ['deadLetterTask', (task) => store.deadLetterTask(task, newLetter(task.appointmentId))],
  ];
}
