import { expect } from 'chai';
import { expectInSync } from './expect-in-sync.js';
import { BAY1, BAY2, World, type WorldOptions } from './world.js';

/** A world that records method names: writes of the store, flushes, and writes to either side. */
async function watchedWorld(options: WorldOptions = {}): Promise<{ readonly world: World; readonly calls: string[] }> {
  const calls: string[] = [];
  const watch = <T extends object>(port: T, names: readonly string[]): T =>
    new Proxy(port, {
      get: (target, name): unknown => {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== 'function') return member;
        return (...args: readonly unknown[]): unknown => {
          if (names.includes(String(name))) calls.push(String(name));
          return Reflect.apply(member, target, args);
        };
      },
    });
  const world = new World(options);
  world.through({
    store: watch(world.store, ['putMap', 'putEventRecords', 'flush']),
    bookings: watch(world.bookings, ['rescheduleBooking', 'cancelBooking']),
    calendars: watch(world.calendars, ['insertEvent', 'patchEvent', 'moveEvent', 'deleteEvent']),
  });
  await world.start();
  return { world, calls };
}

describe('a write to the other side', () => {
  it('that inserts the event of a new booking waits for no flush', async () => {
    const { world, calls } = await watchedWorld();
    world.book(BAY1.resourceUnitId, 30);
    await world.settle();
    expect(calls).to.deep.equal(['insertEvent', 'putMap']);
  });

  it('that carries an edit waits for one flush, after the edit and the intent are stored', async () => {
    const { world, calls } = await watchedWorld();
    const id = world.book(BAY1.resourceUnitId, 30);
    await world.settle();
    calls.length = 0;
    world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: world.hour(33) });
    await world.settle();
    await expectInSync(world);
    expect(calls.slice(0, 4)).to.deep.equal(['putEventRecords', 'putMap', 'flush', 'rescheduleBooking']);
  });

  it('that recreates an event on another bay waits for the flush of its intent', async () => {
    const { world, calls } = await watchedWorld({ supports: { move: false } });
    const id = world.book(BAY1.resourceUnitId, 30);
    await world.settle();
    calls.length = 0;
    world.bookings.user.move(id, { unit: BAY2.resourceUnitId });
    await world.settle();
    await expectInSync(world);
    expect(calls.slice(0, 4)).to.deep.equal(['putMap', 'putEventRecords', 'flush', 'insertEvent']);
  });
});
