import { expect } from 'chai';
import { Err, MemoryStore, MINUTE, Ok, SECOND, type CalendarSystem } from '@loft/sync-core';
import type { SyncStore } from '@loft/sync-core/store';
import { listedSinceSync } from '#src/engine/observe/event-reader.js';
import { insertWriteId, textDigest } from '#src/rules/event-marks.js';
import { createRules } from '#src/rules/rules.js';
import { expectIdle } from './expect-in-sync.js';
import { overridden } from './overridden.js';
import { BAY1, BAY2, World } from './world.js';

/** A second event that our account created for a booking. */
async function makeDouble(world: World, eventId: string, appointmentId: string, bay: typeof BAY1): Promise<void> {
  const { start = 0, end = 0 } = world.bookings.user.booking(appointmentId) ?? {};
  const draft = { start, end, title: 'Ana R.', description: '', free: false, appointmentId, bay: bay.bay };
  await world.calendars.insertEvent(bay.calendarId, eventId, draft);
}

const idsOn = (world: World): readonly string[] =>
  [BAY1, BAY2].flatMap((bay) => world.on(bay).map(({ eventId }) => `${eventId} in bay ${bay.bay}`));

describe('a second event that our account created for a booking', () => {
  it('under the same id in another bay is removed, and the mirror stays', async () => {
    const world = await new World().start();
    const id = world.book(BAY1.resourceUnitId, 30);
    await world.settle();
    await makeDouble(world, `loft${id}`, id, BAY2);
    await world.settle();
    expect(idsOn(world)).to.deep.equal([`loft${id} in bay 1`]);
    expect(world.bookings.writeCount).to.equal(0);
  });

  for (const [suffix, what] of [
    ['g1', 'under another generation'],
    ['', 'under the same id in another bay'],
  ] as const) {
    it(`${what} is read and removed if a task of another process names it and no sync lists it again`, async () => {
      const world = await new World().start();
      const id = world.book(BAY1.resourceUnitId, 30);
      await world.settle();
      await world.engine.stop();
      const eventId = `loft${id}${suffix}`;
      await makeDouble(world, eventId, id, BAY2);
      const listEvents: CalendarSystem['listEvents'] = async (calendarId, cursor) => {
        const page = await world.calendars.listEvents(calendarId, cursor);
        if (page.err || calendarId !== BAY2.calendarId) return page;
        return Ok({ ...page.val, events: page.val.events.filter((event) => event.eventId !== eventId) });
      };
      world.through({ calendars: overridden<CalendarSystem>(world.calendars, { listEvents }) });
      const event = { calendarId: BAY2.calendarId, eventId };
      const dueAt = world.clock.now();
      await world.store.addTasks([{ appointmentId: id, trigger: 'follow-up', event, dueAt }], dueAt);
      await world.start();
      await world.settle();
      expect(idsOn(world)).to.deep.equal([`loft${id} in bay 1`]);
      expect(world.bookings.writeCount).to.equal(0);
    });
  }

  it('is removed when the other event is adopted after a loss of the store, also under the previous appointment id', async () => {
    const world = new World();
    const id = world.book(BAY1.resourceUnitId, 30);
    await makeDouble(world, 'loft690001', id, BAY1);
    await makeDouble(world, `loft${id}`, id, BAY1);
    await world.start();
    await world.settle();
    expect(idsOn(world)).to.deep.equal([`loft${id} in bay 1`]);
    expect(world.bookings.writeCount).to.equal(0);
  });

  it('becomes the mirror without its outdated content: name and time of the booking are written to it', async () => {
    const world = new World({ settings: { uschedule: { reschedule: 'rebook', cancellationHours: 0 } } });
    await world.start();
    const earlier = world.book(BAY1.resourceUnitId, 30);
    await world.settle();
    const start = world.hour(40);
    world.calendars.person.dragEvent(BAY1.calendarId, `loft${earlier}`, { start });
    await world.settle();
    const [{ id } = { id: '' }] = world.bookings.user.liveBookings();
    expect(idsOn(world)).to.deep.equal([`loft${earlier} in bay 1`]);
    // Another installation has read a record without a name, before the drag.
    const draft = { start: world.hour(30), end: world.hour(31), title: '', description: '', free: false };
    const marks = { appointmentId: id, bay: BAY1.bay, titleDigest: textDigest(''), descriptionDigest: textDigest('') };
    await world.calendars.insertEvent(BAY1.calendarId, `loft${id}`, { ...draft, ...marks });
    await world.settle();
    await world.settle();
    expect(idsOn(world)).to.deep.equal([`loft${id} in bay 1`]);
    expect(world.on(BAY1)[0]).to.include({ title: 'Ana R.', start });
    expect(world.bookings.user.booking(id)).to.include({ state: 'live', start });
  });

  for (const tombstones of ['minimal', 'full'] as const) {
    it(`is removed at the moment in which a person deletes the mirror: the booking stays, ${tombstones} tombstones`, async () => {
      const world = new World({ tombstones });
      const id = world.book(BAY1.resourceUnitId, 30);
      const { calendars } = world;
      const deleteEvent: CalendarSystem['deleteEvent'] = async (calendarId, eventId, ifMatch) => {
        calendars.person.deleteEvent(BAY1.calendarId, `loft${id}`);
        return calendars.deleteEvent(calendarId, eventId, ifMatch);
      };
      world.through({ calendars: overridden<CalendarSystem>(calendars, { deleteEvent }) });
      await world.start();
      await world.settle();
      await makeDouble(world, `loft${id}g1`, id, BAY2);
      await world.settle();
      expect(world.bookings.writeCount).to.equal(0);
      expect(idsOn(world)).to.deep.equal([`loft${id} in bay 1`]);
      // A minute later a deletion counts.
      calendars.person.deleteEvent(BAY1.calendarId, `loft${id}`);
      await world.settle();
      expect(world.bookings.user.liveBookings()).to.deep.equal([]);
      await expectIdle(world);
    });
  }

  it('is removed if another installation restored it from the trash beside a copy by a person, which is the mirror', async () => {
    const world = await new World().start();
    const id = world.book(BAY1.resourceUnitId, 30);
    await world.settle();
    world.calendars.person.copyEvent(BAY1.calendarId, `loft${id}`);
    world.calendars.person.deleteEvent(BAY1.calendarId, `loft${id}`);
    await world.settle();
    const [copy] = world.on(BAY1);
    expect(copy?.eventId).not.to.equal(`loft${id}`);
    // The other installation does not list the copy yet.
    const { start = 0, end = 0 } = world.bookings.user.booking(id) ?? {};
    const content = { start, end, title: 'Ana R.', description: '', free: false, appointmentId: id, bay: BAY1.bay };
    const write = insertWriteId({ start, end, task: world.clock.now() });
    (
      await world.calendars.patchEvent(BAY1.calendarId, `loft${id}`, { ...content, write, revive: true }, null)
    ).unwrap();
    await world.settle();
    expect(idsOn(world)).to.deep.equal([`${copy?.eventId} in bay 1`]);
    expect(world.bookings.writeCount).to.equal(0);
  });

  it('becomes the mirror, and the booking stays, if another installation removes our event and no sync has listed its own', async () => {
    const world = new World();
    const listEvents: CalendarSystem['listEvents'] = async (calendarId, cursor) => {
      const page = await world.calendars.listEvents(calendarId, cursor);
      return page.map((listed) => ({
        ...listed,
        events: listed.events.filter(({ eventId }) => !eventId.endsWith('g1')),
      }));
    };
    world.through({ calendars: overridden<CalendarSystem>(world.calendars, { listEvents }) });
    await world.start();
    const id = world.book(BAY1.resourceUnitId, 30);
    await world.settle(6 * MINUTE);
    await makeDouble(world, `loft${id}g1`, id, BAY1);
    (await world.calendars.deleteEvent(BAY1.calendarId, `loft${id}`, null)).unwrap();
    await world.settle();
    expect(world.bookings.user.booking(id)?.state).to.equal('live');
    expect(idsOn(world)).to.deep.equal([`loft${id}g1 in bay 1`]);
    expect((await world.store.getMap(id)).unwrap()?.googleEventId).to.equal(`loft${id}g1`);
  });

  it('is found by one list of its calendar if no sync has listed it yet', async () => {
    const world = await new World().start();
    const id = world.book(BAY1.resourceUnitId, 30);
    await world.settle();
    await world.engine.stop();
    await makeDouble(world, 'of0another0installation', id, BAY1);
    await makeDouble(world, 'of0another0booking', '700999', BAY1);
    const map = (await world.store.getMap(id)).unwrap();
    const rules = createRules(world.settings);
    const found = await listedSinceSync(map!, {
      calendars: world.calendars,
      store: world.store,
      clock: world.clock,
      rules,
    });
    expect(found.unwrap().map(({ event }) => event.eventId)).to.deep.equal(['of0another0installation']);
  });
});

