import { expect } from 'chai';
import { BAY1, BAY2, World } from './world.js';
import { Mortal } from './mortal.js';
import { MINUTE, SECOND } from '@loft/sync-core';
import { expectAtRest, expectInStep } from './in-step.js';

describe('an event that still bears the marks of the appointment before a reschedule under a new id', function () {
  this.timeout(60_000);

  it('carries an edit that was made before its marks were written', async () => {
    const world = new World({ studio: { reschedule: 'new-id' } });
    const { bookings, calendars, store } = world;
    const id = world.book(BAY1.resourceUnitId, 100);
    await world.start();
    await world.settle();
    await world.engine.stop();
    const mortal = new Mortal();
    world.engine = world.newEngine({ ...mortal.ports({ bookings, calendars, store }), owner: 'first' });
    await world.start();
    await world.settle();
    calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: world.hour(110) });
    mortal.dieOfNext('rescheduleBooking');
    void world.engine.syncNow();
    await world.settle(20 * SECOND);
    expect(mortal.dead).to.equal(true);
    // The map of the new id was stored, and the marks were not written.
    const [moved] = bookings.desk.liveBookings();
    const old = (await store.getMap(id)).unwrap();
    await store.putMap({
      ...old!,
      uscheduleAppointmentId: moved!.id,
      version: 0,
      intent: null,
      base: { ...old!.base, start: moved!.start, end: moved!.end },
    });
    const start = world.hour(130);
    calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start });
    calendars.person.moveToCalendar(BAY1.calendarId, `loft${id}`, BAY2.calendarId);
    const found = { appointmentId: moved!.id, dueAt: world.clock.now(), trigger: 'sweep' as const };
    await store.addTasks(
      [{ ...found, event: { calendarId: BAY2.calendarId, eventId: `loft${id}` } }],
      world.clock.now(),
    );
    await store.deleteEventRecords([{ kind: 'edit', id }]);
    world.engine = world.newEngine({ owner: 'second' });
    await world.start();
    await world.settle(15 * MINUTE);
    expect(bookings.desk.liveBookings().map((it) => [it.unit, it.start])).to.deep.equal([[BAY2.resourceUnitId, start]]);
    await expectInStep(world);
    await expectAtRest(world);
  });
});
