import { expect } from 'chai';
import { MemoryData } from '#src/store/memory-data.js';
import { backupOf, restore } from '#src/testing/simulation/store-backup.js';
import {
  HOUR,
  MemoryStore,
  MINUTE,
  type Booking,
  type BookingSystem,
  type CalendarEvent,
  type CalendarSystem,
} from '@loft/sync-core';
import type { OptionalField, MissingKind } from '@loft/sync-core/adapters';
import { expectIdle } from './expect-in-sync.js';
import { overridden } from './overridden.js';
import { SECOND } from '@loft/sync-core';
import type { SyncStore } from '@loft/sync-core/store';
import { BAY1, only, World } from './world.js';

const POLL: number = MINUTE;

/** A record with missing fields, as an adapter returns it, with placeholders. */
function lacking(booking: Booking, fields: readonly OptionalField[], how: MissingKind): Booking {
  const missing = Object.fromEntries(fields.map((field) => [field, how]));
  return {
    ...booking,
    missing,
    ...(fields.includes('customerName') ? { customerName: '' } : {}),
    ...(fields.includes('notes') ? { notes: '' } : {}),
    ...(fields.includes('end') ? { end: booking.start + HOUR } : {}),
    ...(fields.includes('status') ? { status: 'unknown' } : {}),
  };
}

const ALL = ['customerName', 'end', 'notes'] as const;

function bookNoted(world: World, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) =>
    world.bookings.user.book({
      unit: BAY1.resourceUnitId,
      start: world.hour(30 + 3 * index),
      minutes: 120,
      customerName: `Guest ${index}`,
      notes: `Note ${index}`,
    }),
  );
}

/** Bookings of two hours with notes, mirrored. */
async function noted(count = 3): Promise<{ readonly world: World; readonly ids: readonly string[] }> {
  const world = await new World().start();
  const ids = bookNoted(world, count);
  await world.settle();
  expect(world.on(BAY1)).to.have.length(count);
  return { world, ids };
}

