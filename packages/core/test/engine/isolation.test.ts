import { expect } from 'chai';
import { DAY, Err, HOUR, MINUTE, SECOND, type CalendarSystem, type SyncError } from '@loft/sync-core';
import type { UnitId } from '@loft/sync-core/adapters';
import type { ActionEvent } from '@loft/sync-core/reports';
import { expectIdle, expectInSync } from './expect-in-sync.js';
import { overridden } from './overridden.js';
import { BAY1, BAY2, only, World } from './world.js';

const PAYLOAD = { error: { code: 400, errors: [{ reason: 'invalid' }] } };

function failure(kind: SyncError['kind'], extra: Partial<SyncError> = {}): SyncError {
  return { kind, system: 'google', method: 'events.insert', message: `events.insert: ${kind}`, ...extra };
}

const INTERNAL = failure('transient', { status: 500 });
const INVALID = failure('invalid', { status: 400, reason: 'invalid', payload: PAYLOAD });

/** A world in which the inserts of some events fail. */
class PoisonedWorld extends World {
  /** The error, by the event's id. */
  readonly poison = new Map<string, SyncError>();
  /** Number of insert attempts, by the event's id. */
  readonly attempts = new Map<string, number>();

  constructor(options: ConstructorParameters<typeof World>[0] = {}) {
    super(options);
    const { calendars } = this;
    this.through({
      calendars: overridden(calendars, {
        insertEvent: async (calendarId, eventId, draft) => {
          this.attempts.set(eventId, (this.attempts.get(eventId) ?? 0) + 1);
          const error = this.poison.get(eventId);
          return error ? Err(error) : calendars.insertEvent(calendarId, eventId, draft);
        },
      }),
    });
  }

  /** Makes a booking whose insert fails. */
  bookPoisoned(unit: UnitId, hours: number, error: SyncError): string {
    const id = this.book(unit, hours, 'Poison');
    this.poison.set(`loft${id}`, error);
    return id;
  }

  actionsOf(id: string): readonly ActionEvent[] {
    return this.events.filter((it): it is ActionEvent => it.type === 'action' && it.appointmentId === id);
  }
}

/** Until the next poll has observed a booking. */
const POLL: number = MINUTE;

describe('an appointment that always fails', function () {
  this.timeout(300_000);

  it('becomes a dead letter after its attempts, with all details, and is not retried', async () => {
    const world = await new PoisonedWorld().start();
    const id = world.bookPoisoned(BAY1.resourceUnitId, 30, INTERNAL);
    await world.settle(9 * MINUTE);
    expect(world.attempts.get(`loft${id}`)).to.equal(8);
    const [letter, ...others] = await world.deadLetters();
    expect(others).to.deep.equal([]);
    expect(letter).to.deep.include({ appointmentId: id, reason: 'new-booking', attempts: 8, error: INTERNAL });
    // The calendar of the event that could not be created.
    expect(letter).to.deep.include({ calendarId: BAY1.calendarId, eventId: `loft${id}` });
    expect(world.actionsOf(id).map((it) => `${it.attempt} ${it.outcome}`)).to.deep.equal([
      ...[1, 2, 3, 4, 5, 6, 7].map((attempt) => `${attempt} retry`),
      '8 dead-letter',
    ]);
  });

  it('waits longer each time, at random', async () => {
    let nth = 0;
    const random = (): number => [0.5, 0.9, 0.2][nth++ % 3]!;
    const world = await new PoisonedWorld({ engine: { random, owner: 'one' } }).start();
    const id = world.bookPoisoned(BAY1.resourceUnitId, 30, INTERNAL);
    await world.settle(9 * MINUTE);
    const times = world.actionsOf(id).map((it) => it.at);
    const gaps = times.slice(1).map((at, index) => at - times[index]!);
    const ceilings = [500, 1000, 2000, 4000, 8000, 16_000, 32_000];
    gaps.forEach((gap, index) => expect(gap).to.be.within(0.2 * ceilings[index]!, ceilings[index]!));
  });

  it('does not delay the others', async () => {
    const world = await new PoisonedWorld().start();
    world.bookPoisoned(BAY1.resourceUnitId, 30, INTERNAL);
    for (let minute = 0; minute < 8; minute++) {
      world.book(minute % 2 ? BAY1.resourceUnitId : BAY2.resourceUnitId, 40 + minute, `Guest ${minute}`);
      await world.settle(MINUTE);
    }
    const others = world.events.filter((it): it is ActionEvent => it.type === 'action' && it.outcome === 'ok');
    expect(others).to.have.length(8);
    for (const { propagationMs } of others) expect(propagationMs).to.be.lessThan(POLL + SECOND);
  });

  it('does not delay the others when there are several of them', async () => {
    const world = await new PoisonedWorld().start();
    for (let index = 0; index < 5; index++) world.bookPoisoned(BAY1.resourceUnitId, 30 + index, INTERNAL);
    for (let minute = 0; minute < 8; minute++) {
      world.book(minute % 2 ? BAY1.resourceUnitId : BAY2.resourceUnitId, 40 + minute, `Guest ${minute}`);
      await world.settle(MINUTE);
    }
    await world.settle(MINUTE);
    const others = world.events.filter((it): it is ActionEvent => it.type === 'action' && it.outcome === 'ok');
    expect(others).to.have.length(8);
    for (const { propagationMs } of others) expect(propagationMs).to.be.lessThan(POLL + MINUTE);
  });

  it('is retried automatically from time to time, not hundreds of times, and succeeds after the fault', async () => {
    const settings = { uschedule: { pollSeconds: 300 }, google: { sweepSeconds: 3600 } };
    const world = await new PoisonedWorld({ settings }).start();
    const id = world.bookPoisoned(BAY1.resourceUnitId, 24 * 20, INTERNAL);
    await world.settle(HOUR);
    expect(world.attempts.get(`loft${id}`)).to.equal(16);
    await world.settle(12 * DAY);
    expect(world.attempts.get(`loft${id}`)).to.equal(88);
    expect((await world.deadLetters())[0]).to.include({ retryAt: null, revivals: 10 });
  });

  it('succeeds by an automatic retry after the fault', async () => {
    const world = await new PoisonedWorld().start();
    const id = world.bookPoisoned(BAY1.resourceUnitId, 30, INTERNAL);
    await world.settle(9 * MINUTE);
    expect(await world.deadLetters()).to.have.length(1);
    world.poison.clear();
    await world.settle(5 * MINUTE);
    expect(only(world.on(BAY1)).eventId).to.equal(`loft${id}`);
    await expectInSync(world);
    await expectIdle(world);
  });
});

