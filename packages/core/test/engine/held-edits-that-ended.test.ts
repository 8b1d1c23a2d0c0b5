import { expect } from 'chai';
import { Err, HOUR, MINUTE } from '@loft/sync-core';
import { calendarFeedName } from '@loft/sync-core/store';
import { expectIdle, expectInSync } from './expect-in-sync.js';
import { BAY1, BAY2, settingsWith, World } from './world.js';

/** Six held edits of one bay: three deletions and three moves. */
async function held(): Promise<{ readonly world: World; readonly ids: readonly string[] }> {
  const world = new World({ settings: { google: { deleteGraceSeconds: 10 } } });
  const ids = Array.from({ length: 6 }, (_, nth) => world.book(BAY1.resourceUnitId, 100 + 2 * nth));
  await world.start();
  await world.settle();
  const { person } = world.calendars;
  for (const [nth, id] of ids.entries()) {
    if (nth < 3) person.deleteEvent(BAY1.calendarId, `loft${id}`);
    else person.dragEvent(BAY1.calendarId, `loft${id}`, { start: startOf(world, id) + 100 * HOUR });
  }
  await world.settle();
  expect(await countHeld(world)).to.equal(6);
  expect((await world.engine.readiness()).ready).to.equal(false);
  return { world, ids };
}

const startOf = (world: World, id: string): number => world.bookings.user.booking(id)?.start ?? 0;
const countHeld = async (world: World): Promise<number> => (await world.engine.heldEdits()).unwrap().length;

/** The bay is not held any more: the next edit is carried. */
async function expectReleased(world: World, id: string): Promise<void> {
  expect(await countHeld(world)).to.equal(0);
  expect((await world.engine.readiness()).reasons).to.deep.equal([]);
  expect(world.bookings.writeCount).to.equal(0);
  const start = startOf(world, id) + 300 * HOUR;
  world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start });
  await world.settle();
  expect(startOf(world, id)).to.equal(start);
  await expectInSync(world);
  await expectIdle(world);
}

describe('held edits that do not exist any more', () => {
  it('are not held when a person has put the events back', async () => {
    const { world, ids } = await held();
    const { person } = world.calendars;
    for (const [nth, id] of ids.entries()) {
      if (nth < 3) person.undelete(BAY1.calendarId, `loft${id}`);
      else person.dragEvent(BAY1.calendarId, `loft${id}`, { start: startOf(world, id) });
    }
    await world.settle();
    await expectInSync(world);
    await expectReleased(world, ids[5]!);
  });

  it('are not held when their bookings were cancelled or moved', async () => {
    const { world, ids } = await held();
    for (const [nth, id] of ids.entries()) {
      if (nth % 2 === 0) world.bookings.user.cancel(id);
      else world.bookings.user.move(id, { start: startOf(world, id) + 200 * HOUR });
    }
    await world.settle(15 * MINUTE);
    await expectInSync(world);
    await expectReleased(world, ids[5]!);
  });

  it('leave the others held', async () => {
    const { world, ids } = await held();
    world.calendars.person.undelete(BAY1.calendarId, `loft${ids[0]}`);
    world.bookings.user.cancel(ids[5]!);
    await world.settle(15 * MINUTE);
    const left = (await world.engine.heldEdits()).unwrap().map(({ appointmentId }) => appointmentId);
    expect(left).to.have.members(ids.slice(1, 5));
    expect(world.bookings.writeCount).to.equal(0);
  });
});

describe('the decision of a person about an edit that does not exist any more', () => {
  it('does not revert a later edit', async () => {
    const { world, ids } = await held();
    const { person } = world.calendars;
    for (const [nth, id] of ids.entries()) {
      if (nth < 3) person.undelete(BAY1.calendarId, `loft${id}`);
      else person.dragEvent(BAY1.calendarId, `loft${id}`, { start: startOf(world, id) });
    }
    // No list has shown that when the request arrives.
    void world.engine.decideHeldEdits('revert', '1');
    await world.settle();
    await expectReleased(world, ids[0]!);
    world.calendars.person.deleteEvent(BAY1.calendarId, `loft${ids[5]}`);
    await world.settle();
    expect(world.bookings.user.booking(ids[5]!)?.state).to.equal('canceled');
  });

  it('does not release a later edit: the deletions of a list that was wrong', async () => {
    const world = new World();
    const { calendars } = world;
    const listEvents = calendars.listEvents.bind(calendars);
    const ids = Array.from({ length: 6 }, (_, nth) => world.book(BAY1.resourceUnitId, 100 + 2 * nth));
    await world.start();
    await world.settle();
    let isEmpty = true;
    calendars.listEvents = async (calendarId, cursor) => {
      if (!isEmpty || calendarId !== BAY1.calendarId) return listEvents(calendarId, cursor);
      if (cursor.syncToken === null)
        return (await listEvents(calendarId, cursor)).map((page) => ({ ...page, events: [] }));
      return Err({ kind: 'token-expired', system: 'google', method: 'events.list', message: '410' });
    };
    await world.settle();
    await world.engine.resumeFeed(calendarFeedName(BAY1.calendarId));
    await world.settle();
    expect(world.bookings.user.liveBookings(), 'each event was read').to.have.length(6);
    isEmpty = false;
    await world.settle();
    for (const id of ids) calendars.person.deleteEvent(BAY1.calendarId, `loft${id}`);
    await world.settle();
    expect(await countHeld(world)).to.equal(6);
    expect(world.bookings.writeCount).to.equal(0);
  });
});

