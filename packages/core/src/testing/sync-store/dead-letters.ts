import type { SyncStore } from '../../ports/sync-store.js';
import type { DeadLetter } from '../../domain/task.js';
import { assertEqual, assertOk } from '../assert.js';
import type { SyncStoreSuiteContext } from './context.js';
import { add, AWKWARD_TEXT, claimOne, ids, newLetter, newTask, NOW } from './fixtures.js';

/** Storing and reading dead letters. */
export function deadLetterSuite({ describe, it }: SyncStoreSuiteContext): void {
  describe('a dead letter', () => {
    it('is null if there is none', async (store) => {
      assertEqual(assertOk(await store.getDeadLetter('7')), null, 'the dead letter');
    });

    it('keeps every field, with all that can be null set', async (store) => {
      const expected = newLetter('7', {
        error: {
          kind: 'rate-limited',
          system: 'google',
          method: 'events.patch',
          message: AWKWARD_TEXT,
          status: 429,
          reason: 'rateLimitExceeded',
          payload: { 'a.b': [1, null, { $set: AWKWARD_TEXT }], '': true, nested: { deep: [[], {}] } },
          retryAfterMs: 1500,
        },
        fingerprint: 'f'.repeat(64),
        retryAt: NOW + 1,
        revivals: 3,
      });
      await deadLetter(store, expected);
      assertEqual(assertOk(await store.getDeadLetter('7')), expected, 'the dead letter');
      assertEqual(assertOk(await store.listDeadLetters({})), [expected], 'the list');
    });

    it('keeps every field, with all that can be null null', async (store) => {
      const expected = newLetter('7', { calendarId: null, eventId: null, reason: null });
      await deadLetter(store, expected);
      assertEqual(assertOk(await store.getDeadLetter('7')), expected, 'the dead letter');
    });

    it('keeps a payload of any shape', async (store) => {
      for (const payload of ['text', '', 0, false, null, [], {}, { a: { b: 1 } }]) {
        const expected = newLetter('7', { error: { ...newLetter('7').error, payload } });
        await deadLetter(store, expected);
        assertEqual(assertOk(await store.getDeadLetter('7')), expected, `with the payload ${JSON.stringify(payload)}`);
      }
    });

    it('replaces an older one', async (store) => {
      await deadLetter(store, newLetter('7', { fingerprint: 'old', retryAt: NOW }));
      const expected = newLetter('7', { at: NOW + 1, attempts: 1 });
      await deadLetter(store, expected);
      assertEqual(assertOk(await store.getDeadLetter('7')), expected, 'the dead letter');
      assertEqual(assertOk(await store.listDeadLetters({})), [expected], 'the list');
    });

    it('is removed by a deletion, which may be repeated', async (store) => {
      await deadLetter(store, newLetter('7'));
      await deadLetter(store, newLetter('8'));
      assertOk(await store.deleteDeadLetter('7'));
      assertOk(await store.deleteDeadLetter('7'));
      assertEqual(assertOk(await store.getDeadLetter('7')), null, 'the dead letter');
      assertEqual(ids(assertOk(await store.listDeadLetters({}))), ['8'], 'the list');
    });
  });

  describe('the list of dead letters', () => {
    it('is in order of the appointment id as a string, and paged', async (store) => {
      for (const id of ['9', '10', '1', '700', 'x']) await deadLetter(store, newLetter(id));
      assertEqual(ids(assertOk(await store.listDeadLetters({}))), ['1', '10', '700', '9', 'x'], 'all');
      assertEqual(ids(assertOk(await store.listDeadLetters({ limit: 2 }))), ['1', '10'], 'the first page');
      assertEqual(ids(assertOk(await store.listDeadLetters({ after: '10', limit: 2 }))), ['700', '9'], 'the next page');
      assertEqual(ids(assertOk(await store.listDeadLetters({ after: '9' }))), ['x'], 'the last page');
      assertEqual(ids(assertOk(await store.listDeadLetters({ after: 'x' }))), [], 'after the last');
      assertEqual(ids(assertOk(await store.listDeadLetters({ after: '2' }))), ['700', '9', 'x'], 'after one not there');
    });
  });
}

async function deadLetter(store: SyncStore, letter: DeadLetter): Promise<void> {
  await add(store, newTask(letter.appointmentId));
  assertOk(await store.deadLetterTask(await claimOne(store), letter), 'could not store the dead letter');
}
