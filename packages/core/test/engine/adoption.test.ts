import { expect } from 'chai';
import { Err, HOUR, MemoryStore, MINUTE, type CalendarSystem } from '@loft/sync-core';
import { expectIdle, expectInSync } from './expect-in-sync.js';
import { overridden } from './overridden.js';
import { BAY1, BAY2, World, type WorldOptions } from './world.js';

/** A studio with this number of bookings, mirrored by an engine that has stopped. */
async function mirrored(count: number, options: WorldOptions = {}): Promise<readonly [World, readonly string[]]> {
  const world = await new World(options).start();
  const ids = Array.from({ length: count }, (_, index) => {
    const bay = index % 2 === 0 ? BAY1 : BAY2;
    return world.book(bay.resourceUnitId, 25 + Math.floor(index / 2), `Guest ${index}`);
  });
  await world.settle();
  await expectInSync(world);
  await world.engine.stop();
  return [world, ids];
}

/** The store is lost; a new engine starts with an empty one. */
async function startEmpty(world: World): Promise<void> {
  world.store = new MemoryStore();
  world.engine = world.newEngine();
  world.events.length = 0;
  await world.start();
}

const eventIds = (world: World): readonly string[] =>
  [...world.on(BAY1), ...world.on(BAY2)].map((event) => event.eventId).sort();

