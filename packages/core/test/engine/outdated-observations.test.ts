import { expect } from 'chai';
import { Err, MINUTE, SECOND, type CalendarSystem, type SyncError } from '@loft/sync-core';
import { blindOptions } from './blind-world.js';
import { expectInSync } from './expect-in-sync.js';
import { overridden } from './overridden.js';
import { BAY1, only, World } from './world.js';

const REFUSED: SyncError = { kind: 'invalid', system: 'google', method: 'patchEvent', message: 'Invalid value' };
const UNREADABLE: SyncError = { kind: 'invalid', system: 'uschedule', method: 'getBooking', message: 'no such time' };

describe('the observation of a booking', () => {
  it('while its task became a dead letter is not used by the replay', async () => {
    const world = new World({ settings: { uschedule: { pollSeconds: 10 } } });
    const { calendars, clock } = world;
    let refusing = false;
    // Google needs two polls of time to refuse.
    const patchEvent: CalendarSystem['patchEvent'] = async (...write) => {
      if (!refusing) return calendars.patchEvent(...write);
      await new Promise<void>((resolve) => void clock.setTimer(25 * SECOND, resolve));
      return Err(REFUSED);
    };
    await world.through({ calendars: overridden(calendars, { patchEvent }) }).start();
    const id = world.book(BAY1.resourceUnitId, 30);
    await world.settle(MINUTE);
    const { start } = only(world.on(BAY1));
    refusing = true;
    world.bookings.user.move(id, { start: world.hour(50) });
    await world.settle(MINUTE);
    expect(await world.deadLetters()).to.have.length(1);

    refusing = false;
    world.bookings.user.move(id, { start: start! });
    const before = calendars.writeCount;
    await world.settle();
    expect(await world.deadLetters()).to.deep.equal([]);
    expect(calendars.writeCount, 'the event was right all the time').to.equal(before);
    await expectInSync(world);
    await world.engine.stop();
  });

  it('is not part of the failure if a later reading fails', async () => {
    const world = new World({ settings: { uschedule: { pollSeconds: 3 }, google: { sweepSeconds: 3 } } });
    const { bookings, calendars } = world;
    let garbled = false;
    const port = overridden(bookings, {
      getBooking: async (id) => (garbled ? Err(UNREADABLE) : bookings.getBooking(id)),
    });
    await world.through({ bookings: port }).start();
    const id = world.book(BAY1.resourceUnitId, 30);
    await world.settle();
    calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: world.hour(40) });
    await world.settle(5 * SECOND);
    expect(bookings.writes.rescheduled).to.equal(1);
    // Polled at once, and read by its id when the echo window closes.
    bookings.user.move(id, { start: world.hour(50) });
    garbled = true;
    await world.settle(30 * SECOND);
    expect(world.events.some((it) => it.type === 'task' && it.outcome === 'dead-letter')).to.equal(true);

    garbled = false;
    await world.settle();
    expect(await world.deadLetters()).to.deep.equal([]);
    expect(only(world.on(BAY1)).start).to.equal(bookings.user.booking(id)?.start);
    await expectInSync(world);
    await world.engine.stop();
  });

  it('from before a hint is not used for the change that the hint reports', async () => {
    const world = new World({ settings: { uschedule: { pollSeconds: 600 }, google: { quotaPerMinute: 60 } } });
    const ids = Array.from({ length: 60 }, (_, index) => world.book(BAY1.resourceUnitId, 5 + index));
    await world.start();
    const last = ids.at(-1)!;
    await world.settle(5 * SECOND);
    expect(
      world.on(BAY1).map(({ eventId }) => eventId),
      'its turn has not come',
    ).not.to.include(`loft${last}`);
    const start = world.hour(100);
    world.bookings.user.move(last, { start });
    await world.engine.hint(last);
    await world.settle(15 * SECOND);
    expect(world.on(BAY1).find(({ eventId }) => eventId === `loft${last}`)?.start).to.equal(start);
    await world.settle(2 * MINUTE);
    await world.engine.stop();
  });
});

describe('the new booking of a rebooking that a loss of the store interrupted', () => {
  const rebook = { settings: { uschedule: { reschedule: 'rebook' as const } } };

  it('is cancelled while the original exists, after any exchange has ended', async () => {
    const world = new World(rebook);
    const original = world.book(BAY1.resourceUnitId, 30);
    const leftover = world.book(BAY1.resourceUnitId, 40, 'Ana R.', `[loft:${original}]`);
    await world.start();
    await world.settle(10 * MINUTE);
    expect(world.bookings.user.liveBookings()).to.have.length(2);
    await world.settle(10 * MINUTE);
    expect(world.bookings.user.liveBookings().map(({ id }) => id)).to.deep.equal([original]);
    expect(world.bookings.user.booking(leftover)?.state).to.equal('canceled');
    await expectInSync(world);
  });

  it('is mirrored at once if the original is cancelled already', async () => {
    const world = new World(rebook);
    const original = world.book(BAY1.resourceUnitId, 30);
    world.book(BAY1.resourceUnitId, 40, 'Ana R.', `[loft:${original}]`);
    world.bookings.user.cancel(original);
    await world.start();
    await world.settle(MINUTE);
    expect(only(world.on(BAY1)).start).to.equal(world.hour(40));
    expect(world.bookings.writeCount).to.equal(0);
  });

  it('stays if the status is hidden: another booking may have the slot of the original', async () => {
    const world = new World(blindOptions({ reschedule: 'rebook' }));
    const original = world.book(BAY1.resourceUnitId, 30);
    world.book(BAY1.resourceUnitId, 40, 'Ana R.', `[loft:${original}]`);
    await world.start();
    await world.settle(60 * MINUTE);
    expect(world.bookings.user.liveBookings()).to.have.length(2);
    expect(world.bookings.writeCount).to.equal(0);
  });
});
