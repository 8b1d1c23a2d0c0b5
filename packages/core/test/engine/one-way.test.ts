import { expect } from 'chai';
import { Err, HOUR, MINUTE, SECOND } from '@loft/sync-core';
import { expectIdle, expectInSync } from './expect-in-sync.js';
import { overridden } from './overridden.js';
import { BAY1, only, settingsWith, World } from './world.js';

const TO_GOOGLE = { rules: { direction: 'to-google' } } as const;
const AT_ONCE = { google: { deleteGraceSeconds: 0, sweepSeconds: 5 } } as const;

/** A booking whose event cannot be written any more, in a bay whose direction allows no change of a booking. */
async function unwritable(): Promise<{ readonly world: World; readonly id: string; readonly start: number }> {
  const world = await new World({ settings: { ...TO_GOOGLE, ...AT_ONCE } }).start();
  const id = world.book(BAY1.resourceUnitId, 48);
  await world.settle();
  await world.engine.stop();
  const refuse = async () =>
    Err({ kind: 'transient', system: 'google', method: 'events.patch', message: 'down', status: 503 } as const);
  const calendars = overridden(world.calendars, { patchEvent: refuse, insertEvent: refuse, moveEvent: refuse });
  world.engine = world.newEngine({ calendars });
  await world.start();
  return { world, id, start: world.bookings.user.booking(id)!.start };
}

/** The calendar can be written again, and from now on edits change their bookings. */
async function bothWays(world: World): Promise<void> {
  await world.settle(10 * SECOND);
  await world.engine.stop();
  world.engine = world.newEngine({ settings: settingsWith({ rules: { direction: 'both' }, ...AT_ONCE }) });
  await world.start();
}

describe('an edit that was observed while the direction was "to-google"', () => {
  for (const [edit, make] of [
    [
      'move',
      (world: World, id: string) => {
        world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: world.hour(60) });
      },
    ],
    [
      'deletion',
      (world: World, id: string) => {
        world.calendars.person.deleteEvent(BAY1.calendarId, `loft${id}`);
      },
    ],
  ] as const) {
    it(`is reverted although the direction became "both" before its event could be written: a ${edit}`, async () => {
      const { world, id, start } = await unwritable();
      make(world, id);
      await bothWays(world);
      expect(world.actions().at(-1)).to.match(/:one-way:retry$/);
      await world.settle(30 * MINUTE);
      expect(world.bookings.writeCount).to.equal(0);
      expect(world.bookings.user.booking(id)).to.include({ state: 'live', start });
      expect(only(world.on(BAY1)).start).to.equal(start);
      expect(world.reasons().at(-1)).to.equal('one-way');
      await expectInSync(world);
      await expectIdle(world);
    });
  }

  it('does not concern a later edit, also if the person reverted it', async () => {
    const { world, id, start } = await unwritable();
    const drag = (to: number): void => {
      world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: to });
    };
    drag(start + HOUR);
    await world.settle(10 * SECOND);
    expect(world.actions().at(-1)).to.equal('update:one-way:retry');
    drag(start);
    await bothWays(world);
    await world.settle();
    drag(start + HOUR);
    await world.settle();
    expect(world.bookings.user.booking(id)?.start).to.equal(start + HOUR);
    await expectInSync(world);
  });
});
