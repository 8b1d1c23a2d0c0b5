import { expect } from 'chai';
import { createSyncEngine, MemoryStore, MINUTE, systemClock } from '@loft/sync-core';
import type { CalendarCapabilities } from '@loft/sync-core/adapters';
import { Journal } from '@loft/sync-core/reports';
import { expectIdle, expectInSync } from './expect-in-sync.js';
import { overridden } from './overridden.js';
import { play } from './run-scenario.js';
import { SCENARIOS } from './scenarios.js';
import { BAY1, BAY2, only, settingsWith, World, type WorldOptions } from './world.js';

const PLAIN: CalendarCapabilities = { watch: false, move: false, syncToken: false, tombstones: false };

/** A port without the named methods. */
function without<T extends object>(port: T, ...methods: readonly string[]): T {
  return new Proxy(port, {
    get: (target, name): unknown => {
      if (methods.includes(String(name))) return undefined;
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}

async function started(options: WorldOptions = {}): Promise<World> {
  return new World(options).start();
}

describe('an engine on ports with limited capabilities', () => {
  const options = (world: World) => ({
    bookings: world.bookings,
    calendars: world.calendars,
    store: world.store,
    clock: systemClock(),
    settings: settingsWith(),
  });

  it('is not created if a port claims a capability without its method', () => {
    const world = new World();
    const calendars = without(world.calendars, 'moveEvent', 'watch');
    const made = createSyncEngine({ ...options(world), calendars });
    expect(made.val).to.deep.equal([{ where: 'calendars', problem: 'has no method moveEvent, watch' }]);
  });

  it('is created if methods of unclaimed capabilities are missing', () => {
    const world = new World({ supports: PLAIN });
    const calendars = without(world.calendars, 'moveEvent', 'watch', 'stopChannel');
    const supports = { reschedule: false };
    const bookings = without(overridden(world.bookings as object, { supports }), 'rescheduleBooking');
    const store = without(
      new MemoryStore({ journal: false }),
      'addJournal',
      'listJournal',
      'listActivity',
      'forgetJournal',
    );
    const made = createSyncEngine({ ...options(world), bookings: bookings as World['bookings'], calendars, store });
    expect(made.ok).to.equal(true);
  });

  describe('calendars without watch channels', () => {
    it('are swept, and no channel is opened', async () => {
      const push = { address: 'https://sync.example/webhook/gcal', tokenOf: (id: string) => id };
      const world = await started({ supports: { watch: false }, engine: { push } });
      const id = world.book(BAY1.resourceUnitId, 30);
      await world.settle(2 * MINUTE);
      world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: world.hour(40) });
      await world.settle();
      expect(world.bookings.user.booking(id)?.start).to.equal(only(world.on(BAY1)).start);
      expect(world.calls()).not.to.have.any.keys('watch', 'stopChannel');
      expect((await world.engine.status()).unwrap().channels).to.deep.equal([]);
      await expectInSync(world);
    });
  });

  describe('calendars without sync tokens', () => {
    const supports = { syncToken: false };

    it('cause no write to the store without changes, as with sync tokens', async () => {
      const [plain, usual] = await Promise.all(
        [supports, {}].map(async (supported) => {
          const world = await started({ supports: supported });
          for (let hours = 30; hours < 40; hours++) world.book(BAY1.resourceUnitId, hours);
          await world.settle();
          const before = world.events.length;
          await world.settle(20 * MINUTE);
          return world.events.slice(before).flatMap((event) => (event.type === 'call' ? [event] : []));
        }),
      );
      const storeCalls = (calls = plain): readonly string[] =>
        (calls ?? []).flatMap(({ system, method }) => (system === 'store' ? [method] : [])).toSorted();
      expect(plain?.filter(({ method }) => method === 'listEvents')).to.have.length.above(6);
      expect(storeCalls()).to.deep.equal(storeCalls(usual));
      expect(storeCalls()).not.to.include.members(['putFeedState', 'findMapByEvent', 'addTasks']);
    });

    it('are compared with the previous list, so that edits and deletions are found', async () => {
      const world = await started({ supports });
      const moved = world.book(BAY1.resourceUnitId, 30);
      const deleted = world.book(BAY2.resourceUnitId, 30);
      await world.settle();
      const { person } = world.calendars;
      person.dragEvent(BAY1.calendarId, `loft${moved}`, { start: world.hour(40) });
      person.deleteEvent(BAY2.calendarId, `loft${deleted}`);
      await world.settle();
      expect(world.bookings.user.booking(deleted)?.state).to.equal('canceled');
      expect(world.reasons()).to.include.members(['event-moved', 'event-deleted']);
      await expectInSync(world);
      await expectIdle(world);
    });

    it('cancel a booking whose event a person deleted before any list contained it', async () => {
      const world = await started({ supports: { ...supports, tombstones: false } });
      await world.settle();
      const id = world.book(BAY1.resourceUnitId, 30);
      let looks = 0;
      while (world.on(BAY1).length === 0 && looks++ < 120) await world.settle(1000);
      world.calendars.person.deleteEvent(BAY1.calendarId, `loft${id}`);
      await world.settle();
      expect(world.bookings.user.booking(id)?.state).to.equal('canceled');
      expect(world.reasons()).to.include('event-deleted');
      await expectIdle(world);
    });

    it('are listed in full after a restart, so that deletions made meanwhile are found', async () => {
      const world = await started({ supports });
      const id = world.book(BAY1.resourceUnitId, 30);
      await world.settle();
      await world.engine.stop();
      world.calendars.person.deleteEvent(BAY1.calendarId, `loft${id}`);
      world.engine = world.newEngine();
      await world.start();
      await world.settle();
      expect(world.bookings.user.booking(id)?.state).to.equal('canceled');
      await expectInSync(world);
    });

    it('stop the feed if a list lacks most events, and cancel nothing', async () => {
      const world = await started({ supports });
      const ids = Array.from({ length: 12 }, (_, index) => world.book(BAY1.resourceUnitId, 30 + index));
      await world.settle();
      for (const id of ids) world.calendars.person.deleteEvent(BAY1.calendarId, `loft${id}`);
      await world.settle();
      expect(world.bookings.user.liveBookings()).to.have.length(12);
      const { feeds } = (await world.engine.status()).unwrap();
      expect(feeds.map(({ stopped }) => stopped !== null)).to.deep.equal([false, true, false]);
    });
  });

  describe('calendars that cannot move events', () => {
    for (const [what, supports] of [
      ['and keep deleted ones', { move: false }],
      ['and keep nothing of deleted ones', PLAIN],
    ] as const) {
      it(`${what}: the event is recreated in the target calendar with the user’s texts, and removed from the old one`, async () => {
        const world = await started({ supports });
        const id = world.book(BAY1.resourceUnitId, 30);
        await world.settle();
        world.calendars.person.renameEvent(BAY1.calendarId, `loft${id}`, 'Ana and Ben');
        await world.settle();
        for (const [bay, from, generation] of [
          [BAY2, BAY1, 'g1'],
          [BAY1, BAY2, 'g2'],
          [BAY2, BAY1, 'g3'],
        ] as const) {
          world.bookings.user.move(id, { unit: bay.resourceUnitId });
          await world.settle();
          expect(only(world.on(bay))).to.include({ eventId: `loft${id}${generation}`, title: 'Ana and Ben' });
          expect(world.on(from)).to.deep.equal([]);
        }
        expect(world.actions().filter((action) => action.startsWith('move:'))).to.deep.equal(
          Array(3).fill('move:booking-moved-bay:ok'),
        );
        expect((await world.engine.copies()).unwrap()).to.deep.equal([]);
        expect(world.calls()).not.to.have.property('moveEvent');
        await expectIdle(world);
      });

      it(`${what}: an event that a user moved to the other bay is followed, and reverted if the booking system refuses`, async () => {
        const world = await started({ supports });
        const taken = world.book(BAY2.resourceUnitId, 30);
        const id = world.book(BAY1.resourceUnitId, 30);
        const other = world.book(BAY1.resourceUnitId, 50);
        await world.settle();
        world.calendars.person.moveToCalendar(BAY1.calendarId, `loft${id}`, BAY2.calendarId);
        world.calendars.person.moveToCalendar(BAY1.calendarId, `loft${other}`, BAY2.calendarId);
        await world.settle();
        expect(world.bookings.user.booking(other)?.unit).to.equal(BAY2.resourceUnitId);
        expect(world.bookings.user.booking(id)).to.include({ state: 'live', unit: BAY1.resourceUnitId });
        expect(world.bookings.user.booking(taken)?.state).to.equal('live');
        expect(world.reasons()).to.include.members(['event-moved-bay', 'edit-refused']);
        world.bookings.user.move(other, { start: world.hour(60) });
        await world.settle();
        expect(world.bookings.user.liveBookings()).to.have.length(3);
        await expectIdle(world);
      });
    }

    it('keep an edit that is made while the event is recreated', async () => {
      const world = new World({ supports: PLAIN });
      const { calendars } = world;
      let edit = (): void => {};
      world.through({
        calendars: overridden(calendars, {
          insertEvent: async (calendarId, eventId, draft) => {
            const inserted = await calendars.insertEvent(calendarId, eventId, draft);
            edit();
            return inserted;
          },
        }),
      });
      await world.start();
      const id = world.book(BAY1.resourceUnitId, 30);
      await world.settle();
      edit = () => {
        edit = () => {};
        calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: world.hour(40) });
      };
      world.bookings.user.move(id, { unit: BAY2.resourceUnitId });
      await world.settle();
      await expectInSync(world);
      await expectIdle(world);
      expect(world.bookings.user.booking(id)?.state).to.equal('live');
    });

    it('delete the old event later if its deletion fails', async () => {
      const world = new World({ supports: PLAIN });
      const { calendars } = world;
      let failures = 2;
      world.through({
        calendars: overridden(calendars, {
          deleteEvent: async (calendarId, eventId, ifMatch) =>
            failures-- > 0
              ? (await calendars.getEvent('nowhere', eventId))
                  .map(() => undefined)
                  .mapErr((error) => ({ ...error, kind: 'transient' as const }))
              : calendars.deleteEvent(calendarId, eventId, ifMatch),
        }),
      });
      await world.start();
      const id = world.book(BAY1.resourceUnitId, 30);
      await world.settle();
      world.bookings.user.move(id, { unit: BAY2.resourceUnitId });
      await world.settle();
      expect(failures).to.be.below(1);
      await expectInSync(world);
      await expectIdle(world);
    });
  });

  describe('calendars without any optional capability', function () {
    this.timeout(300_000);

    for (const scenario of SCENARIOS) {
      it(`survive a crash at any point of ${scenario.title}`, async () => {
        const plain = { ...scenario, options: { ...scenario.options, supports: PLAIN } };
        const { killable, world: whole } = await play(plain, null);
        await expectInSync(whole);
        for (let call = 1; call <= killable.calls.length; call++) {
          const what = `after call ${call}: ${killable.calls.slice(0, call).join(', ')}`;
          const { world } = await play(plain, call);
          await expectInSync(world, what);
          await expectIdle(world, what);
        }
      });
    }
  });

  describe('a booking system without reschedule', () => {
    const noReschedule = { supports: { reschedule: false } };

    it('has a moved event reverted, as with `reschedule: "off"`', async () => {
      const world = new World();
      world.through({ bookings: without(overridden(world.bookings, noReschedule as object), 'rescheduleBooking') });
      await world.start();
      const id = world.book(BAY1.resourceUnitId, 30);
      await world.settle();
      const { start } = only(world.on(BAY1));
      world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: world.hour(40) });
      await world.settle();
      expect(only(world.on(BAY1)).start).to.equal(start);
      expect(world.bookings.writes).to.deep.equal({ booked: 0, cancelled: 0, rescheduled: 0 });
      expect(world.reasons()).to.include('edit-refused');
      await expectIdle(world);
    });

    it('is changed by a rebooking if the settings ask for that', async () => {
      const world = new World({ settings: { uschedule: { reschedule: 'rebook', cancellationHours: 0 } } });
      world.through({ bookings: without(overridden(world.bookings, noReschedule as object), 'rescheduleBooking') });
      await world.start();
      const id = world.book(BAY1.resourceUnitId, 30);
      await world.settle();
      world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: world.hour(40) });
      await world.settle();
      expect(world.bookings.writes).to.deep.equal({ booked: 1, cancelled: 1, rescheduled: 0 });
      await expectInSync(world);
    });
  });

  describe('a booking system without checkouts', () => {
    for (const [checkouts, expected] of [
      [true, 0],
      [false, 1],
    ] as const) {
      it(`${checkouts ? 'is asked' : 'is not asked'} to wait for the end of a hold in blind mode`, async () => {
        const world = new World({ settings: { uschedule: { status: 'blind' } }, studio: { status: 'blind' } });
        world.through({ bookings: overridden(world.bookings, { supports: { checkouts } } as object) });
        await world.start();
        world.book(BAY1.resourceUnitId, 30);
        await world.settle(2 * MINUTE);
        expect(world.on(BAY1)).to.have.length(expected);
      });
    }
  });

  describe('a store without a journal', () => {
    it('causes no journal call, and has no other effect', async () => {
      const world = new World();
      const store = without(
        new MemoryStore({ journal: false }),
        'addJournal',
        'forgetJournal',
        'listJournal',
        'listActivity',
      );
      world.store = store;
      world.engine = world.newEngine();
      const journal = new Journal({ store, clock: world.clock });
      world.engine.events.subscribe((event) => journal.onEvent(event));
      await world.start();
      world.book(BAY1.resourceUnitId, 30);
      await world.settle();
      await expectInSync(world);
      expect(await journal.flush()).to.equal(true);
      expect(journal.dropped).to.equal(0);
    });
  });
});
