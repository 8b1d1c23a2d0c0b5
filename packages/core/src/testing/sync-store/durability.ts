import { HOUR } from '../../domain/instant.js';
import { isShared, type SyncStore } from '../../ports/sync-store.js';
import { assertEqual, assertErr, assertOk, assertTrue } from '../assert.js';
import type { SyncStoreSuiteContext } from './context.js';
import {
  add,
  AFTER_LEASE,
  claim,
  claimOne,
  ids,
  newChannel,
  newEntry,
  newFeedState,
  newLetter,
  newLiveness,
  newMap,
  newSignal,
  newTask,
  NOW,
  stored,
} from './fixtures.js';

/** Acknowledged data survives the process. */
export function durabilitySuite({ describe, it, factory }: SyncStoreSuiteContext): void {
  if (!factory.reopen) return;
  const reopen = factory.reopen.bind(factory);

  describe('a store opened again', () => {
    it('has everything that was acknowledged', async (store) => {
      const map = await stored(
        store,
        newMap('1', {
          intent: { kind: 'reschedule', start: NOW, end: NOW, bay: '2', since: NOW, triedAt: NOW, successor: null },
        }),
      );
      await add(store, newTask('9'));
      assertOk(await store.deadLetterTask(await claimOne(store), newLetter('9')));
      await add(store, newTask('2'));
      assertOk(await store.postponeTask(await claimOne(store), NOW + HOUR, 3, NOW));
      assertOk(await store.putFeedState(newFeedState('bookings', { syncToken: 't' })));
      assertOk(await store.putChannel(newChannel('c1')));
      assertOk(await store.putLiveness([newLiveness('1', { freeReadings: 1 })]));

      const keepsJournal = factory.supports?.journal !== false;
      if (keepsJournal) assertOk(await store.addJournal([newEntry('e1', '1')]));
      assertOk(await store.addSignals([newSignal('s1')]));

      const next = await reopen(store);

      assertEqual(assertOk(await next.getMap('1')), map, 'the map');
      assertEqual(assertOk(await next.findMapByEvent('event1')), map, 'the map of the event');
      assertEqual(assertOk(await next.listMaps({ withIntent: true })), [map], 'the maps');
      assertEqual(assertOk(await next.listDeadLetters({})), [newLetter('9')], 'the dead letters');
      assertEqual(
        assertOk(await next.getFeedState('bookings')),
        newFeedState('bookings', { syncToken: 't' }),
        'the state of the feed',
      );
      assertEqual(assertOk(await next.listChannels()), [newChannel('c1')], 'the channels');
      assertEqual(assertOk(await next.listLiveness()), [newLiveness('1', { freeReadings: 1 })], 'the liveness');
      const journal = await next.listJournal?.('1', 9);
      if (keepsJournal) assertEqual(journal?.unwrapOr([]), [newEntry('e1', '1')], 'the journal');
      assertEqual(assertOk(await next.listSignals({})), [newSignal('s1')], 'the signals');
      assertEqual(assertOk(await next.nextTaskDueAt()), NOW + HOUR, 'when the task is due');
      const task = await claimOne(next, { now: NOW + HOUR });
      assertEqual([task.appointmentId, task.attempts, task.claims], ['2', 3, 2], 'appointment, attempts, claims');
    });

    it('continues its fences, even after every task was completed', async (store) => {
      let current: SyncStore = store;
      let last = 0;
      for (let round = 0; round < 3; round++) {
        await add(current, newTask('1'), newTask('2'));
        for (const task of await claim(current)) {
          assertTrue(task.fence > last, `a fence of ${task.fence} was given after one of ${last}`);
          last = task.fence;
          assertOk(await current.completeTask(task, NOW, NOW));
        }
        current = await reopen(current);
      }
    });

    it('still compares and sets', async (store) => {
      const first = await stored(store, newMap('1', { fence: 3 }));
      const next = await reopen(store);
      assertErr(await next.putMap({ ...first, version: 0 }), 'conflict');
      assertErr(await next.putMap({ ...first, fence: 2 }), 'conflict');
      assertEqual(assertOk(await next.putMap(first)).version, 2, 'the version');
    });

    it('offers the tasks of a dead process: at once if it was the only one, else after the lease', async (store) => {
      await add(store, newTask('1'), newTask('2'));
      const held = await claim(store, { owner: 'dead' });
      const next = await reopen(store);
      const free = isShared(next) ? [] : ['1', '2'];
      assertEqual(assertOk(await next.countTasks(NOW)).claimed, isShared(next) ? 2 : 0, 'the claimed');
      assertEqual(ids(await claim(next, { owner: 'new' })), free, 'what is free at once');
      const later = isShared(next) ? await claim(next, { owner: 'new', now: AFTER_LEASE }) : [];
      assertEqual(ids(later), isShared(next) ? ['1', '2'] : [], 'what is free when the lease is over');
      for (const task of held) assertErr(await next.completeTask(task, AFTER_LEASE, AFTER_LEASE), 'conflict');
      assertEqual(assertOk(await next.countTasks(NOW)), { due: 0, waiting: 0, claimed: 2 }, 'the counts');
    });
  });
}
