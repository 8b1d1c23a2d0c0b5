import { expect } from 'chai';
import { Err, HOUR, Ok, type BookingEventMap, type BookingSystem, type CalendarEvent } from '@loft/sync-core';
import { NO_MARKS } from '#src/domain/calendar-event.js';
import { observeRemovals, MarkedEvents } from '#src/engine/observe/removals.js';
import type { Situation } from '#src/rules/situation.js';
import {
  aBooking,
  aMap,
  anEvent,
  aSituation,
  bookingSeen,
  bookingUnknownToSystem,
  eventSeen,
  ID,
  NOW,
} from '../rules/situations.js';
import { plain } from './act-bench.js';
import { CLOSED, FAILS, ObserveBench, STORE_FAILS, type Given } from './observe-bench.js';
import { BAY1, BAY2 } from './world.js';

describe('the marked events of a calendar', () => {
  it('are those with our marks that are active and end in the future', () => {
    const marked = new MarkedEvents();
    const note = (eventId: string, change: Partial<CalendarEvent> = {}): string | null =>
      marked.note(anEvent({ eventId, ...change }));
    note('a', { end: NOW });
    note('b', { end: NOW + 1 });
    note('c', { end: null });
    note('d', { marks: NO_MARKS });
    note('e', { marks: { ...anEvent().marks, appointmentId: null } });
    note('f', { title: 'CANCELED: Ana R.', free: true });
    note('g', { calendarId: BAY2.calendarId });
    expect(marked.toCome(BAY1.calendarId, NOW)).to.deep.equal([
      { appointmentId: ID, end: NOW + 1, creatorEmail: anEvent().creatorEmail, isOrdinary: true },
      { appointmentId: ID, end: null, creatorEmail: anEvent().creatorEmail, isOrdinary: true },
    ]);
    expect(note('b', { state: 'gone' })).to.equal(ID);
    expect(note('c', { marks: NO_MARKS })).to.equal(ID);
    expect(note('c', { state: 'gone' })).to.equal(null);
    expect(marked.toCome(BAY1.calendarId, NOW)).to.deep.equal([]);
    expect(marked.toCome(BAY2.calendarId, NOW)).to.have.length(1);
    expect(marked.toCome(CLOSED, NOW)).to.deep.equal([]);
  });
});

describe('the event that was listed with the marks of an appointment', () => {
  it('is the last one under an id of ours, until it is listed as gone, without marks or with those of another appointment', () => {
    const marked = new MarkedEvents();
    const note = (eventId: string, change: Partial<CalendarEvent> = {}): string | null =>
      marked.note(anEvent({ eventId, ...change }));
    const other = { ...anEvent().marks, appointmentId: '700200' };
    expect(marked.eventOf(ID)).to.equal(null);
    note('loft1');
    note('loft2', { calendarId: BAY2.calendarId });
    note('person0001');
    note('loft1', { state: 'gone' });
    expect(marked.eventOf(ID)).to.deep.equal({ calendarId: BAY2.calendarId, eventId: 'loft2' });
    note('loft2', { calendarId: BAY2.calendarId, marks: other });
    expect(marked.eventOf(ID)).to.equal(null);
    expect(marked.eventOf('700200')).to.deep.equal({ calendarId: BAY2.calendarId, eventId: 'loft2' });
    note('loft2', { calendarId: BAY2.calendarId, marks: NO_MARKS });
    expect(marked.eventOf('700200')).to.equal(null);
  });
});

