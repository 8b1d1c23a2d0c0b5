import { expect } from 'chai';
import { NEVER_AGAIN, SimulatedStudio, type StudioOptions } from './support/simulated-studio.js';
import { PACKAGES } from './support/service-process.js';
import { waitFor } from './support/wait-for.js';

describe('the service as a process, from the files of the packages', function () {
  this.timeout(300_000);
  let studio: SimulatedStudio;
  const open = async (options: StudioOptions = {}): Promise<SimulatedStudio> =>
    (studio = await SimulatedStudio.open({ program: PACKAGES, ...options }));
  afterEach(() => studio.close());

  describe('with intervals too long for a poll or a sweep', () => {
    it('mirrors a booking by a signed hint alone', async () => {
      await open({ intervals: NEVER_AGAIN });
      const service = await studio.serve();
      const polls = studio.polls;
      const id = studio.book(30);
      expect(await studio.hint(id)).to.equal(202);
      await waitFor('the event', () => studio.eventOf(id) !== null);
      expect(studio.polls).to.equal(polls);
      expect(studio.eventOf(id)?.summary).to.equal('Ana R.');
      expect((await service.stop()).code).to.equal(0);
      expect(studio.googleWrites).to.equal(1);
      expect(studio.uschedule.writes).to.have.length(0);
    });

    it('carries an edit back by a push notification alone', async () => {
      await open({ intervals: NEVER_AGAIN });
      const id = studio.book(30);
      const service = await studio.serve();
      await waitFor('the event', () => studio.eventOf(id) !== null);
      await waitFor('the watch channels', () => studio.google.channels.length === 2);
      await studio.google.idle();
      const polls = studio.polls;
      const calendarId = studio.bays[0]?.calendarId ?? '';
      const eventId = studio.eventOf(id)?.id ?? '';
      studio.google.person.dragEvent(calendarId, eventId, { start: studio.hour(40) });
      await waitFor('the booking to move', () => studio.uschedule.booking(id)?.start === studio.hour(40));
      studio.google.person.deleteEvent(calendarId, eventId);
      await waitFor('the booking to be cancelled', () => studio.uschedule.booking(id)?.state === 'canceled');
      expect(studio.polls).to.equal(polls);
      expect((await service.stop()).code).to.equal(0);
      expect(studio.googleWrites).to.equal(1);
      expect(studio.uschedule.writes.map(({ method }) => method)).to.deep.equal([
        'rescheduleappointment',
        'cancelappointment',
      ]);
    });

    it('refuses an unsigned hint', async () => {
      await open({ intervals: NEVER_AGAIN });
      await studio.serve();
      const body = JSON.stringify({ appointmentId: studio.book(30) });
      expect((await fetch(`${studio.url}/webhook/uschedule`, { method: 'POST', body })).status).to.equal(401);
    });
  });

  describe('killed in the middle of a burst of 50 bookings, and started again', () => {
    it('leaves exactly 50 events', async () => {
      await open();
      const first = await studio.serve();
      // Twenty inserts succeed. Some succeed without an answer, fewer than count as an outage. The
      // others never complete.
      const inserts = { method: 'events.insert' } as const;
      studio.google.addFault({ ...inserts, kind: 'delay', ms: 5, times: 20 });
      studio.google.addFault({ ...inserts, kind: 'lose-answer', times: 4 });
      studio.google.addFault({ ...inserts, kind: 'hang', times: Number.POSITIVE_INFINITY });
      const ids = Array.from({ length: 50 }, (_, index) =>
        studio.book(30 + Math.floor(index / 2), `Customer ${index}`, index % 2 === 0 ? 5523 : 5524),
      );
      await Promise.all(ids.map((id) => studio.hint(id)));
      const turns = (): number => studio.google.calls.filter(({ method }) => method === 'events.insert').length;
      await waitFor('inserts that never end', () => turns() > 24);
      expect((await first.stop('SIGKILL')).signal).to.equal('SIGKILL');
      expect(studio.events.length).to.be.within(21, 24);
      studio.google.clearFaults();

      const second = await studio.serve();
      await waitFor('50 events', () => studio.events.length >= 50);
      await studio.morePolls(2);
      await waitFor('no task to be left', async () => (await studio.metric('loft_sync_tasks{state="due"}')) === 0);
      expect(studio.events).to.have.length(50);
      for (const id of ids) expect(studio.eventOf(id), `the event of ${id}`).not.to.equal(null);
      expect(studio.uschedule.writes).to.have.length(0);
      expect((await second.stop()).code).to.equal(0);
    });
  });

  describe('stopped and started again', () => {
    it('exits with 0, and writes nothing again after the restart', async () => {
      await open();
      const ids = [studio.book(30), studio.book(31), studio.book(32)];
      const first = await studio.serve();
      await waitFor('the events', () => studio.events.length === ids.length);
      expect(await first.stop('SIGTERM')).to.deep.equal({ code: 0, signal: null });
      expect(first.has('stopped')).to.equal(true);
      expect(first.stderr).to.equal('');
      const writes = studio.googleWrites;
      const second = await studio.serve();
      await studio.morePolls(2);
      expect(await second.stop('SIGINT')).to.deep.equal({ code: 0, signal: null });
      expect(studio.googleWrites).to.equal(writes);
    });

    it('completes running calls before it exits', async () => {
      await open();
      const service = await studio.serve();
      studio.google.addFault({ kind: 'delay', ms: 3000, method: 'events.insert' });
      const id = studio.book(30);
      await studio.hint(id);
      await waitFor(
        'the booking to be worked on',
        async () => (await studio.metric('loft_sync_tasks{state="claimed"}')) === 1,
      );
      expect(await service.stop()).to.deep.equal({ code: 0, signal: null });
      expect(studio.eventOf(id)).not.to.equal(null);
      expect(service.actions).to.have.length(1);
    });

    it('exits in time even if the other side does not answer', async () => {
      await open();
      const service = await studio.serve();
      studio.google.addFault({ kind: 'hang', method: 'events.insert', times: Number.POSITIVE_INFINITY });
      await studio.hint(studio.book(30));
      await waitFor(
        'the booking to be worked on',
        async () => (await studio.metric('loft_sync_tasks{state="claimed"}')) === 1,
      );
      const askedAt = performance.now();
      expect((await service.stop()).code).to.equal(0);
      expect(performance.now() - askedAt).to.be.lessThan(10_000);
    });
  });
});