describe('a start with an empty store', function () {
  this.timeout(300_000);

  it('adopts two hundred events, removes those of the three that were cancelled meanwhile, and cancels nothing', async () => {
    const [world, ids] = await mirrored(200);
    const cancelled = [ids[3]!, ids[50]!, ids[151]!];
    for (const id of cancelled) world.bookings.user.cancel(id);
    const writes = world.calendars.writeCount;
    await startEmpty(world);
    await world.settle();
    const kept = ids.filter((id) => !cancelled.includes(id)).map((id) => `loft${id}`);
    expect(eventIds(world)).to.deep.equal(kept.sort());
    expect(world.calendars.writeCount - writes).to.equal(3);
    expect(world.bookings.writeCount).to.equal(0);
    const reasons = world.reasons().filter((reason) => reason !== 'in-sync');
    expect(reasons.filter((reason) => reason === 'adopt')).to.have.length(197);
    expect(reasons.filter((reason) => reason !== 'adopt')).to.deep.equal(['orphan', 'orphan', 'orphan']);
    await expectInSync(world);
    await expectIdle(world);
  });

  it('syncs in both directions again', async () => {
    const [world, ids] = await mirrored(20);
    await startEmpty(world);
    await world.settle();
    const [moved = '', deleted = '', rebooked = ''] = ids;
    const start = world.hour(200);
    world.calendars.person.dragEvent(BAY1.calendarId, `loft${moved}`, { start });
    world.calendars.person.deleteEvent(BAY2.calendarId, `loft${deleted}`);
    world.bookings.user.move(rebooked, { start: world.hour(300) });
    await world.settle();
    expect(world.bookings.user.booking(moved)).to.include({ start });
    expect(world.bookings.user.booking(deleted)).to.include({ state: 'canceled' });
    await expectInSync(world);
    await expectIdle(world);
  });

  it('mirrors changes that were made to bookings meanwhile', async () => {
    const [world, ids] = await mirrored(6);
    const [moved = '', switched = '', renamed = ''] = ids;
    world.bookings.user.move(moved, { start: world.hour(100) });
    world.bookings.user.move(switched, { unit: BAY1.resourceUnitId, start: world.hour(120) });
    world.bookings.user.setNotes(renamed, 'Three players');
    const writes = world.calendars.writeCount;
    await startEmpty(world);
    await world.settle();
    await expectInSync(world);
    // A move between calendars and its stamp are two.
    expect(world.calendars.writeCount - writes).to.equal(4);
    expect(world.bookings.writeCount).to.equal(0);
    expect(eventIds(world)).to.deep.equal(ids.map((id) => `loft${id}`).sort());
  });

  it('adopts an event that a user moved to another bay meanwhile, and creates no second one', async () => {
    const [world, ids] = await mirrored(4);
    const [id = ''] = ids;
    world.calendars.person.moveToCalendar(BAY1.calendarId, `loft${id}`, BAY2.calendarId);
    // The poll comes first, and meets what the move has left behind under the id of the event.
    const error = { kind: 'transient', system: 'google', method: 'events.list', message: 'out of order' } as const;
    const until = world.clock.now() + MINUTE;
    world.through({
      calendars: overridden<CalendarSystem>(world.calendars, {
        listEvents: async (calendarId, cursor) =>
          calendarId === BAY2.calendarId && world.clock.now() < until
            ? Err(error)
            : world.calendars.listEvents(calendarId, cursor),
      }),
    });
    await startEmpty(world);
    await world.settle();
    expect(eventIds(world)).to.deep.equal(ids.map((each) => `loft${each}`).sort());
    await expectInSync(world);
    await expectIdle(world);
  });

  it('reverts an event that was edited meanwhile, because the last synced state is lost', async () => {
    const [world, ids] = await mirrored(6);
    const [id = ''] = ids;
    const { start } = world.bookings.user.booking(id)!;
    world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: world.hour(100) });
    await startEmpty(world);
    await world.settle();
    expect(world.bookings.writeCount).to.equal(0);
    expect(world.bookings.user.booking(id)).to.include({ start });
    await expectInSync(world);
  });

  it('restores an event that was deleted meanwhile', async () => {
    const [world, ids] = await mirrored(6);
    world.calendars.person.deleteEvent(BAY1.calendarId, `loft${ids[0]}`);
    await startEmpty(world);
    await world.settle();
    expect(world.bookings.writeCount).to.equal(0);
    expect(eventIds(world)).to.include(`loft${ids[0]}`);
    await expectInSync(world);
  });

  it('adopts events with ids of other programs', async () => {
    const [world, ids] = await mirrored(6);
    // Copies in place of the events: all that we know of them is their marks.
    const given = ids.map((id, index) => {
      const { calendarId } = index % 2 === 0 ? BAY1 : BAY2;
      const copy = world.calendars.person.copyEvent(calendarId, `loft${id}`);
      world.calendars.person.deleteEvent(calendarId, `loft${id}`);
      return copy;
    });
    world.calendars.expireSyncTokens();
    const writes = world.calendars.writeCount;
    await startEmpty(world);
    await world.settle();
    expect(eventIds(world)).to.deep.equal([...given].sort());
    expect(world.calendars.writeCount).to.equal(writes);
    await expectInSync(world);

    world.bookings.user.move(ids[0]!, { start: world.hour(100) });
    world.calendars.person.dragEvent(BAY2.calendarId, given[1]!, { start: world.hour(110) });
    await world.settle();
    expect(world.bookings.user.booking(ids[1]!)).to.include({ start: world.hour(110) });
    await expectInSync(world);
  });

  it('always adopts the same one of several events of a booking, and reports the copies', async () => {
    const [world, ids] = await mirrored(2);
    const [id = ''] = ids;
    const copies = [
      world.calendars.person.copyEvent(BAY1.calendarId, `loft${id}`),
      world.calendars.person.copyEvent(BAY1.calendarId, `loft${id}`, BAY2.calendarId),
    ];
    const writes = world.calendars.writeCount;
    await startEmpty(world);
    await world.settle();
    const [map] = (await world.store.listMaps({})).unwrap();
    expect(map).to.include({ googleEventId: `loft${id}`, googleCalendarId: BAY1.calendarId });
    expect(world.calendars.writeCount).to.equal(writes);
    expect(world.bookings.writeCount).to.equal(0);
    const reported = world.events.flatMap((event) =>
      event.type === 'decision' && event.reason === 'copy' ? [event] : [],
    );
    expect(reported.map(({ quiet, detail }) => ({ quiet, detail }))).to.have.deep.members([
      { quiet: true, detail: `event ${copies[0]} of ${BAY1.calendarId} is a copy of loft${id}` },
      { quiet: true, detail: `event ${copies[1]} of ${BAY2.calendarId} is a copy of loft${id}` },
    ]);
    const listed = (await world.engine.copies()).unwrap();
    expect(listed.map(({ eventId, mirrorEventId }) => [eventId, mirrorEventId])).to.have.deep.members(
      copies.map((copy) => [copy, `loft${id}`]),
    );
    // The booking stays after any change of a copy.
    world.calendars.person.dragEvent(BAY1.calendarId, copies[0]!, { start: world.hour(200) });
    world.calendars.person.deleteEvent(BAY2.calendarId, copies[1]!);
    await world.settle();
    expect(world.bookings.writeCount).to.equal(0);
    expect(world.bookings.user.booking(id)).to.include({ state: 'live' });
  });

  it('does not change events of users, nor events without evidence', async () => {
    const [world] = await mirrored(2);
    const own = world.calendars.person.createEvent(BAY1.calendarId, {
      start: world.hour(5),
      end: world.hour(6),
      title: 'Cleaning',
    });
    const writes = world.calendars.writeCount;
    await startEmpty(world);
    await world.settle();
    expect(eventIds(world)).to.include(own);
    expect(world.calendars.writeCount).to.equal(writes);
  });

  it('does not change events that are marked as cancelled', async () => {
    const options = { settings: { google: { cancel: 'mark' } } } as const;
    const [world, ids] = await mirrored(4, options);
    await startEmpty(world);
    await world.settle();
    world.bookings.user.cancel(ids[0]!);
    await world.settle();
    await world.engine.stop();
    const writes = world.calendars.writeCount;
    await startEmpty(world);
    await world.settle();
    expect(world.calendars.writeCount).to.equal(writes);
    expect(world.on(BAY1).map((event) => event.title)).to.include('CANCELED: Guest 0');
    await expectInSync(world);
  });

  it('gives the same result twice, and after a loss of the store during the start', async () => {
    const [world, ids] = await mirrored(40);
    const writes = world.calendars.writeCount;
    await startEmpty(world);
    await world.settle(10);
    await world.engine.stop();
    await startEmpty(world);
    await world.settle();
    expect(eventIds(world)).to.deep.equal(ids.map((id) => `loft${id}`).sort());
    expect(world.calendars.writeCount).to.equal(writes);
    expect(world.bookings.writeCount).to.equal(0);
    await expectInSync(world);
  });
});

