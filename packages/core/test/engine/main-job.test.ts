import { expect } from 'chai';
import { HOUR, MINUTE, SECOND } from '@loft/sync-core';
import { BAY1, BAY2, only, World } from './world.js';

describe('the engine', function () {
  this.timeout(300_000);

  for (const [bay, other] of [
    [BAY1, BAY2],
    [BAY2, BAY1],
  ] as const) {
    describe(bay.name, () => {
      it('shows a new booking on the right calendar only, with one write', async () => {
        const world = await new World().start();
        const id = world.book(bay.resourceUnitId, 30);
        await world.settle();
        const event = only(world.on(bay));
        expect(event).to.include({
          title: 'Ana R.',
          eventId: `loft${id}`,
          start: world.bookings.user.booking(id)!.start,
        });
        expect(event.marks).to.include({ appointmentId: id, managed: true, bay: bay.bay });
        expect(world.on(other)).to.deep.equal([]);
        expect(world.calendars.writeCount).to.equal(1);
        expect(world.bookings.writeCount).to.equal(0);
        await world.engine.stop();
        expect(world.clock.pendingTimers).to.equal(0);
      });

      it('changes the event when the booking moves in time', async () => {
        const world = await new World().start();
        const id = world.book(bay.resourceUnitId, 30);
        await world.settle();
        world.bookings.user.move(id, { start: world.hour(40) });
        await world.settle();
        expect(only(world.on(bay)).start).to.equal(world.bookings.user.booking(id)!.start);
        expect(world.calendars.writeCount).to.equal(2);
        expect(world.bookings.writeCount).to.equal(0);
      });

      it('moves the event when the booking changes bay, and keeps its id', async () => {
        const world = await new World().start();
        const id = world.book(bay.resourceUnitId, 30);
        await world.settle();
        world.bookings.user.move(id, { unit: other.resourceUnitId });
        await world.settle();
        expect(only(world.on(other))).to.include({ eventId: `loft${id}` });
        expect(only(world.on(other)).marks.bay).to.equal(other.bay);
        expect(world.on(bay)).to.deep.equal([]);
        expect(world.bookings.writeCount).to.equal(0);
      });

      it('removes the event when the booking is cancelled', async () => {
        const world = await new World().start();
        const id = world.book(bay.resourceUnitId, 30);
        await world.settle();
        world.bookings.user.cancel(id);
        await world.settle();
        expect(world.on(bay)).to.deep.equal([]);
        expect(world.calendars.writeCount).to.equal(2);
        expect(world.bookings.writeCount).to.equal(0);
      });

      it('moves the booking when its event is dragged, and causes no write back', async () => {
        const world = await new World().start();
        const id = world.book(bay.resourceUnitId, 30);
        await world.settle();
        const to = world.hour(50);
        world.calendars.person.dragEvent(bay.calendarId, `loft${id}`, { start: to });
        await world.settle();
        expect(world.bookings.user.booking(id)).to.include({ start: to, end: to + HOUR, state: 'live' });
        expect(world.bookings.writeCount).to.equal(1);
        expect(world.calendars.writeCount).to.equal(1);
      });

      it('changes the bay of the booking when its event is moved to the other calendar', async () => {
        const world = await new World().start();
        const id = world.book(bay.resourceUnitId, 30);
        await world.settle();
        world.calendars.person.moveToCalendar(bay.calendarId, `loft${id}`, other.calendarId);
        await world.settle();
        expect(world.bookings.user.booking(id)).to.include({ unit: other.resourceUnitId, state: 'live' });
        expect(only(world.on(other)).eventId).to.equal(`loft${id}`);
        expect(world.bookings.writeCount).to.equal(1);
        expect(world.calendars.writeCount).to.equal(1);
      });

      it('cancels the booking when its event is deleted', async () => {
        const world = await new World().start();
        const id = world.book(bay.resourceUnitId, 30);
        await world.settle();
        world.calendars.person.deleteEvent(bay.calendarId, `loft${id}`);
        await world.settle();
        expect(world.bookings.user.booking(id)).to.include({ state: 'canceled' });
        expect(world.on(bay)).to.deep.equal([]);
        expect(world.bookings.writeCount).to.equal(1);
        expect(world.calendars.writeCount).to.equal(1);
      });
    });
  }

  it('does not change other events in the calendar', async () => {
    const world = await new World().start();
    const own = world.calendars.person.createEvent(BAY1.calendarId, {
      start: world.hour(5),
      end: world.hour(6),
      title: 'Cleaning',
    });
    await world.settle();
    world.calendars.person.dragEvent(BAY1.calendarId, own, { start: world.hour(7) });
    await world.settle();
    expect(world.calendars.writeCount).to.equal(0);
    expect(world.bookings.writeCount).to.equal(0);
    expect(only(world.on(BAY1)).title).to.equal('Cleaning');
  });

  it('mirrors a booking by a hint alone', async () => {
    const world = await new World({
      settings: { uschedule: { pollSeconds: 1e6 }, google: { sweepSeconds: 1e6 } },
    }).start();
    const id = world.book(BAY1.resourceUnitId, 30);
    await world.engine.hint(id);
    await world.settle(MINUTE);
    expect(only(world.on(BAY1)).eventId).to.equal(`loft${id}`);
  });

  it('carries an edit back by a push notification alone', async () => {
    const push = { address: 'https://sync.example/webhook/gcal', tokenOf: (id: string) => `token of ${id}` };
    const world = await new World({
      settings: { uschedule: { pollSeconds: 1e6 }, google: { sweepSeconds: 1e6 } },
      engine: { push },
    }).start();
    const id = world.book(BAY1.resourceUnitId, 30);
    await world.engine.hint(id);
    await world.settle(MINUTE);
    world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: world.hour(50) });
    await world.settle(MINUTE);
    expect(world.bookings.user.booking(id)).to.include({ start: world.hour(50) });
  });

  it('claims once for a single task, if no other process adds tasks', async () => {
    const world = await new World({
      settings: { uschedule: { pollSeconds: 1e6 }, google: { sweepSeconds: 1e6 } },
    }).start();
    const id = world.book(BAY1.resourceUnitId, 30);
    world.events.length = 0;
    await world.engine.hint(id);
    await world.settle(SECOND);
    const calls = world.events.flatMap((event) => (event.type === 'call' ? [event.method] : []));
    expect(calls.filter((method) => method === 'completeTask')).to.have.length(1);
    expect(calls.filter((method) => method === 'claimTasks')).to.have.length(1);
    expect(calls.filter((method) => method === 'nextTaskDueAt')).to.have.length(1);
  });

  it('writes nothing to the store and calls Google only for sweeps, while nothing changes', async () => {
    const world = await new World().start();
    for (let hour = 24; hour < 34; hour++) world.book(BAY1.resourceUnitId, hour);
    await world.settle();
    world.events.length = 0;
    await world.settle(HOUR);
    const calls = world.events.flatMap((event) => (event.type === 'call' ? [event.method] : []));
    expect(new Set(calls)).to.not.include.members(['putMap', 'addTasks', 'completeTask', 'putFeedState']);
    expect(calls.filter((method) => method === 'listBookings')).to.have.length(60);
    expect(
      new Set(
        world.events.flatMap((event) => (event.type === 'call' && event.system === 'google' ? [event.method] : [])),
      ),
    ).to.deep.equal(new Set(['listEvents']));
  });
});
