import { MINUTE } from '@loft/sync-core';
import { expect } from 'chai';
import { BAY1, BAY2, type World, type WorldOptions } from './world.js';

/** A user's change, during which an engine dies or is suspended. */
export interface Scenario {
  readonly title: string;
  readonly options?: WorldOptions;
  /** The synced state before the change. */
  readonly before?: (world: World) => string;
  /** The user's act. */
  readonly act: (world: World, id: string) => void;
  /** The user's act after the crash, before another engine takes over. */
  readonly meanwhile?: (world: World, id: string) => void;
  /** The expected result, besides the sync of both sides. */
  readonly after?: (world: World, id: string) => void;
}

const book = (world: World): string => world.book(BAY1.resourceUnitId, 100);

/** One scenario for each line of the table "Writes that survive a crash at any point", and similar ones. */
export const SCENARIOS: readonly Scenario[] = [
  { title: 'insert: a new booking', act: (world) => book(world) },
  {
    title: 'patch: a booking at another time',
    before: book,
    act: (world, id) => world.bookings.user.move(id, { start: world.hour(110) }),
  },
  {
    title: 'patch: a booking with another text',
    before: book,
    act: (world, id) => world.bookings.user.setNotes(id, 'Three players'),
    after: (world) => expect(world.on(BAY1)[0]).to.include({ description: 'Three players' }),
  },
  {
    title: 'move: a booking on the other bay',
    before: book,
    act: (world, id) => world.bookings.user.move(id, { unit: BAY2.resourceUnitId }),
    after: (world, id) => expect(world.on(BAY2)[0]).to.include({ eventId: `loft${id}` }),
  },
  {
    title: 'move and patch: a booking on the other bay at another time',
    before: book,
    act: (world, id) => world.bookings.user.move(id, { unit: BAY2.resourceUnitId, start: world.hour(110) }),
    after: (world, id) => expect(world.on(BAY2)[0]).to.include({ eventId: `loft${id}` }),
  },
  {
    title: 'delete: a booking cancelled',
    before: book,
    act: (world, id) => world.bookings.user.cancel(id),
    after: (world) => expect(world.on(BAY1)).to.deep.equal([]),
  },
  {
    title: 'patch: a booking cancelled, its event marked',
    options: { settings: { google: { cancel: 'mark' } } },
    before: book,
    act: (world, id) => world.bookings.user.cancel(id),
    after: (world) => expect(world.on(BAY1)[0]).to.include({ title: 'CANCELED: Ana R.', free: true }),
  },
  {
    title: 'rescheduleappointment: an event dragged',
    before: book,
    act: (world, id) => world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: world.hour(110) }),
    after: (world, id) => expect(world.bookings.user.booking(id)).to.include({ start: world.hour(110) }),
  },
  {
    title: 'rescheduleappointment: an event moved to the other bay',
    before: book,
    act: (world, id) => world.calendars.person.moveToCalendar(BAY1.calendarId, `loft${id}`, BAY2.calendarId),
    after: (world, id) => expect(world.bookings.user.booking(id)).to.include({ unit: BAY2.resourceUnitId }),
  },
  {
    title: 'cancelappointment: an event deleted',
    before: book,
    act: (world, id) => world.calendars.person.deleteEvent(BAY1.calendarId, `loft${id}`),
    after: (world, id) => expect(world.bookings.user.booking(id)).to.include({ state: 'canceled' }),
  },
  {
    title: 'rescheduleappointment under a new id: an event dragged',
    options: { studio: { reschedule: 'new-id' } },
    before: book,
    act: (world, id) => world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: world.hour(110) }),
    after: (world, id) => {
      expect(world.bookings.user.booking(id)).to.include({ state: 'rescheduled' });
      expect(world.bookings.user.liveBookings().map(({ start }) => start)).to.deep.equal([world.hour(110)]);
      expect(world.on(BAY1)[0]).to.include({ eventId: `loft${id}` });
    },
  },
  {
    title: 'rescheduleappointment under a new id: an event moved to the other bay',
    options: { studio: { reschedule: 'new-id' } },
    before: book,
    act: (world, id) => world.calendars.person.moveToCalendar(BAY1.calendarId, `loft${id}`, BAY2.calendarId),
    after: (world, id) => {
      expect(world.bookings.user.liveBookings().map(({ unit }) => unit)).to.deep.equal([BAY2.resourceUnitId]);
      expect(world.on(BAY2)[0]).to.include({ eventId: `loft${id}` });
    },
  },
  {
    title: 'rebook: an event dragged',
    options: { settings: { uschedule: { reschedule: 'rebook' } } },
    before: book,
    act: (world, id) => world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: world.hour(110) }),
    after: (world, id) => {
      expect(world.bookings.user.booking(id)).to.include({ state: 'canceled' });
      expect(world.bookings.writes).to.deep.equal({ booked: 1, cancelled: 1, rescheduled: 0 });
      expect(world.bookings.user.liveBookings()).to.have.length(1);
      expect(world.bookings.user.liveBookings()[0]).to.include({ start: world.hour(110), customerName: 'Ana R.' });
      expect(world.on(BAY1)[0]).to.include({ eventId: `loft${id}`, start: world.hour(110) });
    },
  },
  {
    title: 'rebook: the old booking may not be cancelled',
    options: { settings: { uschedule: { reschedule: 'rebook' } }, studio: { cancellationHours: 105 } },
    before: book,
    act: (world, id) => world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: world.hour(110) }),
    after: (world, id) => {
      expect(world.bookings.user.liveBookings().map((booking) => booking.id)).to.deep.equal([id]);
      expect(world.on(BAY1)[0]).to.include({ start: world.hour(100) });
    },
  },
  {
    title: 'a refused edit: the new time is taken',
    before: (world) => {
      world.book(BAY1.resourceUnitId, 110, 'Bo');
      return book(world);
    },
    act: (world, id) => world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: world.hour(110) }),
    after: (world) => expect(world.bookings.writeCount).to.equal(0),
  },
  {
    title: 'a refused deletion: it is too late to cancel',
    options: { studio: { cancellationHours: 200 } },
    before: book,
    act: (world, id) => world.calendars.person.deleteEvent(BAY1.calendarId, `loft${id}`),
    after: (world) => expect(world.bookings.writeCount).to.equal(0),
  },
  {
    title: 'a deleted event that a user restored from the trash',
    before: (world) => {
      const id = book(world);
      void world.clock.setTimer(2 * MINUTE, () => world.bookings.user.cancel(id));
      return id;
    },
    act: (world, id) => world.calendars.person.undelete(BAY1.calendarId, `loft${id}`),
  },
  {
    title: 'the event and the booking moved at the same time',
    before: book,
    act: (world, id) => {
      world.bookings.user.move(id, { start: world.hour(120) });
      world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: world.hour(110) });
    },
  },
];

