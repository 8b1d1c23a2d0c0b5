import { expect } from 'chai';
import { HOUR, MINUTE, SECOND } from '@loft/sync-core';
import { ServiceOnSimulators, type ServiceOptions } from './support/service-on-simulators.js';
import { waitFor } from './support/wait-for.js';

const UNIT = 5523;

describe('the service with a USchedule that hides the booking status', function () {
  this.timeout(300_000);
  let studio: ServiceOnSimulators;
  const open = async (options: ServiceOptions = {}): Promise<void> => {
    studio = await ServiceOnSimulators.openBlind(options);
    await studio.start();
  };
  afterEach(() => studio.close());

  const polls = (): number => studio.timesCalled('getapiappointments');

  describe('when a booking is cancelled', () => {
    for (const confirmations of [1, 2, 4]) {
      it(`removes its event after exactly ${confirmations} readings of its slot as free`, async () => {
        await open({ uschedule: { cancelConfirmations: confirmations } });
        // Both on one local day at any time of the test: availability is read by day.
        const noon = studio.hoursTo(2, 12);
        const [id, other] = [studio.book(noon), studio.book(noon + 4)];
        await studio.tick();
        expect(studio.mirrored).to.have.members([id, other]);

        studio.uschedule.cancel(id);
        const before = { polls: polls(), asked: studio.timesCalled('getavailability') };
        await studio.tick(confirmations - 1);
        expect(studio.mirrored).to.have.members([id, other]);
        await studio.tick();
        expect(studio.mirrored).to.deep.equal([other]);
        expect(polls() - before.polls).to.equal(confirmations);
        expect(studio.timesCalled('getavailability') - before.asked).to.equal(confirmations);
        expect(studio.uschedule.writes).to.deep.equal([]);
      });
    }

    it('restarts the count after a reading as busy, and continues it after a restart of the service', async () => {
      await open({ uschedule: { cancelConfirmations: 3 } });
      const id = studio.book(30);
      await studio.tick();
      for (let time = 0; time < 3; time++) {
        studio.uschedule.flickerAvailability(2);
        await studio.tick(3);
      }
      expect(studio.mirrored).to.deep.equal([id]);

      studio.uschedule.cancel(id);
      await studio.tick(2);
      // The first poll after the start is the third.
      await studio.restart();
      await waitFor('the event to be removed', () => studio.mirrored.length === 0);
    });

    it('does not count readings that fail', async () => {
      await open();
      const id = studio.book(30);
      await studio.tick();
      studio.uschedule.cancel(id);
      await studio.tick();
      studio.uschedule.failNext('getavailability', 3, { status: 502, body: 'Bad Gateway' });
      await studio.tick(3);
      expect(studio.mirrored).to.deep.equal([id]);
      expect((await studio.ready()).reasons.join()).to.contain('availability of 1 days cannot be read');
      await studio.tick();
      expect(studio.mirrored).to.deep.equal([]);
    });
  });

  /** A booking that starts in `minutes` minutes, with a record of the given age. */
  function aboutToBegin(minutes = 10, age = 6 * MINUTE): string {
    return studio.ago(age, () => studio.uschedule.book({ unit: UNIT, start: studio.inMinutes(minutes), minutes: 15 }));
  }

  describe('when availability shows every slot as free', () => {
    it('removes no event, reports that, and recovers when availability is correct again', async () => {
      await open();
      const ids = Array.from({ length: 12 }, (_, index) => studio.book(30 + 24 * index));
      await studio.tick();
      expect(studio.mirrored).to.have.members(ids);
      studio.uschedule.flickerAvailability(Infinity);
      await studio.tick(4);
      const { status, reasons } = await studio.ready();
      expect(status).to.equal(503);
      expect(reasons.join()).to.contain('feed bookings was stopped by a guard: 12 of 12 bookings are gone at once');
      // A new booking is still mirrored if it cannot wait.
      const soon = aboutToBegin();
      await studio.tick();
      studio.uschedule.flickerAvailability(0);
      await studio.tick();
      expect(await studio.ready()).to.deep.equal({ status: 200, reasons: [] });
      expect(studio.mirrored).to.have.members([...ids, soon]);
    });
  });

  describe('when a slot is booked again', () => {
    it('never restores the event of the cancelled record', async () => {
      await open();
      const dead = studio.book(30, 'Ana R.');
      await studio.tick();
      studio.uschedule.cancel(dead);
      await studio.tick(2);
      const live = studio.book(30, 'Ben S.');
      await studio.tick(4);
      expect(studio.mirrored).to.deep.equal([live]);
      await studio.restart();
      expect(await studio.hint(dead)).to.equal(202);
      await studio.tick(3);
      expect(studio.mirrored).to.deep.equal([live]);
    });

    it('gives the slot to the newest record, for any number of cancellations and bookings between two polls', async () => {
      await open({ uschedule: { cancelConfirmations: 9 } });
      const first = studio.book(30, 'Ana R.');
      await studio.tick();
      studio.uschedule.cancel(first);
      const second = studio.book(30, 'Ben S.');
      studio.uschedule.cancel(second);
      const third = studio.book(30, 'Cleo T.');
      await studio.tick();
      expect(studio.mirrored).to.deep.equal([third]);
      await studio.tick(3);
      expect(studio.mirrored).to.deep.equal([third]);
    });
  });

  describe('when a checkout has started', () => {
    const checkout = (age: number, hours = 30): string =>
      studio.ago(age, () => studio.uschedule.beginCheckout({ unit: UNIT, start: studio.hour(hours) }));

    it('leaves no event of an abandoned checkout', async () => {
      await open();
      const begun = [checkout(0, 30), checkout(14 * MINUTE, 31), checkout(16 * MINUTE, 32), checkout(HOUR, 33)];
      await studio.tick(3);
      studio.uschedule.abandonCheckout(begun[0]!);
      await studio.tick(3);
      expect(studio.googleWrites).to.equal(0);
    });

    it('waits until the hold has expired, and then mirrors a completed checkout', async () => {
      await open();
      const held = 10 * MINUTE - 2 * SECOND;
      const abandoned = checkout(held, 31);
      const finished = studio.ago(held, () => {
        const id = studio.uschedule.beginCheckout({ unit: UNIT, start: studio.hour(30) });
        studio.uschedule.finishCheckout(id);
        return id;
      });
      await studio.tick();
      expect(studio.mirrored).to.deep.equal([]);
      await waitFor('the hold to end', async () => {
        await studio.tick();
        return studio.mirrored.length > 0;
      });
      await studio.tick(2);
      expect(studio.mirrored).to.deep.equal([finished]);
      expect(studio.uschedule.booking(abandoned)?.state).to.equal('abandoned');
    });
  });

  describe('when a booking is about to start', () => {
    it('mirrors it by a poll when its record is six minutes old, and not before', async () => {
      await open();
      const [id, young] = [aboutToBegin(), aboutToBegin(30, MINUTE)];
      await studio.tick();
      expect(studio.mirrored).to.deep.equal([id]);
      // Late in the evening the day has no slot left, and the next day is read.
      expect(studio.timesCalled('getavailability')).to.be.at.most(2);
      expect(studio.uschedule.booking(young)?.state).to.equal('live');
    });

    it('mirrors it by a hint, without any poll', async () => {
      await open();
      const id = aboutToBegin();
      expect(await studio.hint(id)).to.equal(202);
      await waitFor('the event', () => studio.mirrored.length > 0);
      expect(studio.mirrored).to.deep.equal([id]);
    });

    it('keeps its event during and after the visit', async () => {
      await open();
      const running = studio.ago(70 * MINUTE, () =>
        studio.uschedule.book({ unit: UNIT, start: studio.inMinutes(-50), minutes: 60 }),
      );
      await studio.tick(4);
      expect(studio.mirrored).to.deep.equal([running]);
    });
  });
});
