import type { CopyRecord, EditRecord } from '#src/domain/event-record.js';
import { expect } from 'chai';
import { DAY, HOUR, MemoryStore, type BookingEventMap, type Clock } from '@loft/sync-core';
import { expectInSync } from './expect-in-sync.js';
import { overridden } from './overridden.js';
import { BAY1, World } from './world.js';

/** The default: 1 and 60 days of the poll's window, and 180. */
const KEEP_MAPS_DAYS = 241;
const KEEP_EDITS_DAYS = 30;

/** Polls once a day: hundreds of days in one test. */
const DAILY = { uschedule: { pollSeconds: 86_400 }, google: { sweepSeconds: 86_400 } };

const newWorld = (options: { readonly store?: MemoryStore } = {}): World => {
  const world = new World({ settings: DAILY });
  if (options.store) world.store = options.store;
  world.engine = world.newEngine();
  return world;
};

const mapOf = async (world: World, id: string): Promise<BookingEventMap | null> =>
  (await world.store.getMap(id)).unwrap();

function editOf(world: World, id: string, state: EditRecord['state'], days: number): EditRecord {
  const at = world.clock.now() - days * DAY;
  return {
    kind: 'edit',
    id,
    appointmentId: id,
    at,
    bay: '1',
    change: 'moved',
    start: at,
    end: at + HOUR,
    toBay: '1',
    base: { start: at, end: at + HOUR, bay: '1' },
    customerName: 'Ana R.',
    state,
    putBacks: 0,
    putBackAt: null,
    waitsFor: null,
  };
}

function copyOf(world: World, appointmentId: string, days: number): CopyRecord {
  const at = world.clock.now() - days * DAY;
  return {
    kind: 'copy',
    id: `${BAY1.calendarId} copy-${appointmentId}`,
    appointmentId,
    at,
    calendarId: BAY1.calendarId,
    eventId: `copy-${appointmentId}`,
    start: at,
    end: at + HOUR,
    title: 'Ana R.',
    description: '',
    creatorEmail: null,
    createdAt: at,
  };
}

