import { HOUR, MINUTE, SECOND } from '@loft/sync-core';
import { expect } from 'chai';
import { LEASE_MS, Replicas, type TestReplica } from './replicas.js';

const CALENDAR_1 = 'calendar:bay-1@group.calendar.google.com';

/** The longest time between two consecutive times. */
function longestGap(times: readonly number[]): number {
  return Math.max(...times.slice(1).map((time, index) => time - (times[index] ?? time)));
}

function other(all: readonly TestReplica[], than: TestReplica): TestReplica {
  return all.find((replica) => replica !== than)!;
}

describe('several replicas on one store', () => {
  let replicas: Replicas;
  afterEach(() => replicas.stop());

  /** The replica that polls. */
  const poller = (): TestReplica =>
    replicas.all.toSorted((a, b) => (b.runs('bookings').at(-1) ?? 0) - (a.runs('bookings').at(-1) ?? 0))[0]!;

  describe('without faults', () => {
    it('poll once in each interval, not once each, and always on the same one', async () => {
      replicas = new Replicas();
      await replicas.start(3);
      const polled = replicas.all.map((replica) => replica.runs('bookings').length);
      await replicas.pass(20 * MINUTE);
      const more = replicas.all.map((replica, index) => replica.runs('bookings').length - polled[index]!);
      expect(more.sort((a, b) => a - b)).to.deep.equal([0, 0, 20]);
    });

    it('sweep every calendar once in each interval, and distribute the calendars', async () => {
      replicas = new Replicas({ bays: 20 });
      await replicas.start(3);
      // Each replica reads every calendar once, within its share of the quota.
      await replicas.pass(MINUTE);
      const before = replicas.all.map((replica) => replica.called('listEvents'));
      await replicas.pass(HOUR);
      const sweeps = replicas.all.map((replica, index) => replica.called('listEvents') - before[index]!);
      const all = sweeps.reduce((sum, count) => sum + count, 0);
      // Twelve intervals; the first is shortened, so that the calendars are swept at different times.
      expect(all).to.be.within(20 * 11, 20 * 13);
      for (const count of sweeps) expect(count).to.be.greaterThan(all / 5);
      expect(longestGap(replicas.runs(CALENDAR_1))).to.be.lessThan(5 * MINUTE + LEASE_MS / 10 + SECOND);
    });

    it('report that a feed runs on another replica', async () => {
      replicas = new Replicas();
      await replicas.start(2);
      await replicas.pass(2 * MINUTE);
      const elsewhere = await Promise.all(
        replicas.all.map(async ({ engine }) => (await replicas.ask(engine.status())).unwrap().feeds[0]!.elsewhere),
      );
      expect(elsewhere.filter((is) => is)).to.have.length(1);
      for (const { engine } of replicas.all) {
        const readiness = engine.readiness();
        await replicas.pass(SECOND);
        expect((await readiness).reasons).to.deep.equal([]);
      }
    });

    it('read every calendar when another replica starts, independent of the schedule', async () => {
      replicas = new Replicas();
      await replicas.start(1);
      await replicas.pass(MINUTE);
      const [late] = await replicas.start(1);
      expect(late!.calls.filter(({ method }) => method === 'listEvents').map(({ args }) => args[0])).to.have.members(
        replicas.settings.bays.map(({ calendarId }) => calendarId),
      );
    });
  });

  describe('whose polling replica', () => {
    it('dies between two polls: the next poll is delayed by less than a lease', async () => {
      replicas = new Replicas();
      await replicas.start(3);
      await replicas.pass(90 * SECOND);
      poller().kill();
      await replicas.pass(5 * MINUTE);
      expect(longestGap(replicas.runs('bookings'))).to.be.within(MINUTE, MINUTE + LEASE_MS);
    });

    it('stalls during a poll: another replica polls within a lease', async () => {
      replicas = new Replicas();
      await replicas.start(3);
      const stalled = poller();
      stalled.pauseIn('listBookings');
      await replicas.pass(2 * MINUTE);
      const [call] = stalled.calls.filter(({ method }) => method === 'listBookings').slice(-1);
      const next = replicas.runs('bookings').find((at) => at > call!.at);
      expect(next! - call!.at).to.be.lessThan(LEASE_MS + 2 * SECOND);
    });

    it('dies while all clocks are far ahead: a replica that starts with a right clock polls, sweeps and finishes the tasks at once', async () => {
      replicas = new Replicas();
      const dying = await replicas.start(2);
      for (const { clock } of dying) clock.setSkew(30 * HOUR);
      await replicas.pass(2 * MINUTE);
      const id = replicas.book(1, 30);
      for (const replica of dying) replica.callMs = 20 * SECOND;
      void dying[0]!.engine.hint(id);
      await replicas.pass(10 * SECOND);
      expect([...replicas.data.tasks.values()].some(({ claim }) => claim !== null)).to.equal(true);
      for (const replica of dying) replica.kill();
      const [next] = await replicas.start(1);
      await replicas.pass(10 * MINUTE);
      expect(next!.runs('bookings').length).to.be.within(9, 12);
      expect(next!.runs(CALENDAR_1).length).to.be.greaterThan(1);
      expect(replicas.data.tasks.size).to.equal(0);
      expect(replicas.events().map(({ eventId }) => eventId)).to.deep.equal([`loft${id}`]);
    });

    it('needs longer than a lease for a poll: no other replica starts one meanwhile', async () => {
      replicas = new Replicas();
      await replicas.start(3);
      await replicas.pass(90 * SECOND);
      const slow = poller();
      slow.callMs = 2 * LEASE_MS;
      for (const { calls } of replicas.all) calls.length = 0;
      await replicas.pass(3 * MINUTE);
      const polls = ({ calls }: TestReplica): number => calls.filter(({ method }) => method === 'listBookings').length;
      expect(replicas.all.filter((replica) => polls(replica) > 0)).to.deep.equal([slow]);
      expect(polls(slow)).to.equal(2);
    });

    it('stalls for longer than a lease and continues: its old reading has no effect', async () => {
      replicas = new Replicas();
      await replicas.start(2);
      const id = replicas.book(1, 30);
      await replicas.pass(70 * SECOND);
      expect(replicas.events()).to.have.length(1);
      const stalled = poller();
      replicas.bookings.user.move(id, { unit: 5523, start: replicas.events()[0]!.start! + HOUR, minutes: 60 });
      stalled.pauseIn('listBookings');
      await replicas.pass(MINUTE);
      const moved = replicas.events()[0]!.start! + HOUR;
      replicas.bookings.user.move(id, { unit: 5523, start: moved, minutes: 60 });
      await replicas.pass(3 * MINUTE);
      expect(replicas.events()[0]!.start).to.equal(moved);
      const writes = replicas.calendars.writeCount;
      stalled.resume();
      await replicas.pass(3 * MINUTE);
      expect(replicas.events().map(({ start }) => start)).to.deep.equal([moved]);
      expect(replicas.calendars.writeCount).to.equal(writes);
      expect(replicas.bookings.writeCount).to.equal(0);
      // It has found that another replica polls now, and leaves the poll to that one.
      expect(poller()).not.to.equal(stalled);
    });

    it('is stopped cleanly: the next poll is on time', async () => {
      replicas = new Replicas();
      await replicas.start(2);
      await replicas.pass(90 * SECOND);
      const stopping = poller();
      void stopping.engine.stop();
      await replicas.pass(5 * MINUTE);
      expect(longestGap(replicas.runs('bookings'))).to.be.lessThan(MINUTE + LEASE_MS);
      expect([...replicas.data.leases.values()].map(({ owner }) => owner)).not.to.include(stopping.name);
    });
  });

  describe('that receive a trigger', () => {
    it('process a hint at once on the receiving replica', async () => {
      replicas = new Replicas();
      await replicas.start(3);
      for (const replica of replicas.all) {
        replica.calls.length = 0;
        const id = replicas.book(1, 30 + replicas.all.indexOf(replica));
        expect((await replicas.ask(replica.engine.hint(id))).ok).to.equal(true);
        expect(replica.called('insertEvent'), replica.name).to.equal(1);
      }
      expect(replicas.calendars.writeCount).to.equal(3);
    });

    it('run the feed of a notification at once on the receiving replica', async () => {
      replicas = new Replicas();
      await replicas.start(3);
      const id = replicas.book(1, 30);
      await replicas.ask(replicas.all[0]!.engine.hint(id));
      for (const replica of replicas.all) {
        replicas.notifyTo(replica);
        const [event] = replicas.events();
        const to = event!.start! + HOUR;
        replicas.calendars.person.dragEvent(event!.calendarId, event!.eventId, { start: to, end: to + HOUR });
        await replicas.pass(2 * SECOND);
        expect(replicas.bookings.user.booking(id)?.start, replica.name).to.equal(to);
        expect(replica.called('rescheduleBooking'), replica.name).to.equal(1);
      }
    });

    it('run it after a running replica, which may have started before the change', async () => {
      replicas = new Replicas();
      const [one, two] = (await replicas.start(2)) as [TestReplica, TestReplica];
      const id = replicas.book(1, 30);
      await replicas.ask(one.engine.hint(id));
      replicas.notifyTo(null);
      one.pauseIn('listEvents', 'bay-1');
      void one.engine.syncNow();
      await replicas.pass(SECOND);
      replicas.notifyTo(two);
      const [event] = replicas.events();
      const to = event!.start! + HOUR;
      replicas.calendars.person.dragEvent(event!.calendarId, event!.eventId, { start: to, end: to + HOUR });
      await replicas.pass(5 * SECOND);
      expect(replicas.bookings.user.booking(id)?.start).not.to.equal(to);
      one.resume();
      await replicas.pass(3 * SECOND);
      expect(replicas.bookings.user.booking(id)?.start).to.equal(to);
      expect(replicas.bookings.writeCount).to.equal(1);
    });

    it('run it within a lease if the running replica has stalled forever', async () => {
      replicas = new Replicas();
      const [one, two] = (await replicas.start(2)) as [TestReplica, TestReplica];
      const id = replicas.book(1, 30);
      await replicas.ask(one.engine.hint(id));
      one.pauseIn('listEvents', 'bay-1');
      void one.engine.syncNow();
      await replicas.pass(SECOND);
      replicas.notifyTo(two);
      const [event] = replicas.events();
      const to = event!.start! + HOUR;
      replicas.calendars.person.dragEvent(event!.calendarId, event!.eventId, { start: to, end: to + HOUR });
      await replicas.pass(LEASE_MS + 2 * SECOND);
      expect(replicas.bookings.user.booking(id)?.start).to.equal(to);
    });
  });

  describe('of which two observe the same changes', () => {
    /** Two replicas, a synced booking, and an event whose notifications go to the first replica. */
    async function inStep(): Promise<{ one: TestReplica; two: TestReplica; id: string }> {
      replicas = new Replicas();
      await replicas.start(2);
      const id = replicas.book(1, 30);
      await replicas.pass(90 * SECOND);
      expect(replicas.events()).to.have.length(1);
      const one = poller();
      return { one, two: other(replicas.all, one), id };
    }

    /** The replica stalls after it has stored its observation; it has made this number of writes before. */
    async function stallsAfterStoring(replica: TestReplica, id: string, writes: number): Promise<void> {
      await replicas.pass(100);
      expect(replicas.data.tasks.get(id)).to.include({ mark: 1, claim: null });
      const written = ['insertEvent', 'patchEvent', 'rescheduleBooking'].map((method) => replica.called(method));
      expect(written.reduce((sum, count) => sum + count)).to.equal(writes);
    }

    it('apply an edit that the other replica has observed, not only their own notifications', async () => {
      const { one, two, id } = await inStep();
      const { calendarId, eventId, start } = replicas.events()[0]!;
      const to = start! + HOUR;
      one.pauseIn('addTasks');
      replicas.notifyTo(one);
      replicas.calendars.person.dragEvent(calendarId, eventId, { start: to, end: to + HOUR });
      await stallsAfterStoring(one, id, 1);
      void two.engine.hint(id);
      await replicas.pass(2 * SECOND);
      expect(replicas.bookings.user.booking(id)?.start).to.equal(to);
      expect(two.called('rescheduleBooking')).to.equal(1);
    });

    it('write changes that the other replica has polled, not only their own observations', async () => {
      const { one, two, id } = await inStep();
      const { calendarId, eventId } = replicas.events()[0]!;
      two.pauseIn('addTasks');
      replicas.calendars.person.renameEvent(calendarId, eventId, 'Ana, with a friend');
      void two.engine.notify(replicas.notificationOf(calendarId));
      await stallsAfterStoring(two, id, 0);
      one.pauseIn('addTasks');
      replicas.bookings.user.setNotes(id, 'left-handed');
      void one.engine.syncNow();
      await replicas.pass(100);
      expect(replicas.data.tasks.get(id)).to.include({ mark: 2, claim: null });
      two.resume();
      await replicas.pass(2 * SECOND);
      expect(replicas.events()[0]).to.include({ title: 'Ana, with a friend', description: 'left-handed' });
    });

    it('report a repeated change although the other replica processed the first one', async () => {
      const { one, two, id } = await inStep();
      const { calendarId, eventId, start } = replicas.events()[0]!;
      const later = start! + HOUR;
      // The polling replica observes the change, and the other one processes it.
      one.pauseIn('addTasks');
      replicas.bookings.user.move(id, { unit: 5523, start: later, minutes: 60 });
      void one.engine.syncNow();
      await stallsAfterStoring(one, id, 1);
      await replicas.pass(2 * SECOND);
      expect(replicas.events()[0]?.start).to.equal(later);
      one.resume();
      replicas.notifyTo(two);
      replicas.calendars.person.dragEvent(calendarId, eventId, { start: start!, end: later });
      await replicas.pass(3 * SECOND);
      expect(replicas.bookings.user.booking(id)?.start).to.equal(start);
      await replicas.pass(90 * SECOND);
      // The same again.
      replicas.bookings.user.move(id, { unit: 5523, start: later, minutes: 60 });
      await replicas.pass(70 * SECOND);
      expect(poller()).to.equal(one);
      expect(replicas.events()[0]?.start).to.equal(later);
    });

    it('remove the dead letter of another replica', async () => {
      const { one, two, id } = await inStep();
      const message = 'The record is not one.';
      one.failing.set('getBooking', { kind: 'invalid', system: 'uschedule', method: 'getappointment', message });
      expect((await replicas.ask(one.engine.hint(id))).ok).to.equal(true);
      expect(replicas.data.deadLetters.size).to.equal(1);
      one.failing.clear();
      expect((await replicas.ask(two.engine.hint(id))).ok).to.equal(true);
      expect(replicas.data.deadLetters.size).to.equal(0);
    });
  });

  for (const hours of [2, -2]) {
    it(`whose clocks differ by ${hours} hours reschedule each booking once`, async () => {
      const rules = { massChangeMinimum: 1000 };
      replicas = new Replicas({ settings: { rules, uschedule: { reschedule: 'rebook', cancellationHours: 0 } } });
      const all = await replicas.start(2);
      all[1]!.clock.setSkew(hours * HOUR);
      for (let index = 0; index < 6; index++) replicas.book(1 + (index % 2), 200 + 2 * index);
      await replicas.pass(5 * MINUTE);
      for (const replica of all) replica.callMs = 9 * SECOND;
      for (const { calendarId, eventId, start } of replicas.events()) {
        replicas.calendars.person.dragEvent(calendarId, eventId, { start: start! + 60 * HOUR });
        await replicas.pass(20 * SECOND);
      }
      await replicas.pass(HOUR);
      const called = (method: string): number => all.reduce((sum, replica) => sum + replica.called(method), 0);
      expect([called('book'), called('cancelBooking')]).to.deep.equal([6, 6]);
      expect(replicas.bookings.user.liveBookings()).to.have.length(6);
      expect(replicas.events()).to.have.length(6);
    });
  }

  describe('with more work than one replica can do', () => {
    it('share the work, and create one event for each booking', async () => {
      replicas = new Replicas({ bays: 10 });
      await replicas.start(3);
      // The systems are slow, so the replica that finds the tasks is not finished when the others claim.
      const ids = Array.from({ length: 300 }, (_, index) =>
        replicas.book(1 + (index % 10), 30 + Math.floor(index / 10)),
      );
      for (const replica of replicas.all) replica.callMs = 1000;
      await replicas.pass(3 * MINUTE);
      expect(replicas.events()).to.have.length(ids.length);
      expect(replicas.calendars.writeCount).to.equal(ids.length);
      for (const replica of replicas.all) expect(replica.called('insertEvent')).to.be.greaterThan(ids.length / 5);
    });

    it('claim only up to their concurrency, so that no task waits for a stalled replica', async () => {
      replicas = new Replicas({ bays: 10 });
      const [one] = (await replicas.start(2)) as [TestReplica];
      const ids = Array.from({ length: 200 }, (_, index) =>
        replicas.book(1 + (index % 10), 30 + Math.floor(index / 10)),
      );
      for (const id of ids) void one.engine.hint(id);
      let most = 0;
      for (let second = 0; second < 60; second++) {
        for (const replica of replicas.all) replica.callMs = 200 + 300 * (second % 5);
        await replicas.pass(SECOND);
        const owners = [...replicas.data.tasks.values()].flatMap(({ claim }) => (claim ? [claim.owner] : []));
        for (const { name } of replicas.all) most = Math.max(most, owners.filter((owner) => owner === name).length);
      }
      expect(most).to.equal(16);
      expect(replicas.events()).to.have.length(200);
    });

    it('leave a slow task to its replica as long as its lease is renewed', async () => {
      replicas = new Replicas();
      const [one, two] = (await replicas.start(2)) as [TestReplica, TestReplica];
      const id = replicas.book(1, 30);
      one.callMs = 3 * LEASE_MS;
      expect((await replicas.ask(one.engine.hint(id))).ok).to.equal(true);
      two.calls.length = 0;
      await replicas.pass(5 * LEASE_MS);
      expect(one.called('getBooking')).to.equal(1);
      expect(two.called('getBooking') + two.called('insertEvent')).to.equal(0);
      // A poll of the other replica marks the task meanwhile, so it is observed once more.
      await replicas.pass(10 * LEASE_MS);
      expect(replicas.events()).to.have.length(1);
      expect(replicas.calendars.writeCount).to.equal(1);
      expect(replicas.data.tasks.size).to.equal(0);
    });

    it('lose and repeat nothing if one of them stalls during a write and continues later', async () => {
      replicas = new Replicas();
      const [one, two] = (await replicas.start(2)) as [TestReplica, TestReplica];
      const id = replicas.book(1, 30);
      one.pauseIn('insertEvent');
      expect((await replicas.ask(one.engine.hint(id))).ok).to.equal(true);
      await replicas.pass(LEASE_MS + 5 * SECOND);
      expect(replicas.data.maps.get(id)?.status).to.equal('ACTIVE');
      expect(two.called('insertEvent')).to.equal(1);
      const stored = replicas.data.maps.get(id);
      one.resume();
      await replicas.pass(5 * MINUTE);
      expect(replicas.events()).to.have.length(1);
      expect(replicas.calendars.writeCount).to.equal(1);
      expect(replicas.data.maps.get(id)).to.deep.equal(stored);
      expect(replicas.data.tasks.size).to.equal(0);
    });
  });

  describe('keeping watch channels', () => {
    const opened = (replica: TestReplica): number => replica.called('watch');

    it('open one for each calendar, which all replicas use', async () => {
      replicas = new Replicas({ bays: 3 });
      await replicas.start(3);
      await replicas.pass(11 * MINUTE);
      expect(replicas.all.reduce((sum, replica) => sum + opened(replica), 0)).to.equal(3);
      for (const { engine, name } of replicas.all) {
        const { channels } = (await replicas.ask(engine.status())).unwrap();
        expect(
          channels.every(({ expiresAt }) => expiresAt !== null && expiresAt > replicas.clock.now()),
          name,
        ).to.equal(true);
      }
    });

    it('renew them in time after the replica responsible for them has died', async () => {
      replicas = new Replicas({ settings: { google: { channelTtlSeconds: 3600 } } });
      await replicas.start(3);
      const keeper = replicas.all.find((replica) => opened(replica) > 0)!;
      keeper.kill();
      await replicas.pass(3 * HOUR);
      const live = [...replicas.data.channels.values()].filter(({ expiresAt }) => expiresAt > replicas.clock.now());
      expect(new Set(live.map(({ calendarId }) => calendarId)).size).to.equal(2);
      const times = replicas.all.flatMap(({ calls }) => calls.filter(({ method }) => method === 'watch'));
      for (const { calendarId } of replicas.settings.bays) {
        const at = times.filter(({ args }) => (args[0] as { calendarId: string }).calendarId === calendarId);
        expect(longestGap(at.map((call) => call.at).toSorted((a, b) => a - b)), calendarId).to.be.lessThan(HOUR);
      }
    });

    it('renew them on the replica that gets the tick', async () => {
      replicas = new Replicas({ settings: { google: { channelTtlSeconds: 3600 } } });
      const [one, two] = (await replicas.start(2)) as [TestReplica, TestReplica];
      const idle = opened(one) > 0 ? two : one;
      other(replicas.all, idle).pause();
      idle.calls.length = 0;
      await replicas.pass(MINUTE);
      replicas.calendars.expireChannels();
      for (const channel of replicas.data.channels.values()) {
        replicas.data.channels.set(channel.channelId, { ...channel, expiresAt: replicas.clock.now() });
      }
      const tick = idle.engine.tick();
      await replicas.pass(5 * SECOND);
      expect((await tick).channelsRenewed).to.equal(2);
    });
  });

  describe('with a feed that a guard has stopped', () => {
    /** Fourteen bookings, of which twelve are cancelled at once. */
    async function stopped(): Promise<void> {
      replicas = new Replicas();
      await replicas.start(3);
      const ids = Array.from({ length: 14 }, (_, index) => replicas.book(1, 30 + index));
      await replicas.pass(2 * MINUTE);
      expect(replicas.events()).to.have.length(14);
      for (const id of ids.slice(0, 12)) replicas.bookings.user.cancel(id);
      await replicas.pass(3 * MINUTE);
      expect(replicas.events()).to.have.length(14);
    }

    it('report that on every replica', async () => {
      await stopped();
      for (const { name, engine } of replicas.all) {
        const readiness = engine.readiness();
        await replicas.pass(SECOND);
        expect((await readiness).reasons.join(), name).to.include('feed bookings was stopped by a guard');
      }
    });

    for (const index of [0, 1, 2]) {
      it(`resume it through any replica (${index + 1})`, async () => {
        await stopped();
        const resumed = await replicas.ask(replicas.all[index]!.engine.resumeFeed('bookings'));
        expect(resumed.val).to.equal('resumed');
        await replicas.pass(2 * MINUTE);
        expect(replicas.events()).to.have.length(2);
        for (const { engine } of replicas.all) {
          expect((await replicas.ask(engine.status())).unwrap().feeds[0]!.stopped).to.equal(null);
        }
      });
    }

    it('resume it although another replica is running it and stores a stop afterwards', async () => {
      await stopped();
      const running = poller();
      // The list it has just read lacks one more booking, which it is going to store.
      replicas.bookings.user.cancel(replicas.bookings.user.liveBookings()[0]!.id);
      running.pauseIn('listBookings');
      await replicas.pass(MINUTE);
      const asked = other(replicas.all, running);
      expect((await replicas.ask(asked.engine.resumeFeed('bookings'))).val).to.equal('resumed');
      running.resume();
      await replicas.pass(2 * MINUTE);
      expect(replicas.events()).to.have.length(1);
    });
  });
});
