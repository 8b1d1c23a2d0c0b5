import { expect } from 'chai';
import { Err, HOUR, MINUTE, SECOND, type BookingEventMap } from '@loft/sync-core';
import { planSync, type PlanEntry, type SyncPlan } from '@loft/sync-core/reports';
import { overridden } from './engine/overridden.js';
import { BAY1, BAY2, World, type WorldOptions, ACCOUNT } from './engine/world.js';

/** What would be done, in one line: `update:booking-changed 700001`. */
function lineOf({ action, reason, appointmentId }: PlanEntry): string {
  return `${action}:${reason} ${appointmentId}`;
}

/** A world with bookings in sync on both sides, whose engine has been stopped. */
async function inStep(bookings: number, options: WorldOptions = {}): Promise<{ world: World; ids: readonly string[] }> {
  const world = await new World(options).start();
  const ids = Array.from({ length: bookings }, (_, index) =>
    world.book(BAY1.resourceUnitId, 100 + index, `Guest ${index}`),
  );
  await world.settle(3 * MINUTE);
  await world.engine.stop();
  world.events.length = 0;
  return { world, ids };
}

async function planOf(world: World, known: 'store' | 'nothing' = 'store'): Promise<SyncPlan> {
  const { bookings, calendars, clock, settings, store } = world;
  const maps: readonly BookingEventMap[] = known === 'store' ? (await store.listMaps({})).unwrap() : [];
  const liveness = known === 'store' ? (await store.listLiveness()).unwrap() : [];
  const records = known === 'store' ? (await store.listEventRecords({ kind: 'edit' })).unwrap() : [];
  const writes = { google: calendars.writes.length, uschedule: bookings.writeCount };
  const plan = await planSync({ bookings, calendars, clock, settings, maps, liveness, records, account: ACCOUNT });
  expect({ google: calendars.writes.length, uschedule: bookings.writeCount }).to.deep.equal(writes);
  expect(clock.pendingTimers).to.equal(0);
  return plan.unwrap();
}

/** What an engine that is started now really does. */
async function doneBy(world: World): Promise<readonly string[]> {
  world.engine = world.newEngine();
  await world.start();
  await world.settle(30 * SECOND);
  return world.events.flatMap((event) =>
    event.type === 'action' ? [`${event.action}:${event.reason} ${event.appointmentId}`] : [],
  );
}

