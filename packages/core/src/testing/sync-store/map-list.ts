import type { BookingEventMap } from '../../domain/booking-event-map.js';
import { HOUR } from '../../domain/instant.js';
import { assertEqual, assertOk, assertTrue } from '../assert.js';
import type { SyncStoreSuiteContext } from './context.js';
import { mapIds, newMap, NOW, stored } from './fixtures.js';

/** Filters, order and paging of maps. */
export function mapListSuite({ describe, it }: SyncStoreSuiteContext): void {
  describe('the list of maps', () => {
    const bay2 = 'bay2@group.calendar.google.com';
    const at = (start: number, bay: string | null = '1') => ({
      start,
      end: start + HOUR,
      bay,
      title: '',
      description: '',
    });

    it('is empty before one is stored', async (store) => {
      assertEqual(assertOk(await store.listMaps({})), [], 'the maps');
    });

    it('has all maps whole, in order of the appointment id as a string', async (store) => {
      const maps: BookingEventMap[] = [];
      for (const id of ['9', '10', '700', '1', '09', 'a', 'B', 'é', '\u{1f3cc}', '\uffee']) {
        maps.push(await stored(store, newMap(id)));
      }
      const listed = assertOk(await store.listMaps({}));
      const expected = ['09', '1', '10', '700', '9', 'B', 'a', 'é', '\uffee', '\u{1f3cc}'];
      assertEqual(mapIds(listed), expected, 'the order');
      assertEqual(
        listed,
        expected.flatMap((id) => maps.filter((map) => map.uscheduleAppointmentId === id)),
        'the maps',
      );
    });

    it('filters by status', async (store) => {
      await stored(store, newMap('1'));
      await stored(store, newMap('2', { status: 'CANCELED' }));
      await stored(store, newMap('3'));
      assertEqual(mapIds(assertOk(await store.listMaps({ status: 'ACTIVE' }))), ['1', '3'], 'ACTIVE');
      assertEqual(mapIds(assertOk(await store.listMaps({ status: 'CANCELED' }))), ['2'], 'CANCELED');
    });

    it('filters by calendar and by bay', async (store) => {
      await stored(store, newMap('1'));
      await stored(store, newMap('2', { googleCalendarId: bay2 }));
      await stored(store, newMap('3', { base: at(NOW, '2') }));
      await stored(store, newMap('4', { base: at(NOW, null) }));
      assertEqual(mapIds(assertOk(await store.listMaps({ calendarId: bay2 }))), ['2'], 'by calendar');
      assertEqual(mapIds(assertOk(await store.listMaps({ bay: '2' }))), ['3'], 'by bay');
      assertEqual(mapIds(assertOk(await store.listMaps({ bay: '1' }))), ['1', '2'], 'by bay, without a null bay');
    });

    it('filters by the start of the base, from inclusive, to exclusive', async (store) => {
      for (const [id, start] of [
        ['1', NOW - 1],
        ['2', NOW],
        ['3', NOW + HOUR - 1],
        ['4', NOW + HOUR],
      ] as const) {
        await stored(store, newMap(id, { base: at(start) }));
      }
      const listed = assertOk(await store.listMaps({ period: { from: NOW, to: NOW + HOUR } }));
      assertEqual(mapIds(listed), ['2', '3'], 'the maps in the period');
    });

    it('filters by a started reschedule', async (store) => {
      await stored(store, newMap('1'));
      const map = await stored(
        store,
        newMap('2', {
          intent: { kind: 'reschedule', start: NOW, end: NOW, bay: '1', since: NOW, triedAt: NOW, successor: null },
        }),
      );
      assertEqual(assertOk(await store.listMaps({ withIntent: true })), [map], 'the maps with an intent');
      await stored(store, { ...map, intent: null });
      assertEqual(assertOk(await store.listMaps({ withIntent: true })), [], 'the maps with an intent, once it is done');
    });

    it('filters by all of these together', async (store) => {
      const intent = {
        kind: 'reschedule',
        start: NOW,
        end: NOW,
        bay: '1',
        since: NOW,
        triedAt: NOW,
        successor: null,
      } as const;
      const match = { googleCalendarId: bay2, base: at(NOW, '2'), intent };
      await stored(store, newMap('1', match));
      await stored(store, newMap('2', { ...match, status: 'CANCELED' }));
      await stored(store, newMap('3', { ...match, googleCalendarId: 'other' }));
      await stored(store, newMap('4', { ...match, base: at(NOW, '1') }));
      await stored(store, newMap('5', { ...match, base: at(NOW + HOUR, '2') }));
      await stored(store, newMap('6', { ...match, intent: null }));
      await stored(store, newMap('7', match));
      await stored(store, newMap('8', match));
      const period = { from: NOW, to: NOW + 1 };
      const query = { status: 'ACTIVE', calendarId: bay2, bay: '2', period, withIntent: true, after: '1' } as const;
      assertEqual(mapIds(assertOk(await store.listMaps(query))), ['7', '8'], 'the maps that match');
      assertEqual(mapIds(assertOk(await store.listMaps({ ...query, limit: 1 }))), ['7'], 'the first of them');
    });

    it('pages through everything once, with and without a filter', async (store) => {
      const all: string[] = [];
      for (let index = 0; index < 25; index++) {
        const id = String(index * 7 + 1);
        all.push(id);
        await stored(store, newMap(id, { status: index % 3 === 0 ? 'CANCELED' : 'ACTIVE' }));
      }
      all.sort();
      for (const query of [{}, { status: 'ACTIVE' }] as const) {
        const whole = mapIds(assertOk(await store.listMaps(query)));
        const paged: string[] = [];
        for (let after: string | undefined, pages = 0; pages <= 25; pages++) {
          const page = mapIds(assertOk(await store.listMaps({ ...query, limit: 4, ...(after && { after }) })));
          if (page.length === 0) break;
          assertTrue(page.length <= 4, `a page of ${page.length} where 4 were asked for`);
          paged.push(...page);
          after = page.at(-1);
        }
        assertEqual(paged, whole, 'the pages put together');
        if (!('status' in query)) assertEqual(whole, all, 'all maps');
      }
    });

    it('continues after an unknown id', async (store) => {
      await stored(store, newMap('1'));
      await stored(store, newMap('3'));
      assertEqual(mapIds(assertOk(await store.listMaps({ after: '2' }))), ['3'], 'the maps after 2');
      assertEqual(mapIds(assertOk(await store.listMaps({ after: '3' }))), [], 'the maps after the last');
    });
  });
}
