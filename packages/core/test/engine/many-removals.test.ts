import { expect } from 'chai';
import { HOUR, MINUTE } from '@loft/sync-core';
import { BAY1, BAY2, World } from './world.js';

describe('the guard of removals (docs/decision-table.md#row-23)', function () {
  this.timeout(60_000);

  /** Bookings on one bay that were mirrored and then cancelled one by one, and two live bookings on the other bay. */
  async function cancelled(
    count: number,
    status: 'trusted' | 'blind' = 'trusted',
  ): Promise<[World, readonly string[]]> {
    const world = new World({
      settings: { uschedule: { status }, rules: { massChangeMinimum: 5 } },
      studio: { status },
    });
    await world.start();
    const ids = Array.from({ length: count }, (_, index) => world.book(BAY1.resourceUnitId, 30 + 2 * index));
    for (const hours of [30, 32]) world.book(BAY2.resourceUnitId, hours);
    await world.settle(status === 'blind' ? 60 * 60_000 : undefined);
    expect(world.on(BAY1)).to.have.length(count);
    for (const id of ids) {
      world.bookings.user.cancel(id);
      await world.settle(status === 'blind' ? 60 * 60_000 : undefined);
    }
    expect(world.on(BAY1)).to.have.length(0);
    return [world, ids];
  }

  for (const status of ['trusted', 'blind'] as const) {
    it(`keeps twelve events of cancelled bookings that a user restores from the trash together, and reports that: ${status}`, async () => {
      const [world, ids] = await cancelled(12, status);
      for (const id of ids) world.calendars.person.undelete(BAY1.calendarId, `loft${id}`);
      await world.settle();
      expect(world.on(BAY1)).to.have.length(12);
      const notices = world.events.flatMap((event) => (event.type === 'notice' ? [event.message] : []));
      expect(notices.join()).to.include('12 of 12 events would be removed');
      expect((await world.engine.readiness()).warnings.join()).to.include('would be removed');
    });

    it(`removes three events that a user restores from the trash: ${status}`, async () => {
      const [world, ids] = await cancelled(3, status);
      for (const id of ids) world.calendars.person.undelete(BAY1.calendarId, `loft${id}`);
      await world.settle();
      expect(world.on(BAY1)).to.have.length(0);
    });
  }

  it('removes the rest of twelve restored events if a user deletes most of them within the hour, and not later', async () => {
    const deleteMost = (world: World, ids: readonly string[]): void => {
      for (const id of ids.slice(4)) world.calendars.person.deleteEvent(BAY1.calendarId, `loft${id}`);
    };
    for (const waits of [0, 2 * HOUR]) {
      const [world, ids] = await cancelled(12);
      for (const id of ids) world.calendars.person.undelete(BAY1.calendarId, `loft${id}`);
      await world.settle(12 * MINUTE + waits);
      deleteMost(world, ids);
      await world.settle(2 * HOUR);
      expect(world.on(BAY1), `after ${waits} ms`).to.have.length(waits === 0 ? 0 : 4);
    }
  });

  it('keeps twelve copies of cancelled bookings that a user pastes together, at their times', async () => {
    const [world, ids] = await cancelled(12);
    for (const id of ids) {
      const { calendarId } = BAY1;
      world.calendars.person.undelete(calendarId, `loft${id}`);
      world.calendars.person.copyEvent(calendarId, `loft${id}`);
      world.calendars.person.deleteEvent(calendarId, `loft${id}`);
    }
    await world.settle();
    expect(world.on(BAY1)).to.have.length(12);
  });
});
