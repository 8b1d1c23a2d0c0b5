import { expect } from 'chai';
import { HOUR, MINUTE, Ok, type Booking } from '@loft/sync-core';
import { blindOptions, HELD, POLL } from './blind-world.js';
import { overridden } from './overridden.js';
import { BAY1, only, World } from './world.js';

/** A world whose records have no creation time. */
async function silentWorld(): Promise<World> {
  const world = new World(blindOptions());
  const { bookings } = world;
  const silent = (booking: Booking): Booking => ({ ...booking, createdAt: null });
  const port = overridden(bookings, {
    listBookings: async (period) => {
      const list = (await bookings.listBookings(period)).unwrap();
      return Ok({ ...list, bookings: list.bookings.map(silent) });
    },
    getBooking: async (id) => {
      const read = await bookings.getBooking(id);
      return read.ok ? Ok(silent(read.val)) : read;
    },
  });
  return world.through({ bookings: port }).start();
}

describe('records without a status and a creation time', () => {
  it('leave no event of an abandoned checkout, and are stored at their first observation and when dead', async () => {
    const world = await silentWorld();
    const id = world.bookings.user.beginCheckout({ unit: BAY1.resourceUnitId, start: world.hour(30) });
    await world.engine.hint(id);
    await world.settle(10 * MINUTE);
    await world.engine.hint(id);
    await world.settle(3 * HOUR);
    expect(world.calendars.writeCount).to.equal(0);
    const writes = world.events.filter((event) => event.type === 'call' && event.method === 'putLiveness');
    expect(writes.length).to.be.within(1, 3);
  });

  it('are mirrored at the end of a hold that starts at their first observation, also after a restart', async () => {
    const world = await silentWorld();
    const id = world.book(BAY1.resourceUnitId, 30);
    await world.settle(8 * MINUTE);
    expect(world.on(BAY1)).to.deep.equal([]);
    await world.restart();
    await world.settle(HELD - 8 * MINUTE + POLL);
    expect(only(world.on(BAY1)).eventId).to.equal(`loft${id}`);
  });

  it('are mirrored six minutes after their first observation, if they start soon', async () => {
    const world = await silentWorld();
    const start = world.clock.now() + 10 * MINUTE;
    const id = world.bookings.user.book({ unit: BAY1.resourceUnitId, start });
    await world.engine.hint(id);
    await world.settle(6 * MINUTE - 1000);
    expect(world.on(BAY1)).to.deep.equal([]);
    await world.settle(MINUTE + 2000);
    expect(only(world.on(BAY1)).eventId).to.equal(`loft${id}`);
  });

  it('are resolved as dead like other records; of two in one slot the one with the larger id is live', async () => {
    const world = await silentWorld();
    const cancelled = world.book(BAY1.resourceUnitId, 30);
    const rebooked = world.book(BAY1.resourceUnitId, 40);
    const { start } = world.bookings.user.booking(rebooked)!;
    await world.settle(HELD);
    expect(world.on(BAY1)).to.have.length(2);
    world.bookings.user.cancel(cancelled);
    world.bookings.user.cancel(rebooked);
    const live = world.bookings.user.book({ unit: BAY1.resourceUnitId, start });
    await world.settle(2 * POLL + 500);
    expect(world.on(BAY1)).to.deep.equal([]);
    await world.settle(HELD);
    expect(only(world.on(BAY1)).eventId).to.equal(`loft${live}`);
  });
});
