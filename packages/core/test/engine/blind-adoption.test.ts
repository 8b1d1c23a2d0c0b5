import { expect } from 'chai';
import { HOUR, MemoryStore, MINUTE } from '@loft/sync-core';
import { blindOptions } from './blind-world.js';
import { expectIdle, expectInSync } from './expect-in-sync.js';
import { BAY1, BAY2, World } from './world.js';

/** A studio with a hidden booking status and this number of bookings, mirrored by a stopped engine. */
async function mirrored(count: number): Promise<readonly [World, readonly string[]]> {
  const world = await new World(blindOptions()).start();
  const ids = Array.from({ length: count }, (_, index) => {
    const bay = index % 2 === 0 ? BAY1 : BAY2;
    return world.book(bay.resourceUnitId, 25 + Math.floor(index / 2), `Guest ${index}`);
  });
  await world.settle(40 * MINUTE);
  await expectInSync(world);
  await world.engine.stop();
  return [world, ids];
}

async function startEmpty(world: World): Promise<void> {
  world.store = new MemoryStore();
  world.engine = world.newEngine();
  world.events.length = 0;
  await world.start();
}

const eventIds = (world: World): readonly string[] =>
  [BAY1, BAY2].flatMap((bay) => world.on(bay).map((it) => it.eventId));

describe('a start with an empty store and a hidden booking status', function () {
  this.timeout(300_000);

  it('adopts the events of live bookings, removes those of dead ones, and makes no other write', async () => {
    const [world, ids] = await mirrored(60);
    const cancelled = [ids[3]!, ids[20]!, ids[41]!];
    for (const id of cancelled) world.bookings.user.cancel(id);
    const writes = world.calendars.writeCount;
    await startEmpty(world);
    await world.settle(HOUR);
    await expectInSync(world);
    await expectIdle(world);
    expect(world.calendars.writeCount - writes).to.equal(cancelled.length);
    expect(world.bookings.writeCount).to.equal(0);
  });

  it('removes the event of a dead booking at the poll that proves it dead (docs/decision-table.md#row-6)', async () => {
    const [world, ids] = await mirrored(6);
    world.bookings.user.cancel(ids[2]!);
    await startEmpty(world);
    await world.settle(3 * MINUTE);
    expect(world.reasons()).to.include('orphan-unproven');
    expect(eventIds(world)).to.have.members(ids.filter((id) => id !== ids[2]).map((id) => `loft${id}`));
    await expectIdle(world);
  });

  it('removes the event of a checkout that is abandoned at the poll that proves it (docs/decision-table.md#row-6)', async () => {
    const [world] = await mirrored(4);
    const [start, end] = [world.hour(40), world.hour(41)];
    const id = world.bookings.user.beginCheckout({ unit: BAY1.resourceUnitId, start, customerName: 'Ben T.' });
    const marks = { appointmentId: id, bay: BAY1.bay };
    const draft = { start, end, title: 'Ben T.', description: '', free: false, ...marks };
    await world.calendars.insertEvent(BAY1.calendarId, `loft${id}`, draft);
    await startEmpty(world);
    await world.settle(3 * MINUTE);
    world.bookings.user.abandonCheckout(id);
    await world.settle(6 * MINUTE);
    expect(eventIds(world)).to.include(`loft${id}`);
    await world.settle(4 * MINUTE);
    expect(eventIds(world)).to.not.include(`loft${id}`);
    await expectIdle(world);
  });

  it('adopts events with ids of other programs', async () => {
    const [world, ids] = await mirrored(6);
    const given = ids.map((id, index) => {
      const { calendarId } = index % 2 === 0 ? BAY1 : BAY2;
      const copy = world.calendars.person.copyEvent(calendarId, `loft${id}`);
      world.calendars.person.deleteEvent(calendarId, `loft${id}`);
      return copy;
    });
    const writes = world.calendars.writeCount;
    await startEmpty(world);
    await world.settle(HOUR);
    expect(eventIds(world)).to.have.members([...given]);
    expect(world.calendars.writeCount).to.equal(writes);
    await expectInSync(world);
  });

  it('adopts and removes them also if availability does not answer at first', async () => {
    const [world, ids] = await mirrored(10);
    world.bookings.user.cancel(ids[0]!);
    const slots = world.bookings.listFreeSlots.bind(world.bookings);
    let down = true;
    world.bookings.listFreeSlots = async (unit, day) =>
      down ? world.bookings.getBooking('unknown').then((answer) => answer.map(() => [])) : slots(unit, day);
    await startEmpty(world);
    await world.settle(HOUR);
    expect(eventIds(world)).to.have.members(ids.map((id) => `loft${id}`));
    down = false;
    await world.settle(HOUR);
    await expectInSync(world);
    expect(world.bookings.writeCount).to.equal(0);
  });

  it('does not change past events', async () => {
    const [world, ids] = await mirrored(4);
    await world.settle(60 * HOUR);
    await startEmpty(world);
    await world.settle(HOUR);
    expect(eventIds(world)).to.have.members(ids.map((id) => `loft${id}`));
    await expectIdle(world);
  });

  it('makes no unnecessary calls', async () => {
    const [world, ids] = await mirrored(60);
    await startEmpty(world);
    await world.settle(5 * MINUTE);
    // 60 bookings on 4 unit-days.
    expect(world.calls()['getBooking']).to.be.at.most(ids.length);
    expect(world.calls()['listFreeSlots']).to.be.below(60);
    expect(world.calls()['listBookings']).to.be.below(30);
  });
});