describe('records that lack fields', () => {
  for (const how of ['null', 'absent'] as const) {
    it(`change no event while name, end and notes of all records are ${how}, also after a restart`, async () => {
      const { world } = await noted();
      const writes = world.calendars.writeCount;
      world.bookings.distort = (booking) => lacking(booking, ALL, how);
      await world.settle(5 * POLL);
      await world.restart();
      await world.settle(5 * POLL);
      expect(world.calendars.writeCount).to.equal(writes);
      world.bookings.distort = null;
      await world.settle(2 * POLL);
      expect(world.calendars.writeCount).to.equal(writes);
      await expectIdle(world);
    });
  }

  it('change no event after a restart if the clock of the process that made the events was hours slow', async () => {
    const world = await new World().start();
    await world.engine.stop();
    const slow = { now: () => world.clock.now() - 3 * HOUR, setTimer: world.clock.setTimer.bind(world.clock) };
    world.engine = world.newEngine({ clock: slow });
    await world.start();
    bookNoted(world, 2);
    await world.settle();
    expect(world.on(BAY1)).to.have.length(2);
    await world.engine.stop();
    const writes = world.calendars.writeCount;
    world.bookings.distort = (booking) => lacking(booking, ALL, 'null');
    world.engine = world.newEngine();
    await world.start();
    await world.settle(5 * POLL);
    expect(world.calendars.writeCount).to.equal(writes);
  });

  for (const field of ALL) {
    it(`change no event while ${field} alone is null in all records`, async () => {
      const { world } = await noted();
      const writes = world.calendars.writeCount;
      world.bookings.distort = (booking) => lacking(booking, [field], 'null');
      await world.settle(6 * POLL);
      await world.restart();
      await world.settle(6 * POLL);
      expect(world.calendars.writeCount).to.equal(writes);
    });
  }

  it('keep the title that a user gave the event, also when they are complete again', async () => {
    const { world } = await noted(1);
    const { eventId } = only(world.on(BAY1));
    world.calendars.person.renameEvent(BAY1.calendarId, eventId, 'League night');
    await world.settle();
    world.bookings.distort = (booking) => lacking(booking, ALL, 'null');
    await world.settle(3 * POLL);
    world.bookings.distort = null;
    await world.settle(3 * POLL);
    expect(only(world.on(BAY1)).title).to.equal('League night');
  });

  it('empty the description when the notes of one record are null in two polls in a row', async () => {
    const { world, ids } = await noted(4);
    world.bookings.distort = (booking) =>
      booking.appointmentId === ids[0] ? lacking(booking, ['notes'], 'null') : booking;
    await world.settle(POLL);
    expect(world.on(BAY1).map(({ description }) => description)).to.include('Note 0');
    await world.settle(2 * POLL);
    expect(world.on(BAY1).map(({ description }) => description)).to.have.members(['', 'Note 1', 'Note 2', 'Note 3']);
  });

  it('keep the title of an event that is adopted after a loss of the store, although a poll is answered before its map is stored', async () => {
    const { world } = await noted(1);
    await world.engine.stop();
    world.bookings.distort = (booking) => lacking(booking, ['customerName'], 'null');
    const store = new MemoryStore();
    world.store = store;
    world.through({
      store: overridden<SyncStore>(store, {
        putMap: async (map) => {
          await new Promise<void>((done) => void world.clock.setTimer(5 * SECOND, done));
          return store.putMap(map);
        },
      }),
    });
    await world.start();
    await world.settle();
    expect(only(world.on(BAY1)).title).to.equal('Guest 0');
  });

  it('with another start move the event and keep its length', async () => {
    const { world, ids } = await noted(1);
    const start = world.hour(50);
    world.bookings.user.move(ids[0]!, { start });
    world.bookings.distort = (booking) => lacking(booking, ['end'], 'null');
    await world.settle();
    expect(only(world.on(BAY1))).to.deep.include({ start, end: start + 2 * HOUR });
  });

  it('without an end move with their event and keep their length', async () => {
    const { world, ids } = await noted(1);
    world.bookings.distort = (booking) => lacking(booking, ['end'], 'null');
    await world.settle();
    const start = world.hour(50);
    world.calendars.person.dragEvent(BAY1.calendarId, only(world.on(BAY1)).eventId, { start });
    await world.settle();
    expect(world.bookings.user.booking(ids[0]!)).to.include({ start, end: start + 2 * HOUR });
  });

  it('without an end since the booking was made do not move with their event: a reschedule would shorten the visit', async () => {
    const world = await new World().start();
    world.bookings.distort = (booking) => lacking(booking, ['end'], 'null');
    const [id = ''] = bookNoted(world, 1);
    const { start, end } = world.bookings.user.booking(id)!;
    await world.settle();
    expect(only(world.on(BAY1))).to.include({ start, end: start + HOUR });
    world.calendars.person.dragEvent(BAY1.calendarId, only(world.on(BAY1)).eventId, { start: world.hour(50) });
    await world.settle();
    expect(world.reasons()).to.include('unsupported-edit');
    expect(world.bookings.user.booking(id)).to.include({ start, end });
    world.bookings.distort = (booking) => booking;
    await world.settle();
    expect(only(world.on(BAY1))).to.include({ start, end });
    world.calendars.person.dragEvent(BAY1.calendarId, only(world.on(BAY1)).eventId, { start: world.hour(50) });
    await world.settle();
    expect(world.bookings.user.booking(id)).to.include({ start: world.hour(50), end: world.hour(52) });
  });

  it('are completed when they are read by id, so that a hint causes no write', async () => {
    const { world, ids } = await noted(1);
    const writes = world.calendars.writeCount;
    world.bookings.distort = (booking, servedBy) => (servedBy === 'id' ? lacking(booking, ALL, 'absent') : booking);
    await world.engine.hint(ids[0]!);
    await world.settle(10_000);
    await world.restart();
    await world.engine.hint(ids[0]!);
    await world.settle(10_000);
    expect(world.calls()['getBooking']).to.be.greaterThan(1);
    expect(world.calendars.writeCount).to.equal(writes);
  });

  it('get the name from the list of that day if a new booking is first read by id', async () => {
    const world = await new World().start();
    world.bookings.distort = (booking, servedBy) =>
      servedBy === 'id' ? lacking(booking, ['customerName'], 'absent') : booking;
    const id = world.book(BAY1.resourceUnitId, 30, 'Ana R.');
    await world.engine.hint(id);
    await world.settle(1000);
    expect(only(world.on(BAY1)).title).to.equal('Ana R.');
    expect(world.calendars.writeCount).to.equal(1);
  });

  it('cause a warning if they lack a status that other records have', async () => {
    const { world, ids } = await noted(3);
    world.bookings.distort = (booking) =>
      booking.appointmentId === ids[1] ? lacking(booking, ['status'], 'null') : booking;
    const writes = world.calendars.writeCount;
    await world.settle(2 * POLL);
    const { ready, warnings } = await world.engine.readiness();
    expect(ready).to.equal(true);
    expect(warnings.filter((warning) => warning.includes('no status'))).to.have.length(1);
    expect(warnings.join()).to.include(ids[1]).and.not.to.include(ids[0]);
    expect(world.calendars.writeCount).to.equal(writes);
  });
});