describe('a permanent error', function () {
  this.timeout(300_000);

  it('becomes a dead letter at once, with the ids and the answer of the other side', async () => {
    const world = await new PoisonedWorld().start();
    const id = world.bookPoisoned(BAY1.resourceUnitId, 30, INVALID);
    await world.settle(2 * HOUR);
    expect(world.attempts.get(`loft${id}`)).to.equal(1);
    const [letter] = await world.deadLetters();
    expect(letter).to.deep.include({
      appointmentId: id,
      reason: 'new-booking',
      attempts: 1,
      error: INVALID,
      retryAt: null,
    });
    expect(letter?.error.payload).to.deep.equal(PAYLOAD);
    expect(world.actionsOf(id).map((it) => it.outcome)).to.deep.equal(['dead-letter']);
    expect(world.actionsOf(id)[0]?.error).to.deep.equal(INVALID);
    expect((await world.engine.status()).unwrap()).to.deep.include({
      deadLetters: 1,
      tasks: { due: 0, waiting: 0, claimed: 0 },
    });
  });

  it('names the event, if there is one', async () => {
    const world = new World();
    const { calendars } = world;
    world.through({
      calendars: overridden(calendars, { patchEvent: async () => Err(failure('invalid', { method: 'events.patch' })) }),
    });
    await world.start();
    const id = world.book(BAY1.resourceUnitId, 30);
    await world.settle();
    world.bookings.user.move(id, { start: world.hour(40) });
    await world.settle();
    expect((await world.deadLetters())[0]).to.include({
      appointmentId: id,
      calendarId: BAY1.calendarId,
      eventId: `loft${id}`,
      reason: 'booking-changed',
    });
  });

  it('is retried when its booking changes', async () => {
    const world = await new PoisonedWorld().start();
    const id = world.bookPoisoned(BAY1.resourceUnitId, 30, INVALID);
    await world.settle();
    world.bookings.user.setNotes(id, 'Something else');
    await world.settle();
    expect(world.attempts.get(`loft${id}`)).to.equal(2);
    world.poison.clear();
    await world.settle();
    expect(world.attempts.get(`loft${id}`)).to.equal(2);
    world.bookings.user.setNotes(id, 'Something that goes');
    await world.settle();
    expect(only(world.on(BAY1)).description).to.equal('Something that goes');
    await expectIdle(world);
  });

  it('disappears when the failed change is reverted', async () => {
    const world = new World();
    const { calendars } = world;
    world.through({ calendars: overridden(calendars, { patchEvent: async () => Err(INVALID) }) });
    await world.start();
    const id = world.book(BAY1.resourceUnitId, 30);
    await world.settle();
    world.bookings.user.move(id, { start: world.hour(40) });
    await world.settle();
    expect(await world.deadLetters()).to.have.length(1);
    world.bookings.user.move(id, { start: world.hour(30) });
    await world.settle(2 * MINUTE);
    expect(await world.deadLetters()).to.deep.equal([]);
    await expectInSync(world);
    await expectIdle(world);
  });

  it('disappears when a replay succeeds, and stays when it fails', async () => {
    const world = await new PoisonedWorld().start();
    const id = world.bookPoisoned(BAY1.resourceUnitId, 30, INVALID);
    await world.settle();
    expect((await world.engine.replay(id)).unwrap()).to.equal(true);
    await world.settle();
    expect(world.attempts.get(`loft${id}`)).to.equal(2);
    expect(await world.deadLetters()).to.have.length(1);

    world.poison.clear();
    expect((await world.engine.replay(id)).unwrap()).to.equal(true);
    await world.settle();
    expect(only(world.on(BAY1)).eventId).to.equal(`loft${id}`);
    await expectInSync(world);
    await expectIdle(world);
    expect((await world.engine.replay(id)).unwrap()).to.equal(false);
  });

  it('survives a restart, and can be replayed after it', async () => {
    const world = await new PoisonedWorld().start();
    const id = world.bookPoisoned(BAY1.resourceUnitId, 30, INVALID);
    await world.settle();
    await world.restart();
    await world.settle(HOUR);
    expect(world.attempts.get(`loft${id}`)).to.equal(1);
    world.poison.clear();
    await world.engine.replay(id);
    await world.settle(MINUTE);
    await expectInSync(world);
    await expectIdle(world);
  });
});

