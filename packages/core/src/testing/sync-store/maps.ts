import { INTENT_KINDS } from '../../domain/booking-event-map.js';
import { HOUR } from '../../domain/instant.js';
import { assertEqual, assertErr, assertOk, assertTrue } from '../assert.js';
import { handles, type SyncStoreSuiteContext } from './context.js';
import { AWKWARD_TEXT, newMap, NOW, stored } from './fixtures.js';

/** Single maps: compare and set, stored values, and the lookup of a map by its event. */
export function mapSuite({ describe, it, factory }: SyncStoreSuiteContext): void {
  describe('a map', () => {
    it('is null before it is stored', async (store) => {
      assertEqual(assertOk(await store.getMap('700123')), null, 'a map that was not stored');
    });

    it('is stored new at version 0 and answered at version 1', async (store) => {
      const answered = await stored(store, newMap('700123'));
      assertEqual(answered, newMap('700123', { version: 1 }), 'the answer of putMap');
      assertEqual(assertOk(await store.getMap('700123')), answered, 'the stored map');
    });

    it('keeps every field, with all that can be null set', async (store) => {
      const map = newMap('700-Ω', {
        googleCalendarId: 'bay2@group.calendar.google.com',
        googleEventId: 'event-of-another-name',
        lastSyncedAt: NOW + 1,
        lastSource: 'GCAL',
        etag: AWKWARD_TEXT,
        status: 'CANCELED',
        base: { start: NOW + 2, end: NOW + 3, bay: 'Bahn ½', title: AWKWARD_TEXT, description: `${AWKWARD_TEXT}\n` },
        fence: 7,
        bookingWrittenAt: NOW + 4,
        eventUpdatedAt: NOW + 5,
        intent: {
          kind: 'reschedule',
          start: NOW + 6,
          end: NOW + 7,
          bay: '2',
          since: NOW + 8,
          triedAt: NOW + 9,
          successor: '8',
          write: 'w1',
        },
        supersededBy: '700124',
        flags: { unmarked: true, deleting: true, ownTitle: true, ownDescription: true },
        eventLink: 'https://calendar.example/event?eid=1',
      });
      await stored(store, map);
      assertEqual(assertOk(await store.getMap('700-Ω')), { ...map, version: 1 }, 'the stored map');
    });

    it('keeps every field, with all that can be null null and all text empty', async (store) => {
      const map = newMap('700123', {
        etag: '',
        base: { start: NOW, end: NOW, bay: null, title: '', description: '' },
      });
      await stored(store, map);
      assertEqual(assertOk(await store.getMap('700123')), { ...map, version: 1 }, 'the stored map');
    });

    it('sets null fields and clears set fields, for any kind of started change', async (store) => {
      for (const [index, kind] of INTENT_KINDS.entries()) {
        const id = `70012${index}`;
        const place = { start: NOW, end: NOW + HOUR, bay: '2' };
        const intent = { kind, ...place, since: NOW, triedAt: NOW + 1, successor: null };
        const empty = await stored(store, newMap(id));
        const full = await stored(store, { ...empty, intent, supersededBy: '9', bookingWrittenAt: NOW });
        assertEqual(assertOk(await store.getMap(id)), full, 'the map with an intent');
        const again = await stored(store, { ...full, intent: null, supersededBy: null, bookingWrittenAt: null });
        assertEqual(assertOk(await store.getMap(id)), again, 'the map without one');
        assertEqual(again, { ...empty, version: 3 }, 'what is left');
      }
    });

    it('is not changed by later changes of the caller’s objects', async (store) => {
      const base = { start: NOW, end: NOW + HOUR, bay: '1', title: 'before', description: '' };
      await stored(store, newMap('700123', { base }));
      base.title = 'after';
      assertEqual(assertOk(await store.getMap('700123'))?.base.title, 'before', 'the stored title');
    });

    it('is refused with an outdated version, and stays unchanged', async (store) => {
      const first = await stored(store, newMap('700123'));
      const second = await stored(store, { ...first, etag: '"second"' });
      const error = assertErr(await store.putMap({ ...first, etag: '"stale"' }), 'conflict');
      assertEqual(error.system, 'store', 'the system of the error');
      assertEqual(assertOk(await store.getMap('700123')), second, 'the stored map');
    });

    it('is refused as new when there is one, and as old when there is none', async (store) => {
      await stored(store, newMap('700123'));
      assertErr(await store.putMap(newMap('700123')), 'conflict');
      assertErr(await store.putMap(newMap('700999', { version: 3 })), 'conflict');
      assertEqual(assertOk(await store.getMap('700999')), null, 'the map that never was');
    });

    it('is refused under a version that is ahead', async (store) => {
      const first = await stored(store, newMap('700123'));
      assertErr(await store.putMap({ ...first, version: 2 }), 'conflict');
    });

    it('is refused under a lower fence, even at the right version', async (store) => {
      const first = await stored(store, newMap('700123', { fence: 5 }));
      assertErr(await store.putMap({ ...first, fence: 4 }), 'conflict');
      assertEqual(assertOk(await store.getMap('700123')), first, 'the stored map');
    });

    it('is accepted under the same fence and under a higher one', async (store) => {
      const first = await stored(store, newMap('700123', { fence: 5 }));
      const second = await stored(store, { ...first, etag: '"second"' });
      const third = await stored(store, { ...second, fence: 6 });
      assertEqual(assertOk(await store.getMap('700123')), third, 'the stored map');
      assertEqual([third.version, third.fence], [3, 6], 'version and fence');
    });

    it('written by several concurrent callers is written by exactly one', async (store) => {
      const [one, two] = await handles(store, factory);
      const first = await stored(store, newMap('700123'));
      const writers = Array.from({ length: 12 }, (_, index) => (index % 2 === 0 ? one : two));
      for (const current of [newMap('700777'), first]) {
        const results = await Promise.all(
          writers.map((writer, index) => writer.putMap({ ...current, etag: `"writer ${index}"` })),
        );
        const winners = results.flatMap((result) => (result.ok ? [result.val] : []));
        assertEqual(winners.length, 1, 'how many writers won');
        for (const result of results) if (result.err) assertErr(result, 'conflict');
        const now = assertOk(await two.getMap(current.uscheduleAppointmentId));
        assertEqual(now, winners[0] ?? null, 'the stored map is the one of the winner');
      }
    });

    it('is read at once from every handle', async (store) => {
      const [one, two] = await handles(store, factory);
      let map = await stored(one, newMap('700123'));
      for (const [writer, reader] of [
        [one, two],
        [two, one],
        [one, two],
      ] as const) {
        map = await stored(writer, { ...map, etag: `${map.etag}+` });
        assertEqual(assertOk(await reader.getMap('700123')), map, 'the map as the other handle reads it');
      }
    });
  });

  describe('the map of an event', () => {
    it('is null for an event without a map', async (store) => {
      await stored(store, newMap('700123'));
      assertEqual(assertOk(await store.findMapByEvent('another')), null, 'the map of an unknown event');
    });

    it('is found by the event id alone', async (store) => {
      await stored(store, newMap('1'));
      const map = await stored(store, newMap('2', { googleCalendarId: 'bay2@group.calendar.google.com' }));
      assertEqual(assertOk(await store.findMapByEvent('event2')), map, 'the map of event2');
    });

    it('is the ACTIVE map if several name the event, in any order of storing', async (store) => {
      const googleEventId = 'shared';
      await stored(store, newMap('1', { googleEventId, status: 'CANCELED', lastSyncedAt: NOW + 5 }));
      await stored(store, newMap('2', { googleEventId, lastSyncedAt: NOW }));
      await stored(store, newMap('3', { googleEventId, status: 'CANCELED', lastSyncedAt: NOW + 9 }));
      const found = assertOk(await store.findMapByEvent('shared'));
      assertEqual(found?.uscheduleAppointmentId, '2', 'the appointment of the map');
    });

    it('is the last synced map if none is ACTIVE', async (store) => {
      const fields = { googleEventId: 'shared', status: 'CANCELED' } as const;
      await stored(store, newMap('1', { ...fields, lastSyncedAt: NOW + 1 }));
      await stored(store, newMap('2', { ...fields, lastSyncedAt: NOW + 3 }));
      await stored(store, newMap('3', { ...fields, lastSyncedAt: NOW + 2 }));
      const found = assertOk(await store.findMapByEvent('shared'));
      assertEqual(found?.uscheduleAppointmentId, '2', 'the appointment of the map');
    });

    it('follows the map to another event', async (store) => {
      const first = await stored(store, newMap('1', { googleEventId: 'old' }));
      const second = await stored(store, { ...first, googleEventId: 'new' });
      assertEqual(assertOk(await store.findMapByEvent('old')), null, 'the map of the old event');
      assertEqual(assertOk(await store.findMapByEvent('new')), second, 'the map of the new event');
    });

    it('follows a cancellation', async (store) => {
      const googleEventId = 'shared';
      const old = await stored(store, newMap('1', { googleEventId }));
      await stored(store, newMap('2', { googleEventId, status: 'CANCELED', lastSyncedAt: NOW + 1 }));
      assertEqual(assertOk(await store.findMapByEvent('shared')), old, 'the ACTIVE map');
      await stored(store, { ...old, status: 'CANCELED' });
      const found = assertOk(await store.findMapByEvent('shared'));
      assertTrue(found?.uscheduleAppointmentId === '2', 'expected the one synced last when both are canceled');
    });

    it('is forgotten only if it was synced and its visit ended before, and it has no intent', async (store) => {
      const old = { lastSyncedAt: NOW - 2, base: { ...newMap('').base, start: NOW - HOUR, end: NOW - 1 } };
      const intent = {
        kind: 'write-event',
        start: NOW,
        end: NOW + 1,
        bay: '1',
        since: NOW - 9,
        triedAt: NOW - 9,
        successor: null,
      } as const;
      const kept = [
        newMap('just ended', { ...old, base: { ...old.base, end: NOW } }),
        newMap('just synced', { ...old, lastSyncedAt: NOW }),
        newMap('to come', {
          ...old,
          base: { ...old.base, start: NOW + HOUR, end: NOW + 2 * HOUR },
          status: 'CANCELED',
        }),
        newMap('under way', { ...old, intent }),
      ];
      const forgotten = [newMap('active', old), newMap('canceled', { ...old, status: 'CANCELED', supersededBy: '2' })];
      for (const map of [...kept, ...forgotten]) await stored(store, map);
      assertEqual(assertOk(await store.listMaps({ period: { from: 0, to: NOW } })).length, 5, 'before');
      assertOk(await store.forgetMaps(NOW));
      const ids = assertOk(await store.listMaps({})).map((map) => map.uscheduleAppointmentId);
      assertEqual(ids, ['just ended', 'just synced', 'to come', 'under way'], 'the maps that are left');
      const listed = assertOk(await store.listMaps({ period: { from: 0, to: NOW } }));
      assertEqual(listed.length, 3, 'those of the period, which was listed before');
      assertEqual(assertOk(await store.findMapByEvent('eventactive')), null, 'the map of a forgotten event');
      await stored(store, newMap('active'));
      assertEqual(assertOk(await store.findMapByEvent('eventactive'))?.version, 1, 'the map that is stored anew');
    });
  });
}
