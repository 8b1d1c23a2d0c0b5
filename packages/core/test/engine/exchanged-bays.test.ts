import { expect } from 'chai';
import { HOUR, MINUTE, SECOND, type Bay, type CalendarSystem } from '@loft/sync-core';
import { planSync } from '@loft/sync-core/reports';
import { expectIdle, expectInSync } from './expect-in-sync.js';
import { overridden } from './overridden.js';
import { ACCOUNT, BAY1, BAY2, settingsWith, World } from './world.js';

const UNITS: readonly Bay[] = [
  { ...BAY1, resourceUnitId: BAY2.resourceUnitId },
  { ...BAY2, resourceUnitId: BAY1.resourceUnitId },
];
const CALENDARS: readonly Bay[] = [
  { ...BAY1, calendarId: BAY2.calendarId },
  { ...BAY2, calendarId: BAY1.calendarId },
];
const ONE = '12 of 12 in the calendar of bay [12]';
const OTHER = '7 of 7 in the calendar of bay [12]';
const NOTE = new RegExp(`(${ONE}, ${OTHER}|${OTHER}, ${ONE}).*exchange them again`);

/** Twelve bookings in bay 1 and seven in bay 2, all mirrored. The engine is stopped. */
async function mirrored(): Promise<World> {
  const world = new World();
  for (let hours = 30; hours < 42; hours++) world.book(BAY1.resourceUnitId, hours);
  for (let hours = 30; hours < 37; hours++) world.book(BAY2.resourceUnitId, hours);
  await world.start();
  await world.settle();
  await world.engine.stop();
  world.events.length = 0;
  return world;
}

function logged(world: World): readonly string[] {
  const details = world.events.flatMap((event) => (event.type === 'feed' && event.detail ? [event.detail] : []));
  return [...new Set(details)];
}

describe('two bays that are exchanged in the settings', () => {
  for (const [what, bays] of [
    ['units', UNITS],
    ['calendars', CALENDARS],
  ] as const) {
    it(`by their ${what} move their events, which is in the log and, for an hour, in /ready, with the numbers`, async () => {
      const world = await mirrored();
      world.engine = world.newEngine({ settings: settingsWith({ bays }) });
      await world.start();
      await world.settle();
      expect(world.on(BAY1)).to.have.length(7);
      expect(world.on(BAY2)).to.have.length(12);
      expect(logged(world)).to.have.length(1);
      expect(logged(world)[0]).to.match(NOTE);
      const { ready, warnings } = await world.engine.readiness();
      expect(ready).to.equal(true);
      expect(warnings.join()).to.match(NOTE);
      await world.settle(HOUR + MINUTE);
      expect((await world.engine.readiness()).warnings).to.deep.equal([]);
    });
  }

  it('are in the plan, with the numbers', async () => {
    const { bookings, calendars, clock, store } = await mirrored();
    const maps = (await store.listMaps({})).unwrap();
    const settings = settingsWith({ bays: UNITS });
    const plan = await planSync({ bookings, calendars, clock, settings, maps, liveness: [], account: ACCOUNT });
    expect(plan.unwrap().warnings.join()).to.match(NOTE);
  });

  it('are not reported if a customer or the studio moves some bookings to the other bay', async () => {
    const world = await mirrored();
    await world.restart();
    const inBay2 = world.bookings.user.liveBookings().filter(({ unit }) => unit === BAY2.resourceUnitId);
    for (const [index, { id }] of inBay2.slice(0, 5).entries()) {
      world.bookings.user.move(id, { unit: BAY1.resourceUnitId, start: world.hour(60 + index) });
    }
    await world.settle();
    expect(world.on(BAY1)).to.have.length(17);
    expect(logged(world)).to.deep.equal([]);
  });
});

describe('many of our own writes whose answers are slow', () => {
  /** Some bookings are moved, and both calendars are listed before the first answer. */
  async function writing(
    length: number,
    change: (world: World, id: string) => void,
    beforeList: (world: World) => void,
  ) {
    const world = new World();
    const { calendars } = world;
    const slow = async <T>(answer: T): Promise<T> => {
      await new Promise<void>((resolve) => void world.clock.setTimer(2 * SECOND, resolve));
      return answer;
    };
    world.through({
      calendars: overridden<CalendarSystem>(calendars, {
        moveEvent: async (...args) => slow(await calendars.moveEvent(...args)),
        patchEvent: async (...args) => slow(await calendars.patchEvent(...args)),
      }),
    });
    const ids = Array.from({ length }, (_, nth) => world.book(BAY1.resourceUnitId, 100 + 2 * nth));
    const edited = world.book(BAY1.resourceUnitId, 50);
    await world.start();
    await world.settle();
    for (const id of ids) change(world, id);
    void world.engine.syncNow();
    await world.settle(SECOND);
    beforeList(world);
    void world.engine.syncNow();
    await world.settle(SECOND / 2);
    return { world, edited };
  }

  for (const [what, change] of Object.entries<(world: World, id: string) => void>({
    'to another bay': ({ bookings }, id) => void bookings.user.move(id, { unit: BAY2.resourceUnitId }),
    'to another time': ({ bookings }, id) =>
      void bookings.user.move(id, { start: (bookings.user.booking(id)?.start ?? 0) + 100 * HOUR }),
  })) {
    it(`do not count as edits for the guard: ${what}`, async () => {
      const { world, edited } = await writing(5, change, () => undefined);
      await world.settle(MINUTE);
      const start = world.hour(300);
      world.calendars.person.dragEvent(BAY1.calendarId, `loft${edited}`, { start });
      void world.engine.syncNow();
      await world.settle();
      expect((await world.engine.heldEdits()).unwrap()).to.deep.equal([]);
      expect(world.bookings.user.booking(edited)).to.include({ start });
      await expectInSync(world);
      await expectIdle(world);
    });
  }

  it('do not stop a full list of the calendar which they leave', async () => {
    const { world } = await writing(
      12,
      ({ bookings }, id) => void bookings.user.move(id, { unit: BAY2.resourceUnitId }),
      ({ calendars }) => calendars.expireSyncTokens(),
    );
    expect((await world.engine.readiness()).reasons).to.deep.equal([]);
    await world.settle();
    expect(world.bookings.writeCount).to.equal(0);
    await expectInSync(world);
    await expectIdle(world);
  });
});