describe('the event of a booking with a new id, and a copy of it by a person, after a loss of the store', () => {
  /** A world that has lost its store, with the event of a booking with a new id, and a copy of that event in another bay. */
  async function worldOfCopy() {
    const world = new World({ settings: { uschedule: { reschedule: 'rebook' } } });
    const { calendars, bookings } = world;
    await world.start();
    const old = world.book(BAY1.resourceUnitId, 100);
    await world.settle();
    calendars.person.dragEvent(BAY1.calendarId, `loft${old}`, { start: world.hour(110) });
    await world.settle();
    const id = bookings.user.liveBookings()[0]?.id ?? '';
    expect(id).to.not.equal(old);
    const copyId = calendars.person.copyEvent(BAY1.calendarId, `loft${old}`, BAY2.calendarId);
    await world.engine.stop();
    world.store = new MemoryStore();
    const expectKept = async (): Promise<void> => {
      expect((await world.store.getMap(id)).unwrap()?.googleEventId).to.equal(`loft${old}`);
      expect(idsOn(world)).to.deep.equal([`loft${old} in bay 1`, `${copyId} in bay 2`]);
      expect((await world.engine.copies()).unwrap().map(({ eventId }) => eventId)).to.deep.equal([copyId]);
      expect(bookings.user.liveBookings()).to.have.length(1);
      await expectIdle(world);
    };
    return { world, id, expectKept };
  }

  /** The list of this bay is answered last. */
  const listedLast =
    ({ calendars, clock }: World, last: typeof BAY1): CalendarSystem['listEvents'] =>
    async (calendarId, cursor) => {
      const page = await calendars.listEvents(calendarId, cursor);
      if (calendarId === last.calendarId) await new Promise<void>((done) => void clock.setTimer(100, done));
      return page;
    };

  for (const last of [BAY1, BAY2]) {
    it(`stays the mirror if its first adoption fails, and bay ${last.bay} is listed last`, async () => {
      const { world, id, expectKept } = await worldOfCopy();
      const { calendars } = world;
      let failed = 0;
      world.through({
        calendars: overridden<CalendarSystem>(calendars, {
          listEvents: listedLast(world, last),
          getEvent: async (calendarId, eventId) =>
            eventId === `loft${id}` && failed++ < 2
              ? Err({ kind: 'transient', system: 'google', method: 'getEvent', message: '503' })
              : calendars.getEvent(calendarId, eventId),
        }),
      });
      await world.start();
      await world.settle();
      expect(failed).to.be.greaterThan(2);
      await expectKept();
    });
  }

  it('stays the mirror if the process ends after both were listed, and the stored task names the copy', async () => {
    const { world, expectKept } = await worldOfCopy();
    const { calendars, store } = world;
    world.through({
      store: overridden<SyncStore>(store, {
        claimTasks: async () => Err({ kind: 'transient', system: 'store', method: 'claimTasks', message: '503' }),
      }),
      calendars: overridden<CalendarSystem>(calendars, { listEvents: listedLast(world, BAY2) }),
    });
    await world.start();
    await world.settle(2 * SECOND);
    await world.engine.stop();
    world.through({ store, calendars });
    await world.start();
    await world.settle();
    await expectKept();
  });

  it('stays the mirror if the store refuses to record them, and the task names the copy', async () => {
    const { world, expectKept } = await worldOfCopy();
    const { store, calendars } = world;
    let refused = 0;
    world.through({
      calendars: overridden<CalendarSystem>(calendars, { listEvents: listedLast(world, BAY2) }),
      store: overridden<SyncStore>(store, {
        putEventRecords: async (records) =>
          records.length > 0 && refused++ < 2
            ? Err({ kind: 'transient', system: 'store', method: 'putEventRecords', message: '503' })
            : store.putEventRecords(records),
      }),
    });
    await world.start();
    await world.settle();
    expect(refused).to.be.greaterThan(0);
    await expectKept();
  });
});
