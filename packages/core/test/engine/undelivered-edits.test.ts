import { expect } from 'chai';
import { Err, HOUR, SECOND, type SyncError } from '@loft/sync-core';
import { BAY1, only, World, type Overrides } from './world.js';
import { overridden } from './overridden.js';

const FAILS: SyncError = {
  kind: 'transient',
  system: 'uschedule',
  method: 'rescheduleappointment',
  message: 'it answers 500',
  status: 500,
};

/** A studio whose booking system fails all changes of one booking, and works otherwise. */
class FailingWorld extends World {
  failing = true;

  static async begin(settings: Overrides = {}): Promise<{ world: FailingWorld; id: string; start: number }> {
    const world = new FailingWorld({ settings: { retry: { maxAttempts: 3 }, ...settings } });
    const { bookings } = world;
    world.through({
      bookings: overridden(bookings, {
        rescheduleBooking: async (...args) => (world.failing ? Err(FAILS) : bookings.rescheduleBooking(...args)),
        cancelBooking: async (...args) => (world.failing ? Err(FAILS) : bookings.cancelBooking(...args)),
      }),
    });
    await world.start();
    const id = world.book(BAY1.resourceUnitId, 48);
    await world.settle();
    return { world, id, start: bookings.user.booking(id)!.start };
  }

  eventStart(): number | null {
    return only(this.on(BAY1)).start;
  }
}

