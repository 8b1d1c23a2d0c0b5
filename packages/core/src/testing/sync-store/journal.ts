import { HOUR } from '../../domain/instant.js';
import type { JournalEntry } from '../../domain/journal-entry.js';
import { hasJournal, type SyncStore } from '../../ports/sync-store.js';
import type { WholePort } from '../whole-port.js';
import { assertEqual, assertOk } from '../assert.js';
import { handles, type SyncStoreSuiteContext } from './context.js';
import { AWKWARD_TEXT, newEntry, NOW } from './fixtures.js';

/** The journal: ordered and bounded. */
export function journalSuite({ describe, it, factory }: SyncStoreSuiteContext): void {
  const isSupported = factory.supports?.journal !== false;
  describe('the journal', () => {
    it('is claimed if it is tested, and only then', async (store) => {
      assertEqual(hasJournal(store), isSupported, 'whether it keeps a journal');
    });
    if (!isSupported) return;

    it('keeps entries whole', async (store) => {
      const full = newEntry('e1', '1', {
        detail: AWKWARD_TEXT,
        error: { kind: 'refused', system: 'uschedule', message: AWKWARD_TEXT, reason: null },
        before: { start: NOW, end: NOW + HOUR, bay: '1' },
        after: { start: NOW + HOUR, end: NOW + 2 * HOUR, bay: null },
        dueAt: NOW + 1,
        other: '2',
      });
      assertOk(await store.addJournal([]));
      assertOk(await store.addJournal([full]));
      assertEqual(await list(store, '1'), [full], 'the entries');
    });

    it('has no entries of an unknown appointment', async (store) => {
      assertOk(await store.addJournal([newEntry('e1', '1')]));
      assertEqual(await list(store, '2'), [], 'the entries of another');
    });

    it('lists the entries of an appointment by time, and those of the same time by id', async (store) => {
      assertOk(await store.addJournal([newEntry('b', '1', { at: NOW + 1 }), newEntry('z', '1')]));
      assertOk(await store.addJournal([newEntry('a', '1', { at: NOW + 2 }), newEntry('y', '1'), newEntry('x', '2')]));
      assertEqual(ids(await list(store, '1')), ['y', 'z', 'b', 'a'], 'the ids');
    });

    it('lists the newest entries under a limit', async (store) => {
      const entries = [1, 2, 3, 4].map((time) => newEntry(`e${time}`, '1', { at: NOW + time }));
      assertOk(await store.addJournal(entries));
      assertEqual(ids(await list(store, '1', 2)), ['e3', 'e4'], 'the last two');
      assertEqual(await list(store, '1', 0), [], 'none of them');
    });

    it('keeps the first of two entries with the same id', async (store) => {
      const [one, other] = await handles(store, factory);
      assertOk(await one.addJournal([newEntry('e1', '1', { detail: 'first' })]));
      assertOk(await other.addJournal([newEntry('e1', '1', { detail: 'second' }), newEntry('e2', '1')]));
      assertEqual(
        (await list(store, '1')).map(({ id, detail }) => [id, detail]),
        [
          ['e1', 'first'],
          ['e2', null],
        ],
        'ids and details',
      );
    });

    it('removes older entries', async (store) => {
      const entries = [-1, 0, 1].map((time) => newEntry(`e${time}`, '1', { at: NOW + time }));
      assertOk(await store.addJournal(entries));
      assertOk(await store.forgetJournal(NOW, 10));
      assertEqual(ids(await list(store, '1')), ['e0', 'e1'], 'what is left');
    });

    it('removes the oldest entries of all appointments above the limit', async (store) => {
      assertOk(await store.addJournal([newEntry('a', '1'), newEntry('b', '2'), newEntry('c', '1')]));
      assertOk(await store.addJournal([newEntry('d', '1', { at: NOW + 1 })]));
      assertOk(await store.forgetJournal(0, 4));
      assertEqual(ids(await list(store, '2')), ['b'], 'what is left of one when there are as many as may be');
      assertOk(await store.forgetJournal(0, 2));
      assertEqual(ids(await list(store, '1')), ['c', 'd'], 'what is left of one');
      assertEqual(ids(await list(store, '2')), [], 'what is left of the other');
      assertOk(await store.forgetJournal(0, 0));
      assertEqual(ids(await list(store, '1')), [], 'what is left when none may be kept');
    });

    it('lists the activity of all appointments, the newest first', async (store) => {
      assertOk(await store.addJournal([newEntry('b', '1', { at: NOW + 1 }), newEntry('z', '2')]));
      assertOk(await store.addJournal([newEntry('a', '3', { at: NOW + 2 }), newEntry('y', '1')]));
      const all = assertOk(await store.listActivity({ limit: 10 }));
      assertEqual(ids(all), ['a', 'b', 'z', 'y'], 'the ids');
      assertEqual(all[1], newEntry('b', '1', { at: NOW + 1 }), 'an entry');
    });

    it('lists activity in pages', async (store) => {
      const entries = ['a', 'b', 'c', 'd'].map((id, index) => newEntry(id, '1', { at: NOW + (index > 1 ? 1 : 0) }));
      assertOk(await store.addJournal(entries));
      const first = assertOk(await store.listActivity({ limit: 2 }));
      assertEqual(ids(first), ['d', 'c'], 'the first page');
      const second = assertOk(await store.listActivity({ limit: 1, before: { at: NOW + 1, id: 'c' } }));
      assertEqual(ids(second), ['b'], 'the second page');
      const within = assertOk(await store.listActivity({ limit: 9, before: { at: NOW, id: 'b' } }));
      assertEqual(ids(within), ['a'], 'a page that begins among entries of the same moment');
      assertEqual(ids(assertOk(await store.listActivity({ limit: 0 }))), [], 'an empty page');
    });

    it('lists activity since a time', async (store) => {
      const entries = [-1, 0, 1].map((time) => newEntry(`e${time}`, '1', { at: NOW + time }));
      assertOk(await store.addJournal(entries));
      assertEqual(ids(assertOk(await store.listActivity({ since: NOW, limit: 9 }))), ['e1', 'e0'], 'the ids');
      const before = { at: NOW + 1, id: 'e1' };
      assertEqual(ids(assertOk(await store.listActivity({ since: NOW, before, limit: 9 }))), ['e0'], 'between both');
    });

    it('takes hundreds at once', async (store) => {
      const entries = Array.from({ length: 700 }, (_, time) => newEntry(`e${time}`, '1', { at: NOW + time }));
      assertOk(await store.addJournal(entries));
      assertEqual((await list(store, '1', 1000)).length, 700, 'how many there are');
    });
  });
}

async function list(store: WholePort<SyncStore>, appointmentId: string, limit = 100): Promise<readonly JournalEntry[]> {
  return assertOk(await store.listJournal(appointmentId, limit), 'could not list the journal');
}

function ids(entries: readonly JournalEntry[]): readonly string[] {
  return entries.map(({ id }) => id);
}
