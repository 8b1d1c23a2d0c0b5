import { expect } from 'chai';
import { MemoryStore, MINUTE, SECOND } from '@loft/sync-core';
import type { CallEvent } from '@loft/sync-core/reports';
import { BAY1, BAY2, World, type WorldOptions } from './world.js';
import { expectIdle, expectInSync } from './expect-in-sync.js';

const BOOKINGS = 2000;
const PUSH = { address: 'https://sync.example.com/webhook/gcal', tokenOf: (id: string) => `token of ${id}` };

/** A list of a thousand events takes more turns than the clock waits for by itself. */
function settle(world: World, ms: number): Promise<void> {
  return world.clock.advance(ms, () => new Promise((resolve) => void setImmediate(resolve)));
}

function booked(options: WorldOptions = {}): World {
  const world = new World(options);
  for (let index = 0; index < BOOKINGS; index++) {
    const bay = index % 2 === 0 ? BAY1 : BAY2;
    world.book(bay.resourceUnitId, 5 + Math.floor(index / 2), `Guest ${index}`);
  }
  return world;
}

function inserted(world: World): number {
  return world.on(BAY1).length + world.on(BAY2).length;
}

function googleCalls(world: World): readonly CallEvent[] {
  return world.events.filter((it): it is CallEvent => it.type === 'call' && it.system === 'google');
}

describe('a backfill of 2,000 bookings', function () {
  this.timeout(300_000);

  describe('on empty calendars, then after a restart, then with an empty store', () => {
    const world = booked();
    let eventIds: readonly string[] = [];

    async function again(store: MemoryStore): Promise<void> {
      await world.engine.stop();
      world.events.length = 0;
      world.store = store;
      world.engine = world.newEngine();
      await world.engine.start();
      await settle(world, 6 * MINUTE);
    }

    it('makes 2,000 inserts and a handful of other calls, as fast as the quota allows', async () => {
      await world.start();
      const from = world.clock.now();
      await settle(world, MINUTE);
      const starts = [...world.on(BAY1), ...world.on(BAY2)].map(({ start }) => start ?? 0);
      expect(starts.length).to.be.greaterThan(550);
      // The earliest bookings come first.
      expect(Math.max(...starts)).to.be.lessThan(world.hour(5 + starts.length / 2 + 20));
      while (inserted(world) < BOOKINGS) await settle(world, 5 * SECOND);
      expect(world.clock.now() - from).to.be.lessThan(4 * MINUTE);

      const { insertEvent, listBookings: _, ...others } = world.calls();
      expect(insertEvent).to.equal(BOOKINGS);
      expect(Object.values(others).reduce((sum, count) => sum + count, 0)).to.be.lessThan(6);
      const times = googleCalls(world).map(({ at }) => at);
      for (const at of times) {
        expect(times.filter((other) => other >= at && other < at + MINUTE).length).to.be.at.most(600);
      }
      await expectInSync(world);
      await expectIdle(world);
      eventIds = [...world.on(BAY1), ...world.on(BAY2)].map(({ eventId }) => eventId);
    });

    it('makes only two list calls after a restart', async () => {
      await again(world.store);
      const methods = googleCalls(world).map(({ method }) => method);
      expect(new Set(methods)).to.deep.equal(new Set(['listEvents']));
      expect(world.calendars.writeCount).to.equal(BOOKINGS);
    });

    it('makes no write call after a restart with an empty store', async () => {
      await again(new MemoryStore());
      const { listEvents: _, listBookings: __, ...others } = world.calls();
      // An appointment that is processed during the first poll is read once.
      expect(Object.keys(others)).to.have.members(['getEvent', 'getBooking']);
      expect(others['getEvent']).to.be.at.most(16);
      expect(world.calendars.writeCount).to.equal(BOOKINGS);
      expect([...world.on(BAY1), ...world.on(BAY2)].map(({ eventId }) => eventId)).to.deep.equal(eventIds);
      await expectInSync(world);
    });
  });

  it('does not delay changes that users make meanwhile', async () => {
    const world = await booked({ engine: { push: PUSH } }).start();
    await settle(world, 20 * SECOND);
    const [early, , moved] = world.on(BAY1).map(({ eventId }) => eventId.replace('loft', ''));
    world.calendars.person.dragEvent(BAY1.calendarId, `loft${early}`, { start: world.hour(1100) });
    world.bookings.user.move(moved!, { start: world.hour(1110) });
    await world.engine.hint(moved!);
    const hinted = world.book(BAY2.resourceUnitId, 1120, 'Walk-in');
    await world.engine.hint(hinted);
    const polled = world.book(BAY2.resourceUnitId, 1130, 'By telephone');
    await settle(world, 3 * SECOND);
    expect(inserted(world)).to.be.lessThan(400);
    expect(world.on(BAY1).find(({ eventId }) => eventId === `loft${moved}`)?.start).to.equal(world.hour(1110));
    expect(world.on(BAY2).some(({ eventId }) => eventId === `loft${hinted}`)).to.equal(true);
    await settle(world, 30 * SECOND);
    expect(world.bookings.user.booking(early!)?.start).to.equal(world.hour(1100));
    // Found by the next poll, and due at once.
    await settle(world, 30 * SECOND);
    expect(world.on(BAY2).some(({ eventId }) => eventId === `loft${polled}`)).to.equal(true);
    expect(inserted(world)).to.be.lessThan(1000);
    const stopped = world.engine.stop();
    await settle(world, 5 * SECOND);
    await stopped;
  });
});