describe('old records are removed once a day', function () {
  this.timeout(60_000);

  it('the map of a visit is removed 241 days after its end and its last write, also of a cancelled one', async () => {
    const world = newWorld();
    await world.start();
    const ids = [30, 34].map((hour) => world.book(BAY1.resourceUnitId, hour));
    const later = world.book(BAY1.resourceUnitId, 24 * 50);
    await world.settle(2 * DAY);
    world.bookings.user.cancel(later);
    await world.settle((KEEP_MAPS_DAYS - 1) * DAY);
    for (const id of ids) expect(await mapOf(world, id), 'a day before').to.include({ status: 'ACTIVE' });
    await world.settle(3 * DAY);
    for (const id of ids) expect(await mapOf(world, id), 'after 241 days').to.equal(null);
    expect(await mapOf(world, later), 'cancelled, and its visit is younger').to.include({ status: 'CANCELED' });
    await world.settle(50 * DAY);
    expect(await mapOf(world, later), 'cancelled, after 241 days').to.equal(null);
    expect(world.on(BAY1), 'the events stay').to.have.length(2);
    await world.engine.stop();
  });

  it('a booking whose map was removed keeps its event when it is moved from the past into the future', async () => {
    const world = newWorld();
    await world.start();
    const id = world.book(BAY1.resourceUnitId, 30);
    await world.settle((KEEP_MAPS_DAYS + 4) * DAY);
    expect(await mapOf(world, id)).to.equal(null);
    world.bookings.user.move(id, { start: world.hour(48) });
    await world.settle(DAY);
    expect(await mapOf(world, id)).to.include({ status: 'ACTIVE' });
    await expectInSync(world);
    await world.engine.stop();
  });

  it('the event of a visit whose map was removed stays if a user uses it again, also if its booking is unknown', async () => {
    const world = newWorld();
    await world.start();
    const id = world.book(BAY1.resourceUnitId, 30);
    const live = world.book(BAY1.resourceUnitId, 24 * 299);
    await world.settle((KEEP_MAPS_DAYS + 4) * DAY);
    const { bookings } = world;
    await world.engine.stop();
    world.through({
      bookings: overridden(bookings, {
        getBooking: (wanted) => bookings.getBooking(wanted === id ? 'unknown' : wanted),
      }),
    });
    await world.start();
    await world.settle(DAY);
    world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: world.hour(72) });
    await world.settle(2 * DAY);
    const left = world.on(BAY1).map(({ eventId }) => eventId);
    expect(left).to.have.members([`loft${id}`, `loft${live}`]);
    await world.engine.stop();
  });

  it('ended edits are removed 30 days after their last change; edits to be decided or replayed stay', async () => {
    const world = newWorld();
    const { store } = world;
    const ended = (['seen', 'carried', 'put-back'] as const).map((state) =>
      editOf(world, `old ${state}`, state, KEEP_EDITS_DAYS + 1),
    );
    const open = (['held', 'released', 'reverted', 'undelivered', 'dead-letter', 'replay', 'undo'] as const).map(
      (state) => editOf(world, state, state, 400),
    );
    const young = [
      editOf(world, 'young carried', 'carried', KEEP_EDITS_DAYS - 1),
      { ...editOf(world, 'reverted again', 'put-back', 90), putBackAt: world.clock.now() - DAY },
    ];
    await store.putEventRecords([...ended, ...open, ...young]);
    await world.start();
    await world.settle(HOUR);
    const left = (await store.listEventRecords({ kind: 'edit' })).unwrap().map(({ id }) => id);
    expect(left).to.have.members([...open, ...young].map(({ id }) => id));
    await world.engine.stop();
  });

  it('the record of a copy is removed when it is as old as a removed map and its appointment has no map', async () => {
    const world = newWorld();
    await world.start();
    const id = world.book(BAY1.resourceUnitId, 30);
    await world.settle(DAY);
    await world.engine.stop();
    const copies = [copyOf(world, 'of none', 242), copyOf(world, 'of none, young', 240), copyOf(world, id, 242)];
    await world.store.putEventRecords(copies);
    world.engine = world.newEngine();
    await world.start();
    await world.settle(DAY);
    const left = (await world.store.listEventRecords({ kind: 'copy' }))
      .unwrap()
      .map(({ appointmentId }) => appointmentId);
    expect(left).to.have.members(['of none, young', id]);
    await world.engine.stop();
  });

  it('nothing is removed while a guard has stopped the poll, and once after it is resumed', async () => {
    class CountingStore extends MemoryStore {
      forgot = 0;
      override forgetMaps(...args: Parameters<MemoryStore['forgetMaps']>): ReturnType<MemoryStore['forgetMaps']> {
        this.forgot++;
        return super.forgetMaps(...args);
      }
    }
    const store = new CountingStore();
    const world = newWorld({ store });
    await world.start();
    const ids = Array.from({ length: 12 }, (_, index) => world.book(BAY1.resourceUnitId, 100 + 2 * index));
    await world.settle(DAY);
    const before = store.forgot;
    expect(before, 'one for each day').to.equal(2);
    for (const id of ids) world.bookings.user.cancel(id);
    await world.settle(DAY);
    expect((await world.engine.status()).unwrap().feeds[0]?.stopped, 'the stop').to.not.equal(null);
    expect(store.forgot, 'while the poll is stopped').to.equal(before);
    (await world.engine.resumeFeed('bookings')).unwrap();
    await world.settle(HOUR);
    expect(store.forgot, 'after it is resumed').to.equal(before + 1);
    await world.engine.stop();
  });

  it('a clock that is 400 days ahead for an hour removes nothing, also after a restart', async () => {
    const world = newWorld();
    await world.start();
    const id = world.book(BAY1.resourceUnitId, 24 * 5);
    await world.settle(2 * DAY);
    await world.engine.stop();
    const { clock } = world;
    const wrong: Clock = { now: () => clock.now() + 400 * DAY, setTimer: (ms, run) => clock.setTimer(ms, run) };
    for (const run of ['first', 'second']) {
      world.engine = world.newEngine({ clock: wrong });
      await world.start();
      await world.settle(HOUR / 2);
      await world.engine.stop();
      expect(await mapOf(world, id), `${run} process`).to.include({ status: 'ACTIVE' });
    }
    world.engine = world.newEngine();
    await world.start();
    await world.settle(HOUR);
    expect(await mapOf(world, id)).to.include({ status: 'ACTIVE' });
    expect(world.on(BAY1)).to.have.length(1);
    await expectInSync(world);
  });
});
