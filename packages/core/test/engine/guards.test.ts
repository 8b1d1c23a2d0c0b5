import { expect } from 'chai';
import { DAY, Err, HOUR, MINUTE, type Booking, type SyncError } from '@loft/sync-core';
import type { BookingList } from '@loft/sync-core/adapters';
import { expectIdle, expectInSync } from './expect-in-sync.js';
import { overridden } from './overridden.js';
import { BAY1, BAY2, only, World } from './world.js';

const UNAVAILABLE: SyncError = {
  kind: 'transient',
  system: 'google',
  method: 'events.get',
  message: '503',
  status: 503,
};

/** This number of mirrored bookings from tomorrow on, alternating between both bays. */
async function mirrored(world: World, count: number): Promise<readonly string[]> {
  await world.start();
  const ids = Array.from({ length: count }, (_, index) => {
    const bay = index % 2 === 0 ? BAY1 : BAY2;
    return world.book(bay.resourceUnitId, 30 + Math.floor(index / 2) * 2, `Guest ${index}`);
  });
  await world.settle();
  await expectInSync(world);
  return ids;
}

async function reasons(world: World): Promise<readonly string[]> {
  return (await world.engine.readiness()).reasons;
}

describe('the proof of a deletion before a cancellation', function () {
  this.timeout(300_000);

  it('reads the event by its id, and searches the other bay', async () => {
    const world = new World();
    const [id = ''] = await mirrored(world, 1);
    world.events.length = 0;
    world.calendars.person.deleteEvent(BAY1.calendarId, `loft${id}`);
    await world.settle();
    expect(world.calls()['getEvent']).to.be.greaterThanOrEqual(2);
    expect(world.bookings.writes).to.deep.equal({ booked: 0, cancelled: 1, rescheduled: 0 });
    expect(world.actions()).to.deep.equal(['cancel:event-deleted:ok']);
  });

  for (const [waitMs, when, reads] of [
    [30 * MINUTE, 'searches both bays twice', 4],
    [6 * MINUTE, 'soon after our write, reads another event of the booking once in each bay, too', 6],
  ] as const) {
    it(when, async () => {
      const world = await new World().start();
      const id = world.book(BAY1.resourceUnitId, 30);
      await world.settle(waitMs);
      const before = world.calls();
      world.calendars.person.deleteEvent(BAY1.calendarId, `loft${id}`);
      await world.settle();
      expect((world.calls()['getEvent'] ?? 0) - (before['getEvent'] ?? 0)).to.equal(reads);
      expect(world.bookings.writes.cancelled).to.equal(1);
    });
  }

  it('finds an event on the other bay if its old calendar only reports its deletion', async () => {
    const world = new World({ settings: { google: { sweepSeconds: 1e6 } } });
    let blind = false;
    const { calendars } = world;
    // The other bay's list shows no change: only the tombstone is observed.
    world.through({
      calendars: overridden(calendars, {
        listEvents: async (calendarId, cursor) => {
          const page = await calendars.listEvents(calendarId, cursor);
          return blind && calendarId === BAY2.calendarId ? page.map((it) => ({ ...it, events: [] })) : page;
        },
      }),
    });
    const [id = ''] = await mirrored(world, 1);
    blind = true;
    calendars.person.moveToCalendar(BAY1.calendarId, `loft${id}`, BAY2.calendarId);
    await world.engine.syncNow();
    await world.settle(MINUTE);
    expect(world.bookings.user.booking(id)).to.include({ state: 'live', unit: BAY2.resourceUnitId });
    expect(world.bookings.writes).to.deep.equal({ booked: 0, cancelled: 0, rescheduled: 1 });
    await expectInSync(world);
  });

  it('does not accept "not found" of a calendar that is no longer shared', async () => {
    const world = new World();
    const { calendars } = world;
    world.through({
      calendars: overridden(calendars, {
        listEvents: async (calendarId, cursor) => {
          const page = await calendars.listEvents(calendarId, cursor);
          const described = page.ok && page.val.events.some((event) => event.state === 'gone');
          if (described) calendars.shareCalendar(BAY1.calendarId, 'none');
          return page;
        },
      }),
    });
    const [id = ''] = await mirrored(world, 1);
    calendars.person.deleteEvent(BAY1.calendarId, `loft${id}`);
    await world.settle(2 * HOUR);
    expect(world.bookings.user.booking(id)).to.include({ state: 'live' });
    expect((await reasons(world)).join()).to.contain('not shared');
    expect(await world.deadLetters()).to.deep.equal([]);
    calendars.shareCalendar(BAY1.calendarId, 'writer');
    await world.settle();
    expect(world.bookings.user.booking(id)).to.include({ state: 'canceled' });
    await expectIdle(world);
  });

  it('does not accept "not found" of another bay that is no longer shared', async () => {
    const world = new World();
    const [id = ''] = await mirrored(world, 1);
    world.calendars.person.moveToCalendar(BAY1.calendarId, `loft${id}`, BAY2.calendarId);
    world.calendars.shareCalendar(BAY2.calendarId, 'none');
    world.events.length = 0;
    await world.settle(2 * HOUR);
    expect(world.bookings.user.booking(id)).to.include({ state: 'live' });
    expect(world.calls()['getEvent']).to.be.lessThan(300);
    world.calendars.shareCalendar(BAY2.calendarId, 'writer');
    await world.settle();
    expect(world.bookings.user.booking(id)).to.include({ state: 'live', unit: BAY2.resourceUnitId });
    await expectInSync(world);
  });

  it('does not accept a calendar without an answer, and retries', async () => {
    const world = new World();
    let down = false;
    const { calendars } = world;
    world.through({
      calendars: overridden(calendars, {
        getEvent: async (calendarId, eventId) => (down ? Err(UNAVAILABLE) : calendars.getEvent(calendarId, eventId)),
      }),
    });
    const [id = ''] = await mirrored(world, 1);
    down = true;
    calendars.person.deleteEvent(BAY1.calendarId, `loft${id}`);
    await world.settle(6 * MINUTE);
    expect(world.bookings.user.booking(id)).to.include({ state: 'live' });
    down = false;
    await world.settle(HOUR);
    expect(world.bookings.user.booking(id)).to.include({ state: 'canceled' });
    await expectIdle(world);
  });
});