/** Scenarios with a second change before another engine takes over. It makes the interrupted write obsolete. */
export const OVERTAKEN: readonly Scenario[] = [
  {
    title: 'a booking moved, then moved back',
    before: book,
    act: (world, id) => world.bookings.user.move(id, { start: world.hour(110) }),
    meanwhile: (world, id) => world.bookings.user.move(id, { start: world.hour(100) }),
    after: (world) => expect(world.bookings.writeCount).to.equal(0),
  },
  {
    title: 'a booking moved, then moved to a third time',
    before: book,
    act: (world, id) => world.bookings.user.move(id, { start: world.hour(110) }),
    meanwhile: (world, id) => world.bookings.user.move(id, { start: world.hour(120) }),
    after: (world) => expect(world.bookings.writeCount).to.equal(0),
  },
  {
    title: 'a note written, then removed',
    before: book,
    act: (world, id) => world.bookings.user.setNotes(id, 'Three players'),
    meanwhile: (world, id) => world.bookings.user.setNotes(id, ''),
    after: (world) => expect(world.on(BAY1)[0]).to.include({ description: '' }),
  },
  {
    title: 'a booking moved with another note, then moved back with the old one',
    before: book,
    act: (world, id) => {
      world.bookings.user.setNotes(id, 'Three players');
      world.bookings.user.move(id, { unit: BAY2.resourceUnitId, start: world.hour(110) });
    },
    meanwhile: (world, id) => {
      world.bookings.user.setNotes(id, '');
      world.bookings.user.move(id, { unit: BAY1.resourceUnitId, start: world.hour(100) });
    },
    after: (world) => expect(world.on(BAY1)[0]).to.include({ description: '' }),
  },
  {
    title: 'a booking moved to the other bay, then moved back',
    before: book,
    act: (world, id) => world.bookings.user.move(id, { unit: BAY2.resourceUnitId }),
    meanwhile: (world, id) => world.bookings.user.move(id, { unit: BAY1.resourceUnitId }),
    after: (world) => expect(world.bookings.writeCount).to.equal(0),
  },
  {
    title: 'a booking moved to the other bay, then to another time',
    before: book,
    act: (world, id) => world.bookings.user.move(id, { unit: BAY2.resourceUnitId, start: world.hour(110) }),
    meanwhile: (world, id) => world.bookings.user.move(id, { start: world.hour(120) }),
    after: (world) => expect(world.bookings.writeCount).to.equal(0),
  },
  {
    title: 'a new booking that is cancelled',
    act: (world) => book(world),
    meanwhile: (world) => world.bookings.user.cancel(world.bookings.user.bookings()[0]!.id),
    after: (world) => expect(world.on(BAY1)).to.deep.equal([]),
  },
  {
    title: 'a new booking that is moved to the other bay',
    act: (world) => book(world),
    meanwhile: (world) => {
      world.bookings.user.move(world.bookings.user.bookings()[0]!.id, { unit: BAY2.resourceUnitId });
    },
  },
  {
    title: 'an event dragged, then dragged back',
    before: book,
    act: (world, id) => world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: world.hour(110) }),
    meanwhile: (world, id) => {
      world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: world.hour(100) });
    },
    after: (world, id) => expect(world.bookings.user.booking(id)).to.include({ start: world.hour(100) }),
  },
  {
    title: 'an event dragged, then deleted',
    before: book,
    act: (world, id) => world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: world.hour(110) }),
    meanwhile: (world, id) => world.calendars.person.deleteEvent(BAY1.calendarId, `loft${id}`),
    after: (world) => expect(world.bookings.user.liveBookings().length).to.be.at.most(1),
  },
  {
    title: 'an event dragged, then its booking cancelled',
    before: book,
    act: (world, id) => world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: world.hour(110) }),
    meanwhile: (world, id) => world.bookings.user.cancel(id),
    after: (world) => expect(world.on(BAY1)).to.deep.equal([]),
  },
  {
    title: 'an event dragged, then its booking moved',
    before: book,
    act: (world, id) => world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: world.hour(110) }),
    meanwhile: (world, id) => world.bookings.user.move(id, { start: world.hour(120) }),
  },
  {
    title: 'an event moved to the other bay, then moved back',
    before: book,
    act: (world, id) => world.calendars.person.moveToCalendar(BAY1.calendarId, `loft${id}`, BAY2.calendarId),
    meanwhile: (world, id) => world.calendars.person.moveToCalendar(BAY2.calendarId, `loft${id}`, BAY1.calendarId),
    after: (world, id) => expect(world.bookings.user.booking(id)).to.include({ unit: BAY1.resourceUnitId }),
  },
  {
    title: 'an event deleted, then restored from the trash',
    before: book,
    act: (world, id) => world.calendars.person.deleteEvent(BAY1.calendarId, `loft${id}`),
    meanwhile: (world, id) => world.calendars.person.undelete(BAY1.calendarId, `loft${id}`),
  },
  ...(['same-id', 'new-id'] as const).map((reschedule): Scenario => ({
    title: `an event dragged (reschedule: ${reschedule}), then dragged to a third time`,
    options: { studio: { reschedule } },
    before: book,
    act: (world, id) => world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: world.hour(110) }),
    meanwhile: (world, id) => {
      world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: world.hour(120) });
    },
    after: (world) => {
      expect(world.bookings.user.liveBookings().map((it) => it.start)).to.deep.equal([world.hour(120)]);
    },
  })),
  {
    title: 'an event dragged, which requires a rebooking, then dragged to a third time',
    options: { settings: { uschedule: { reschedule: 'rebook' } } },
    before: book,
    act: (world, id) => world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: world.hour(110) }),
    meanwhile: (world, id) => {
      world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: world.hour(120) });
    },
    after: (world) => {
      expect(world.bookings.user.liveBookings().map((it) => it.start)).to.deep.equal([world.hour(120)]);
    },
  },
  {
    title: 'an event dragged, which requires a rebooking, then every live booking cancelled',
    options: { settings: { uschedule: { reschedule: 'rebook' } } },
    before: book,
    act: (world, id) => world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: world.hour(110) }),
    meanwhile: (world) => world.bookings.user.liveBookings().forEach((it) => world.bookings.user.cancel(it.id)),
    after: (world) => expect(world.bookings.user.liveBookings()).to.deep.equal([]),
  },
];
