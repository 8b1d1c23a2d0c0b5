import { expect } from 'chai';
import { Err, type CalendarEvent, type CalendarSystem, type Result, type SyncError } from '@loft/sync-core';
import { expectIdle, expectInSync } from './expect-in-sync.js';
import type { WholePort } from '#src/testing/whole-port.js';
import { overridden } from './overridden.js';
import { BAY1, BAY2, only, World } from './world.js';

function refused(kind: SyncError['kind'], method: string): Err<SyncError> {
  return Err({ kind, system: 'google', method, message: kind });
}

/** Changes every event that the calendars return. */
function telling(calendars: WholePort<CalendarSystem>, change: Partial<CalendarEvent>): CalendarSystem {
  const shown = (event: CalendarEvent): CalendarEvent => ({ ...event, ...change });
  const one = async (answer: Promise<Result<CalendarEvent, SyncError>>): Promise<Result<CalendarEvent, SyncError>> =>
    (await answer).map(shown);
  return overridden(calendars, {
    listEvents: async (...args) => {
      const page = await calendars.listEvents(...args);
      return page.map((list) => ({ ...list, events: list.events.map(shown) }));
    },
    getEvent: (...args) => one(calendars.getEvent(...args)),
    insertEvent: (...args) => one(calendars.insertEvent(...args)),
    patchEvent: (calendarId, eventId, patch, ifMatch) =>
      one(calendars.patchEvent(calendarId, eventId, patch, ifMatch === '' ? null : ifMatch)),
    moveEvent: (...args) => one(calendars.moveEvent(...args)),
  });
}

describe('calendars that do not report', () => {
  for (const [what, change] of [
    ['when an event was changed', { updatedAt: null }],
    ['which version of an event they show', { etag: '' }],
  ] as const) {
    it(`${what} are synced, without writes back`, async () => {
      const world = new World();
      world.through({ calendars: telling(world.calendars, change) });
      const { user } = world.bookings;
      const { person } = world.calendars;
      const [moved = '', dragged = '', deleted = '', carried = '', cancelled = ''] = [30, 32, 34, 36, 38].map((hours) =>
        world.book(BAY1.resourceUnitId, hours),
      );
      await world.start();
      await world.settle();
      user.move(moved, { start: world.hour(50) });
      user.cancel(cancelled);
      person.dragEvent(BAY1.calendarId, `loft${dragged}`, { start: world.hour(52) });
      person.deleteEvent(BAY1.calendarId, `loft${deleted}`);
      person.moveToCalendar(BAY1.calendarId, `loft${carried}`, BAY2.calendarId);
      const start = world.hour(52);
      await world.settle();
      expect(user.booking(dragged)).to.include({ start });
      expect(user.booking(deleted)).to.include({ state: 'canceled' });
      expect(user.booking(carried)).to.include({ unit: BAY2.resourceUnitId });
      expect(world.bookings.writeCount).to.equal(3);
      const writes = world.calendars.writeCount;
      await world.restart();
      world.calendars.expireSyncTokens();
      await world.settle();
      expect(world.calendars.writeCount).to.equal(writes);
      expect(world.bookings.writeCount).to.equal(3);
      await expectInSync(world);
      await expectIdle(world);
    });
  }
});

/** Calendars that refuse to move an event to where its id was ever used, deleted or not. */
function strictMoves(calendars: WholePort<CalendarSystem>): CalendarSystem {
  return overridden(calendars, {
    moveEvent: async (calendarId, eventId, toCalendarId) => {
      const there = await calendars.getEvent(toCalendarId, eventId);
      return there.ok ? refused('conflict', 'events.move') : calendars.moveEvent(calendarId, eventId, toCalendarId);
    },
  });
}