describe('held edits of events that are edited again', () => {
  it('are reverted on request, whatever the events show by then', async () => {
    const { world, ids } = await held();
    const { person } = world.calendars;
    const [deleted = '', , , moved = ''] = ids;
    const [id, other] = [`loft${deleted}`, `loft${moved}`];
    // No list has shown these edits when the request arrives.
    person.undelete(BAY1.calendarId, id);
    person.moveToCalendar(BAY1.calendarId, id, BAY2.calendarId);
    person.dragEvent(BAY1.calendarId, other, { start: startOf(world, moved) + 200 * HOUR });
    void world.engine.decideHeldEdits('revert', '1');
    await world.settle();
    expect(world.bookings.writeCount).to.equal(0);
    expect(await countHeld(world)).to.equal(0);
    await expectInSync(world);
    await expectIdle(world);
  });

  it('are listed as moves to the other bay, although their former calendar lists them as deleted afterwards', async () => {
    const { world, ids } = await held();
    const { calendars } = world;
    const listEvents = calendars.listEvents.bind(calendars);
    let isDown = true;
    calendars.listEvents = async (calendarId, cursor) =>
      isDown && calendarId === BAY1.calendarId
        ? Err({ kind: 'transient', system: 'google', method: 'events.list', message: '503' })
        : listEvents(calendarId, cursor);
    for (const id of ids.slice(3)) calendars.person.moveToCalendar(BAY1.calendarId, `loft${id}`, BAY2.calendarId);
    await world.settle();
    isDown = false;
    await world.settle(15 * MINUTE);
    const edits = (await world.engine.heldEdits())
      .unwrap()
      .filter(({ appointmentId }) => ids.indexOf(appointmentId) > 2);
    expect(edits.map(({ would, to }) => [would, to?.bay])).to.deep.equal(edits.map(() => ['move', '2']));
    expect(edits).to.have.length(3);
    expect(world.bookings.writeCount).to.equal(0);
  });

  it('stay held, and are listed as they are now, also the last one', async () => {
    const { world, ids } = await held();
    const [deleted = '', ...others] = ids;
    void world.engine.decideHeldEdits('revert', '1', others);
    await world.settle();
    world.calendars.person.undelete(BAY1.calendarId, `loft${deleted}`);
    world.calendars.person.moveToCalendar(BAY1.calendarId, `loft${deleted}`, BAY2.calendarId);
    await world.settle();
    const [edit] = (await world.engine.heldEdits()).unwrap();
    expect(edit).to.deep.include({ appointmentId: deleted, bay: '1', would: 'move' });
    expect(edit?.to).to.include({ bay: '2' });
    expect(world.bookings.writeCount).to.equal(0);
    void world.engine.decideHeldEdits('release', '1');
    await world.settle();
    expect(world.bookings.writes).to.include({ cancelled: 0, rescheduled: 1 });
    await expectInSync(world);
  });
});

describe('held edits of a bay that gets another calendar', () => {
  it('end: its events are made anew in that calendar, as the bookings are', async () => {
    const { world } = await held();
    await world.engine.stop();
    const calendarId = 'bay-1-new@group.calendar.google.com';
    world.calendars.addCalendar(calendarId);
    world.engine = world.newEngine({
      settings: settingsWith({ bays: [{ ...BAY1, calendarId }, BAY2], google: { deleteGraceSeconds: 10 } }),
    });
    await world.start();
    await world.settle();
    expect(await countHeld(world)).to.equal(0);
    expect((await world.engine.readiness()).reasons).to.deep.equal([]);
    expect(world.bookings.writeCount).to.equal(0);
    const starts = (events: readonly { readonly start: number | null }[]) => events.map(({ start }) => start);
    expect(starts(world.calendars.events(calendarId))).to.have.members(starts(world.bookings.user.liveBookings()));
  });
});

describe('held edits of a bay that is renamed', () => {
  it('stay held under the new name, cause no work at later polls, and are carried out on request', async () => {
    const { world, ids } = await held();
    await world.engine.stop();
    const bays = [{ ...BAY1, bay: 'One' }, BAY2];
    world.engine = world.newEngine({
      settings: settingsWith({ bays, google: { deleteGraceSeconds: 10 } }),
    });
    await world.start();
    await world.settle();
    expect((await world.engine.heldEdits()).unwrap().map(({ bay }) => bay)).to.deep.equal(ids.map(() => 'One'));
    const reasons = world.reasons().length;
    await world.settle();
    expect(world.reasons().length).to.equal(reasons);
    expect(world.bookings.writeCount).to.equal(0);
    void world.engine.decideHeldEdits('release', 'One');
    await world.settle();
    expect(world.bookings.writes).to.include({ cancelled: 3, rescheduled: 3 });
    await expectIdle(world);
  });
});
