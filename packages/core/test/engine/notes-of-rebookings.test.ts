import { expect } from 'chai';
import { Err, MINUTE, type BookingSystem } from '@loft/sync-core';
import { blindOptions } from './blind-world.js';
import { expectIdle, expectInSync } from './expect-in-sync.js';
import { overridden } from './overridden.js';
import { BAY1, only, World, type WorldOptions } from './world.js';

const NOTE = 'two players, left-handed';

/** What a booking system may do to a note. */
const MANGLED: Readonly<Record<string, (note: string) => string>> = {
  'is cut after 12 characters': (note) => note.slice(0, 12),
  'is dropped': () => '',
  'is in capitals': (note) => note.toUpperCase(),
  'is escaped': (note) => note.replace('[', '&#91;').replace(']', '&#93;'),
};

const MODES: Readonly<Record<string, WorldOptions>> = {
  trusted: { settings: { uschedule: { reschedule: 'rebook' } }, studio: { reschedule: 'off' } },
  blind: blindOptions({ reschedule: 'rebook' }, { reschedule: 'off' }),
};

describe('a rebooking whose answer is lost', () => {
  for (const [mode, options] of Object.entries(MODES)) {
    for (const [what, mangle] of Object.entries(MANGLED)) {
      it(`leaves one booking and one event, although its note ${what}: ${mode}`, async () => {
        const world = new World(options);
        const { bookings, calendars } = world;
        const book: BookingSystem['book'] = async (request) => {
          await bookings.book({ ...request, notes: mangle(request.notes) });
          return Err({ kind: 'transient', system: 'uschedule', method: 'bookit', message: 'no answer' });
        };
        world.through({ bookings: overridden<BookingSystem>(bookings, { book }) });
        const id = world.book(BAY1.resourceUnitId, 100, 'Ana R.', NOTE);
        await world.start();
        await world.settle();
        const start = world.hour(120);
        calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start });
        await world.settle(60 * MINUTE);
        expect(bookings.user.liveBookings().map((booking) => booking.start)).to.deep.equal([start]);
        expect(only(world.on(BAY1))).to.include({ start });
        expect(bookings.writes).to.deep.equal({ booked: 1, cancelled: 1, rescheduled: 0 });
        await expectInSync(world);
        await expectIdle(world);
      });
    }
  }
});

describe('a booking whose note has the marker of a rebooking', () => {
  it('is kept and mirrored if it has another customer: a person has copied the note', async () => {
    const world = new World({ settings: { uschedule: { reschedule: 'rebook' } } });
    const id = world.book(BAY1.resourceUnitId, 100, 'Ana R.');
    world.book(BAY1.resourceUnitId, 110, 'Bo', `[loft:${id}] ${NOTE}`);
    await world.start();
    await world.settle(60 * MINUTE);
    expect(world.bookings.user.liveBookings()).to.have.length(2);
    expect(world.bookings.writeCount).to.equal(0);
    await expectInSync(world);
  });
});
