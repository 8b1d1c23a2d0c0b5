import { HOUR, SECOND } from '../../domain/instant.js';
import { assertEqual, assertOk } from '../assert.js';
import { handles, type SyncStoreSuiteContext } from './context.js';
import { AWKWARD_TEXT, newChannel, newFeedState, newLiveness, NOW } from './fixtures.js';

/** Feed states, leases of feeds, watch channels, liveness records, ping. */
export function feedAndChannelSuite({ describe, it, factory }: SyncStoreSuiteContext): void {
  describe('the state of a feed', () => {
    it('is null before it is stored', async (store) => {
      assertEqual(assertOk(await store.getFeedState('bookings')), null, 'the state');
    });

    it('keeps every field, set and null, and stays apart from other feeds', async (store) => {
      const full = newFeedState('calendar:bay1@group.calendar.google.com', {
        syncToken: AWKWARD_TEXT,
        tokenParameters: 'p1',
        stopped: { at: NOW, reason: AWKWARD_TEXT, wouldCancel: 9, mirrors: 12 },
        resumed: true,
        savedAt: NOW + 2,
      });
      const empty = newFeedState('bookings');
      assertOk(await store.putFeedState(full));
      assertOk(await store.putFeedState(empty));
      assertEqual(assertOk(await store.getFeedState(full.feed)), full, 'the full state');
      assertEqual(assertOk(await store.getFeedState('bookings')), empty, 'the empty state');
    });

    it('is replaced as a whole', async (store) => {
      const stopped = { at: NOW, reason: 'too many', wouldCancel: 9, mirrors: 12 };
      assertOk(await store.putFeedState(newFeedState('bookings', { syncToken: 'one', stopped })));
      const next = newFeedState('bookings', { savedAt: NOW + 1 });
      assertOk(await store.putFeedState(next));
      assertEqual(assertOk(await store.getFeedState('bookings')), next, 'the state');
    });
  });

  describe('a named lease', () => {
    const lease = (owner: string, until: number = NOW + 10 * SECOND) => ({ name: 'bookings', owner, until });

    it('belongs to the first owner that takes it, until its expiry', async (store) => {
      const [one, two] = await handles(store, factory);
      assertEqual(assertOk(await one.acquireLease(lease('one'), NOW)), true, 'the first');
      assertEqual(assertOk(await two.acquireLease(lease('two', NOW + HOUR), NOW)), false, 'the second');
      const end = NOW + 10 * SECOND;
      assertEqual(assertOk(await two.acquireLease(lease('two', NOW + HOUR), end - 1)), false, 'just before its end');
      assertEqual(assertOk(await two.acquireLease(lease('two', NOW + HOUR), end)), true, 'at its end');
      assertEqual(assertOk(await one.acquireLease(lease('one', NOW + HOUR), end)), false, 'the first again');
    });

    it('is renewed by its owner', async (store) => {
      assertOk(await store.acquireLease(lease('one'), NOW));
      assertEqual(assertOk(await store.acquireLease(lease('one', NOW + HOUR), NOW + SECOND)), true, 'the renewal');
      assertEqual(assertOk(await store.acquireLease(lease('two'), NOW + 20 * SECOND)), false, 'after the first end');
    });

    it('is renewed by its owner after its expiry, if no other owner took it', async (store) => {
      assertOk(await store.acquireLease(lease('one'), NOW));
      assertEqual(assertOk(await store.acquireLease(lease('one', NOW + 2 * HOUR), NOW + HOUR)), true, 'the renewal');
    });

    it('is free after its owner releases it, and not after another owner does', async (store) => {
      assertOk(await store.acquireLease(lease('one'), NOW));
      assertOk(await store.releaseLease('bookings', 'two'));
      assertEqual(assertOk(await store.acquireLease(lease('two'), NOW)), false, 'after a release by another owner');
      assertOk(await store.releaseLease('bookings', 'one'));
      assertEqual(assertOk(await store.acquireLease(lease('two'), NOW)), true, 'after a release by the owner');
      assertOk(await store.releaseLease('no such lease', 'one'));
    });

    it('is read with its holder and end, also after its expiry, and is null after its release', async (store) => {
      const [one, two] = await handles(store, factory);
      assertEqual(assertOk(await one.getLease('bookings')), null, 'before it is taken');
      assertOk(await one.acquireLease(lease('one'), NOW));
      assertEqual(assertOk(await two.getLease('bookings')), lease('one'), 'when it is taken');
      assertOk(await two.acquireLease(lease('two', NOW + HOUR), NOW));
      assertEqual(assertOk(await two.getLease('bookings')), lease('one'), 'after another owner asked for it');
      assertOk(await one.acquireLease(lease('one', NOW + SECOND), NOW));
      assertEqual(assertOk(await two.getLease('bookings')), lease('one', NOW + SECOND), 'when it is renewed');
      assertEqual(assertOk(await two.getLease('other')), null, 'the lease of another name');
      assertOk(await one.releaseLease('bookings', 'one'));
      assertEqual(assertOk(await two.getLease('bookings')), null, 'after its release');
    });

    it('is listed by the beginning of its name, also after its expiry, until its owner releases it', async (store) => {
      const [one, two] = await handles(store, factory);
      const named = (name: string, owner: string) => ({ name, owner, until: NOW + SECOND });
      const last = named('quota:ü', 'three');
      const seats = [named('quota:a', 'one'), named('quota:b', 'two'), last];
      assertEqual(assertOk(await one.listLeases('quota:')), [], 'before one is taken');
      for (const seat of [named('quota', 'x'), named('run:a', 'x'), ...seats.toReversed(), named('quotb', 'x')]) {
        assertEqual(assertOk(await one.acquireLease(seat, NOW)), true, `the lease ${seat.name}`);
      }
      assertEqual(assertOk(await two.listLeases('quota:')), seats, 'the leases');
      const renewed = { ...named('quota:b', 'two'), until: NOW + HOUR };
      assertOk(await two.acquireLease(renewed, NOW));
      assertOk(await two.releaseLease('quota:a', 'one'));
      assertEqual(assertOk(await one.listLeases('quota:')), [renewed, last], 'after a renewal and a release');
    });

    it('is independent of a lease with another name', async (store) => {
      assertOk(await store.acquireLease(lease('one'), NOW));
      assertEqual(assertOk(await store.acquireLease({ ...lease('two'), name: 'other' }, NOW)), true, 'the other lease');
    });

    it('is taken by exactly one of several concurrent owners, when it is new and after its expiry', async (store) => {
      const [one, two] = await handles(store, factory);
      for (const now of [NOW, NOW + HOUR]) {
        const answers = await Promise.all(
          Array.from({ length: 8 }, (_, index) =>
            (index % 2 === 0 ? one : two).acquireLease(lease(`${now}-${index}`, now + SECOND), now),
          ),
        );
        const winners = answers.filter((answer) => assertOk(answer));
        assertEqual(winners.length, 1, 'how many got it');
      }
    });
  });

  describe('watch channels', () => {
    it('are kept whole, replaced and deleted', async (store) => {
      assertEqual(assertOk(await store.listChannels()), [], 'before one is stored');
      const first = newChannel('c1', { address: AWKWARD_TEXT, resourceId: AWKWARD_TEXT });
      const second = newChannel('c2', { calendarId: 'bay2@group.calendar.google.com', expiresAt: NOW + 1 });
      assertOk(await store.putChannel(first));
      assertOk(await store.putChannel(second));
      assertEqual(byId(assertOk(await store.listChannels())), [first, second], 'the channels');
      const renewed = { ...first, expiresAt: NOW + HOUR + 1 };
      assertOk(await store.putChannel(renewed));
      assertEqual(byId(assertOk(await store.listChannels())), [renewed, second], 'the channels when one is replaced');
      assertOk(await store.deleteChannel('c1'));
      assertOk(await store.deleteChannel('c1'));
      assertEqual(assertOk(await store.listChannels()), [second], 'the channels when one is deleted');
    });
  });

  describe('liveness records', () => {
    it('are kept whole and replaced', async (store) => {
      assertOk(await store.putLiveness([]));
      assertEqual(assertOk(await store.listLiveness()), [], 'before one is stored');
      const records = [
        newLiveness('1'),
        newLiveness('2', { freeReadings: 2, dead: true, updatedAt: NOW + 1, createdAt: NOW - 1 }),
      ];
      assertOk(await store.putLiveness(records));
      assertEqual(byAppointment(assertOk(await store.listLiveness())), records, 'the records');
      const changed = newLiveness('1', { freeReadings: 1 });
      assertOk(await store.putLiveness([changed, newLiveness('3')]));
      const expected = [changed, records[1], newLiveness('3')];
      assertEqual<unknown>(byAppointment(assertOk(await store.listLiveness())), expected, 'the records when changed');
    });

    it('are forgotten when their booking ended before', async (store) => {
      const ends = [NOW - 1, NOW, NOW + 1];
      assertOk(await store.putLiveness(ends.map((end, index) => newLiveness(`${index}`, { end }))));
      assertOk(await store.forgetLiveness(NOW));
      const left = byAppointment(assertOk(await store.listLiveness())).map((record) => record.end);
      assertEqual(left, [NOW, NOW + 1], 'the ends of those left');
    });

    it('are stored in hundreds', async (store) => {
      const records = Array.from({ length: 700 }, (_, index) => newLiveness(`${index}`, { freeReadings: index }));
      assertOk(await store.putLiveness(records));
      assertEqual(assertOk(await store.listLiveness()).length, 700, 'how many there are');
    });
  });

  describe('ping', () => {
    it('is ok while the store is open, and leaves nothing behind', async (store) => {
      assertOk(await store.ping());
      assertOk(await store.ping());
      assertEqual(assertOk(await store.listMaps({})), [], 'the maps');
      assertEqual(assertOk(await store.nextTaskDueAt()), null, 'the tasks');
    });
  });
}

function byId<T extends { readonly channelId: string }>(channels: readonly T[]): readonly T[] {
  return [...channels].sort((a, b) => (a.channelId < b.channelId ? -1 : 1));
}

function byAppointment<T extends { readonly appointmentId: string }>(records: readonly T[]): readonly T[] {
  return [...records].sort((a, b) => (a.appointmentId < b.appointmentId ? -1 : 1));
}