describe('a plan', () => {
  it('is empty if both sides are in sync', async () => {
    const { world } = await inStep(5);
    const plan = await planOf(world);
    expect(plan).to.deep.include({ entries: [], notes: [], undecided: [], stops: [], warnings: [] });
    expect(plan).to.include({ bookingsRead: 5, eventsRead: 5 });
  });

  it('lists the held edits with their effects, also one that is left of many', async () => {
    const { world, ids } = await inStep(8);
    for (const id of ids.slice(0, 5))
      world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: world.hour(300 + 2 * Number(id)) });
    world.calendars.person.deleteEvent(BAY1.calendarId, `loft${ids[5]}`);
    const before = await planOf(world);
    expect(before.held.map(({ appointmentId }) => appointmentId)).to.have.members(ids.slice(0, 6));
    expect(before.entries).to.deep.equal([]);
    world.engine = world.newEngine();
    await world.start();
    await world.settle(30 * SECOND);
    void world.engine.decideHeldEdits('revert', '1', ids.slice(0, 5));
    await world.settle(30 * SECOND);
    await world.engine.stop();
    const plan = await planOf(world);
    expect(plan.held.map(({ appointmentId, would, bay }) => [appointmentId, would, bay])).to.deep.equal([
      [ids[5], 'cancel', '1'],
    ]);
    expect(plan).to.deep.include({ entries: [], notes: [] });
  });

  it('predicts the sync, for changes of every kind', async () => {
    const { world, ids } = await inStep(12);
    const { user } = world.bookings;
    const { person } = world.calendars;
    const [moved, bay, cancelled, notes, dragged, dragBay, deleted, renamed, both, allDay, stripped] = ids as string[];
    const created = world.book(BAY2.resourceUnitId, 50, 'New');
    user.move(moved!, { start: world.hour(200) });
    user.move(bay!, { unit: BAY2.resourceUnitId });
    user.cancel(cancelled!);
    user.setNotes(notes!, 'Four players');
    await world.clock.advance(MINUTE);
    person.dragEvent(BAY1.calendarId, `loft${dragged}`, { start: world.hour(210) });
    person.moveToCalendar(BAY1.calendarId, `loft${dragBay}`, BAY2.calendarId);
    person.deleteEvent(BAY1.calendarId, `loft${deleted}`);
    person.renameEvent(BAY1.calendarId, `loft${renamed}`, 'A birthday');
    person.dragEvent(BAY1.calendarId, `loft${both}`, { start: world.hour(220) });
    user.move(both!, { start: world.hour(230) });
    person.makeAllDay(BAY1.calendarId, `loft${allDay}`);
    person.stripMetadata(BAY1.calendarId, `loft${stripped}`);
    await world.clock.advance(MINUTE);

    const plan = await planOf(world);
    const lines = plan.entries.filter(({ writes }) => writes !== 'store').map(lineOf);
    expect(lines).to.have.members([
      `create:new-booking ${created}`,
      `update:booking-changed ${moved}`,
      `move:booking-moved-bay ${bay}`,
      `cancel:booking-cancelled ${cancelled}`,
      `update:booking-changed ${notes}`,
      `update:event-moved ${dragged}`,
      `move:event-moved-bay ${dragBay}`,
      `cancel:event-deleted ${deleted}`,
      `restore:conflict ${both}`,
      `restore:unsupported-edit ${allDay}`,
    ]);
    const stored = plan.entries.filter(({ writes }) => writes === 'store');
    expect(stored.map(({ reason, appointmentId }) => `${reason} ${appointmentId}`)).to.deep.equal([
      `text-edited ${renamed}`,
      `metadata-removed ${stripped}`,
    ]);
    expect(await doneBy(world)).to.have.members(lines);
  });

  it('shows before and after of the side that is written', async () => {
    const { world, ids } = await inStep(4);
    const [moved, dragged, cancelled, deleted] = ids as string[];
    const { user } = world.bookings;
    world.calendars.person.renameEvent(BAY1.calendarId, `loft${moved}`, 'A birthday');
    user.move(moved!, { start: world.hour(200), unit: BAY2.resourceUnitId });
    user.cancel(cancelled!);
    world.calendars.person.dragEvent(BAY1.calendarId, `loft${dragged}`, { start: world.hour(210) });
    world.calendars.person.deleteEvent(BAY1.calendarId, `loft${deleted}`);
    const created = world.book(BAY2.resourceUnitId, 50, 'New', 'Two players');
    const plan = await planOf(world);
    const entryOf = (id: string | undefined): PlanEntry | undefined =>
      plan.entries.find(({ appointmentId }) => appointmentId === id);
    const content = (hours: number, title: string, bayName: string, description = ''): PlanEntry['before'] => {
      return { start: world.hour(hours), end: world.hour(hours) + HOUR, bay: bayName, title, description };
    };
    expect(plan.entries[0]).to.deep.equal({
      appointmentId: created,
      reason: 'new-booking',
      action: 'create',
      direction: 'USCHEDULE_TO_GCAL',
      writes: 'google',
      calendarId: BAY2.calendarId,
      eventId: null,
      before: null,
      after: content(50, 'New', '2', 'Two players'),
    });
    expect(entryOf(moved)).to.deep.include({
      writes: 'google',
      calendarId: BAY2.calendarId,
      eventId: `loft${moved}`,
      before: content(100, 'A birthday', '1'),
      after: content(200, 'A birthday', '2'),
    });
    expect(entryOf(dragged)).to.deep.include({
      writes: 'uschedule',
      before: content(101, 'Guest 1', '1'),
      after: content(210, 'Guest 1', '1'),
    });
    expect(entryOf(cancelled)).to.deep.include({ writes: 'google', before: content(102, 'Guest 2', '1'), after: null });
    expect(entryOf(deleted)).to.deep.include({
      writes: 'uschedule',
      before: content(103, 'Guest 3', '1'),
      after: null,
    });
  });

  it('shows the cancelled event that remains if the settings ask for that', async () => {
    const { world, ids } = await inStep(1, { settings: { google: { cancel: 'mark' } } });
    world.bookings.user.cancel(ids[0]!);
    const [entry] = (await planOf(world)).entries;
    expect(entry?.after).to.include({ title: 'CANCELED: Guest 0' });
  });

  it('reverts a moved event if edits are not written back', async () => {
    const { world, ids } = await inStep(1, { settings: { uschedule: { reschedule: 'off' } } });
    world.calendars.person.dragEvent(BAY1.calendarId, `loft${ids[0]}`, { start: world.hour(210) });
    const { entries } = await planOf(world);
    expect(entries.map(lineOf)).to.deep.equal([`restore:edit-refused ${ids[0]}`]);
    expect(await doneBy(world)).to.deep.equal(entries.map(lineOf));
  });

  describe('without a store', () => {
    it('adopts existing events, creates missing ones, removes those of cancelled bookings, and reports copies and units without a bay', async () => {
      const units = [BAY1.resourceUnitId, BAY2.resourceUnitId, 4711];
      const { world, ids } = await inStep(4, { studio: { units } });
      const [kept, moved, cancelled, copied] = ids as string[];
      world.bookings.user.move(moved!, { start: world.hour(200) });
      world.bookings.user.cancel(cancelled!);
      const copy = world.calendars.person.copyEvent(BAY1.calendarId, `loft${copied}`);
      const created = world.book(BAY2.resourceUnitId, 50);
      const foreign = world.book(4711, 50);
      const plan = await planOf(world, 'nothing');
      expect(plan.entries.map((entry) => `${entry.writes} ${lineOf(entry)}`)).to.have.members([
        `google create:new-booking ${created}`,
        `store adopt:adopt ${kept}`,
        `google adopt:adopt ${moved}`,
        `google cancel:orphan ${cancelled}`,
        `store adopt:adopt ${copied}`,
      ]);
      expect(plan.notes).to.deep.include.members([
        { appointmentId: foreign, reason: 'no-route', detail: 'no bay is configured for unit 4711' },
      ]);
      expect(plan.notes.find(({ reason }) => reason === 'copy')).to.include({ appointmentId: copied });
      expect(plan.notes.find(({ reason }) => reason === 'copy')?.detail).to.contain(copy);
    });
  });

  it('reports that a guard would hold cancellations back, and leaves these out', async () => {
    const { world, ids } = await inStep(12);
    for (const id of ids.slice(0, 8)) world.bookings.user.cancel(id);
    const created = world.book(BAY2.resourceUnitId, 50);
    const plan = await planOf(world);
    expect(plan.entries.map(lineOf)).to.deep.equal([`create:new-booking ${created}`]);
    expect(plan.stops.join()).to.match(/^8 of 12 bookings are gone at once/);
    expect(plan.stopped.map(({ appointmentId, would }) => [appointmentId, would])).to.have.deep.members(
      ids.slice(0, 8).map((id) => [id, 'cancel event']),
    );
  });

  it('continues if one calendar is not shared, and reports what is unknown because of that', async () => {
    const { world, ids } = await inStep(2);
    world.calendars.shareCalendar(BAY2.calendarId, 'none');
    const here = world.book(BAY1.resourceUnitId, 50);
    const there = world.book(BAY2.resourceUnitId, 50);
    world.calendars.person.deleteEvent(BAY1.calendarId, `loft${ids[0]}`);
    const plan = await planOf(world);
    expect(plan.entries.map(lineOf)).to.deep.equal([`create:new-booking ${here}`]);
    // Whether a deleted event is on the other bay now cannot be seen.
    expect(plan.undecided.map(({ appointmentId }) => appointmentId)).to.have.members([there, ids[0]]);
    expect(plan.warnings.join()).to.contain(
      `calendar ${BAY2.calendarId} of bay 2: the calendar is unknown or not shared`,
    );
  });

  it('fails if the bookings cannot be listed', async () => {
    const { world } = await inStep(1);
    const { bookings, calendars, clock, settings } = world;
    const error = { kind: 'transient', system: 'uschedule', method: 'listBookings', message: 'no answer' } as const;
    const down = overridden(bookings, { listBookings: async () => Err(error) });
    const plan = await planSync({ bookings: down, calendars, clock, settings, maps: [], liveness: [] });
    expect(plan.err && plan.val).to.deep.equal(error);
  });

  it('completes no interrupted write, and lists how it would be completed', async () => {
    const { world, ids } = await inStep(1, { studio: { reschedule: 'new-id' } });
    const [id] = ids as [string];
    const map = (await world.store.getMap(id)).unwrap()!;
    const start = world.hour(210);
    const { base } = map;
    const intent = {
      start,
      end: start + HOUR,
      bay: '1',
      since: world.clock.now(),
      triedAt: world.clock.now(),
      successor: null,
    };
    await world.store.putMap({ ...map, base, intent: { ...intent, kind: 'reschedule' } });
    const successor = world.bookings.user.move(id, { start });
    const plan = await planOf(world);
    const finished = plan.entries.find(({ appointmentId }) => appointmentId === id);
    expect(finished).to.include({ reason: 'event-moved', direction: 'GCAL_TO_USCHEDULE' });
    expect(finished?.after).to.include({ start });
    expect(successor).to.not.equal(id);
    expect(world.bookings.writeCount).to.equal(0);
  });

  it('infers the booking status from stored evidence if it is hidden', async () => {
    const world = await new World({
      settings: { uschedule: { status: 'blind' } },
      studio: { status: 'blind' },
    }).start();
    const id = world.book(BAY1.resourceUnitId, 30);
    await world.settle(30 * MINUTE);
    await world.engine.stop();
    expect(world.on(BAY1)).to.have.length(1);
    world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: world.hour(40) });
    const plan = await planOf(world);
    expect(plan.entries.map(lineOf)).to.deep.equal([`update:event-moved ${id}`]);
  });
});
