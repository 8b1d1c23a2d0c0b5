import { expect } from 'chai';
import { Err, MemoryStore, type CalendarSystem } from '@loft/sync-core';
import { expectIdle, expectInSync } from './expect-in-sync.js';
import { overridden } from './overridden.js';
import { BAY1, BAY2, only, World } from './world.js';

/**
 * Two bookings with events of one id in different calendars: the store was lost, the id of a moved booking was used again, and
 * the calendar with the event of the moved booking could not be read at that moment.
 */
async function sharedId() {
  const world = new World({ studio: { reschedule: 'new-id' } });
  const { calendars, bookings } = world;
  const later = world.book(BAY2.resourceUnitId, 100);
  await world.start();
  await world.settle();
  calendars.person.dragEvent(BAY2.calendarId, `loft${later}`, { start: world.hour(120) });
  await world.settle();
  const [moved] = bookings.user.liveBookings();
  await world.engine.stop();
  bookings.user.reuseId(later, { unit: BAY1.resourceUnitId, start: world.hour(50), customerName: 'Ben T.' });
  world.store = new MemoryStore();
  let isDown = true;
  const listEvents: CalendarSystem['listEvents'] = async (calendarId, cursor) =>
    isDown && calendarId === BAY2.calendarId
      ? Err({ kind: 'transient', system: 'google', method: 'events.list', message: '503' })
      : calendars.listEvents(calendarId, cursor);
  world.engine = world.newEngine({ calendars: overridden<CalendarSystem>(calendars, { listEvents }) });
  await world.start();
  await world.settle();
  isDown = false;
  await world.settle();
  const [one, other] = [only(world.on(BAY1)), only(world.on(BAY2))];
  expect([one.marks.appointmentId, other.marks.appointmentId]).to.deep.equal([later, moved!.id]);
  expect([one.eventId, other.eventId]).to.deep.equal([`loft${later}`, `loft${later}`]);
  return { world, eventId: one.eventId };
}

describe('two events of one id in different calendars', () => {
  it('are edited each for its own booking', async () => {
    const { world, eventId } = await sharedId();
    const { calendars, bookings } = world;
    for (const hours of [60, 70]) {
      calendars.person.dragEvent(BAY1.calendarId, eventId, { start: world.hour(hours) });
      await world.settle();
      const start = world.hour(hours + 100);
      calendars.person.dragEvent(BAY2.calendarId, only(world.on(BAY2)).eventId, { start });
      await world.settle();
      await expectInSync(world);
    }
    expect(bookings.writes.rescheduled).to.equal(5);
    await expectIdle(world);
  });

  it('cancel no other booking when one is deleted', async () => {
    for (const bay of [BAY1, BAY2]) {
      const { world, eventId } = await sharedId();
      world.calendars.person.deleteEvent(bay.calendarId, eventId);
      await world.settle();
      // By its id the event is still found in the other calendar.
      expect(world.bookings.writes.cancelled).to.equal(0);
      await expectInSync(world);
      world.calendars.person.deleteEvent(bay.calendarId, only(world.on(bay)).eventId);
      await world.settle();
      expect(world.bookings.writes.cancelled).to.equal(1);
      await expectInSync(world);
      await expectIdle(world);
    }
  });
});
