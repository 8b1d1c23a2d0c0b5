import { expect } from 'chai';
import { DAY, HOUR } from '@loft/sync-core';
import { Studio, type Installation, type InstallationOptions } from './support/installations.js';

describe('nothing is written on memory alone (docs/decision-table.md#guards)', function () {
  this.timeout(120_000);
  let studio: Studio;
  afterEach(() => studio.close());

  const live = (): readonly string[] => studio.uschedule.liveBookings().map(({ id }) => id);

  async function running(
    uschedule: InstallationOptions['uschedule'] = {},
    simulator: Parameters<typeof Studio.open>[0] = {},
  ): Promise<Installation> {
    studio = await Studio.open(simulator);
    return studio.install({ uschedule });
  }

  it('a deletion that the user undoes cancels no booking and causes no write to the booking system', async () => {
    const service = await running();
    const [id = ''] = studio.book([30]);
    await service.start();
    await service.settle();
    const { calendarId, id: eventId } = studio.eventOf(id);
    studio.google.person.deleteEvent(calendarId, eventId);
    await service.engine.syncNow();
    studio.google.person.undelete(calendarId, eventId);
    await service.settle(3);
    expect(live()).to.deep.equal([id]);
    expect(studio.uschedule.writes).to.deep.equal([]);
    expect(studio.sides().events).to.deep.equal(studio.sides().bookings);
  });

  for (const [name, uschedule, simulator] of [
    ['rebook', { reschedule: 'rebook' }, { reschedule: 'off' }],
    ['method', {}, {}],
    ['method with a new id', {}, { reschedule: 'new-id' }],
  ] as const) {
    describe(`where edits are carried by ${name}`, () => {
      it('a store restored from a backup, with slow calendars, cancels no booking', async () => {
        const service = await running(uschedule, simulator);
        const ids = studio.book([30, 34, 38, 42]);
        await service.start();
        await service.settle();
        await service.stop();
        await service.backUp();
        await service.start();
        for (const id of ids) studio.drag(id, studio.startOfEvent(id) + 2 * HOUR);
        await service.settle(4);
        expect(live()).to.have.length(4);
        const starts = studio.uschedule.liveBookings().map(({ start }) => start);
        await service.stop();
        await service.restore();
        studio.google.addFault({ method: 'events.list', times: 4, kind: 'delay', ms: 700 });
        await service.start();
        await service.settle(4);
        expect(studio.uschedule.liveBookings().map(({ start }) => start)).to.have.members(starts);
        expect(studio.sides().events).to.deep.equal(studio.sides().bookings);
      });
    });
  }

  for (const [name, uschedule, simulator] of [
    ['method', {}, {}],
    ['method with a new id', {}, { reschedule: 'new-id' }],
    ['rebook', { reschedule: 'rebook' }, { reschedule: 'off' }],
  ] as const) {
    describe(`where edits are carried by ${name}`, () => {
      it('two installations with separate stores turn one drag into one booking and one event', async () => {
        const first = await running(uschedule, simulator);
        const second = await studio.install({ uschedule });
        const ids = studio.book([30, 36]);
        await first.start();
        await first.settle();
        await second.start();
        await second.settle();
        studio.drag(ids[0] ?? '', studio.hour(33));
        await Promise.all([first.engine.tick(), second.engine.tick()]);
        for (let round = 0; round < 3; round++) {
          await first.settle(2);
          await second.settle(2);
        }
        expect(studio.uschedule.liveBookings().map(({ start }) => start)).to.have.members(
          [33, 36].map((h) => studio.hour(h)),
        );
        expect(studio.sides().events).to.deep.equal(studio.sides().bookings);
      });
    });
  }

  it('an empty store with a wrong account removes none of twelve events, and reports that', async () => {
    const service = await running();
    studio.book(Array.from({ length: 12 }, (_, index) => 30 + 2 * index));
    await service.start();
    await service.settle();
    await service.stop();
    const before = studio.sides().events;
    await service.loseStore();
    for (const id of live()) studio.uschedule.cancel(id);
    const stranger = await Studio.open();
    try {
      const { baseUrl, applicationKey, username, password } = stranger.uschedule.connection;
      await service.start({
        environment: {
          USCHEDULE_BASE_URL: baseUrl,
          USCHEDULE_APP_KEY: applicationKey,
          USCHEDULE_USERNAME: username,
          USCHEDULE_PASSWORD: password,
        },
      });
      // The events wait for the proof of the account, and are decided again later: their tasks stay.
      for (let round = 0; round < 3; round++) await service.engine.tick();
      await service.untilWaiting(12);
      expect(studio.sides().events).to.deep.equal(before);
      const reasons = service.events.flatMap((event) => (event.type === 'decision' ? [event.reason] : []));
      expect(reasons.filter((reason) => reason === 'orphan-unproven')).to.have.length.of.at.least(12);
    } finally {
      await service.stop();
      await stranger.close();
    }
  });

  it('a lost store and wiped properties leave one event for each booking', async () => {
    const service = await running();
    const ids = studio.book([30, 34]);
    await service.start();
    await service.settle();
    await service.stop();
    await service.loseStore();
    for (const id of ids) {
      const { calendarId, id: eventId } = studio.eventOf(id);
      studio.google.person.stripMetadata(calendarId, eventId);
    }
    await service.start();
    await service.settle(3);
    expect(studio.sides().events).to.deep.equal(studio.sides().bookings);
  });

  describe('past visits', () => {
    /** A booking whose visit ended an hour ago. */
    async function ended(hoursAgo: number): Promise<{ readonly service: Installation; readonly id: string }> {
      const service = await running({ pastDays: 14 });
      const [id = ''] = studio.book([-hoursAgo]);
      await service.start();
      await service.settle();
      return { service, id };
    }

    it('a deleted event of a visit that has ended cancels nothing', async () => {
      const { service, id } = await ended(3);
      studio.delete(id);
      await service.settle(4);
      expect(live()).to.deep.equal([id]);
      expect(studio.uschedule.writes).to.deep.equal([]);
    });

    it('an event of last week that is dragged to tomorrow is reverted', async () => {
      const { service, id } = await ended(24 * 7);
      const start = studio.startOfEvent(id);
      studio.drag(id, studio.hour(30));
      await service.settle(4);
      expect(studio.startOfEvent(id)).to.equal(start);
      expect(studio.uschedule.writes).to.deep.equal([]);
    });

    it('an event that is dragged into last week is reverted, and a drag after it is carried', async () => {
      const service = await running({ pastDays: 1 });
      const [id = ''] = studio.book([30]);
      await service.start();
      await service.settle();
      studio.drag(id, studio.hour(30) - 8 * DAY);
      await service.settle(3);
      expect(studio.startOfEvent(id)).to.equal(studio.hour(30));
      studio.drag(id, studio.hour(33));
      await service.settle(3);
      expect(studio.uschedule.booking(id)?.start).to.equal(studio.hour(33));
    });
  });
});
