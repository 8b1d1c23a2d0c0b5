import { expect } from 'chai';
import { type CalendarSystem, MINUTE } from '@loft/sync-core';
import { expectIdle, expectInSync } from './expect-in-sync.js';
import { overridden } from './overridden.js';
import { BAY1, BAY2, only, World } from './world.js';

describe('an event that a person copies to another bay, and whose original is deleted', () => {
  /** Copies the event of a booking in bay 1 to bay 2. */
  async function copied(): Promise<{ readonly world: World; readonly id: string; readonly copyId: string }> {
    const world = await new World().start();
    const id = world.book(BAY1.resourceUnitId, 30);
    await world.settle();
    const copyId = world.calendars.person.copyEvent(BAY1.calendarId, `loft${id}`);
    world.calendars.person.moveToCalendar(BAY1.calendarId, copyId, BAY2.calendarId);
    return { world, id, copyId };
  }

  it('moves its booking to that bay, and the copy is its event from then on', async () => {
    const { world, id, copyId } = await copied();
    await world.settle(2 * MINUTE);
    world.calendars.person.deleteEvent(BAY1.calendarId, `loft${id}`);
    await world.settle();
    expect(world.bookings.user.booking(id)).to.include({ state: 'live', unit: BAY2.resourceUnitId });
    expect(only(world.on(BAY2)).eventId).to.equal(copyId);
    expect(world.on(BAY1)).to.deep.equal([]);
    await expectInSync(world);
    await expectIdle(world);
  });

  it('moves its booking also if the copy is listed while the deletion waits for its grace', async () => {
    const world = new World({ settings: { google: { deleteGraceSeconds: 120, sweepSeconds: 20 } } });
    const { calendars } = world;
    let answer = (): void => undefined;
    let isSlow = false;
    world.through({
      calendars: overridden<CalendarSystem>(calendars, {
        listEvents: async (calendarId, cursor) => {
          if (isSlow && calendarId === BAY2.calendarId) await new Promise<void>((resolve) => (answer = resolve));
          return calendars.listEvents(calendarId, cursor);
        },
      }),
    });
    await world.start();
    calendars.onNotification = undefined;
    const id = world.book(BAY1.resourceUnitId, 30);
    await world.settle();
    isSlow = true;
    const copyId = calendars.person.copyEvent(BAY1.calendarId, `loft${id}`, BAY2.calendarId);
    calendars.person.deleteEvent(BAY1.calendarId, `loft${id}`);
    await world.settle(MINUTE);
    isSlow = false;
    answer();
    await world.settle();
    expect(world.bookings.user.booking(id)).to.include({ state: 'live', unit: BAY2.resourceUnitId });
    expect(only(world.on(BAY2)).eventId).to.equal(copyId);
    await expectInSync(world);
  });

  it('shows the note of its booking, although the deleted original had the description of a user', async () => {
    const { world, id, copyId } = await copied();
    world.calendars.person.describeEvent(BAY1.calendarId, `loft${id}`, 'call first');
    world.bookings.user.setNotes(id, 'left-handed');
    await world.settle(2 * MINUTE);
    expect(only(world.on(BAY1)).description).to.equal('call first');
    world.calendars.person.deleteEvent(BAY1.calendarId, `loft${id}`);
    await world.settle();
    expect(only(world.on(BAY2))).to.include({ eventId: copyId, description: 'left-handed' });
  });

  it('keeps its booking if the copy is old: the copy is moved to the place of the booking', async () => {
    const { world, id, copyId } = await copied();
    await world.settle(30 * MINUTE);
    expect(world.bookings.user.booking(id)).to.include({ state: 'live', unit: BAY1.resourceUnitId });
    world.calendars.person.deleteEvent(BAY1.calendarId, `loft${id}`);
    await world.settle();
    expect(world.bookings.user.booking(id)).to.include({ state: 'live', unit: BAY1.resourceUnitId });
    expect(only(world.on(BAY1)).eventId).to.equal(copyId);
    expect(world.on(BAY2)).to.deep.equal([]);
    await expectIdle(world);
  });

  it('lists its copy while the booking is live, and leaves no copy after the cancellation', async () => {
    const { world, id, copyId } = await copied();
    await world.settle();
    expect((await world.engine.copies()).unwrap().map(({ eventId }) => eventId)).to.deep.equal([copyId]);
    world.bookings.user.cancel(id);
    await world.settle();
    expect([...world.on(BAY1), ...world.on(BAY2)]).to.deep.equal([]);
    expect((await world.engine.copies()).unwrap()).to.deep.equal([]);
  });
});

describe('an event that a person copies before its booking gets a new appointment id, and whose original is deleted later', () => {
  for (const times of [1, 2]) {
    it(`keeps its booking, and the copy is its event: ${times} new ids`, async () => {
      const world = await new World({ studio: { reschedule: 'new-id' } }).start();
      const { bookings, calendars } = world;
      const id = world.book(BAY1.resourceUnitId, 30);
      await world.settle();
      const copyId = calendars.person.copyEvent(BAY1.calendarId, `loft${id}`);
      await world.settle();
      for (let n = 1; n <= times; n++) {
        calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: world.hour(40 + 5 * n) });
        await world.settle(10 * MINUTE);
      }
      expect(bookings.user.liveBookings().map(({ start }) => start)).to.deep.equal([world.hour(40 + 5 * times)]);
      calendars.person.deleteEvent(BAY1.calendarId, `loft${id}`);
      await world.settle();
      const { start } = only(world.on(BAY1));
      expect(only(world.on(BAY1)).eventId).to.equal(copyId);
      expect(bookings.user.liveBookings().map((booking) => booking.start)).to.deep.equal([start]);
      await expectInSync(world);
      await expectIdle(world);
    });
  }
});
