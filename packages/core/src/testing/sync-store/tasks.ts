import { HOUR, MINUTE } from '../../domain/instant.js';
import { assertEqual, assertErr, assertOk, assertTrue } from '../assert.js';
import type { SyncStoreSuiteContext } from './context.js';
import { add, AWKWARD_TEXT, claim, claimOne, ids, LATER, LEASE_MS, newLetter, newTask, NOW } from './fixtures.js';

/** The life cycle of a task: added, marked, claimed, completed, postponed, dead-lettered, released. */
export function taskSuite({ describe, it }: SyncStoreSuiteContext): void {
  describe('a task', () => {
    it('is claimed whole, once', async (store) => {
      const event = { calendarId: 'bay2@group.calendar.google.com', eventId: AWKWARD_TEXT };
      assertOk(await store.addTasks([newTask('7', NOW, { trigger: 'sweep', event })], NOW - MINUTE));
      const task = await claimOne(store, { owner: 'one' });
      assertTrue(
        Number.isSafeInteger(task.fence) && task.fence > 0,
        `the fence is a positive number, not ${task.fence}`,
      );
      assertTrue(Number.isSafeInteger(task.mark), `the mark is a number, not ${task.mark}`);
      assertEqual(
        task,
        {
          ...task,
          appointmentId: '7',
          owner: 'one',
          leaseUntil: NOW + LEASE_MS,
          trigger: 'sweep',
          event,
          attempts: 0,
          claims: 1,
          createdAt: NOW - MINUTE,
        },
        'the claim',
      );
      assertEqual(await claim(store, { owner: 'two' }), [], 'what another owner can claim');
      assertEqual(await claim(store, { owner: 'one' }), [], 'what the same owner can claim');
    });

    it('is not claimed before it is due', async (store) => {
      await add(store, newTask('7', NOW + 1));
      assertEqual(await claim(store, { now: NOW }), [], 'what can be claimed before');
      assertEqual(ids(await claim(store, { now: NOW + 1 })), ['7'], 'what can be claimed when it is due');
    });

    it('is due at a time that is not a whole number, too', async (store) => {
      await add(store, newTask('7', NOW + 0.5));
      assertEqual(assertOk(await store.nextTaskDueAt()), NOW + 0.5, 'when it is due');
      assertEqual(await claim(store, { now: NOW }), [], 'what can be claimed before');
      assertEqual(ids(await claim(store, { now: NOW + 1 })), ['7'], 'what can be claimed after');
    });

    it('added again is one task, due at the earlier of the times, with the later trigger', async (store) => {
      await add(store, newTask('7', LATER));
      assertOk(await store.addTasks([newTask('7', NOW, { trigger: 'hint' })], NOW + 1));
      assertOk(await store.addTasks([newTask('7', NOW + HOUR, { trigger: 'sweep' })], NOW + 2));
      assertEqual(assertOk(await store.nextTaskDueAt()), NOW, 'when it is due');
      const task = await claimOne(store, { now: NOW + 2 });
      assertEqual([task.trigger, task.createdAt], ['sweep', NOW], 'trigger and time of creation');
    });

    it('refers to the last event that a trigger named', async (store) => {
      const events = ['e1', 'e2', 'e3'].map((eventId) => ({ calendarId: 'c', eventId }));
      const [first = null, second = null, third = null] = events;
      await add(store, newTask('7', NOW, { event: first }), newTask('8'));
      await add(store, newTask('7', NOW, { event: second }), newTask('8', NOW, { event: third }), newTask('7'));
      await add(store, newTask('7'), newTask('8'));
      const tasks = await claim(store);
      const seen = Object.fromEntries(tasks.map((task) => [task.appointmentId, task.event]));
      assertEqual(seen, { '7': second, '8': third }, 'the events');
      for (const task of tasks) assertOk(await store.postponeTask(task, NOW, 1, NOW));
      const again = await claim(store);
      assertEqual(Object.fromEntries(again.map((task) => [task.appointmentId, task.event])), seen, 'the events later');
    });

    it('named twice in one call is one task, due at the earlier of the times', async (store) => {
      const late = NOW + HOUR;
      await add(store, newTask('7', late), newTask('8'), newTask('9'), newTask('7'), newTask('9', late));
      assertEqual(ids(await claim(store)).toSorted(), ['7', '8', '9'], 'what can be claimed');
    });

    it('keeps an earlier due time', async (store) => {
      await add(store, newTask('7', NOW));
      await add(store, newTask('7', NOW + HOUR));
      assertEqual(assertOk(await store.nextTaskDueAt()), NOW, 'when it is due');
    });

    it('is removed when it is completed', async (store) => {
      await add(store, newTask('7'));
      assertEqual(assertOk(await store.completeTask(await claimOne(store), NOW, NOW)), 'done', 'the answer');
      assertEqual(await claim(store, { now: NOW + HOUR }), [], 'what is left');
      assertEqual(assertOk(await store.nextTaskDueAt()), null, 'what is due');
    });

    it('can be added again after it is completed, as a new task', async (store) => {
      await add(store, newTask('7'));
      const first = await claimOne(store);
      assertOk(await store.completeTask(first, NOW, NOW));
      assertOk(await store.addTasks([newTask('7', LATER)], LATER));
      const second = await claimOne(store, { now: LATER });
      assertEqual([second.attempts, second.claims, second.createdAt], [0, 1, LATER], 'attempts, claims, creation');
      assertTrue(second.fence > first.fence, `a fence above ${first.fence}, not ${second.fence}`);
    });

    it('marked while it is claimed is not given to another worker', async (store) => {
      await add(store, newTask('7'));
      await claimOne(store);
      await add(store, newTask('7'));
      assertEqual(await claim(store, { owner: 'two' }), [], 'what another owner can claim');
    });

    it('marked while it is claimed is due again when completed, at the given time, as a new task', async (store) => {
      await add(store, newTask('7', NOW - HOUR));
      const first = await claimOne(store);
      assertOk(await store.postponeTask(first, NOW, 3, NOW));
      const second = await claimOne(store);
      assertOk(await store.addTasks([newTask('7', NOW + HOUR, { trigger: 'hint' })], NOW));
      assertEqual(assertOk(await store.completeTask(second, NOW + 5, NOW + 8)), 'again', 'the answer');
      assertEqual(assertOk(await store.nextTaskDueAt()), NOW + 8, 'when it is due');
      assertEqual(await claim(store, { now: NOW + 7 }), [], 'what can be claimed before');
      const third = await claimOne(store, { now: NOW + 8, owner: 'two' });
      assertEqual(
        [third.trigger, third.attempts, third.claims, third.createdAt],
        ['hint', 0, 1, NOW + 5],
        'trigger, attempts, claims, time of creation',
      );
      assertTrue(third.fence > second.fence, 'the fence rose');
      assertEqual(
        assertOk(await store.completeTask(third, NOW + 9, NOW + 9)),
        'done',
        'the answer without another mark',
      );
    });

    it('postponed is due then, with the attempts given, and keeps its history', async (store) => {
      await add(store, newTask('7'));
      const first = await claimOne(store);
      assertOk(await store.postponeTask(first, LATER, 4, NOW));
      assertEqual(assertOk(await store.nextTaskDueAt()), LATER, 'when it is due');
      assertEqual(await claim(store, { now: LATER - 1 }), [], 'what can be claimed before');
      const second = await claimOne(store, { now: LATER });
      assertEqual([second.attempts, second.claims, second.createdAt], [4, 2, NOW], 'attempts, claims, creation');
      assertEqual(second.mark, first.mark, 'the mark');
    });

    it('can be postponed to a time earlier than its own', async (store) => {
      await add(store, newTask('7', NOW));
      assertOk(await store.postponeTask(await claimOne(store), NOW - 5, 0, NOW));
      assertEqual(assertOk(await store.nextTaskDueAt()), NOW - 5, 'when it is due');
    });

    it('marked while it is claimed is due at the second given time when postponed', async (store) => {
      await add(store, newTask('7'));
      const first = await claimOne(store);
      await add(store, newTask('7', NOW + HOUR));
      assertOk(await store.postponeTask(first, LATER, 2, NOW + 5));
      assertEqual(assertOk(await store.nextTaskDueAt()), NOW + 5, 'when it is due');
      assertEqual((await claimOne(store, { now: NOW + 5 })).attempts, 2, 'the attempts');
    });

    it('marked while it waits is due at the earlier time', async (store) => {
      await add(store, newTask('7'));
      assertOk(await store.postponeTask(await claimOne(store), NOW + HOUR, 1, NOW));
      await add(store, newTask('7', LATER));
      assertEqual(assertOk(await store.nextTaskDueAt()), LATER, 'when it is due');
      assertEqual((await claimOne(store, { now: LATER })).attempts, 1, 'the attempts');
    });

    it('that is dead-lettered is removed and leaves its dead letter', async (store) => {
      await add(store, newTask('7'));
      assertOk(await store.deadLetterTask(await claimOne(store), newLetter('7')));
      assertEqual(assertOk(await store.getDeadLetter('7')), newLetter('7'), 'the dead letter');
      assertEqual(assertOk(await store.nextTaskDueAt()), null, 'what is due');
      assertEqual(assertOk(await store.countTasks(NOW)), { due: 0, waiting: 0, claimed: 0 }, 'the counts');
    });

    it('marked while it is claimed stays when dead-lettered, due at once, and leaves its dead letter', async (store) => {
      await add(store, newTask('7'));
      const task = await claimOne(store);
      await add(store, newTask('7', NOW + HOUR));
      assertOk(await store.deadLetterTask(task, newLetter('7', { at: NOW + 5 })));
      assertEqual(assertOk(await store.getDeadLetter('7')), newLetter('7', { at: NOW + 5 }), 'the dead letter');
      const again = await claimOne(store, { now: NOW + 5 });
      assertEqual([again.attempts, again.claims, again.createdAt], [0, 1, NOW + 5], 'attempts, claims, creation');
    });

    it('of one appointment does not touch that of another', async (store) => {
      await add(store, newTask('7'), newTask('8'), newTask('9'));
      const tasks = await claim(store);
      const [seven, eight] = ['7', '8'].map((id) => tasks.find((task) => task.appointmentId === id));
      assertTrue(seven !== undefined && eight !== undefined, 'all three are claimed');
      await add(store, newTask('8'));
      assertEqual(assertOk(await store.completeTask(seven, NOW, NOW)), 'done', 'the answer for 7');
      assertEqual(assertOk(await store.completeTask(eight, NOW, NOW)), 'again', 'the answer for 8');
      assertEqual(assertOk(await store.countTasks(NOW)), { due: 1, waiting: 0, claimed: 1 }, 'the counts');
    });
  });

  describe('releasing an owner', () => {
    it('releases only its own tasks, which keep their due time', async (store) => {
      await add(store, newTask('1'), newTask('2', NOW + 1));
      await claim(store, { owner: 'one' });
      await add(store, newTask('3'));
      const kept = await claimOne(store, { owner: 'two' });
      await claim(store, { owner: 'one', now: NOW + 1 });
      assertOk(await store.releaseTasks('one'));
      assertEqual(ids(await claim(store, { owner: 'two', now: NOW + 1 })), ['1', '2'], 'what is free');
      assertEqual(assertOk(await store.completeTask(kept, NOW, NOW)), 'done', 'the answer for the other owner');
    });

    it('makes its claims stale', async (store) => {
      await add(store, newTask('7'));
      const task = await claimOne(store, { owner: 'one' });
      assertOk(await store.releaseTasks('one'));
      assertErr(await store.completeTask(task, NOW, NOW), 'conflict');
      const next = await claimOne(store, { owner: 'one' });
      assertEqual(next.claims, 2, 'the claims');
      assertTrue(next.fence > task.fence, 'the fence rose');
    });

    it('is no error for an owner without tasks', async (store) => {
      assertOk(await store.releaseTasks('unknown'));
    });
  });
}