/** A booking system whose list can hide bookings, with chosen answers to reads of them. */
class LyingBookings {
  hidden: ReadonlySet<string> = new Set();
  lie: 'missing' | 'dead' | 'elsewhere' = 'missing';

  constructor(world: World) {
    const { bookings } = world;
    world.through({
      bookings: overridden(bookings, {
        listBookings: async (period) => {
          const list = await bookings.listBookings(period);
          return list.map((it) => this.#listed(it));
        },
        getBooking: async (id) => {
          if (!this.hidden.has(id)) return bookings.getBooking(id);
          if (this.lie !== 'missing') return (await bookings.getBooking(id)).map((it) => this.#lied(it));
          return Err({ kind: 'not-found', system: 'uschedule', method: 'getappointment', message: 'unknown' });
        },
      }),
    });
  }

  #listed({ bookings, unreadable }: BookingList): BookingList {
    if (this.lie === 'missing')
      return { bookings: bookings.filter((it) => !this.hidden.has(it.appointmentId)), unreadable };
    return { bookings: bookings.map((it) => (this.hidden.has(it.appointmentId) ? this.#lied(it) : it)), unreadable };
  }

  #lied(booking: Booking): Booking {
    return this.lie === 'dead' ? { ...booking, status: 'dead' } : { ...booking, resourceUnitId: 1 };
  }
}

describe('the mass-change stop of the booking feed', function () {
  this.timeout(300_000);

  for (const [lie, what, described] of [
    ['missing', 'are not listed any more', '20 of 20 bookings are gone'],
    ['dead', 'read as cancelled', '20 of 20 bookings are gone'],
    ['elsewhere', 'seem to be on a unit that is no bay of ours', '10 of 10 bookings of bay 1 are on units of no bay'],
  ] as const) {
    it(`cancels nothing if all bookings ${what} at once, and reports that`, async () => {
      const world = new World();
      const system = new LyingBookings(world);
      const ids = await mirrored(world, 20);
      const writes = world.calendars.writeCount;
      system.lie = lie;
      system.hidden = new Set(ids);
      await world.settle(3 * HOUR);
      expect(world.calendars.writeCount).to.equal(writes);
      expect(await reasons(world)).to.deep.equal([
        `feed bookings was stopped by a guard: ${described} at once, which is more than massChangeLimit ` +
          'allows. Nothing is cancelled until they are back or a person resumes the feed.',
      ]);
      const status = (await world.engine.status()).unwrap();
      expect(status.feeds.find((feed) => feed.feed === 'bookings')?.stopped).to.include({
        wouldCancel: Number(described.slice(0, 2)),
        mirrors: Number(described.slice(0, 2)),
      });
      const stops = world.events.filter((event) => event.type === 'feed' && event.outcome === 'stopped');
      expect(stops.length).to.be.greaterThan(0);
    });
  }

  it('keeps the events of a bay whose unit is wrong in the settings, until that is corrected', async () => {
    const world = new World();
    await mirrored(world, 20);
    const writes = world.calendars.writeCount;
    await world.engine.stop();
    world.engine = world.newEngine({
      settings: { ...world.settings, bays: [{ ...BAY1, resourceUnitId: 5532 }, BAY2] },
    });
    await world.start();
    await world.settle(HOUR);
    expect((await reasons(world)).join()).to.contain('10 of 10 bookings of bay 1 are on units of no bay at once');
    expect(world.calendars.writeCount).to.equal(writes);
    await world.restart();
    await world.settle();
    expect(await reasons(world)).to.deep.equal([]);
    await expectInSync(world);
  });

  it('keeps the events of a bay that was removed from the settings, without calls', async () => {
    const world = new World();
    await mirrored(world, 20);
    await world.engine.stop();
    world.engine = world.newEngine({ settings: { ...world.settings, bays: [BAY1] } });
    await world.start();
    await world.settle();
    world.events.length = 0;
    await world.settle(HOUR);
    expect(await reasons(world)).to.deep.equal([]);
    expect(world.on(BAY2)).to.have.length(10);
    const methods = new Set(world.events.flatMap((it) => (it.type === 'call' ? [it.method] : [])));
    expect(methods).to.not.include('addTasks');
  });

  it('survives a restart', async () => {
    const world = new World();
    const system = new LyingBookings(world);
    const ids = await mirrored(world, 20);
    system.hidden = new Set(ids);
    await world.settle();
    const stoppedAt = (await world.store.getFeedState('bookings')).unwrap()?.stopped?.at;
    const writes = world.calendars.writeCount;
    await world.restart();
    await world.settle();
    expect(world.calendars.writeCount).to.equal(writes);
    expect((await reasons(world)).join()).to.contain('20 of 20 bookings are gone at once');
    expect((await world.store.getFeedState('bookings')).unwrap()?.stopped?.at).to.equal(stoppedAt);
  });

  it('continues to mirror new bookings meanwhile', async () => {
    const world = new World();
    const system = new LyingBookings(world);
    const ids = await mirrored(world, 20);
    system.hidden = new Set(ids);
    await world.settle();
    const id = world.book(BAY1.resourceUnitId, 90);
    await world.settle();
    expect(world.on(BAY1).map((event) => event.eventId)).to.include(`loft${id}`);
    expect(world.on(BAY1)).to.have.length(11);
  });

  it('ends by itself when the records are back', async () => {
    const world = new World();
    const system = new LyingBookings(world);
    const ids = await mirrored(world, 20);
    const writes = world.calendars.writeCount;
    system.hidden = new Set(ids);
    await world.settle();
    expect(await reasons(world)).to.have.length(1);
    system.hidden = new Set();
    await world.settle();
    expect(await world.engine.readiness()).to.deep.include({ ready: true, reasons: [] });
    expect((await world.store.getFeedState('bookings')).unwrap()?.stopped).to.equal(null);
    expect(world.events.some((event) => event.type === 'feed' && event.outcome === 'resumed')).to.equal(true);
    expect(world.calendars.writeCount).to.equal(writes);
    await expectInSync(world);
  });

  it('ends when a person resumes the feed, once', async () => {
    const world = new World();
    const ids = await mirrored(world, 20);
    for (const id of ids) world.bookings.user.cancel(id);
    await world.settle();
    expect([...world.on(BAY1), ...world.on(BAY2)]).to.have.length(20);
    expect((await world.engine.resumeFeed('bookings')).unwrap()).to.equal('resumed');
    await world.settle();
    expect([...world.on(BAY1), ...world.on(BAY2)]).to.have.length(0);
    expect(await reasons(world)).to.deep.equal([]);
    await expectInSync(world);
    await expectIdle(world);

    const more = Array.from({ length: 8 }, (_, index) => world.book(BAY1.resourceUnitId, 50 + index));
    await world.settle();
    for (const id of more) world.bookings.user.cancel(id);
    await world.settle();
    expect(world.on(BAY1)).to.have.length(8);
  });

  it('cannot be resumed under an unknown feed name', async () => {
    const world = await new World().start();
    expect((await world.engine.resumeFeed('calendar:unknown')).unwrap()).to.equal('unknown');
  });

  it('allows the loss of half of the mirrors, and of five of five', async () => {
    for (const [count, cancelled] of [
      [20, 10],
      [5, 5],
    ] as const) {
      const world = new World();
      const ids = await mirrored(world, count);
      for (const id of ids.slice(0, cancelled)) world.bookings.user.cancel(id);
      await world.settle();
      expect([...world.on(BAY1), ...world.on(BAY2)]).to.have.length(count - cancelled);
      await expectInSync(world);
    }
  });

  it('applies from the first mirror above half', async () => {
    const world = new World();
    const ids = await mirrored(world, 20);
    for (const id of ids.slice(0, 11)) world.bookings.user.cancel(id);
    await world.settle();
    expect([...world.on(BAY1), ...world.on(BAY2)]).to.have.length(20);
  });

  it('does not treat a gap in the list as a cancellation, of any size', async () => {
    const world = new World();
    const { bookings } = world;
    let hidden = '';
    world.through({
      bookings: overridden(bookings, {
        listBookings: async (period) =>
          (await bookings.listBookings(period)).map((list) => ({
            ...list,
            bookings: list.bookings.filter((it) => it.appointmentId !== hidden),
          })),
      }),
    });
    const ids = await mirrored(world, 4);
    const writes = world.calendars.writeCount;
    hidden = ids[1] ?? '';
    await world.settle(2 * HOUR);
    expect(world.calendars.writeCount).to.equal(writes);
    expect((await reasons(world)).join()).to.contain('1 mirrored booking is missing from the list');
    await expectInSync(world);
  });
});

describe('the mass-change stop of a full calendar list', function () {
  this.timeout(300_000);

  /** Most events of bay 1 are deleted while the engine is stopped, and the token is lost. */
  async function afterTheLoss(world: World, deleted: number): Promise<readonly string[]> {
    const ids = await mirrored(world, 24);
    const onBay1 = ids.filter((_, index) => index % 2 === 0);
    for (const id of onBay1.slice(0, deleted)) world.calendars.person.deleteEvent(BAY1.calendarId, `loft${id}`);
    world.calendars.expireSyncTokens();
    await world.settle();
    return onBay1;
  }

  const live = (world: World): number => world.bookings.user.liveBookings().length;

  it('cancels nothing and reports that, also after restarts', async () => {
    const world = new World();
    await afterTheLoss(world, 7);
    expect(live(world)).to.equal(24);
    const expected =
      'feed calendar:bay-1@group.calendar.google.com was stopped by a guard: 7 of 12 events are gone at once';
    expect((await reasons(world)).join()).to.contain(expected);
    await world.restart();
    await world.settle(2 * HOUR);
    expect(live(world)).to.equal(24);
    expect((await reasons(world)).join()).to.contain(expected);
    expect(world.bookings.writeCount).to.equal(0);
  });

  it('still carries the edits of existing events', async () => {
    const world = new World();
    const ids = await afterTheLoss(world, 7);
    const kept = ids.at(-1) ?? '';
    world.calendars.person.dragEvent(BAY1.calendarId, `loft${kept}`, { start: world.hour(200) });
    await world.settle();
    expect(world.bookings.user.booking(kept)).to.include({ start: world.hour(200) });
    expect(live(world)).to.equal(24);
  });

  it('ends by itself when the events are back', async () => {
    const world = new World();
    const ids = await afterTheLoss(world, 7);
    for (const id of ids.slice(0, 7)) world.calendars.person.undelete(BAY1.calendarId, `loft${id}`);
    await world.settle();
    expect(await reasons(world)).to.deep.equal([]);
    expect(live(world)).to.equal(24);
    await expectInSync(world);
    await expectIdle(world);
  });

  it('ends when a person resumes the feed', async () => {
    const world = new World();
    await afterTheLoss(world, 7);
    expect((await world.engine.resumeFeed(`calendar:${BAY1.calendarId}`)).unwrap()).to.equal('resumed');
    await world.settle();
    expect(live(world)).to.equal(17);
    expect(world.bookings.writes).to.deep.equal({ booked: 0, cancelled: 7, rescheduled: 0 });
    expect(await reasons(world)).to.deep.equal([]);
    await expectInSync(world);
  });

  it('allows the deletion of half of them', async () => {
    const world = new World();
    await afterTheLoss(world, 6);
    expect(live(world)).to.equal(18);
    await expectInSync(world);
  });
});

describe('the moving window', function () {
  this.timeout(300_000);

  it('cancels nothing when days pass, for any number of bookings that leave it', async () => {
    const world = new World({ settings: { uschedule: { pollSeconds: 600 }, google: { sweepSeconds: 1800 } } });
    await world.start();
    for (let hour = 1; hour <= 60; hour++) world.book(hour % 2 ? BAY1.resourceUnitId : BAY2.resourceUnitId, hour);
    await world.settle(HOUR);
    const { writeCount } = world.calendars;
    expect(writeCount).to.equal(60);
    await world.settle(5 * DAY);
    expect(world.calendars.writeCount).to.equal(writeCount);
    expect(world.bookings.writeCount).to.equal(0);
    expect(await reasons(world)).to.deep.equal([]);
    await world.restart();
    await world.settle(DAY);
    expect(world.calendars.writeCount).to.equal(writeCount);
    expect([...world.on(BAY1), ...world.on(BAY2)]).to.have.length(60);
  });

  it('does not change past bookings and events', async () => {
    const world = new World({ settings: { uschedule: { pollSeconds: 600 }, google: { sweepSeconds: 1800 } } });
    await world.start();
    const ids = [2, 3, 4].map((hour) => world.book(BAY1.resourceUnitId, hour));
    await world.settle(HOUR);
    await world.settle(4 * DAY);
    const writes = world.calendars.writeCount;
    const [cancelled = '', deleted = '', moved = ''] = ids;
    const startOfMoved = world.bookings.user.booking(moved)!.start;
    world.bookings.user.cancel(cancelled);
    world.calendars.person.deleteEvent(BAY1.calendarId, `loft${deleted}`);
    world.calendars.person.dragEvent(BAY1.calendarId, `loft${moved}`, { start: world.hour(50) });
    world.calendars.expireSyncTokens();
    for (const id of ids) await world.engine.hint(id);
    await world.settle(2 * HOUR);
    // Only the moved event is reverted (docs/decision-table.md#row-26a).
    expect(world.calendars.writeCount).to.equal(writes + 1);
    expect(world.on(BAY1).find(({ eventId }) => eventId === `loft${moved}`)?.start).to.equal(startOfMoved);
    expect(world.bookings.writeCount).to.equal(0);
    expect(world.reasons().filter((reason) => reason === 'past')).to.not.have.length(0);
    await expectIdle(world);
  });

  it('keeps a booking that was moved far ahead', async () => {
    const world = new World();
    const [id = ''] = await mirrored(world, 1);
    const far = world.hour(24 * 100);
    world.bookings.user.move(id, { start: far });
    await world.settle();
    expect(only(world.on(BAY1))).to.include({ eventId: `loft${id}`, start: far });
    await expectInSync(world);
    world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: far + HOUR });
    await world.settle();
    expect(world.bookings.user.booking(id)).to.include({ start: far + HOUR, state: 'live' });
    world.bookings.user.move(id, { start: world.hour(48) });
    await world.settle();
    await expectInSync(world);
    expect(world.bookings.writes.cancelled).to.equal(0);
  });
});