describe('a lost sync token', function () {
  this.timeout(300_000);

  it('loses no edit and no deletion that was made meanwhile', async () => {
    const [world, ids] = await mirrored(20);
    world.engine = world.newEngine();
    await world.start();
    await world.settle();
    await world.engine.stop();
    const [moved = '', other = '', switched = '', deleted = '', renamed = ''] = ids;
    const start = world.hour(200);
    world.calendars.person.dragEvent(BAY1.calendarId, `loft${moved}`, { start });
    world.calendars.person.deleteEvent(BAY2.calendarId, `loft${deleted}`);
    world.calendars.person.moveToCalendar(BAY1.calendarId, `loft${switched}`, BAY2.calendarId);
    world.calendars.person.renameEvent(BAY1.calendarId, `loft${renamed}`, 'Theirs');
    world.bookings.user.move(switched, { start: world.hour(150) });
    world.bookings.user.cancel(other);
    world.calendars.expireSyncTokens();
    world.engine = world.newEngine();
    await world.start();
    await world.settle();
    expect(world.bookings.user.booking(moved)).to.include({ start });
    expect(world.bookings.user.booking(deleted)).to.include({ state: 'canceled' });
    expect(world.bookings.writes).to.deep.include({ cancelled: 1 });
    expect(world.on(BAY1).find((event) => event.eventId === `loft${renamed}`)?.title).to.equal('Theirs');
    world.calendars.person.renameEvent(
      BAY1.calendarId,
      `loft${renamed}`,
      world.bookings.user.booking(renamed)!.customerName,
    );
    await expectInSync(world);
    await expectIdle(world);
  });

  it('causes one full list and no write while the engine runs', async () => {
    const [world] = await mirrored(20);
    world.engine = world.newEngine();
    await world.start();
    await world.settle();
    const writes = world.calendars.writeCount;
    world.events.length = 0;
    world.calendars.expireSyncTokens();
    await world.settle(2 * HOUR);
    expect(world.calendars.writeCount).to.equal(writes);
    expect(world.bookings.writeCount).to.equal(0);
    expect(world.events.filter((event) => event.type === 'call' && event.outcome === 'token-expired')).to.have.length(
      2,
    );
    await expectInSync(world);
  });

  it('causes the removal of an unrecorded insert whose booking has moved to a unit without a bay', async () => {
    const elsewhere = 5599;
    const world = new World({ studio: { units: [BAY1.resourceUnitId, elsewhere] } });
    const { bookings, calendars } = world;
    let failing = false;
    const port = overridden(calendars, {
      insertEvent: async (...args) => {
        const inserted = await calendars.insertEvent(...args);
        if (!failing) return inserted;
        bookings.user.move(id, { unit: elsewhere });
        return Err({ kind: 'transient', system: 'google', method: 'events.insert', message: 'timeout' });
      },
    });
    await world.through({ calendars: port }).start();
    failing = true;
    const id = world.book(BAY1.resourceUnitId, 30);
    await world.settle(5 * MINUTE);
    expect(calendars.writeCount).to.equal(2);
    expect(world.on(BAY1)).to.deep.equal([]);
  });
});
