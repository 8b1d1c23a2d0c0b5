import { expect } from 'chai';
import { Err, HOUR, type Instant, type SyncError } from '@loft/sync-core';
import type { ActionEvent } from '@loft/sync-core/reports';
import { expectIdle, expectInSync } from './expect-in-sync.js';
import { overridden } from './overridden.js';
import { BAY1, BAY2, only, World, type WorldOptions } from './world.js';

interface Edit {
  readonly title: string;
  readonly options?: WorldOptions;
  /** Done to the event of the booking, which starts at `start`. */
  readonly edit: (world: World, eventId: string, start: Instant) => void;
  readonly reason: 'edit-refused' | 'unsupported-edit';
  /** The answer of the booking system or, in its place, the engine; null if no call is made. */
  readonly error: RegExp | null;
  /** The changes that the engine requests from the booking system. */
  readonly calls?: Readonly<Record<string, number>>;
}

const { calendarId } = BAY1;

const EDITS: readonly Edit[] = [
  {
    title: 'dragged onto a time that is taken',
    edit: (world, eventId, start) => {
      world.bookings.user.book({ unit: BAY1.resourceUnitId, start: start + 3 * HOUR, customerName: 'Bo' });
      world.calendars.person.dragEvent(calendarId, eventId, { start: start + 3 * HOUR });
    },
    reason: 'edit-refused',
    error: /no longer available/,
    calls: { rescheduleBooking: 1 },
  },
  {
    title: 'moved to the other bay, which is taken',
    edit: (world, eventId, start) => {
      world.bookings.user.book({ unit: BAY2.resourceUnitId, start, customerName: 'Bo' });
      world.calendars.person.moveToCalendar(calendarId, eventId, BAY2.calendarId);
    },
    reason: 'edit-refused',
    error: /no longer available/,
    calls: { rescheduleBooking: 1 },
  },
  {
    title: 'deleted within the cancellation window',
    options: { studio: { cancellationHours: 48 } },
    edit: (world, eventId) => world.calendars.person.deleteEvent(calendarId, eventId),
    reason: 'edit-refused',
    error: /cannot be cancelled within 48 hours/,
    calls: { cancelBooking: 1 },
  },
  {
    title: 'dragged within the cancellation window, that requires a rebooking',
    options: { settings: { uschedule: { reschedule: 'rebook', cancellationHours: 48 } } },
    edit: (world, eventId, start) =>
      world.calendars.person.dragEvent(calendarId, eventId, { start: start + 30 * HOUR }),
    reason: 'edit-refused',
    error: /within 48 hours/,
  },
  {
    title: 'dragged into the cancellation window, that requires a rebooking',
    options: { settings: { uschedule: { reschedule: 'rebook', cancellationHours: 24 } } },
    edit: (world, eventId, start) =>
      world.calendars.person.dragEvent(calendarId, eventId, { start: start - 20 * HOUR }),
    reason: 'edit-refused',
    error: /within 24 hours/,
  },
  {
    title: 'dragged onto a taken time, that requires a rebooking',
    options: { settings: { uschedule: { reschedule: 'rebook' } } },
    edit: (world, eventId, start) => {
      world.bookings.user.book({ unit: BAY1.resourceUnitId, start: start + 3 * HOUR, customerName: 'Bo' });
      world.calendars.person.dragEvent(calendarId, eventId, { start: start + 3 * HOUR });
    },
    reason: 'edit-refused',
    error: /no longer available/,
    calls: { book: 1 },
  },
  {
    title: 'dragged, if bookings are not rescheduled from the calendar,',
    options: { settings: { uschedule: { reschedule: 'off' } } },
    edit: (world, eventId, start) => world.calendars.person.dragEvent(calendarId, eventId, { start: start + HOUR }),
    reason: 'edit-refused',
    error: /not rescheduled from the calendar/,
  },
  {
    title: 'moved to the other bay, if bookings are not rescheduled from the calendar,',
    options: { settings: { uschedule: { reschedule: 'off' } } },
    edit: (world, eventId) => world.calendars.person.moveToCalendar(calendarId, eventId, BAY2.calendarId),
    reason: 'edit-refused',
    error: /not rescheduled from the calendar/,
  },
  {
    title: 'dragged, if the booking system cannot reschedule,',
    options: { studio: { reschedule: 'off' } },
    edit: (world, eventId, start) => world.calendars.person.dragEvent(calendarId, eventId, { start: start + HOUR }),
    reason: 'edit-refused',
    error: /not offered/,
    calls: { rescheduleBooking: 1 },
  },
  {
    title: 'made an all-day event',
    edit: (world, eventId) => world.calendars.person.makeAllDay(calendarId, eventId),
    reason: 'unsupported-edit',
    error: null,
  },
  {
    title: 'made recurring',
    edit: (world, eventId) => world.calendars.person.makeRecurring(calendarId, eventId),
    reason: 'unsupported-edit',
    error: null,
  },
  {
    title: 'given an end equal to its start',
    edit: (world, eventId, start) => world.calendars.person.dragEvent(calendarId, eventId, { start, end: start }),
    reason: 'unsupported-edit',
    error: null,
  },
];

const BOOKING_WRITES = ['cancelBooking', 'rescheduleBooking', 'book'];

