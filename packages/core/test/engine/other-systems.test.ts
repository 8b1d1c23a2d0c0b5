import {
  Err,
  HOUR,
  MemoryStore,
  MINUTE,
  Ok,
  SECOND,
  type Booking,
  type BookingSystem,
  type Instant,
  type Period,
  type SyncEngine,
  type SyncEvent,
  createSyncEngine,
  DEFAULT_SETTINGS,
} from '@loft/sync-core';
import type { BookingSlot, BookRequest, UnitId } from '@loft/sync-core/adapters';
import { MemoryBookings, MemoryCalendars, VirtualClock } from '@loft/sync-core/testing';
import { expect } from 'chai';

const NORTH = { bay: 'n', name: 'North', resourceUnitId: 'north', calendarId: 'north@calendar.example' };
const FIVE = { bay: '5', name: 'Five', resourceUnitId: '5523', calendarId: 'five@calendar.example' };
const PREFIX = 'TT/é 4';

/** Another booking system with its own name, units that are texts and numbers, and any text as appointment id. */
class Club implements BookingSystem {
  readonly system = 'club';
  readonly memory: MemoryBookings;
  /** The answer to every cancellation. */
  refusesAll = false;

  constructor(clock: VirtualClock) {
    this.memory = new MemoryBookings({ clock, units: ['north', 5523] });
  }

  async listBookings(period: Period) {
    const list = await this.memory.listBookings(period);
    return list.map(({ bookings, unreadable }) => ({ bookings: bookings.map(named), unreadable }));
  }
  async getBooking(id: string) {
    return (await this.memory.getBooking(id.replace(PREFIX, ''))).map(named);
  }
  listFreeSlots(unit: UnitId, day: Instant) {
    return this.memory.listFreeSlots(unit, day);
  }
  async cancelBooking(id: string) {
    if (!this.refusesAll) return this.memory.cancelBooking(id.replace(PREFIX, ''));
    return Err({ kind: 'unauthorized', system: 'another name', method: 'withdraw', message: 'who are you?' } as const);
  }
  async rescheduleBooking(id: string, to: BookingSlot) {
    const done = await this.memory.rescheduleBooking(id.replace(PREFIX, ''), to);
    return done.ok ? Ok(id) : done;
  }
  book(request: BookRequest) {
    return this.memory.book(request);
  }
}

function named(booking: Booking): Booking {
  return { ...booking, appointmentId: PREFIX + booking.appointmentId };
}

describe('an engine on another booking system with its own names and ids', () => {
  let clock: VirtualClock;
  let club: Club;
  let calendars: MemoryCalendars;
  let events: SyncEvent[];
  let engine: SyncEngine;

  beforeEach(async () => {
    clock = new VirtualClock();
    club = new Club(clock);
    calendars = new MemoryCalendars({ clock, calendars: [NORTH.calendarId, FIVE.calendarId] });
    const settings = { ...DEFAULT_SETTINGS, timeZone: 'America/Phoenix', bays: [NORTH, FIVE] };
    engine = createSyncEngine({ bookings: club, calendars, store: new MemoryStore(), clock, settings }).unwrap();
    events = [];
    engine.events.subscribe((event) => events.push(event));
    await engine.start();
  });
  afterEach(() => engine.stop());

  it('mirrors and moves bookings whose unit id is a text, or a number that is a text in the settings', async () => {
    const start = clock.now() + 26 * HOUR;
    const inNorth = club.memory.user.book({ unit: 'north', start });
    club.memory.user.book({ unit: 5523, start });
    await clock.advance(2 * MINUTE);
    const [event] = calendars.events(NORTH.calendarId);
    expect(event?.marks.appointmentId).to.equal(PREFIX + inNorth);
    expect(calendars.events(FIVE.calendarId)).to.have.length(1);
    calendars.person.dragEvent(NORTH.calendarId, event!.eventId, { start: start + 3 * HOUR });
    await clock.advance(6 * MINUTE);
    expect(club.memory.user.booking(inNorth)?.start).to.equal(start + 3 * HOUR);
    calendars.person.moveToCalendar(NORTH.calendarId, event!.eventId, FIVE.calendarId);
    await clock.advance(6 * MINUTE);
    expect(String(club.memory.user.booking(inNorth)?.unit)).to.equal('5523');
  });

  it('shows the adapter’s name in calls, errors and circuits', async () => {
    club.memory.user.book({ unit: 'north', start: clock.now() + 26 * HOUR });
    await clock.advance(2 * MINUTE);
    const [event] = calendars.events(NORTH.calendarId);
    club.refusesAll = true;
    calendars.person.deleteEvent(NORTH.calendarId, event!.eventId);
    const circuits = new Set<string>();
    for (let passed = 0; passed < 7 * MINUTE; passed += SECOND) {
      await clock.advance(SECOND);
      for (const { key } of (await engine.status()).unwrap().circuits) circuits.add(key);
    }
    const calls = events.filter((it) => it.type === 'call').filter(({ system }) => system !== 'store');
    expect(new Set(calls.map(({ system }) => system))).to.deep.equal(new Set(['club', 'google']));
    const errors = events.flatMap((it) => ('error' in it && it.error ? [it.error.system] : []));
    expect(errors).to.include('club').and.not.include('another name').and.not.include('uschedule');
    expect([...circuits]).to.deep.equal(['club']);
  });
});
