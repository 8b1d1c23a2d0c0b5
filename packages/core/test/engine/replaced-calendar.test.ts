import { expect } from 'chai';
import { Err, HOUR, MINUTE, SECOND, type Bay, type CalendarSystem, type SyncErrorKind } from '@loft/sync-core';
import { expectIdle } from './expect-in-sync.js';
import { BAY1, BAY2, settingsWith, World } from './world.js';

const NEW1: Bay = { ...BAY1, calendarId: 'bay-1-new@group.calendar.google.com' };

/** How the calendar that was replaced answers from then on. */
type OldAnswers = 'works' | '404' | '403' | 'read-only' | '500' | 'hangs';

/** Puts the answers of the old calendar between the engine and the calendars. */
function withOldCalendar(world: World, answers: OldAnswers): CalendarSystem {
  if (answers === '404') world.calendars.shareCalendar(BAY1.calendarId, 'none');
  if (answers === 'read-only') world.calendars.shareCalendar(BAY1.calendarId, 'reader');
  const kinds: Partial<Record<OldAnswers, SyncErrorKind>> = {
    '403': 'forbidden',
    '500': 'transient',
    hangs: 'transient',
  };
  const kind = kinds[answers];
  if (!kind) return world.calendars;
  const isOld = (args: readonly unknown[]): boolean => args[0] === BAY1.calendarId;
  return new Proxy(world.calendars, {
    get: (target, name): unknown => {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      const call = member.bind(target) as (...args: readonly unknown[]) => unknown;
      if (!String(name).endsWith('Event') && name !== 'listEvents') return call;
      return async (...args: readonly unknown[]): Promise<unknown> => {
        if (!isOld(args)) return call(...args);
        if (answers === 'hangs') await new Promise<void>((resolve) => void world.clock.setTimer(15 * SECOND, resolve));
        return Err({
          kind,
          system: 'google',
          method: `events.${String(name)}`,
          message: `${answers} of the old calendar`,
        });
      };
    },
  });
}

/** Twelve mirrored bookings of bay 1, and one of bay 2; the engine is stopped. */
async function mirrored(): Promise<{ readonly world: World; readonly ids: readonly string[] }> {
  const world = new World();
  const ids = Array.from({ length: 12 }, (_, nth) => world.book(BAY1.resourceUnitId, 30 + nth));
  world.book(BAY2.resourceUnitId, 30);
  await world.start();
  await world.settle();
  expect(world.on(BAY1)).to.have.length(12);
  await world.engine.stop();
  return { world, ids };
}

/** Starts an engine with bay 1 on another calendar. */
async function replaced(world: World, answers: OldAnswers, bays: readonly Bay[] = [NEW1, BAY2]): Promise<World> {
  world.calendars.addCalendar(NEW1.calendarId);
  const calendars = withOldCalendar(world, answers);
  world.engine = world.newEngine({ calendars, settings: settingsWith({ bays }) });
  return world.start();
}

async function expectReady(world: World): Promise<void> {
  const { ready, reasons } = await world.engine.readiness();
  expect(reasons).to.deep.equal([]);
  expect(ready).to.equal(true);
  await expectIdle(world);
}

/** Starts of the live bookings of bay 1, and of the events in its new calendar, in order. */
function startsOf(world: World): { readonly bookings: readonly number[]; readonly events: readonly (number | null)[] } {
  const live = world.bookings.user.liveBookings().filter(({ unit }) => unit === BAY1.resourceUnitId);
  return {
    bookings: live.map(({ start }) => start).toSorted((a, b) => a - b),
    events: world
      .on(NEW1)
      .map(({ start }) => start)
      .toSorted((a, b) => (a ?? 0) - (b ?? 0)),
  };
}