describe('an event that is adopted while the record of its booking lacks fields', () => {
  for (const how of ['null', 'absent'] as const) {
    it(`keeps its length and its texts, and follows the record when the record is complete again (${how})`, async () => {
      const { world, ids } = await noted();
      await world.engine.stop();
      world.store = new MemoryStore();
      world.bookings.distort = (booking) => lacking(booking, ALL, how);
      const before = world.on(BAY1);
      const bookings = overridden<BookingSystem>(world.bookings, {
        getBooking: async (id) => {
          await new Promise<void>((resolve) => void world.clock.setTimer(100, resolve));
          return world.bookings.getBooking(id);
        },
      });
      world.engine = world.newEngine({ bookings });
      await world.start();
      await world.settle();
      const shown = world.on(BAY1);
      expect(shown.map(({ start, end, title, description }) => ({ start, end, title, description }))).to.deep.equal(
        before.map(({ start, end, title, description }) => ({ start, end, title, description })),
      );
      world.bookings.distort = null;
      world.bookings.user.setNotes(ids[0]!, 'Another note');
      await world.settle();
      expect(world.on(BAY1).find(({ title }) => title === 'Guest 0')?.description).to.equal('Another note');
      expect(world.on(BAY1).every(({ start, end }) => (end ?? 0) - (start ?? 0) === 2 * HOUR)).to.equal(true);
      await expectIdle(world);
    });

    it(`keeps its length and its texts if its id is taken at the insert, after a restore of an older store (${how})`, async () => {
      const data = new MemoryData();
      const world = new World();
      world.store = new MemoryStore({ data });
      world.engine = world.newEngine();
      await world.start();
      const before = backupOf(data);
      bookNoted(world, 3);
      await world.settle();
      const shown = world.on(BAY1);
      expect(shown).to.have.length(3);
      await world.engine.stop();
      restore(data, before);
      world.bookings.distort = (booking) => lacking(booking, ALL, how);
      const calendars = overridden<CalendarSystem>(world.calendars, {
        listEvents: async (...args) => {
          await new Promise<void>((resolve) => void world.clock.setTimer(5000, resolve));
          return world.calendars.listEvents(...args);
        },
      });
      world.engine = world.newEngine({ calendars });
      await world.start();
      await world.settle();
      const textsOf = ({ start, end, title, description }: CalendarEvent): object => ({
        start,
        end,
        title,
        description,
      });
      expect(world.on(BAY1).map(textsOf)).to.deep.equal(shown.map(textsOf));
    });
  }
});