describe('an event that is refused (403) while its calendar takes other writes', function () {
  it('becomes a dead letter with its ids, and affects neither the calendar nor /ready', async () => {
    const world = new World();
    const refused: SyncError = {
      kind: 'forbidden',
      system: 'google',
      method: 'events.patch',
      message: 'not organizer',
    };
    let refusedId = '';
    world.through({
      calendars: overridden<CalendarSystem>(world.calendars, {
        patchEvent: async (calendarId, eventId, patch, ifMatch) =>
          eventId === refusedId ? Err(refused) : world.calendars.patchEvent(calendarId, eventId, patch, ifMatch),
      }),
    });
    await world.start();
    const id = world.book(BAY1.resourceUnitId, 30);
    const other = world.book(BAY1.resourceUnitId, 40);
    await world.settle(2 * MINUTE);
    refusedId = `loft${id}`;
    world.bookings.user.move(id, { start: world.hour(50) });
    await world.settle(2 * MINUTE);
    expect(await world.engine.readiness()).to.deep.include({ ready: true, reasons: [] });
    world.bookings.user.move(other, { start: world.hour(60) });
    await world.settle(5 * MINUTE);
    const [letter] = await world.deadLetters();
    expect(letter).to.include({ appointmentId: id, calendarId: BAY1.calendarId, eventId: refusedId, attempts: 8 });
    expect(letter?.error).to.include({ kind: 'forbidden', scope: 'event' });
    expect(world.on(BAY1).find(({ eventId }) => eventId === `loft${other}`)?.start).to.equal(world.hour(60));
    expect(await world.engine.readiness()).to.deep.include({ ready: true, reasons: [] });
    const failed = world.events.filter((it): it is ActionEvent => it.type === 'action' && it.outcome !== 'ok');
    expect(failed).to.have.length(8);
    for (const action of failed) expect(action).to.include({ appointmentId: id, eventId: refusedId });
  });

  it('delays no other event and is no reason in /ready, if its write is the first one after a start', async () => {
    const world = new World();
    const [refused = '', other = ''] = [30, 40].map((hours) => world.book(BAY1.resourceUnitId, hours));
    await world.start();
    await world.settle();
    await world.engine.stop();
    world.bookings.user.move(refused, { start: world.hour(50) });
    world.engine = world.newEngine({
      calendars: overridden<CalendarSystem>(world.calendars, {
        patchEvent: async (calendarId, eventId, patch, ifMatch) =>
          eventId === `loft${refused}`
            ? Err({ kind: 'forbidden', system: 'google', method: 'events.patch', message: 'not organizer' })
            : world.calendars.patchEvent(calendarId, eventId, patch, ifMatch),
      }),
    });
    await world.start();
    await world.settle(10 * SECOND);
    expect(world.actions()).to.include('update:booking-changed:retry');
    expect((await world.engine.readiness()).reasons).to.deep.equal([]);
    world.bookings.user.move(other, { start: world.hour(60) });
    await world.engine.hint(other);
    await world.settle(SECOND);
    expect(world.on(BAY1).find(({ eventId }) => eventId === `loft${other}`)?.start).to.equal(world.hour(60));
  });
});

