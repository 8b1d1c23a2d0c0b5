import { expect } from 'chai';
import { Err, type Bay, type BookingSystem, type CalendarSystem, type SyncSettings } from '@loft/sync-core';
import { overridden } from './overridden.js';
import { BAY1, BAY2, BAYS, settingsWith, World } from './world.js';

describe('a bay that is removed from the settings', () => {
  async function closed(): Promise<{ world: World; ids: readonly string[] }> {
    const world = new World();
    const ids = [30, 32, 34].map((hours) => world.book(BAY2.resourceUnitId, hours));
    world.book(BAY1.resourceUnitId, 30);
    await world.start();
    await world.settle();
    expect(world.calendars.events(BAY2.calendarId)).to.have.length(3);
    await world.engine.stop();
    world.engine = world.newEngine({ settings: settingsWith({ bays: [BAY1] as never }) });
    await world.start();
    await world.settle();
    return { world, ids };
  }

  /** Moves an event to bay 2, while no process runs. */
  async function movedBefore(): Promise<{ world: World; id: string }> {
    const world = new World();
    const id = world.book(BAY1.resourceUnitId, 30);
    await world.start();
    await world.settle();
    await world.engine.stop();
    world.calendars.person.moveToCalendar(BAY1.calendarId, `loft${id}`, BAY2.calendarId);
    return { world, id };
  }

  async function reopened(world: World, google: Partial<SyncSettings['google']> = {}): Promise<void> {
    await world.engine.stop();
    world.engine = world.newEngine({ settings: settingsWith({ bays: BAYS, google }) });
    await world.start();
    await world.settle();
  }

  it('does not treat a drag in its calendar as an edit when the booking moves to another bay', async () => {
    const { world, ids } = await closed();
    const [, id = ''] = ids;
    const { start } = world.bookings.user.booking(id) ?? {};
    world.calendars.person.dragEvent(BAY2.calendarId, `loft${id}`, { start: world.hour(40) });
    await world.settle();
    world.bookings.user.move(id, { unit: BAY1.resourceUnitId, start: start ?? 0 });
    await world.settle();
    expect(world.bookings.user.booking(id)).to.include({ unit: BAY1.resourceUnitId, start });
    expect(world.bookings.writeCount).to.equal(0);
    expect(world.on(BAY1).map((event) => [event.eventId, event.start])).to.deep.include([`loft${id}`, start]);
    expect(world.calendars.events(BAY2.calendarId)).to.have.length(2);
  });

  it('keeps its events, and a warning gives their number and the remedy', async () => {
    const { world, ids } = await closed();
    expect(world.calendars.events(BAY2.calendarId)).to.have.length(3);
    expect(world.bookings.user.liveBookings()).to.have.length(4);
    const { ready, warnings } = await world.engine.readiness();
    expect(ready).to.equal(true);
    expect(warnings.join('\n')).to.match(/3 events remain in calendar bay-2@.*copies --closed-bays/);
    const listed = (await world.engine.closedBayEvents()).unwrap();
    expect(listed.map(({ appointmentId }) => appointmentId)).to.have.members([...ids]);
  });

  it('loses its events on request; the bookings stay, and are mirrored again when the bay returns', async () => {
    const { world } = await closed();
    const done = (await world.engine.removeClosedBayEvents()).unwrap();
    expect(done.removed).to.have.length(3);
    expect(done.kept).to.deep.equal([]);
    expect(world.calendars.events(BAY2.calendarId)).to.deep.equal([]);
    await world.settle();
    expect((await world.engine.readiness()).warnings).to.deep.equal([]);
    expect(world.bookings.user.liveBookings()).to.have.length(4);
    await reopened(world);
    expect(world.calendars.events(BAY2.calendarId)).to.have.length(3);
    expect(world.bookings.user.liveBookings()).to.have.length(4);
  });

  it('keeps an event with the properties of another appointment, and an event whose deletion fails', async () => {
    const { world, ids } = await closed();
    const [first = '', second = ''] = ids;
    const calendars = overridden<CalendarSystem>(world.calendars, {
      getEvent: async (calendarId, eventId) => {
        const read = await world.calendars.getEvent(calendarId, eventId);
        const isFirst = eventId === `loft${first}`;
        return read.map((event) =>
          isFirst ? { ...event, marks: { ...event.marks, appointmentId: '999999' } } : event,
        );
      },
      deleteEvent: async (calendarId, eventId, etag) => {
        if (eventId === `loft${second}`) world.calendars.person.renameEvent(calendarId, eventId, 'changed meanwhile');
        return world.calendars.deleteEvent(calendarId, eventId, etag);
      },
    });
    await world.engine.stop();
    world.engine = world.newEngine({ calendars, settings: settingsWith({ bays: [BAY1] as never }) });
    await world.start();
    const done = (await world.engine.removeClosedBayEvents()).unwrap();
    expect(done.removed).to.have.length(1);
    expect(done.kept.map(({ appointmentId }) => appointmentId)).to.have.members([first, second]);
    expect(world.calendars.events(BAY2.calendarId)).to.have.length(2);
    expect((await world.engine.closedBayEvents()).unwrap()).to.have.length(2);
    await reopened(world);
    expect(world.bookings.user.liveBookings()).to.have.length(4);
  });

  it('is listed in full when it returns: a deletion that was made while it was closed counts', async () => {
    const { world, ids } = await closed();
    const [id = ''] = ids;
    world.calendars.person.deleteEvent(BAY2.calendarId, `loft${id}`);
    // The deletion was listed by a process that had the bay, and is worked on by one that has not.
    await world.engine.stop();
    world.engine = world.newEngine({ settings: settingsWith({ bays: BAYS, google: { deleteGraceSeconds: 30 } }) });
    await world.start();
    await world.engine.stop();
    world.engine = world.newEngine({ settings: settingsWith({ bays: [BAY1] as never }) });
    await world.start();
    await world.settle();
    expect(world.bookings.user.booking(id)?.state).to.equal('live');
    await reopened(world);
    expect(world.bookings.user.booking(id)?.state).to.equal('canceled');
    expect(world.bookings.user.liveBookings()).to.have.length(3);
  });

  it('may have an event of another bay that was moved there: the event is moved back, and its booking is kept', async () => {
    const { world, id } = await movedBefore();
    world.engine = world.newEngine({ settings: settingsWith({ bays: [BAY1] as never }) });
    await world.start();
    await world.settle();
    expect(world.bookings.user.booking(id)).to.include({ state: 'live', unit: BAY1.resourceUnitId });
    expect(world.calendars.events(BAY1.calendarId).map(({ eventId }) => eventId)).to.deep.equal([`loft${id}`]);
    expect(world.calendars.events(BAY2.calendarId)).to.deep.equal([]);
  });

  it('may have an event of another bay without marks: its booking is kept', async () => {
    const { world, id } = await movedBefore();
    world.calendars.person.stripMetadata(BAY2.calendarId, `loft${id}`);
    world.engine = world.newEngine({ settings: settingsWith({ bays: [BAY1] as never }) });
    await world.start();
    await world.settle();
    expect(world.bookings.user.booking(id)).to.include({ state: 'live', unit: BAY1.resourceUnitId });
    expect(world.bookings.writeCount).to.equal(0);
    expect(world.calendars.events(BAY2.calendarId).map(({ eventId }) => eventId)).to.deep.equal([`loft${id}`]);
  });

  it('may have an event of another bay while its calendar is temporarily unreadable: its booking is kept', async () => {
    const { world, id } = await movedBefore();
    let failures = 3;
    const calendars = overridden<CalendarSystem>(world.calendars, {
      getEvent: async (calendarId, eventId) => {
        if (calendarId !== BAY2.calendarId || failures-- <= 0) return world.calendars.getEvent(calendarId, eventId);
        return Err({ kind: 'transient', system: 'google', method: 'events.get', message: '503', status: 503 });
      },
    });
    world.engine = world.newEngine({ calendars, settings: settingsWith({ bays: [BAY1] as never }) });
    await world.start();
    await world.settle();
    expect(failures).to.be.lessThan(1);
    expect(world.bookings.user.booking(id)).to.include({ state: 'live', unit: BAY1.resourceUnitId });
    expect(world.calendars.events(BAY1.calendarId).map(({ eventId }) => eventId)).to.deep.equal([`loft${id}`]);
  });

  it('may have an event of another bay while its calendar is not shared: its booking is kept, and later deletions count', async () => {
    const { world, id } = await movedBefore();
    const other = world.book(BAY1.resourceUnitId, 34);
    world.calendars.shareCalendar(BAY2.calendarId, 'none');
    world.engine = world.newEngine({ settings: settingsWith({ bays: [BAY1] as never }) });
    await world.start();
    await world.settle();
    const shown = (): readonly string[] => world.on(BAY1).map(({ eventId }) => eventId);
    expect(world.bookings.writeCount).to.equal(0);
    expect(shown()).to.have.members([`loft${id}`, `loft${other}`]);
    await world.settle();
    for (const deleted of [id, other]) world.calendars.person.deleteEvent(BAY1.calendarId, `loft${deleted}`);
    await world.settle();
    expect(world.bookings.user.liveBookings()).to.deep.equal([]);
  });

  it('removes an event that a person moves to another bay, and keeps its booking for the return of the bay', async () => {
    const { world, ids } = await closed();
    const [id = ''] = ids;
    world.calendars.person.moveToCalendar(BAY2.calendarId, `loft${id}`, BAY1.calendarId);
    await world.settle();
    expect(world.on(BAY1)).to.have.length(1);
    expect(world.bookings.user.booking(id)).to.include({ state: 'live', unit: BAY2.resourceUnitId });
    await reopened(world);
    expect(world.on(BAY1)).to.have.length(1);
    expect(world.calendars.events(BAY2.calendarId)).to.have.length(3);
    expect(world.bookings.writeCount).to.equal(0);
  });

  it('does not hide a deletion: an event that exists in no calendar is deleted', async () => {
    const { world } = await closed();
    const [event] = world.calendars.events(BAY1.calendarId);
    world.calendars.person.deleteEvent(BAY1.calendarId, event!.eventId);
    await world.settle();
    expect(world.bookings.user.liveBookings().map(({ unit }) => unit)).not.to.include(BAY1.resourceUnitId);
  });

  it('may have kept an event of a booking that was cancelled in another bay since: it is removed when the bay returns, also at a retry', async () => {
    const google = { cancel: 'mark' } as const;
    for (const failures of [0, 1]) {
      const { world, ids } = await closed();
      const [, id = ''] = ids;
      const { start = 0 } = world.bookings.user.booking(id) ?? {};
      const error = {
        kind: 'forbidden',
        system: 'google',
        method: 'events.move',
        message: '403',
        status: 403,
      } as const;
      await world.engine.stop();
      world.through({ calendars: overridden<CalendarSystem>(world.calendars, { moveEvent: async () => Err(error) }) });
      world.engine = world.newEngine({ settings: settingsWith({ bays: [BAY1] as never, google }) });
      await world.start();
      world.bookings.user.move(id, { unit: BAY1.resourceUnitId, start });
      await world.settle();
      world.bookings.user.cancel(id);
      await world.settle();
      const shownIn = (bay: Bay): boolean => world.on(bay).some(({ eventId }) => eventId === `loft${id}`);
      expect([shownIn(BAY1), shownIn(BAY2)]).to.deep.equal([true, true]);

      let left = failures;
      const bookings = overridden<BookingSystem>(world.bookings, {
        getBooking: async (appointmentId) => {
          if (appointmentId !== id || left-- <= 0) return world.bookings.getBooking(appointmentId);
          return Err({ kind: 'transient', system: 'uschedule', method: 'getBooking', message: '503', status: 503 });
        },
      });
      await world.engine.stop();
      world.through({ bookings });
      await reopened(world, google);
      expect(left).to.be.lessThan(1);
      const live = world.on(BAY2).filter(({ title }) => !title.startsWith('CANCELED'));
      expect(live).to.have.length(2);
      expect(live.map(({ eventId }) => eventId)).not.to.include(`loft${id}`);
      expect(world.bookings.writeCount).to.equal(0);
    }
  });
});