describe('an event that is', function () {
  this.timeout(300_000);

  for (const { title, options, edit, reason, error, calls = {} } of EDITS) {
    it(`${title} is reverted once, and that is reported`, async () => {
      const world = await new World(options).start();
      const id = world.book(BAY1.resourceUnitId, 30);
      await world.settle();
      const { start } = world.bookings.user.booking(id)!;
      world.events.length = 0;
      edit(world, `loft${id}`, start);
      await world.settle(2 * HOUR);

      expect(world.bookings.user.booking(id)).to.include({ state: 'live', start, unit: BAY1.resourceUnitId });
      expect(world.bookings.writeCount).to.equal(0);
      const event = world.on(BAY1).find((it) => it.eventId === `loft${id}`);
      expect(event).to.include({ start, end: start + HOUR, shape: 'timed', title: 'Ana R.' });
      await expectInSync(world);

      const reported = world.events.filter((it): it is ActionEvent => it.type === 'action' && it.appointmentId === id);
      expect(reported).to.have.length(1);
      expect(reported[0]).to.include({
        action: 'restore',
        direction: 'USCHEDULE_TO_GCAL',
        outcome: 'ok',
        reason,
        attempt: 1,
      });
      expect(reported[0]).to.include({ calendarId, eventId: `loft${id}` });
      if (error) {
        expect(reported[0]?.error).to.include({ kind: 'refused', system: 'uschedule' });
        expect(reported[0]?.error?.message).to.match(error);
      } else expect(reported[0]?.error).to.equal(null);

      // One call, no retry, no dead letter.
      const asked = Object.fromEntries(
        Object.entries(world.calls()).filter(([method]) => BOOKING_WRITES.includes(method)),
      );
      expect(asked).to.deep.equal(calls);
      expect(world.events.filter((it) => it.type === 'task')).to.deep.equal([]);
      await expectIdle(world);
    });
  }

  it('reverted can be moved again, to a free time', async () => {
    const world = await new World().start();
    const id = world.book(BAY1.resourceUnitId, 30);
    world.book(BAY1.resourceUnitId, 40, 'Bo');
    await world.settle();
    const start = world.hour(50);
    world.calendars.person.dragEvent(calendarId, `loft${id}`, { start: world.hour(40) });
    await world.settle();
    world.calendars.person.dragEvent(calendarId, `loft${id}`, { start });
    await world.settle();
    expect(world.bookings.user.booking(id)).to.include({ start });
    await expectInSync(world);
  });

  for (const method of ['rescheduleBooking', 'cancelBooking'] as const) {
    it(`edited is reverted without another call if ${method} answers not-found for an existing booking`, async () => {
      const world = new World();
      const NOT_KNOWN: SyncError = { kind: 'not-found', system: 'uschedule', method, message: 'not here' };
      let asked = 0;
      const unknown = async (): Promise<Err<SyncError>> => {
        asked++;
        return Err(NOT_KNOWN);
      };
      await world.through({ bookings: overridden(world.bookings, { [method]: unknown }) }).start();
      const id = world.book(BAY1.resourceUnitId, 30);
      await world.settle();
      const { start } = world.bookings.user.booking(id)!;
      if (method === 'cancelBooking') world.calendars.person.deleteEvent(calendarId, `loft${id}`);
      else world.calendars.person.dragEvent(calendarId, `loft${id}`, { start: start + 5 * HOUR });
      await world.settle(2 * HOUR);

      expect(asked).to.equal(1);
      expect(only(world.on(BAY1))).to.include({ eventId: `loft${id}`, start });
      const reported = world.events.filter((it): it is ActionEvent => it.type === 'action' && it.error !== null);
      expect(reported.map(({ action, reason, outcome, error }) => ({ action, reason, outcome, error }))).to.deep.equal([
        { action: 'restore', reason: 'edit-refused', outcome: 'ok', error: NOT_KNOWN },
      ]);
      await expectInSync(world);
      await expectIdle(world);
    });
  }

  it('deleted and restored has its old id', async () => {
    const world = await new World({ studio: { cancellationHours: 48 } }).start();
    const id = world.book(BAY1.resourceUnitId, 30);
    await world.settle();
    world.calendars.person.deleteEvent(calendarId, `loft${id}`);
    await world.settle();
    expect(only(world.on(BAY1)).eventId).to.equal(`loft${id}`);
    expect((await world.store.listMaps({})).unwrap()).to.have.length(1);
  });

  it('dragged leaves two bookings with an event each, and a report, if neither booking can be cancelled', async () => {
    const world = await new World({
      settings: { uschedule: { reschedule: 'rebook' } },
      studio: { cancellationHours: 200 },
    }).start();
    const id = world.book(BAY1.resourceUnitId, 100);
    await world.settle();
    const [from, to] = [world.hour(100), world.hour(110)];
    world.calendars.person.dragEvent(calendarId, `loft${id}`, { start: to });
    world.events.length = 0;
    await world.settle(3 * HOUR);
    expect(world.bookings.writes).to.deep.equal({ booked: 1, cancelled: 0, rescheduled: 0 });
    expect(world.on(BAY1).map((event) => event.start)).to.have.members([from, to]);
    const reported = world.events.find((event) => event.type === 'action' && event.appointmentId === id);
    expect(reported).to.deep.include({ reason: 'edit-refused', outcome: 'ok' });
    expect(reported?.type === 'action' && reported.error?.message).to.match(/^two bookings exist/);
    const notices = world.events.filter((event) => event.type === 'notice');
    expect(notices.map(({ level }) => level)).to.deep.equal(['error']);
    // Called a few times, and never again.
    const { book, cancelBooking } = world.calls();
    expect([book, cancelBooking]).to.deep.equal([1, 3]);
    await expectInSync(world);
    await expectIdle(world);
  });
});