describe('a calendar that is not shared with us', function () {
  this.timeout(300_000);

  for (const access of ['none', 'reader'] as const) {
    const how = access === 'none' ? 'at all' : 'for writing';

    it(`${how} does not delay the other, is probed from time to time, and recovers by itself`, async () => {
      const world = await new World().start();
      await world.settle(MINUTE);
      world.calendars.shareCalendar(BAY2.calendarId, access);
      for (let index = 0; index < 5; index++) world.book(BAY2.resourceUnitId, 30 + index);
      await world.settle(6 * MINUTE);
      world.events.length = 0;
      const ids = Array.from({ length: 5 }, (_, index) => world.book(BAY1.resourceUnitId, 30 + index));
      await world.settle(6 * HOUR);
      expect(world.on(BAY1).map((it) => it.eventId)).to.deep.equal(ids.map((id) => `loft${id}`));
      const actions = world.events.filter((it): it is ActionEvent => it.type === 'action' && it.outcome === 'ok');
      for (const { propagationMs } of actions) expect(propagationMs).to.be.lessThan(POLL + SECOND);
      // One poll a minute, a sweep every five minutes, and a probe of the refusing calendar from time to time.
      const { listBookings, insertEvent = 0, ...others } = world.calls();
      expect(listBookings).to.equal(360);
      expect(insertEvent).to.be.lessThan(400);
      expect(Object.values(others).reduce((sum, count) => sum + count, 0)).to.be.lessThan(6 * 60 * 5);
      const { ready, reasons } = await world.engine.readiness();
      expect(ready).to.equal(false);
      expect(reasons.join()).to.contain('bay 2');
      expect(reasons.join()).to.not.contain('bay 1');
      expect(await world.deadLetters()).to.deep.equal([]);

      world.calendars.shareCalendar(BAY2.calendarId, 'writer');
      await world.settle();
      expect(await world.engine.readiness()).to.deep.include({ ready: true, reasons: [] });
      await expectInSync(world);
      await expectIdle(world);
    });

    it(`${how} causes no call per waiting booking to the other one`, async () => {
      const world = await new World().start();
      world.calendars.shareCalendar(BAY2.calendarId, access);
      for (let index = 0; index < 200; index++) world.book(BAY2.resourceUnitId, 30 + index);
      await world.settle(6 * MINUTE);
      world.events.length = 0;
      await world.settle(HOUR);
      // One booking probes the refusing calendar, at most once a minute, and reads both sides before.
      const { insertEvent = 0, getEvent = 0, listEvents = 0 } = world.calls();
      expect(insertEvent).to.be.within(1, 60);
      expect(getEvent).to.be.at.most(60);
      expect(listEvents).to.be.at.most(150);
      world.calendars.shareCalendar(BAY2.calendarId, 'writer');
      await world.settle();
      await expectInSync(world);
    });
  }
});

/** A world in which whole systems can be down or rate-limited. */
class FlakyWorld extends World {
  readonly down = new Map<'uschedule' | 'google', SyncError>();
  /** Times of the calls that were sent while their system was down. */
  readonly turnedAway: { readonly method: string; readonly at: number }[] = [];

  constructor(options: ConstructorParameters<typeof World>[0] = {}) {
    super(options);
    this.through({
      bookings: this.#guarded('uschedule', this.bookings),
      calendars: this.#guarded('google', this.calendars),
    });
  }

  #guarded<T extends object>(system: 'uschedule' | 'google', port: T): T {
    return new Proxy(port, {
      get: (target, name): unknown => {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== 'function') return member;
        return (...args: readonly unknown[]): unknown => {
          const error = this.down.get(system);
          if (!error) return Reflect.apply(member, target, args);
          this.turnedAway.push({ method: String(name), at: this.clock.now() });
          return Promise.resolve(Err({ ...error, system, method: String(name) }));
        };
      },
    });
  }
}

