import { expect } from 'chai';
import { Err, HOUR, MINUTE, Ok, SECOND, type BookingSystem, type SyncError } from '@loft/sync-core';
import { expectInSync } from './expect-in-sync.js';
import { overridden } from './overridden.js';
import { BAY1, only, World, type WorldOptions } from './world.js';

const notFound = (method: string): SyncError => ({
  kind: 'not-found',
  system: 'uschedule',
  method,
  message: `${method}: HTTP 404`,
});

type Methods = readonly (keyof BookingSystem)[];

/** A booking system whose listed methods answer not-found to every call while that is switched on. */
class LostWorld extends World {
  lost: Methods = [];
  /** Whether lists are empty, too. */
  readonly unlisted = new Set<string>();

  static async begin(options: WorldOptions = {}): Promise<LostWorld> {
    const world = new LostWorld(options);
    const { bookings } = world;
    const port = overridden<BookingSystem>(bookings, {
      listBookings: async (period) => {
        if (world.lost.includes('listBookings')) return Err(notFound('listBookings'));
        const list = (await bookings.listBookings(period)).unwrap();
        return Ok({ ...list, bookings: list.bookings.filter((it) => !world.unlisted.has(it.appointmentId)) });
      },
      getBooking: async (id) =>
        world.lost.includes('getBooking') ? Err(notFound('getBooking')) : bookings.getBooking(id),
      cancelBooking: async (id) =>
        world.lost.includes('cancelBooking') ? Err(notFound('cancelBooking')) : bookings.cancelBooking(id),
      rescheduleBooking: async (id, to) =>
        world.lost.includes('rescheduleBooking')
          ? Err(notFound('rescheduleBooking'))
          : bookings.rescheduleBooking(id, to),
    });
    await world.through({ bookings: port }).start();
    return world;
  }

  async mirrored(): Promise<string> {
    const id = this.book(BAY1.resourceUnitId, 50);
    await this.settle(20 * MINUTE);
    expect(only(this.on(BAY1)).eventId).to.equal(`loft${id}`);
    return id;
  }

  /** Number of changes that were requested since then. */
  changes(since: number): number {
    const changing = ['cancelBooking', 'rescheduleBooking', 'book'];
    return this.events.slice(since).filter((event) => event.type === 'call' && changing.includes(event.method)).length;
  }
}