describe("a bay's calendar id is replaced in the settings", () => {
  for (const answers of ['works', '404', '403', 'read-only', '500', 'hangs'] as const) {
    it(`and the old calendar answers ${answers}: all bookings are mirrored to the new calendar within a minute, and none is cancelled`, async () => {
      const { world } = await mirrored();
      await replaced(world, answers);
      await world.settle(MINUTE);
      const { bookings, events } = startsOf(world);
      expect(bookings).to.have.length(12);
      expect(events).to.deep.equal(bookings);
      if (answers === 'works') expect(world.on(BAY1)).to.deep.equal([]);
      await expectReady(world);
      await world.settle(20 * MINUTE);
      expect(startsOf(world).events).to.deep.equal(bookings);
      expect(world.on(BAY2)).to.have.length(1);
      await expectReady(world);
      expect(world.bookings.writeCount).to.equal(0);
      await world.engine.stop();
    });

    it(`and the old calendar answers ${answers}, after bookings were moved, annotated, moved to another bay and cancelled`, async () => {
      const { world, ids } = await mirrored();
      const [moved = '', canceled = '', away = '', renamed = ''] = ids;
      world.bookings.user.move(moved, { start: world.hour(60) });
      world.bookings.user.cancel(canceled);
      world.bookings.user.move(away, { unit: BAY2.resourceUnitId, start: world.hour(70) });
      world.bookings.user.setNotes(renamed, 'left-handed');
      await replaced(world, answers);
      await world.settle(MINUTE);
      const { bookings, events } = startsOf(world);
      expect(bookings).to.have.length(10);
      expect(events).to.deep.equal(bookings);
      expect(
        world
          .on(NEW1)
          .map(({ description }) => description)
          .join(),
      ).to.include('left-handed');
      expect(world.on(BAY2)).to.have.length(2);
      if (answers === 'works') expect(world.on(BAY1)).to.deep.equal([]);
      await world.settle(20 * MINUTE);
      await expectReady(world);
      expect(world.bookings.writeCount).to.equal(0);
      await world.engine.stop();
    });
  }

  it('and edits in the new calendar are carried, for any answer of the old one', async () => {
    const { world, ids } = await mirrored();
    await replaced(world, '404');
    await world.settle(2 * MINUTE);
    const [first = ''] = ids;
    world.calendars.person.dragEvent(NEW1.calendarId, `loft${first}`, { start: world.hour(80) });
    await world.settle(5 * MINUTE);
    expect(world.bookings.user.liveBookings().find(({ id }) => id === first)?.start).to.equal(world.hour(80));
    expect(startsOf(world).events).to.deep.equal(startsOf(world).bookings);
    await world.engine.stop();
  });

  it('of two bays, and the old ones are deleted: the new calendar of one bay, which is not shared yet, delays only that bay', async () => {
    const { world } = await mirrored();
    const NEW2: Bay = { ...BAY2, calendarId: 'bay-2-new@group.calendar.google.com' };
    world.calendars.addCalendar(NEW2.calendarId, 'none');
    world.calendars.removeCalendar(BAY2.calendarId);
    await replaced(world, '404', [NEW1, NEW2]);
    await world.settle(MINUTE);
    const { bookings, events } = startsOf(world);
    expect(bookings).to.have.length(12);
    expect(events).to.deep.equal(bookings);
    world.calendars.shareCalendar(NEW2.calendarId, 'writer');
    await world.settle(5 * MINUTE);
    expect(world.on(NEW2)).to.have.length(1);
    expect(startsOf(world).events).to.deep.equal(bookings);
    expect(world.bookings.writeCount).to.equal(0);
    await expectReady(world);
    await world.engine.stop();
  });

  it('by swapping the calendars of two bays: each event moves to its bay', async () => {
    const { world } = await mirrored();
    const swapped = [
      { ...BAY1, calendarId: BAY2.calendarId },
      { ...BAY2, calendarId: BAY1.calendarId },
    ];
    world.engine = world.newEngine({ settings: settingsWith({ bays: swapped }) });
    await world.start();
    await world.settle();
    expect(world.on(BAY1)).to.have.length(1);
    expect(world.on(BAY2)).to.have.length(12);
    expect(world.bookings.user.liveBookings()).to.have.length(13);
    expect(world.bookings.writeCount).to.equal(0);
    await expectReady(world);
    await world.engine.stop();
  });

  it('by swapping the calendars of two bays, and the edits of that moment are held: the moves are not repeated', async () => {
    const { world } = await mirrored();
    const swapped = [
      { ...BAY1, calendarId: BAY2.calendarId },
      { ...BAY2, calendarId: BAY1.calendarId },
    ];
    let writes = 0;
    const dragged = new Set<string>();
    // Each event is dragged between our move and the write of its marks.
    const calendars = new Proxy(world.calendars, {
      get: (target, name): unknown => {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== 'function') return member;
        return async (...args: readonly unknown[]): Promise<unknown> => {
          const answer: unknown = await Reflect.apply(member, target, args);
          if (/^(?:insert|patch|move|delete)Event$/.test(String(name))) writes++;
          const [, eventId, calendarId] = args.map(String);
          if (name === 'moveEvent' && !dragged.has(eventId!)) {
            dragged.add(eventId!);
            const start = world.hour(100 + 2 * dragged.size);
            target.person.dragEvent(calendarId!, eventId!, { start, end: start + HOUR });
          }
          return answer;
        };
      },
    });
    world.engine = world.newEngine({ calendars, settings: settingsWith({ bays: swapped }) });
    await world.start();
    await world.settle(20 * MINUTE);
    const held = await world.engine.heldEdits();
    expect(held.unwrap().length).to.be.greaterThan(3);
    const { writeCount } = world.bookings;
    writes = 0;
    await world.settle(30 * MINUTE);
    expect(writes).to.equal(0);
    expect(world.bookings.writeCount).to.equal(writeCount);
    await world.engine.stop();
  });
});