describe('an outage of an hour', function () {
  this.timeout(300_000);

  for (const systems of [['uschedule'], ['google'], ['uschedule', 'google']] as const) {
    it(`of ${systems.join(' and ')} loses nothing, and does not cause a storm of calls`, async () => {
      const world = await new FlakyWorld().start();
      const ids = Array.from({ length: 10 }, (_, index) =>
        world.book(BAY1.resourceUnitId, 100 + index, `Guest ${index}`),
      );
      await world.settle();
      for (const system of systems) world.down.set(system, failure('transient', { status: 503 }));
      // A change of every kind on each side.
      const { user } = world.bookings;
      const { person } = world.calendars;
      world.book(BAY2.resourceUnitId, 50);
      user.move(ids[0]!, { start: world.hour(150) });
      user.move(ids[1]!, { unit: BAY2.resourceUnitId });
      user.cancel(ids[2]!);
      user.setNotes(ids[3]!, 'Notes');
      person.dragEvent(BAY1.calendarId, `loft${ids[4]}`, { start: world.hour(160) });
      person.moveToCalendar(BAY1.calendarId, `loft${ids[5]}`, BAY2.calendarId);
      person.deleteEvent(BAY1.calendarId, `loft${ids[6]}`);
      person.makeAllDay(BAY1.calendarId, `loft${ids[7]}`);
      await world.settle(HOUR);
      expect(world.turnedAway.length).to.be.within(20, 250);
      expect(await world.deadLetters()).to.deep.equal([]);
      const { ready, reasons } = await world.engine.readiness();
      expect(ready).to.equal(false);
      for (const system of systems) expect(reasons.join('\n')).to.match(system === 'google' ? /calendar:/ : /bookings/);

      world.down.clear();
      await world.settle(5 * MINUTE);
      expect(await world.engine.readiness()).to.deep.include({ ready: true, reasons: [] });
      expect(user.booking(ids[4]!)).to.include({
        start: world.calendars.events(BAY1.calendarId).find((it) => it.eventId === `loft${ids[4]}`)?.start,
        state: 'live',
      });
      expect(user.booking(ids[5]!)).to.include({ unit: BAY2.resourceUnitId });
      expect(user.booking(ids[6]!)).to.include({ state: 'canceled' });
      await expectInSync(world);
      await expectIdle(world);
    });
  }
});

describe('the first failure of a task after an outage', () => {
  it('does not revert the edit: the attempts during the outage do not count', async () => {
    const world = await new FlakyWorld().start();
    const id = world.book(BAY1.resourceUnitId, 100);
    await world.settle();
    world.down.set('uschedule', failure('transient', { status: 503 }));
    world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: world.hour(160) });
    await world.settle(HOUR);
    const { bookings } = world;
    const rescheduleBooking = bookings.rescheduleBooking.bind(bookings);
    let fails = 2;
    bookings.rescheduleBooking = async (...args) =>
      fails-- > 0 ? Err(failure('transient', { status: 503 })) : rescheduleBooking(...args);
    world.down.clear();
    await world.settle(10 * MINUTE);
    expect(fails).to.be.lessThan(0);
    expect(world.reasons()).not.to.include('edit-undelivered');
    expect(bookings.user.booking(id)).to.include({ start: only(world.on(BAY1)).start });
    await expectInSync(world);
  });
});

describe('a limit on the rate of calls', function () {
  this.timeout(300_000);

  it('is respected for the requested time', async () => {
    const world = await new FlakyWorld().start();
    await world.settle(MINUTE);
    const since = world.clock.now();
    world.down.set('google', failure('rate-limited', { status: 429, retryAfterMs: 5 * MINUTE }));
    for (let index = 0; index < 5; index++) world.book(BAY1.resourceUnitId, 30 + index);
    await world.settle(20 * MINUTE);
    // At most the concurrent calls, then one probe each time.
    const turned = world.turnedAway.filter(({ at }) => at >= since).map(({ at }) => at);
    const first = turned.filter((at) => at === turned[0]);
    expect(first.length).to.be.within(1, 5);
    const probes = turned.slice(first.length);
    expect(probes.length).to.be.within(2, 4);
    [...probes.entries()].forEach(([index, at]) => {
      expect(at - (probes[index - 1] ?? turned[0]!)).to.be.at.least(5 * MINUTE);
    });
    world.down.clear();
    await world.settle(6 * MINUTE);
    await expectInSync(world);
    await expectIdle(world);
  });

  it('that lasts for hours dead-letters nothing', async () => {
    const world = await new FlakyWorld().start();
    await world.settle(MINUTE);
    world.down.set('google', failure('rate-limited', { status: 429 }));
    for (let index = 0; index < 5; index++) world.book(BAY1.resourceUnitId, 30 + index);
    await world.settle(4 * HOUR);
    expect(await world.deadLetters()).to.deep.equal([]);
    expect(world.turnedAway.length).to.be.lessThan(300);
    world.down.clear();
    await world.settle(2 * MINUTE);
    await expectInSync(world);
    await expectIdle(world);
  });
});
