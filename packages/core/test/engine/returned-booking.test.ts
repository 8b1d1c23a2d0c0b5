import { expect } from 'chai';
import { Err, type CalendarSystem } from '@loft/sync-core';
import { expectIdle } from './expect-in-sync.js';
import { overridden } from './overridden.js';
import { BAY1, BAY2, only, World } from './world.js';

const OTHER_UNIT = 9999;

describe('a booking that returns to a bay where its event is marked as cancelled', () => {
  it('has its event there again, and no second one marked as cancelled', async () => {
    const world = await new World({
      settings: { google: { cancel: 'mark' } },
      studio: { units: [BAY1.resourceUnitId, BAY2.resourceUnitId, OTHER_UNIT] },
    }).start();
    const id = world.book(BAY1.resourceUnitId, 48);
    await world.settle();
    for (const unit of [OTHER_UNIT, BAY2.resourceUnitId]) {
      world.bookings.user.move(id, { unit });
      await world.settle();
    }
    expect(only(world.on(BAY1)).title).to.equal('CANCELED: Ana R.');
    expect(only(world.on(BAY2)).title).to.equal('Ana R.');

    world.bookings.user.move(id, { unit: BAY1.resourceUnitId });
    await world.settle();
    const event = only(world.on(BAY1));
    expect(event).to.include({ title: 'Ana R.', free: false });
    expect(event.marks.appointmentId).to.equal(id);
    expect(world.on(BAY2)).to.deep.equal([]);
    await expectIdle(world);
    expect(await world.deadLetters()).to.deep.equal([]);
  });
});

describe('a booking that returns to its bay before the deletion of its event was recorded', () => {
  for (const tombstones of ['minimal', 'full'] as const) {
    it(`stays, and has its event again: our own deletion is not one by a person: ${tombstones} tombstones`, async () => {
      const world = new World({ tombstones, studio: { units: [BAY1.resourceUnitId, OTHER_UNIT] } });
      const id = world.book(BAY1.resourceUnitId, 48);
      const { start = 0 } = world.bookings.user.booking(id) ?? {};
      let deletions = 0;
      const deleteEvent: CalendarSystem['deleteEvent'] = async (...args) => {
        const deleted = await world.calendars.deleteEvent(...args);
        if (deletions++ > 0) return deleted;
        world.bookings.user.move(id, { unit: BAY1.resourceUnitId, start });
        return Err({ kind: 'transient', system: 'google', method: 'deleteEvent', message: 'timeout' });
      };
      world.through({ calendars: overridden<CalendarSystem>(world.calendars, { deleteEvent }) });
      await world.start();
      await world.settle();
      world.bookings.user.move(id, { unit: OTHER_UNIT });
      await world.settle();
      expect(deletions).to.equal(1);
      expect(world.bookings.user.booking(id)).to.include({ state: 'live', unit: BAY1.resourceUnitId });
      const event = only(world.on(BAY1));
      expect(event).to.include({ title: 'Ana R.', start });
      world.calendars.person.deleteEvent(BAY1.calendarId, event.eventId);
      await world.settle();
      expect(world.bookings.user.liveBookings()).to.deep.equal([]);
    });
  }

  it('stays linked to its event if the deletion had no effect, so that a later deletion is one by a person', async () => {
    const world = new World({ tombstones: 'full', studio: { units: [BAY1.resourceUnitId, OTHER_UNIT] } });
    const id = world.book(BAY1.resourceUnitId, 48);
    let isDown = true;
    const deleteEvent: CalendarSystem['deleteEvent'] = async (...args) => {
      if (!isDown) return world.calendars.deleteEvent(...args);
      isDown = false;
      world.bookings.user.move(id, { unit: BAY1.resourceUnitId });
      return Err({ kind: 'transient', system: 'google', method: 'deleteEvent', message: 'timeout' });
    };
    world.through({ calendars: overridden<CalendarSystem>(world.calendars, { deleteEvent }) });
    await world.start();
    await world.settle();
    world.bookings.user.move(id, { unit: OTHER_UNIT });
    await world.settle();
    expect(isDown).to.equal(false);
    await expectIdle(world);
    const [map] = (await world.store.listMaps({})).unwrap();
    expect(map).to.include({ status: 'ACTIVE' }).and.not.to.have.property('flags');
    world.calendars.person.deleteEvent(BAY1.calendarId, only(world.on(BAY1)).eventId);
    await world.settle();
    expect(world.bookings.user.liveBookings()).to.deep.equal([]);
  });
});