for (const status of ['trusted', 'blind'] as const) {
  const options: WorldOptions = { settings: { uschedule: { status }, retry: { baseMs: 100 } }, studio: { status } };

  describe(`a booking that is not found by its id (${status})`, () => {
    it('counts as live as long as the list contains it, and its event is not changed', async () => {
      const world = await LostWorld.begin(options);
      const id = await world.mirrored();
      world.lost = ['getBooking'];
      await world.engine.hint(id);
      await world.settle(5 * MINUTE);
      expect(only(world.on(BAY1)).eventId).to.equal(`loft${id}`);
      const [letter] = await world.deadLetters();
      expect(letter?.error.message).to.contain(`appointment ${id} is not found by its id, though it is listed`);
      world.lost = [];
      await world.settle(2 * HOUR);
      expect(await world.deadLetters()).to.deep.equal([]);
      await expectInSync(world);
    });

    it('counts as live, too, if the customer has moved it meanwhile', async () => {
      const world = await LostWorld.begin(options);
      const id = await world.mirrored();
      world.lost = ['getBooking'];
      const start = world.hour(60);
      world.bookings.user.move(id, { start });
      await world.engine.hint(id);
      await world.settle(10 * SECOND);
      expect(only(world.on(BAY1)).eventId).to.equal(`loft${id}`);
      world.lost = [];
      await world.settle(2 * HOUR);
      await expectInSync(world);
      expect(only(world.on(BAY1)).start).to.equal(start);
    });

    it('counts as live while neither a read nor the list finds any booking', async () => {
      const world = await LostWorld.begin(options);
      const id = await world.mirrored();
      world.lost = ['getBooking', 'listBookings'];
      await world.engine.hint(id);
      world.calendars.person.deleteEvent(BAY1.calendarId, `loft${id}`);
      await world.settle(5 * MINUTE);
      expect(world.bookings.user.booking(id)?.state).to.equal('live');
      expect((await world.store.getMap(id)).unwrap()?.status).to.equal('ACTIVE');
    });

    it('counts as cancelled if the list does not contain it either, after one read of each', async () => {
      const world = await LostWorld.begin(options);
      const id = await world.mirrored();
      world.lost = ['getBooking'];
      world.unlisted.add(id);
      const lists = world.calls()['listBookings'] ?? 0;
      await world.engine.hint(id);
      await world.settle(500);
      expect(world.on(BAY1)).to.deep.equal([]);
      expect(world.calls()['listBookings']).to.equal(lists + 1);
    });

    it('counts as cancelled at once if a poll missed it, because its list is sufficient', async () => {
      const world = await LostWorld.begin(options);
      const id = await world.mirrored();
      world.lost = ['getBooking'];
      world.unlisted.add(id);
      const { listBookings: lists = 0, getBooking: reads = 0 } = world.calls();
      await world.settle(MINUTE + 500);
      expect(world.on(BAY1)).to.deep.equal([]);
      expect(world.calls()).to.include({ listBookings: lists + 1, getBooking: reads + 1 });
    });

    it('without a map keeps its event as long as the list contains it', async () => {
      const world = await LostWorld.begin(options);
      const id = await world.mirrored();
      await world.engine.stop();
      world.store = new World().store;
      world.lost = ['getBooking'];
      world.engine = world.newEngine({ store: world.store });
      await world.start();
      await world.settle(20 * MINUTE);
      expect(only(world.on(BAY1)).eventId).to.equal(`loft${id}`);
    });
  });

  describe(`a change that is answered not-found although the booking exists (${status})`, () => {
    it('counts as a refused reschedule: the event is reverted after one attempt', async () => {
      const world = await LostWorld.begin(options);
      const id = await world.mirrored();
      const { start } = only(world.on(BAY1));
      world.lost = ['rescheduleBooking'];
      const since = world.events.length;
      world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: world.hour(60) });
      await world.settle(20 * MINUTE);
      expect(only(world.on(BAY1)).start).to.equal(start);
      expect(world.changes(since)).to.equal(1);
      expect(world.actions()).to.include('restore:edit-refused:ok');
      expect(await world.deadLetters()).to.deep.equal([]);
      await expectInSync(world);
    });

    it('counts as a refused cancellation: the event is restored after one attempt', async () => {
      const world = await LostWorld.begin(options);
      const id = await world.mirrored();
      world.lost = ['cancelBooking'];
      const since = world.events.length;
      world.calendars.person.deleteEvent(BAY1.calendarId, `loft${id}`);
      await world.settle(20 * MINUTE);
      expect(only(world.on(BAY1)).marks.appointmentId).to.equal(id);
      expect(world.changes(since)).to.equal(1);
      expect(world.actions()).to.include('restore:edit-refused:ok');
      expect(await world.deadLetters()).to.deep.equal([]);
    });

    it('does not complete a rebooking: a booking that cannot be cancelled is reported, and does not count as cancelled', async () => {
      const { settings, studio } = options;
      const uschedule = { ...settings?.uschedule, reschedule: 'rebook' } as const;
      const world = await LostWorld.begin({ settings: { ...settings, uschedule }, ...(studio ? { studio } : {}) });
      const id = await world.mirrored();
      world.lost = ['cancelBooking'];
      world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: world.hour(60) });
      await world.settle(HOUR);
      expect(world.bookings.user.liveBookings()).to.have.length(2);
      expect(world.on(BAY1).map(({ marks }) => marks.appointmentId)).to.have.members(
        world.bookings.user.liveBookings().map((booking) => booking.id),
      );
      const isReported = world.events.some(
        (event) => event.type === 'notice' && event.message.includes('two bookings exist'),
      );
      expect(isReported).to.equal(true);
    });
  });
}
