import { HOUR } from '../../domain/instant.js';
import { assertEqual, assertErr, assertOk } from '../assert.js';
import type { SyncStoreSuiteContext } from './context.js';
import { add, claim, claimOne, ids, LATER, newTask, NOW } from './fixtures.js';

/** Tasks that were stored or claimed while the clock was ahead. */
export function futureClaimSuite({ describe, it }: SyncStoreSuiteContext): void {
  describe('claiming after the clock was ahead', () => {
    it('takes tasks that are due after the given latest time as well, after those that are due', async (store) => {
      await add(
        store,
        newTask('1', NOW + HOUR),
        newTask('2', NOW + HOUR + 1),
        newTask('3', NOW - 1),
        newTask('4', LATER),
      );
      assertEqual(ids(await claim(store, { latestDueAt: NOW + HOUR })), ['3', '2'], 'what is claimed');
      assertEqual(await claim(store), [], 'what is due without a latest time');
    });

    it('takes tasks whose lease ends after the given latest time as well: their holder does not have them any more', async (store) => {
      await add(store, newTask('1'), newTask('2'));
      const ahead = await claimOne(store, { now: NOW + 2 * HOUR, only: ['1'] });
      await claimOne(store, { only: ['2'] });
      assertEqual(await claim(store), [], 'what is free without a latest time');
      const [taken] = await claim(store, { latestDueAt: NOW + HOUR });
      assertEqual(taken?.appointmentId, '1', 'what is claimed');
      assertErr(await store.renewTask(ahead, NOW + 3 * HOUR), 'conflict');
    });

    it('corrects a creation time in the future, and keeps one in the past', async (store) => {
      assertOk(await store.addTasks([newTask('1')], NOW + HOUR));
      const first = await claimOne(store);
      assertEqual(first.createdAt, NOW, 'the creation time of the claim');
      assertOk(await store.postponeTask(first, NOW + 5, 0, NOW));
      assertEqual((await claimOne(store, { now: NOW + 5 })).createdAt, NOW, 'the creation time of the next claim');
    });
  });
}
