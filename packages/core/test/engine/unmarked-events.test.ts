import { expect } from 'chai';
import { HOUR, MemoryStore, MINUTE, type CalendarEvent, type CalendarSystem } from '@loft/sync-core';
import { NO_MARKS } from '@loft/sync-core/adapters';
import { overridden } from './overridden.js';
import { BAY1, BAY2, World } from './world.js';

describe('an event without our marks (docs/decision-table.md#row-19)', () => {
  it('that is already in the bay to which its booking moves causes no work at later polls, and gets its marks at the next change', async () => {
    const world = await new World().start();
    const id = world.book(BAY1.resourceUnitId, 30);
    await world.settle();
    world.calendars.person.moveToCalendar(BAY1.calendarId, `loft${id}`, BAY2.calendarId);
    world.calendars.person.stripMetadata(BAY2.calendarId, `loft${id}`);
    await world.settle();
    world.bookings.user.move(id, { unit: BAY2.resourceUnitId });
    await world.settle();
    const decided = world.reasons().length;
    await world.settle(HOUR);
    expect(world.reasons().slice(decided)).to.deep.equal([]);
    const map = (await world.store.getMap(id)).unwrap();
    expect(map).to.deep.include({ googleCalendarId: BAY2.calendarId, intent: null });
    const start = world.hour(31);
    world.bookings.user.move(id, { start });
    await world.settle();
    const [event] = world.on(BAY2);
    expect(event).to.include({ start });
    expect(event?.marks).to.include({ appointmentId: id, bay: BAY2.bay });
    expect(world.bookings.writeCount).to.equal(0);
  });

  it('is not the mirror if the mirror is in its place: a guest’s copy has the same id and no marks', async () => {
    const world = await new World({ tombstones: 'full' }).start();
    const id = world.book(BAY1.resourceUnitId, 30);
    await world.settle();
    const eventId = `loft${id}`;
    const draft = {
      ...world.on(BAY1)[0]!,
      start: world.hour(30),
      end: world.hour(31),
      appointmentId: id,
      bay: BAY1.bay,
    };
    (await world.calendars.insertEvent(BAY2.calendarId, eventId, draft)).unwrap();
    world.calendars.person.stripMetadata(BAY2.calendarId, eventId);
    await world.settle(5 * MINUTE);
    expect((await world.store.getMap(id)).unwrap()?.flags).to.equal(undefined);
    expect((await world.engine.readiness()).warnings).to.deep.equal([]);
    for (const { calendarId } of [BAY2, BAY1]) world.calendars.person.deleteEvent(calendarId, eventId);
    await world.settle(5 * MINUTE);
    expect(world.bookings.user.booking(id)?.state).to.not.equal('live');
  });

  it('gets its marks and the note of its booking after a loss of the store; a description of a user is kept', async () => {
    const world = await new World().start();
    const ids = [world.book(BAY1.resourceUnitId, 30), world.book(BAY1.resourceUnitId, 32)];
    await world.settle();
    await world.engine.stop();
    for (const id of ids) {
      world.calendars.person.stripMetadata(BAY1.calendarId, `loft${id}`);
      world.bookings.user.setNotes(id, 'left-handed');
    }
    world.calendars.person.describeEvent(BAY1.calendarId, `loft${ids[1]}`, 'call first');
    world.store = new MemoryStore();
    world.engine = world.newEngine();
    await world.start();
    await world.settle();
    expect(world.on(BAY1).map(({ description }) => description)).to.have.members(['left-handed', 'call first']);
    expect(world.on(BAY1).map(({ marks }) => marks.appointmentId)).to.have.members(ids);
  });

  it('stays and is reported if its booking was cancelled while the store was lost', async () => {
    const world = await new World().start();
    const ids = [world.book(BAY1.resourceUnitId, 30), world.book(BAY1.resourceUnitId, 32)];
    await world.settle();
    await world.engine.stop();
    for (const id of ids) world.calendars.person.stripMetadata(BAY1.calendarId, `loft${id}`);
    world.bookings.user.cancel(ids[0]!);
    world.store = new MemoryStore();
    world.engine = world.newEngine();
    await world.start();
    await world.settle();
    expect(world.on(BAY1).map(({ eventId }) => eventId)).to.deep.equal(ids.map((id) => `loft${id}`));
    const { warnings } = await world.engine.readiness();
    expect(warnings).to.deep.equal([
      `appointment ${ids[0]}: orphan-unproven: event loft${ids[0]} has an id of ours and no marks, and its booking is cancelled`,
    ]);
    world.calendars.person.deleteEvent(BAY1.calendarId, `loft${ids[0]}`);
    await world.settle();
    expect((await world.engine.readiness()).warnings).to.deep.equal([]);
  });

  it('that was transferred to a new id of its booking is reported after a loss of the store, beside the new event', async () => {
    const world = await new World({ studio: { reschedule: 'new-id' } }).start();
    const id = world.book(BAY1.resourceUnitId, 30);
    await world.settle();
    world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: world.hour(40) });
    await world.settle();
    const [booking] = world.bookings.user.liveBookings();
    expect(booking?.id).to.not.equal(id);
    await world.engine.stop();
    world.calendars.person.stripMetadata(BAY1.calendarId, `loft${id}`);
    world.store = new MemoryStore();
    world.engine = world.newEngine();
    await world.start();
    await world.settle(HOUR);
    // Nothing proves that the event is ours to remove, or that it shows this booking.
    expect(world.on(BAY1).map(({ eventId }) => eventId)).to.have.members([`loft${id}`, `loft${booking?.id}`]);
    expect((await world.engine.readiness()).warnings.join()).to.include(
      `event loft${id} has an id of ours and no marks`,
    );
    expect(world.bookings.user.liveBookings()).to.have.length(1);
  });

  it('is reported if a program removes the marks soon after our write', async () => {
    const world = await new World().start();
    const id = world.book(BAY1.resourceUnitId, 30);
    await world.settle();
    world.bookings.user.setNotes(id, 'left-handed');
    await world.settle(90_000);
    world.calendars.person.stripMetadata(BAY1.calendarId, `loft${id}`);
    await world.settle();
    const { ready, warnings } = await world.engine.readiness();
    expect(ready).to.equal(true);
    expect(warnings.join()).to.match(
      new RegExp(`appointment ${id}: metadata-removed: its marks were removed soon after`),
    );
  });

  it('is reported if its calendar keeps no marks, and its deletion cancels no booking, also after a loss of the store', async () => {
    const world = new World();
    const { calendars } = world;
    const unmarked = (event: CalendarEvent): CalendarEvent => ({ ...event, marks: NO_MARKS });
    world.through({
      calendars: overridden<CalendarSystem>(calendars, {
        listEvents: async (...args) =>
          (await calendars.listEvents(...args)).map((page) => ({ ...page, events: page.events.map(unmarked) })),
        getEvent: async (...args) => (await calendars.getEvent(...args)).map(unmarked),
        insertEvent: async (...args) => (await calendars.insertEvent(...args)).map(unmarked),
        patchEvent: async (...args) => (await calendars.patchEvent(...args)).map(unmarked),
      }),
    });
    const id = world.book(BAY1.resourceUnitId, 30);
    for (const start of [0, 1]) {
      if (start > 0) {
        await world.engine.stop();
        world.store = new MemoryStore();
        world.engine = world.newEngine();
      }
      await world.start();
      await world.settle();
      const { warnings } = await world.engine.readiness();
      expect(warnings.join()).to.match(new RegExp(`appointment ${id}: .*has not kept the marks`));
      calendars.person.deleteEvent(BAY1.calendarId, `loft${id}`);
      await world.settle();
      expect(world.bookings.user.booking(id)?.state).to.equal('live');
      expect(world.on(BAY1)).to.have.length(1);
    }
  });
});
