import { expect } from 'chai';
import { HOUR, MINUTE, type Instant } from '#src/domain/instant.js';
import { Err } from '#src/result.js';
import { expectIdle, expectInSync } from './expect-in-sync.js';
import { overridden } from './overridden.js';
import { BAY1, World } from './world.js';

describe('edits that depend on each other (docs/decision-table.md#taken-slots)', function () {
  this.timeout(300_000);

  function drag(world: World, id: string, start: Instant): void {
    world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start });
  }

  for (const order of [
    [0, 1, 2],
    [2, 1, 0],
    [1, 2, 0],
  ]) {
    it(`are all carried, in the order ${order.join(', ')}`, async () => {
      const world = await new World().start();
      const ids = [100, 101, 102].map((hour) => world.book(BAY1.resourceUnitId, hour));
      await world.settle();
      const before = ids.map((id) => world.bookings.user.bookings().find((it) => it.id === id)?.start ?? 0);
      for (const index of order) drag(world, ids[index] ?? '', (before[index] ?? 0) + HOUR);
      await world.settle();
      const after = ids.map((id) => world.bookings.user.bookings().find((it) => it.id === id)?.start);
      expect(after).to.deep.equal(before.map((start) => start + HOUR));
      await expectInSync(world);
      await expectIdle(world);
    });
  }

  for (const order of [
    [0, 1, 2],
    [2, 1, 0],
    [1, 2, 0],
    [0, 2, 1],
  ]) {
    it(`are all carried, in the order ${order.join(', ')}, three seconds apart, with a sync after each`, async () => {
      const world = await new World().start();
      const ids = [100, 101, 102].map((hour) => world.book(BAY1.resourceUnitId, hour));
      await world.settle();
      const before = ids.map((id) => world.bookings.user.booking(id)?.start ?? 0);
      for (const index of order) {
        drag(world, ids[index] ?? '', (before[index] ?? 0) + HOUR);
        await world.clock.advance(3000);
      }
      await world.settle();
      expect(ids.map((id) => world.bookings.user.booking(id)?.start)).to.deep.equal(before.map((it) => it + HOUR));
      expect(world.reasons()).not.to.include('conflict');
      await expectInSync(world);
      await expectIdle(world);
    });
  }

  for (const pause of [0, 3000, 30_000]) {
    it(`are reverted on both sides if they swap two bookings, ${pause} ms apart`, async () => {
      const world = await new World().start();
      const ids = [100, 101].map((hour) => world.book(BAY1.resourceUnitId, hour));
      await world.settle();
      const before = ids.map((id) => world.bookings.user.booking(id)?.start ?? 0);
      drag(world, ids[0] ?? '', before[1] ?? 0);
      await world.clock.advance(pause);
      drag(world, ids[1] ?? '', before[0] ?? 0);
      await world.settle(15 * MINUTE);
      expect(ids.map((id) => world.bookings.user.booking(id)?.start)).to.deep.equal(before);
      await expectInSync(world);
      await expectIdle(world);
    });
  }

  it('cause no call while they wait for the slot', async () => {
    const world = new World();
    let isOut = false;
    const late = { kind: 'transient', system: 'uschedule', method: 'rescheduleBooking', message: '503' } as const;
    let holder = '';
    world.through({
      bookings: overridden(world.bookings, {
        rescheduleBooking: async (id, to) =>
          isOut && id === holder ? Err(late) : world.bookings.rescheduleBooking(id, to),
      }),
    });
    await world.start();
    const first = world.book(BAY1.resourceUnitId, 100);
    holder = world.book(BAY1.resourceUnitId, 101);
    await world.settle();
    const start = world.bookings.user.bookings().find(({ id }) => id === holder)?.start ?? 0;
    isOut = true;
    drag(world, holder, start + 10 * HOUR);
    await world.clock.advance(1000);
    drag(world, first, start);
    await world.clock.advance(3000);
    const readsOfFirst = (): number =>
      world.events.filter((event) => event.type === 'decision' && event.appointmentId === first).length;
    const before = readsOfFirst();
    await world.clock.advance(20_000);
    expect(readsOfFirst()).to.equal(before);
    isOut = false;
    await world.settle(15 * MINUTE);
    expect(world.bookings.user.bookings().find(({ id }) => id === first)?.start).to.equal(start);
    await expectInSync(world);
    await expectIdle(world);
  });
});