describe('calendars that cannot move an event back to a calendar where it was before', () => {
  /** A booking whose event was moved to the second bay, and has a user's title. */
  async function movedOnce(change: Partial<CalendarSystem> = {}): Promise<{ world: World; id: string }> {
    const world = new World();
    world.through({ calendars: overridden(strictMoves(world.calendars), change) });
    const id = world.book(BAY1.resourceUnitId, 30);
    await world.start();
    await world.settle();
    world.bookings.user.move(id, { unit: BAY2.resourceUnitId });
    await world.settle();
    world.calendars.person.renameEvent(BAY2.calendarId, `loft${id}`, 'A birthday');
    await world.settle();
    return { world, id };
  }

  async function expectBack(world: World, id: string): Promise<void> {
    expect(only(world.on(BAY1))).to.deep.include({ eventId: `loft${id}`, title: 'A birthday' });
    expect(only(world.on(BAY1)).marks).to.include({ appointmentId: id, bay: '1' });
    expect(world.on(BAY2)).to.deep.equal([]);
    expect(world.bookings.writeCount).to.equal(0);
    await expectIdle(world);
  }

  it('have the event recreated there, with its id and a user’s title', async () => {
    const { world, id } = await movedOnce();
    world.bookings.user.move(id, { unit: BAY1.resourceUnitId, start: world.hour(40) });
    await world.settle();
    await expectBack(world, id);
    expect(only(world.on(BAY1)).start).to.equal(world.bookings.user.booking(id)?.start);
  });

  it('have the event once if the recreation was interrupted between its two writes', async () => {
    let cuts = 0;
    const { world, id } = await movedOnce({
      deleteEvent: async (...args) =>
        cuts++ < 2 ? refused('transient', 'events.delete') : world.calendars.deleteEvent(...args),
    });
    world.bookings.user.move(id, { unit: BAY1.resourceUnitId });
    await world.settle();
    expect(cuts).to.equal(3);
    await expectBack(world, id);
  });

  it('do not use another user’s event of the same id', async () => {
    const { world, id } = await movedOnce();
    world.calendars.person.undelete(BAY1.calendarId, `loft${id}`);
    world.calendars.person.stripMetadata(BAY1.calendarId, `loft${id}`);
    world.bookings.user.move(id, { unit: BAY1.resourceUnitId });
    await world.settle();
    expect(only(world.on(BAY2)).marks.appointmentId).to.equal(id);
    expect(only(world.on(BAY1)).marks.managed).to.equal(false);
  });
});

describe('calendars that cannot move a recurring event', () => {
  it('have a recurring event of a user converted to a single event before its move', async () => {
    const world = new World();
    const { calendars } = world;
    world.through({
      calendars: overridden(calendars, {
        moveEvent: async (calendarId, eventId, toCalendarId) => {
          const event = await calendars.getEvent(calendarId, eventId);
          if (event.ok && event.val.shape === 'recurring') return refused('invalid', 'events.move');
          return calendars.moveEvent(calendarId, eventId, toCalendarId);
        },
      }),
    });
    const id = world.book(BAY1.resourceUnitId, 30);
    await world.start();
    await world.settle();
    // Both before the next observation of either side.
    calendars.person.makeRecurring(BAY1.calendarId, `loft${id}`);
    world.bookings.user.move(id, { unit: BAY2.resourceUnitId, start: world.hour(40) });
    await world.settle();
    expect(only(world.on(BAY2))).to.include({ eventId: `loft${id}`, shape: 'timed' });
    expect(world.bookings.writeCount).to.equal(0);
    await expectInSync(world);
    await expectIdle(world);
  });
});

describe('a sync token that the calendar does not understand', () => {
  it('causes a full list, which finds deletions made meanwhile', async () => {
    const world = new World();
    let refusals = 0;
    let refuses = false;
    world.through({
      calendars: overridden(world.calendars, {
        listEvents: async (calendarId, cursor) => {
          if (!refuses || cursor.syncToken === null) return world.calendars.listEvents(calendarId, cursor);
          refusals++;
          return refused('invalid', 'events.list');
        },
      }),
    });
    const id = world.book(BAY1.resourceUnitId, 30);
    await world.start();
    await world.settle();
    refuses = true;
    world.calendars.person.deleteEvent(BAY1.calendarId, `loft${id}`);
    world.calendars.expireSyncTokens();
    await world.settle();
    expect(refusals).to.be.greaterThan(0);
    expect(world.bookings.user.booking(id)).to.include({ state: 'canceled' });
    expect((await world.engine.readiness()).ready).to.equal(true);
    await expectIdle(world);
  });

  it('does not hide that the full list is refused', async () => {
    const world = new World();
    let refuses = false;
    world.through({
      calendars: overridden(world.calendars, {
        listEvents: async (...args) =>
          refuses ? refused('invalid', 'events.list') : world.calendars.listEvents(...args),
      }),
    });
    await world.start();
    await world.settle();
    refuses = true;
    await world.settle();
    expect((await world.engine.readiness()).reasons.join()).to.match(/feed calendar:\S+ fails: invalid/);
  });
});
