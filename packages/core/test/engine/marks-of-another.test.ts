import { expect } from 'chai';
import { BAY1, BAY2, only, settingsWith, World } from './world.js';
import { KillableEngine } from './killable-engine.js';
import { Err, MemoryStore, MINUTE, SECOND, type CalendarSystem, type SyncError } from '@loft/sync-core';
import type { SyncStore } from '#src/ports/sync-store.js';
import { overridden } from './overridden.js';
import { expectIdle, expectInSync } from './expect-in-sync.js';

describe('an event with the properties of the old appointment id after a reschedule', function () {
  this.timeout(60_000);

  it('carries an edit that was made before its properties were updated', async () => {
    const world = new World({ studio: { reschedule: 'new-id' } });
    const { bookings, calendars, store } = world;
    const id = world.book(BAY1.resourceUnitId, 100);
    await world.start();
    await world.settle();
    await world.engine.stop();
    const killable = new KillableEngine();
    world.engine = world.newEngine({ ...killable.ports({ bookings, calendars, store }), owner: 'first' });
    await world.start();
    await world.settle();
    calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: world.hour(110) });
    killable.dieOfNext('rescheduleBooking');
    void world.engine.syncNow();
    await world.settle(20 * SECOND);
    expect(killable.dead).to.equal(true);
    // The map of the new id was stored, and the properties were not written.
    const [moved] = bookings.user.liveBookings();
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
    expect(bookings.user.liveBookings().map((it) => [it.unit, it.start])).to.deep.equal([[BAY2.resourceUnitId, start]]);
    await expectInSync(world);
    await expectIdle(world);
  });
});

describe('an event that was transferred to a new appointment id, and whose new properties were refused', () => {
  /** The booking has been moved with its event, which keeps the properties of the old appointment id. */
  async function refusedProperties(
    tombstones: 'minimal' | 'full',
  ): Promise<{ world: World; id: string; moved: string }> {
    const world = new World({ studio: { reschedule: 'new-id' }, tombstones });
    const refused: SyncError = { kind: 'invalid', system: 'google', method: 'patchEvent', message: '400' };
    const patchEvent: CalendarSystem['patchEvent'] = async (...args) =>
      args[1] === `loft${id}` && world.on(BAY1).length > 0 ? Err(refused) : world.calendars.patchEvent(...args);
    const putMap: SyncStore['putMap'] = async (map) => {
      await new Promise<void>((resolve) => void world.clock.setTimer(SECOND, resolve));
      return world.store.putMap(map);
    };
    world.through({
      calendars: overridden<CalendarSystem>(world.calendars, { patchEvent }),
      store: overridden<SyncStore>(world.store, { putMap }),
    });
    const id = world.book(BAY1.resourceUnitId, 100);
    await world.start();
    await world.settle();
    world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: world.hour(110) });
    void world.engine.syncNow();
    await world.settle(MINUTE);
    const [moved] = world.bookings.user.liveBookings();
    expect(moved!.id).not.to.equal(id);
    expect(world.on(BAY1)[0]!.marks.appointmentId).to.equal(id);
    return { world, id, moved: moved!.id };
  }

  for (const tombstones of ['minimal', 'full'] as const) {
    it(`is restored when another installation deletes it as that of the old id, and its booking stays (${tombstones})`, async () => {
      const { world, id, moved } = await refusedProperties(tombstones);
      (await world.calendars.deleteEvent(BAY1.calendarId, `loft${id}`, null)).unwrap();
      void world.engine.syncNow();
      await world.settle();
      expect(world.bookings.user.liveBookings().map((it) => it.id)).to.deep.equal([moved]);
      const restored = only(world.on(BAY1));
      expect(restored).to.include({ start: world.bookings.user.booking(moved)?.start });
      expect(restored.marks.appointmentId).to.equal(moved);
      world.calendars.person.deleteEvent(BAY1.calendarId, restored.eventId);
      void world.engine.syncNow();
      await world.settle();
      expect(world.bookings.user.liveBookings()).to.deep.equal([]);
      await world.engine.stop();
    });
  }

  it('is removed when a user restores it from the trash after its booking was cancelled', async () => {
    const { world, id, moved } = await refusedProperties('minimal');
    world.bookings.user.cancel(moved);
    await world.settle();
    expect(world.on(BAY1)).to.deep.equal([]);
    world.calendars.person.undelete(BAY1.calendarId, `loft${id}`);
    void world.engine.syncNow();
    await world.settle(MINUTE);
    expect(world.on(BAY1)).to.deep.equal([]);
    await world.engine.stop();
  });
});

describe('an event whose properties name another bay', () => {
  it('gets the name of its bay by one write, and no other change', async () => {
    const world = await new World().start();
    const id = world.book(BAY1.resourceUnitId, 100);
    await world.settle();
    const { eventId, title } = only(world.on(BAY1));
    (await world.calendars.patchEvent(BAY1.calendarId, eventId, { appointmentId: id, bay: '2' }, null)).unwrap();
    const before = world.calendars.writeCount;
    await world.settle();
    expect(only(world.on(BAY1))).to.deep.include({ title, start: world.bookings.user.booking(id)?.start });
    expect(only(world.on(BAY1)).marks).to.include({ bay: '1', appointmentId: id });
    expect(world.calendars.writeCount - before).to.equal(1);
    expect(world.bookings.writeCount).to.equal(0);
    await expectIdle(world);
  });

  it('keeps a name that no bay has: another installation may give the bay that name', async () => {
    const world = await new World().start();
    const id = world.book(BAY1.resourceUnitId, 100);
    const bays = [{ ...BAY1, bay: 'A' }, BAY2];
    const other = world.newEngine({ store: new MemoryStore(), settings: settingsWith({ bays }) });
    await world.settle();
    await other.start();
    await world.settle();
    const before = world.calendars.writeCount;
    world.calendars.person.renameEvent(BAY1.calendarId, `loft${id}`, 'Ana R. (VIP)');
    await world.settle();
    expect(world.calendars.writeCount).to.equal(before);
    await other.stop();
  });
});
