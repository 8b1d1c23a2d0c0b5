import { expect } from 'chai';
import { Err, HOUR, MINUTE, SECOND } from '@loft/sync-core';
import { expectIdle, expectInSync } from './expect-in-sync.js';
import { overridden } from './overridden.js';
import { BAY1, World } from './world.js';

const DOWN = { kind: 'transient', system: 'uschedule', method: 'any', message: '503' } as const;

/** Bookings of one bay, a day apart. */
async function booked(count: number): Promise<{ readonly world: World; readonly ids: readonly string[] }> {
  const world = new World({ settings: { google: { deleteGraceSeconds: 10 } } });
  const ids = Array.from({ length: count }, (_, nth) => world.book(BAY1.resourceUnitId, 100 + 24 * nth));
  await world.start();
  await world.settle();
  return { world, ids };
}

const startOf = (world: World, id: string): number => world.bookings.user.booking(id)?.start ?? 0;
const countHeld = async (world: World): Promise<number> => (await world.engine.heldEdits()).unwrap().length;

function drag(world: World, id: string, start: number): void {
  world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start });
}

async function sync(world: World, ms: number): Promise<void> {
  void world.engine.syncNow();
  await world.settle(ms);
}

describe('edits that a person undoes', () => {
  it('do not count for the guard, and are not held when it trips later', async () => {
    const { world, ids } = await booked(9);
    const { person } = world.calendars;
    for (const id of ids.slice(0, 5)) {
      person.deleteEvent(BAY1.calendarId, `loft${id}`);
      await sync(world, 3 * SECOND);
      person.undelete(BAY1.calendarId, `loft${id}`);
      await sync(world, 15 * SECOND);
    }
    drag(world, ids[6]!, world.hour(400));
    await world.settle();
    expect(startOf(world, ids[6]!)).to.equal(world.hour(400));
    expect(await countHeld(world)).to.equal(0);
    await expectInSync(world);
    await expectIdle(world);
  });

  it('are not held any more if their events were also renamed', async () => {
    const { world, ids } = await booked(8);
    for (const id of ids) drag(world, id, startOf(world, id) + 300 * HOUR);
    await world.settle();
    expect(await countHeld(world)).to.equal(8);
    for (const id of ids) {
      drag(world, id, startOf(world, id));
      world.calendars.person.renameEvent(BAY1.calendarId, `loft${id}`, 'Party');
    }
    await world.settle();
    expect(await countHeld(world)).to.equal(0);
    expect((await world.engine.readiness()).ready).to.equal(true);
    expect(world.bookings.writeCount).to.equal(0);
  });

  it('while the booking system is down are not carried out when it answers again', async () => {
    const { world, ids } = await booked(9);
    await world.engine.stop();
    const { bookings } = world;
    let isDown = false;
    world.through({
      bookings: overridden(bookings, {
        listBookings: async (period) => (isDown ? Err(DOWN) : bookings.listBookings(period)),
        getBooking: async (id) => (isDown ? Err(DOWN) : bookings.getBooking(id)),
        rescheduleBooking: async (id, to) => (isDown ? Err(DOWN) : bookings.rescheduleBooking(id, to)),
      }),
    });
    await world.start();
    await world.settle();
    isDown = true;
    for (const id of ids.slice(0, 8)) {
      drag(world, id, startOf(world, id) + 3 * HOUR);
      await sync(world, 10 * SECOND);
      drag(world, id, startOf(world, id));
      await sync(world, 5 * SECOND);
    }
    isDown = false;
    await world.settle(20 * MINUTE);
    expect(bookings.writeCount).to.equal(0);
    await expectInSync(world);
    await expectIdle(world);
  });
});

describe('many edits at once (docs/decision-table.md#mass-changes)', () => {
  it('are held again if a tool repeats them after they were reverted', async () => {
    const { world, ids } = await booked(14);
    const moved = ids.slice(0, 12).map((id) => [id, startOf(world, id) + 3 * HOUR] as const);
    for (const [id, start] of moved) drag(world, id, start);
    await world.settle();
    void world.engine.decideHeldEdits('revert', '1');
    await world.settle(HOUR);
    await expectInSync(world);
    for (const [id, start] of moved) drag(world, id, start);
    await world.settle();
    expect(await countHeld(world)).to.equal(12);
    expect(world.bookings.writeCount).to.equal(0);
  });

  it('are held from the number of the guard on if syncs list a few at a time', async () => {
    const { world, ids } = await booked(14);
    for (const [nth, id] of ids.entries()) {
      drag(world, id, startOf(world, id) + 3 * HOUR);
      if (nth % 5 === 4) await sync(world, SECOND);
    }
    await world.settle();
    expect(world.bookings.writeCount).to.equal(5);
    expect(await countHeld(world)).to.equal(9);
  });

  it('do not include those that are reverted anyway', async () => {
    const { world, ids } = await booked(8);
    const { person } = world.calendars;
    for (const id of ids.slice(0, 4)) person.makeAllDay(BAY1.calendarId, `loft${id}`);
    drag(world, ids[4]!, world.hour(-24));
    for (const id of ids.slice(5)) drag(world, id, startOf(world, id) + 3 * HOUR);
    await world.settle();
    expect(world.bookings.writes).to.include({ cancelled: 0, rescheduled: 3 });
    expect(await countHeld(world)).to.equal(0);
    await expectInSync(world);
    await expectIdle(world);
  });
});
