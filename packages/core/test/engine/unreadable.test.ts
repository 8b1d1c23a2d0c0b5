import { expect } from 'chai';
import { Err, MINUTE, Ok, type Booking, type SyncError } from '@loft/sync-core';
import type { UnreadableBooking } from '@loft/sync-core/adapters';
import { expectIdle, expectInSync } from './expect-in-sync.js';
import { overridden } from './overridden.js';
import { BAY1, BAY2, World } from './world.js';

const UNREADABLE: SyncError = {
  kind: 'invalid',
  system: 'uschedule',
  method: 'getappointment',
  message: 'StartTime is missing or no time',
};

/** A world in which some records are unreadable in the list or by id. */
class GarbledWorld extends World {
  readonly inList = new Set<string>();
  readonly byId = new Set<string>();

  static async begin(): Promise<GarbledWorld> {
    const world = new GarbledWorld();
    const { bookings } = world;
    const readable = ({ appointmentId }: Booking): boolean => !world.inList.has(appointmentId);
    const port = overridden(bookings, {
      listBookings: async (period) => {
        const list = (await bookings.listBookings(period)).unwrap();
        const unreadable: readonly UnreadableBooking[] = list.bookings
          .filter((booking) => !readable(booking))
          .map(({ appointmentId }) => ({ appointmentId, problem: 'StartTime is missing or no time' }));
        return Ok({ bookings: list.bookings.filter(readable), unreadable });
      },
      getBooking: async (id) => (world.byId.has(id) ? Err(UNREADABLE) : bookings.getBooking(id)),
    });
    await world.through({ bookings: port }).start();
    return world;
  }

  async reasons503(): Promise<readonly string[]> {
    return (await this.engine.readiness()).reasons;
  }
}

describe('records that cannot be read', () => {
  it('are reported, and change nothing', async () => {
    const world = await GarbledWorld.begin();
    const ids = [world.book(BAY1.resourceUnitId, 30), world.book(BAY1.resourceUnitId, 31)];
    await world.settle();
    world.inList.add(ids[0]!);
    world.bookings.user.setNotes(ids[0]!, 'a change that is unreadable');
    const before = world.calls();
    await world.settle(20 * MINUTE);
    expect(await world.reasons503()).to.deep.equal([
      `feed bookings: record ${ids[0]}: StartTime is missing or no time`,
    ]);
    expect(world.on(BAY1)).to.have.length(2);
    expect(world.calls()['getBooking'] ?? 0).to.equal(before['getBooking'] ?? 0);
    world.inList.clear();
    await world.settle(2 * MINUTE);
    expect(await world.reasons503()).to.deep.equal([]);
    await expectInSync(world);
  });

  it('are only a warning if they belong to no mirror', async () => {
    const world = await GarbledWorld.begin();
    const ids = [world.book(BAY1.resourceUnitId, 30)];
    await world.settle();
    const stranger = world.book(BAY1.resourceUnitId, 31);
    world.inList.add(stranger);
    await world.settle(2 * MINUTE);
    const note = `record ${stranger}: StartTime is missing or no time`;
    expect(await world.engine.readiness()).to.deep.equal({
      ready: true,
      reasons: [],
      warnings: [`feed bookings: ${note}`],
    });
    const [bookings] = (await world.engine.status()).unwrap().feeds;
    expect(bookings).to.deep.include({ warnings: [], notes: [note] });
    // A booking that was mirrored once and is cancelled has no mirror any more.
    world.bookings.user.cancel(ids[0]!);
    await world.settle(2 * MINUTE);
    world.inList.add(ids[0]!);
    await world.settle(2 * MINUTE);
    expect(await world.reasons503()).to.deep.equal([]);
    world.inList.clear();
    await world.settle(2 * MINUTE);
    expect((await world.engine.readiness()).warnings).to.deep.equal([]);
    await expectInSync(world);
  });

  it('are named one by one up to 20; the others are counted', async () => {
    const world = await GarbledWorld.begin();
    const ids = Array.from({ length: 22 }, (_, index) => world.book(BAY1.resourceUnitId, 30 + index));
    await world.settle();
    for (const id of ids.slice(0, 20)) world.inList.add(id);
    await world.settle(MINUTE);
    expect(await world.reasons503()).to.have.length(20);
    for (const id of ids) world.inList.add(id);
    await world.settle(MINUTE);
    const reasons = await world.reasons503();
    expect(reasons).to.have.length(21);
    expect(reasons.at(-1)).to.equal('feed bookings: 2 more cannot be read');
  });

  describe('when they are read by id', () => {
    it('become dead letters, and are read again every tenth poll until they can be', async () => {
      const world = await GarbledWorld.begin();
      const id = world.book(BAY2.resourceUnitId, 30);
      await world.settle();
      world.byId.add(id);
      await world.engine.hint(id);
      await world.settle(500);
      const letters = await world.deadLetters();
      expect(letters.map(({ appointmentId, error }) => [appointmentId, error])).to.deep.equal([[id, UNREADABLE]]);
      const reads = (): number => world.calls()['getBooking'] ?? 0;
      const before = reads();
      await world.settle(30 * MINUTE);
      expect(reads() - before).to.equal(3);
      expect(await world.deadLetters()).to.have.length(1);
      world.byId.clear();
      await world.settle(11 * MINUTE);
      expect(await world.deadLetters()).to.deep.equal([]);
      await expectInSync(world);
      await expectIdle(world);
    });

    for (const [what, happens] of [
      ['a hint comes', (world, id) => void world.engine.hint(id)],
      ['its event is copied', (world, id) => void world.calendars.person.copyEvent(BAY1.calendarId, `loft${id}`)],
      ['its text is changed', (world, id) => world.bookings.user.setNotes(id, 'Brings a friend')],
    ] satisfies readonly (readonly [string, (world: GarbledWorld, id: string) => void])[]) {
      it(`keep the edit of their event if ${what} first`, async () => {
        const world = await GarbledWorld.begin();
        const id = world.book(BAY1.resourceUnitId, 30);
        await world.settle();
        world.byId.add(id);
        const start = world.hour(50);
        world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start });
        await world.settle(6 * MINUTE);
        expect(await world.deadLetters()).to.have.length(1);
        world.byId.clear();
        happens(world, id);
        await world.settle(20 * MINUTE);
        expect(world.bookings.user.booking(id)?.start).to.equal(start);
        expect(await world.deadLetters()).to.deep.equal([]);
      });
    }
  });
});