describe('an edit that fails in the booking system until its attempts are exhausted', () => {
  it('of the time is reverted, kept in its dead letter, and carried out by a replay', async () => {
    const { world, id, start } = await FailingWorld.begin();
    world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: start + HOUR });
    await world.settle(HOUR / 12);
    expect(world.eventStart()).to.equal(start);
    const [letter] = (await world.engine.deadLetters({})).unwrap();
    expect(letter).to.include({ appointmentId: id, reason: 'event-moved' });
    expect(world.bookings.user.booking(id)).to.include({ state: 'live', start });
    world.failing = false;
    expect((await world.engine.replay(id)).unwrap()).to.equal(true);
    await world.settle(HOUR / 12);
    expect(world.bookings.user.booking(id)).to.include({ state: 'live', start: start + HOUR });
    expect(world.eventStart()).to.equal(start + HOUR);
    expect((await world.engine.deadLetters({})).unwrap()).to.deep.equal([]);
  });

  it('that deletes the event is reverted, and a replay cancels the booking', async () => {
    const { world, id } = await FailingWorld.begin();
    world.calendars.person.deleteEvent(BAY1.calendarId, `loft${id}`);
    await world.settle(HOUR / 12);
    expect(world.on(BAY1)).to.have.length(1);
    expect(world.bookings.user.booking(id)).to.include({ state: 'live' });
    world.failing = false;
    await world.engine.replay(id);
    await world.settle(HOUR / 12);
    expect(world.bookings.user.booking(id)).to.not.include({ state: 'live' });
    expect(world.on(BAY1)).to.deep.equal([]);
  });

  it('is not carried out without a request hours later: its event shows the booking again', async () => {
    const { world, id } = await FailingWorld.begin();
    world.calendars.person.deleteEvent(BAY1.calendarId, `loft${id}`);
    await world.settle(HOUR / 12);
    world.failing = false;
    await world.settle(20 * HOUR);
    expect(world.on(BAY1)).to.have.length(1);
    expect(world.bookings.user.booking(id)).to.include({ state: 'live' });
    const [letter] = (await world.engine.deadLetters({})).unwrap();
    expect(letter).to.include({ appointmentId: id, reason: 'event-deleted', retryAt: null });
  });

  for (const { echo, shows } of [
    { echo: 10, shows: 5 },
    { echo: 0, shows: 0 },
  ]) {
    it(`is carried out once by a replay whose effect shows after ${shows} of ${echo} seconds`, async () => {
      const { world, id, start } = await FailingWorld.begin({ rules: { echoWindowSeconds: echo } });
      const { bookings } = world;
      world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: start + HOUR });
      await world.settle(HOUR / 12);
      world.failing = false;
      const showsAt = world.clock.now() + shows * SECOND;
      bookings.distort = (booking) =>
        world.clock.now() < showsAt ? { ...booking, start, end: start + HOUR } : booking;
      await world.engine.replay(id);
      await world.settle(HOUR / 12);
      expect(bookings.writes.rescheduled).to.equal(1);
      expect(world.eventStart()).to.equal(start + HOUR);
      const details = world.events.flatMap((event) => (event.type === 'decision' ? [event.detail] : []));
      expect(details.filter((detail) => detail?.includes('has changed'))).to.deep.equal([]);
    });
  }

  it('is not carried out by a replay once the booking has changed', async () => {
    const { world, id, start } = await FailingWorld.begin();
    world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: start + HOUR });
    await world.settle(HOUR / 12);
    world.failing = false;
    world.bookings.user.move(id, { start: start + 3 * HOUR });
    await world.settle(HOUR / 12);
    await world.engine.replay(id);
    await world.settle(HOUR / 12);
    expect(world.bookings.user.booking(id)).to.include({ start: start + 3 * HOUR });
    expect(world.eventStart()).to.equal(start + 3 * HOUR);
  });

  for (const [what, change, why] of [
    [
      'has changed',
      (world: World, id: string, start: number) => world.bookings.user.move(id, { start }),
      'has changed',
    ],
    ['was cancelled', (world: World, id: string) => world.bookings.user.cancel(id), 'is cancelled'],
  ] as const) {
    it(`ends with its dead letter once its booking ${what}, and the reason is reported once`, async () => {
      const { world, id, start } = await FailingWorld.begin();
      world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: start + HOUR });
      await world.settle(HOUR / 12);
      world.failing = false;
      change(world, id, start + 3 * HOUR);
      await world.settle(HOUR / 12);
      expect((await world.engine.deadLetters({})).unwrap()).to.deep.equal([]);
      const reported = world.events.filter(
        (event) => event.type === 'decision' && event.reason === 'edit-undelivered' && event.quiet,
      );
      expect(reported).to.have.length(1);
      expect(reported[0]).to.deep.include({ appointmentId: id });
      expect(reported[0]).to.have.property('detail').that.includes(why);
      const records = (await world.store.listEventRecords({ kind: 'edit', appointmentId: id })).unwrap();
      expect(records).to.have.length(1);
      expect(records[0]).to.include({ state: 'put-back' });
    });
  }

  it('is kept if its replay fails, and carried out by a later replay', async () => {
    const { world, id, start } = await FailingWorld.begin();
    world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: start + HOUR });
    await world.settle(HOUR / 12);
    await world.engine.replay(id);
    await world.settle(HOUR / 12);
    expect(world.eventStart()).to.equal(start);
    expect((await world.engine.deadLetters({})).unwrap()).to.have.length(1);
    world.failing = false;
    expect((await world.engine.replay(id)).unwrap()).to.equal(true);
    await world.settle(HOUR / 12);
    expect(world.bookings.user.booking(id)).to.include({ state: 'live', start: start + HOUR });
    expect((await world.engine.deadLetters({})).unwrap()).to.deep.equal([]);
  });

  it('is kept if another trigger makes the engine observe its appointment', async () => {
    const { world, id, start } = await FailingWorld.begin();
    world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: start + HOUR });
    await world.settle(HOUR / 12);
    world.failing = false;
    (await world.engine.hint(id)).unwrap();
    await world.settle(HOUR / 60);
    expect((await world.engine.deadLetters({})).unwrap()).to.have.length(1);
    expect(world.bookings.user.booking(id)).to.include({ state: 'live', start });
    expect((await world.engine.replay(id)).unwrap()).to.equal(true);
    await world.settle(HOUR / 12);
    expect(world.bookings.user.booking(id)).to.include({ state: 'live', start: start + HOUR });
  });

  it('is carried out by a replay although a hint arrives between the request and its task', async () => {
    const { world, id, start } = await FailingWorld.begin();
    world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: start + HOUR });
    await world.settle(HOUR / 12);
    world.failing = false;
    world.hintAfterEachRequest();
    expect((await world.engine.replay(id)).unwrap()).to.equal(true);
    await world.settle(HOUR / 12);
    expect(world.bookings.user.booking(id)).to.include({ state: 'live', start: start + HOUR });
    expect(world.eventStart()).to.equal(start + HOUR);
    expect((await world.engine.deadLetters({})).unwrap()).to.deep.equal([]);
  });
});
