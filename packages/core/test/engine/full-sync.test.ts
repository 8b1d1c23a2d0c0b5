import { expect } from 'chai';
import type { MapQuery } from '@loft/sync-core/store';
import { overridden } from './overridden.js';
import { BAY1, BAY2, BAYS, only, World } from './world.js';

/** A calendar's token is lost, and everything in the calendar is read again. */
describe('a full sync', () => {
  async function withBooking(): Promise<{ world: World; id: string }> {
    const world = new World();
    const id = world.book(5523, 30);
    await world.start();
    await world.settle();
    // From here on there are no notifications, only the next sync.
    world.calendars.onNotification = undefined;
    return { world, id };
  }

  it('reads only the maps of its own calendar', async () => {
    const world = new World();
    const queries: MapQuery[] = [];
    const { store } = world;
    world.through({
      store: overridden(store, {
        listMaps: async (query) => {
          queries.push(query);
          return store.listMaps(query);
        },
      }),
    });
    world.book(5523, 30);
    await world.start();
    queries.length = 0;
    world.calendars.expireSyncTokens({ forgetDeleted: true });
    await world.settle();
    const ofFeeds = queries.filter(({ period, withIntent }) => period === undefined && withIntent === undefined);
    expect(ofFeeds).to.have.deep.members(BAYS.map(({ calendarId }) => ({ status: 'ACTIVE', calendarId })));
  });

  it('finds an event that was moved here from another bay', async () => {
    const { world, id } = await withBooking();
    const { eventId } = only(world.on(BAY1));
    world.calendars.person.moveToCalendar(BAY1.calendarId, eventId, BAY2.calendarId);
    world.calendars.expireSyncTokens({ forgetDeleted: true });
    await world.settle();
    expect(world.bookings.user.booking(id)?.unit).to.equal(BAY2.resourceUnitId);
    expect(only(world.on(BAY2)).eventId).to.equal(eventId);
    expect(world.bookings.writeCount).to.equal(1);
  });

  it('finds that an event was deleted', async () => {
    const { world, id } = await withBooking();
    world.calendars.person.deleteEvent(BAY1.calendarId, only(world.on(BAY1)).eventId);
    world.calendars.expireSyncTokens({ forgetDeleted: true });
    await world.settle();
    expect(world.bookings.user.booking(id)?.state).to.equal('canceled');
  });

  it('finds a live event whose booking is cancelled, and cancels it again', async () => {
    const { world, id } = await withBooking();
    const { eventId } = only(world.on(BAY1));
    world.bookings.user.cancel(id);
    await world.settle();
    expect(world.on(BAY1)).to.deep.equal([]);
    world.calendars.person.undelete(BAY1.calendarId, eventId);
    world.calendars.expireSyncTokens({ forgetDeleted: false });
    await world.settle();
    expect(world.on(BAY1)).to.deep.equal([]);
    expect(world.reasons()).to.include('dead-stays-dead');
  });

  it('recognizes an event by its map if its properties are missing', async () => {
    const { world, id } = await withBooking();
    const { eventId } = only(world.on(BAY1));
    world.bookings.user.cancel(id);
    await world.settle();
    world.calendars.person.undelete(BAY1.calendarId, eventId);
    world.calendars.person.stripMetadata(BAY1.calendarId, eventId);
    world.calendars.expireSyncTokens({ forgetDeleted: false });
    await world.settle();
    expect(only(world.on(BAY1)).eventId).to.equal(eventId);
    expect(world.reasons()).to.include('metadata-removed');
  });

  it('changes no synced event, with any other events in the calendar', async () => {
    const { world } = await withBooking();
    const start = world.hour(50);
    world.calendars.person.createEvent(BAY1.calendarId, { start, end: start + 3_600_000, title: 'Cleaning' });
    const writes = world.calendars.writeCount;
    world.calendars.expireSyncTokens({ forgetDeleted: true });
    await world.settle();
    expect(world.calendars.writeCount).to.equal(writes);
    expect(world.bookings.writeCount).to.equal(0);
    expect((await world.store.countTasks(world.clock.now())).unwrap()).to.deep.equal({
      due: 0,
      waiting: 0,
      claimed: 0,
    });
  });
});

describe('a full list with deleted copies of moved events', () => {
  const MOVED = 8;

  /** Two bookings that stay on the first bay, and many that were moved from there to the second. */
  async function manyMoved(): Promise<World> {
    const world = new World();
    const ids = Array.from({ length: MOVED + 2 }, (_, index) => world.book(BAY1.resourceUnitId, 30 + index));
    await world.start();
    await world.settle();
    for (const id of ids.slice(0, MOVED)) world.bookings.user.move(id, { unit: BAY2.resourceUnitId });
    await world.settle();
    expect(world.on(BAY2)).to.have.length(MOVED);
    return world;
  }

  it('does not count as a mass deletion', async () => {
    const world = await manyMoved();
    const writes = world.calendars.writeCount;
    world.calendars.expireSyncTokens({ forgetDeleted: false });
    await world.settle();
    expect(await world.engine.readiness()).to.deep.include({ ready: true, reasons: [] });
    expect(world.calendars.writeCount).to.equal(writes);
    expect(world.bookings.writeCount).to.equal(0);
  });

  it('does not bypass the guard of the calendar to which the events were moved', async () => {
    const world = await manyMoved();
    world.calendars.onNotification = undefined;
    for (const { eventId } of world.on(BAY2)) world.calendars.person.deleteEvent(BAY2.calendarId, eventId);
    world.calendars.expireSyncTokens({ forgetDeleted: false });
    await world.settle();
    expect((await world.engine.readiness()).reasons.join()).to.contain(`${MOVED} of ${MOVED} events are gone at once`);
    expect(world.bookings.writeCount).to.equal(0);
  });
});