describe('the count of events that would be removed', () => {
  const IMPOSSIBLE = 'impossible';
  interface Removed {
    /** Appointments with a marked event in the calendar of the event. */
    readonly marked: readonly string[];
    /** Further marked events there. */
    readonly others?: readonly Partial<CalendarEvent>[];
    readonly elsewhere?: readonly string[];
    readonly mapped?: readonly BookingEventMap[];
    /** Appointments that the booking system lists, with their status. */
    readonly listed?: Readonly<Record<string, 'live' | 'dead' | 'unknown'>>;
    readonly change?: Partial<Situation>;
    readonly given?: Given;
  }
  async function counted({
    marked,
    others = [],
    elsewhere = [],
    mapped = [],
    listed,
    change = {},
    given = {},
  }: Removed) {
    let lists = 0;
    const listBookings: BookingSystem['listBookings'] = async () => {
      lists++;
      const bookings = Object.entries(listed ?? {}).map(([appointmentId, status]) =>
        aBooking({ appointmentId, status }),
      );
      return Ok({ bookings, unreadable: [] });
    };
    const bench = new ObserveBench({ ...given, bookings: { listBookings, ...given.bookings } });
    await bench.put(...mapped);
    const note = (appointmentId: string, calendarId: string): string | null =>
      bench.parts.markedEvents.note(
        anEvent({ calendarId, eventId: `loft${appointmentId}`, marks: { ...anEvent().marks, appointmentId } }),
      );
    for (const id of marked) note(id, BAY1.calendarId);
    for (const id of elsewhere) note(id, BAY2.calendarId);
    const event = eventSeen(anEvent());
    for (const [index, other] of others.entries()) {
      const marks = { ...anEvent().marks, appointmentId: `8${index}` };
      bench.parts.markedEvents.note(anEvent({ eventId: `loft8${index}`, marks, ...other }));
    }
    const rules = { ...bench.parts.rules, isAppointmentId: (text: string) => text !== IMPOSSIBLE };
    const result = await observeRemovals(aSituation({ event, ...change }), { ...bench.parts, rules });
    return { lists, result: plain(result.map(({ removals }) => removals)) };
  }
  const ids = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `9${index}`);
  const known = { map: aMap() };

  it('needs no list of the bookings for up to the minimum, of a known appointment', async () => {
    expect(await counted({ marked: ids(5), change: known })).to.deep.equal({
      lists: 0,
      result: { ok: { would: 5, of: 5, isAccountProven: true } },
    });
    const read = { booking: bookingSeen() };
    expect(await counted({ marked: ids(5), change: read })).to.have.property('lists', 0);
    expect(await counted({ marked: ids(5), change: { booking: bookingUnknownToSystem() } })).to.have.property(
      'lists',
      1,
    );
    expect(await counted({ marked: ids(5) })).to.have.property('lists', 1);
    expect(await counted({ marked: ids(6), change: known })).to.have.property('lists', 1);
  });

  it('counts events without a map and without a living booking', async () => {
    const listed = { 90: 'live', 91: 'unknown', 92: 'dead' } as const;
    expect((await counted({ marked: ids(8), listed, change: known })).result).to.deep.equal({
      ok: { would: 6, of: 8, isAccountProven: true },
    });
  });

  it('does not count events that are never removed (docs/decision-table.md#row-5a)', async () => {
    const others = [
      { creatorEmail: 'person@example.com' },
      { eventType: 'focusTime' },
      { marks: { ...anEvent().marks, appointmentId: IMPOSSIBLE } },
    ];
    const former = { google: { formerAccounts: ['former@example.com'] } };
    const given = { marked: ids(5), others: [...others, { creatorEmail: 'former@example.com' }], change: known };
    expect(await counted({ ...given, given: { settings: former } })).to.deep.equal({
      lists: 1,
      result: { ok: { would: 6, of: 6, isAccountProven: false } },
    });
    expect(await counted(given)).to.deep.equal({
      lists: 0,
      result: { ok: { would: 5, of: 5, isAccountProven: true } },
    });
    const canceled = [aMap({ uscheduleAppointmentId: '80', status: 'CANCELED' })];
    expect((await counted({ ...given, mapped: canceled })).result).to.deep.equal({
      ok: { would: 6, of: 6, isAccountProven: false },
    });
  });

  it('compares with the marked events, or with the future mirrors of the calendar and those that would be removed', async () => {
    const end = NOW + HOUR;
    const mirror = (id: string, change: Partial<BookingEventMap> = {}): BookingEventMap =>
      aMap({ uscheduleAppointmentId: id, base: { ...aMap().base, end }, ...change });
    const mapped = [mirror('1'), mirror('2'), mirror('90')];
    const other = mirror('3', { googleCalendarId: BAY2.calendarId });
    const canceled = mirror('91', { status: 'CANCELED' });
    const past = mirror('4', { base: { ...aMap().base, end: NOW } });
    const result = await counted({ marked: ids(2), mapped: [...mapped, other, canceled, past], change: known });
    expect(result.result).to.deep.equal({ ok: { would: 1, of: 4, isAccountProven: true } });
  });

  it('counts in blind mode events of canceled appointments, too', async () => {
    const listed = { 90: 'unknown', 91: 'unknown', 92: 'unknown' } as const;
    const mapped = [
      aMap({ uscheduleAppointmentId: '90', status: 'CANCELED' }),
      aMap({ uscheduleAppointmentId: '95', status: 'CANCELED' }),
    ];
    const blind = { settings: { uschedule: { status: 'blind' } } } as const;
    const given = { marked: ids(8), listed, mapped, change: known };
    expect((await counted({ ...given, given: blind })).result).to.deep.equal({
      ok: { would: 6, of: 8, isAccountProven: true },
    });
    expect((await counted(given)).result).to.deep.equal({ ok: { would: 5, of: 8, isAccountProven: true } });
  });

  it('proves the account by a record of any appointment with an event or a mirror', async () => {
    const proven = async (given: Removed): Promise<unknown> => (await counted(given)).result;
    const is = (isAccountProven: boolean, of = 1, would = 1) => ({ ok: { would, of, isAccountProven } });
    expect(await proven({ marked: ['90'], listed: { 80: 'live' } })).to.deep.equal(is(false));
    expect(await proven({ marked: ['90'], listed: {} })).to.deep.equal(is(false));
    expect(await proven({ marked: ['90'], listed: { 90: 'dead' } })).to.deep.equal(is(true));
    expect(await proven({ marked: ['90'], elsewhere: ['80'], listed: { 80: 'live' } })).to.deep.equal(is(true));
    const mapped = [aMap({ uscheduleAppointmentId: '80', googleCalendarId: BAY2.calendarId })];
    expect(await proven({ marked: ['90'], mapped, listed: { 80: 'live' } })).to.deep.equal(is(true));
  });

  it('counts nothing without an event', async () => {
    expect((await counted({ marked: ids(3), change: { ...known, event: undefined } })).result).to.deep.equal({
      ok: { would: 0, of: 0, isAccountProven: true },
    });
  });

  it('fails with the store and the booking system', async () => {
    const listMaps = async () => Err(STORE_FAILS);
    expect((await counted({ marked: [], given: { store: { listMaps } } })).result).to.deep.equal({
      error: STORE_FAILS,
    });
    const bookings = { listBookings: async () => Err(FAILS) };
    expect((await counted({ marked: [], given: { bookings } })).result).to.deep.equal({ error: FAILS });
    const getMap = async () => Err(STORE_FAILS);
    const settings = { uschedule: { status: 'blind' } } as const;
    const blind = { marked: ids(8), listed: { 90: 'unknown' }, given: { store: { getMap }, settings } } as const;
    expect((await counted({ ...blind, change: known })).result).to.deep.equal({ error: STORE_FAILS });
  });
});
