import { expect } from 'chai';
import { setTimeout as pause } from 'node:timers/promises';
import {
  completeSettings,
  createSyncEngine,
  HOUR,
  intlTimeZones,
  MemoryStore,
  systemClock,
  type Bay,
  type CalendarEvent,
  type SyncEngine,
} from '@loft/sync-core';
import { MemoryBookings } from '@loft/sync-core/testing';
import { CalDavCalendarSystem } from '#src/caldav/caldav-calendar-system.js';
import { CalDavPerson } from './support/caldav-person.js';
import { requireRadicale, startRadicale, type Radicale } from '../../scripts/radicale.mjs';

/** The first installation of the server takes a minute. */
const INSTALL_TIMEOUT_MS = 15 * 60_000;
const log = (message: string): void => void process.stderr.write(`${message}\n`);
const BAY1: Bay = { bay: '1', name: 'Bay 1', resourceUnitId: 5523, calendarId: 'bay-1' };
const BAY2: Bay = { bay: '2', name: 'Bay 2', resourceUnitId: 5524, calendarId: 'bay-2' };
const OTHER: Readonly<Record<string, Bay>> = { '1': BAY2, '2': BAY1 };
const timeZone = 'America/Phoenix';

/** The checklist of the engine, with CalDAV instead of Google. */
describe('the checklist of the engine with CalDAV calendars', function () {
  this.timeout(120_000);
  let radicale: Radicale;
  let person: CalDavPerson;
  let calendars: CalDavCalendarSystem;
  let bookings: MemoryBookings;
  let engine: SyncEngine;
  /** The texts of the person's own events, as they were before the engine started. */
  const own: { readonly bay: Bay; readonly id: string; readonly text: string }[] = [];
  const start = Math.ceil(Date.now() / HOUR) * HOUR + 30 * HOUR;
  let writes = 0;

  before(async function () {
    this.timeout(INSTALL_TIMEOUT_MS);
    radicale = requireRadicale(await startRadicale({ log }), () => this.skip());
    person = new CalDavPerson(radicale);
    for (const bay of [BAY1, BAY2]) {
      await radicale.createCalendar(bay.calendarId);
      const id = await person.createEvent(bay.calendarId, { start, end: start + HOUR, title: 'Staff meeting' });
      own.push({ bay, id, text: await person.text(bay.calendarId, id) });
    }
    const clock = systemClock();
    const account = radicale.account;
    const timeZones = intlTimeZones();
    calendars = new CalDavCalendarSystem({ account, timeZone, timeZones, callTimeoutMs: 20_000, now: Date.now });
    bookings = new MemoryBookings({ clock });
    const settings = completeSettings({
      timeZone,
      bays: [BAY1, BAY2],
      uschedule: { pollSeconds: 0.2, cancellationHours: 0 },
      google: { sweepSeconds: 0.3, deleteGraceSeconds: 0 },
    });
    engine = createSyncEngine({ bookings, calendars, store: new MemoryStore(), clock, settings }).unwrap();
    engine.events.subscribe((event) => {
      if (event.type === 'call' && /^(?:insert|patch|delete)Event$/.test(event.method)) writes++;
    });
    await engine.start();
  });
  after(async () => {
    await engine?.stop();
    await radicale?.stop();
  });

  const eventsOf = async ({ calendarId }: Bay): Promise<readonly CalendarEvent[]> => {
    const { events } = (await calendars.listEvents(calendarId, { syncToken: null, pageToken: null })).unwrap();
    return events.filter(({ marks }) => marks.managed);
  };

  const mirrorsOf = async (appointmentId: string): Promise<readonly CalendarEvent[]> => {
    const events = await Promise.all([BAY1, BAY2].map(eventsOf));
    return events.flat().filter(({ marks }) => marks.appointmentId === appointmentId);
  };

  /** Waits for the one event of a booking, in this bay at the time of the booking. */
  const mirrorIn = async (bay: Bay, id: string): Promise<CalendarEvent> => {
    let found: readonly CalendarEvent[] = [];
    for (let look = 0; look < 300; look++) {
      found = await mirrorsOf(id);
      const booking = bookings.user.booking(id);
      const [event] = found;
      const isThere = found.length === 1 && event?.calendarId === bay.calendarId;
      if (isThere && event.start === booking?.start && event.end === booking.end) return event;
      await pause(50);
    }
    throw new Error(`booking ${id} has no event in ${bay.name}: ${JSON.stringify(found)}`);
  };

  const until = async (what: string, holds: () => boolean | Promise<boolean>): Promise<void> => {
    for (let look = 0; look < 300; look++) {
      if (await holds()) return;
      await pause(50);
    }
    throw new Error(`waited for ${what}, which did not happen`);
  };

  /** Waits until no task is left and two more sweeps are over; then counts the calls that write to the calendars. */
  const writesOf = async (change: () => Promise<void>): Promise<number> => {
    const before = writes;
    await change();
    await pause(1000);
    await until('the end of all tasks', async () => {
      const { due, waiting, claimed } = (await engine.status()).unwrap().tasks;
      return due + waiting + claimed === 0;
    });
    return writes - before;
  };

  for (const [index, bay] of [BAY1, BAY2].entries()) {
    const other = OTHER[bay.bay] as Bay;
    const day = start + index * 24 * HOUR;
    let id = '';

    it(`${bay.name}: a booking is created, and its event appears in this calendar only`, async () => {
      const written = await writesOf(async () => {
        id = bookings.user.book({ unit: bay.resourceUnitId, start: day + 2 * HOUR, customerName: 'Ana R.' });
        const { title, marks } = await mirrorIn(bay, id);
        expect(title).to.equal('Ana R.');
        expect(marks).to.include({ managed: true, bay: bay.bay });
      });
      expect(written).to.equal(1);
    });

    it(`${bay.name}: the time of the booking changes, and the event follows`, async () => {
      const written = await writesOf(async () => {
        bookings.user.move(id, { start: day + 4 * HOUR });
        await mirrorIn(bay, id);
      });
      expect(written).to.equal(1);
    });

    it(`${bay.name}: the booking moves to the other bay and back, and the event is made there and deleted here`, async () => {
      for (const target of [other, bay]) {
        const written = await writesOf(async () => {
          bookings.user.move(id, { unit: target.resourceUnitId });
          await mirrorIn(target, id);
        });
        expect(written).to.equal(2);
      }
    });

    it(`${bay.name}: the booking is cancelled, and the event disappears`, async () => {
      bookings.user.cancel(id);
      await until('the event to disappear', async () => (await mirrorsOf(id)).length === 0);
    });

    it(`${bay.name}: a person drags the event, and the booking follows`, async () => {
      id = bookings.user.book({ unit: bay.resourceUnitId, start: day + 6 * HOUR, customerName: 'Ben' });
      const { eventId } = await mirrorIn(bay, id);
      await person.dragEvent(bay.calendarId, eventId, { start: day + 8 * HOUR });
      await until('the booking to move', () => bookings.user.booking(id)?.start === day + 8 * HOUR);
      await mirrorIn(bay, id);
    });

    it(`${bay.name}: a person renames the event, and the name stays when the booking moves`, async () => {
      const { eventId } = await mirrorIn(bay, id);
      await person.renameEvent(bay.calendarId, eventId, 'Ben and Cleo');
      await pause(1000);
      bookings.user.move(id, { start: day + 9 * HOUR });
      expect((await mirrorIn(bay, id)).title).to.equal('Ben and Cleo');
    });

    it(`${bay.name}: a person moves the event to the other bay and back, and the booking follows`, async () => {
      for (const [from, target] of [
        [bay, other],
        [other, bay],
      ] as const) {
        const { eventId } = await mirrorIn(from, id);
        await person.moveToCalendar(from.calendarId, eventId, target.calendarId);
        await until('the booking to move', () => bookings.user.booking(id)?.unit === target.resourceUnitId);
        await mirrorIn(target, id);
      }
    });

    it(`${bay.name}: a person makes an all-day event of it, and it becomes a timed event again`, async () => {
      const { eventId } = await mirrorIn(bay, id);
      await person.makeAllDay(bay.calendarId, eventId);
      const { shape } = await mirrorIn(bay, id);
      expect(shape).to.equal('timed');
      expect(bookings.user.booking(id)).to.include({ state: 'live', start: day + 9 * HOUR });
    });

    it(`${bay.name}: a person deletes the event, and the booking is cancelled`, async () => {
      const { eventId } = await mirrorIn(bay, id);
      await person.deleteEvent(bay.calendarId, eventId);
      await until('the cancellation', () => bookings.user.booking(id)?.state === 'canceled');
      expect(await mirrorsOf(id)).to.deep.equal([]);
    });
  }

  it('leaves events of people as they are, and nothing undone', async () => {
    for (const { bay, id, text } of own) expect(await person.text(bay.calendarId, id)).to.equal(text);
    const { tasks, deadLetters } = (await engine.status()).unwrap();
    expect({ ...tasks, deadLetters }).to.include({ due: 0, claimed: 0, deadLetters: 0 });
  });
});
