import { expect } from 'chai';
import type { BookingEventMap } from '@loft/sync-core';
import {
  futureMirrors,
  isMirroredBy,
  livingIds,
  mustListBookings,
  otherOwners,
  overlapping,
  removableWhen,
  removalsOf,
  withoutAppointment,
} from '#src/rules/observed-maps.js';
import { NO_MARKS } from '#src/domain/calendar-event.js';
import { createRules } from '#src/rules/rules.js';
import { BAY1, BAY2, settingsWith } from '../engine/world.js';
import {
  aBooking,
  aMap,
  anEvent,
  aSituation,
  bookingSeen,
  bookingUnknownToSystem,
  END,
  ID,
  NOW,
  START,
} from './situations.js';

const RULES = createRules(settingsWith());
const OTHER = '700200';

function mapAt(place: Partial<BookingEventMap['base']>, change: Partial<BookingEventMap> = {}): BookingEventMap {
  return aMap({ uscheduleAppointmentId: OTHER, ...change, base: { ...aMap().base, ...place } });
}

describe('the future mirrors', () => {
  it('are counted by bay: those that are active, of a bay, and not over', () => {
    const maps = [
      mapAt({}),
      mapAt({ end: NOW + 1 }),
      mapAt({ bay: '2' }),
      mapAt({ end: NOW }),
      mapAt({ bay: null }),
      mapAt({}, { status: 'CANCELED' }),
    ];
    expect([...futureMirrors(maps, NOW)]).to.deep.equal([
      ['1', 2],
      ['2', 1],
    ]);
    expect(futureMirrors([], NOW).size).to.equal(0);
  });
});

describe('the map that overlaps a time', () => {
  const found = (place: Partial<BookingEventMap['base']>, id = OTHER): boolean => {
    const map = mapAt(place, { uscheduleAppointmentId: id });
    return overlapping([map], ID, { start: START, end: END }) === map;
  };

  it('is of another appointment, and shares a part of the time', () => {
    expect(found({})).to.equal(true);
    expect(found({}, ID)).to.equal(false);
    expect(found({ start: START - 1, end: START + 1 })).to.equal(true);
    expect(found({ start: START - 1, end: START })).to.equal(false);
    expect(found({ start: END - 1, end: END + 1 })).to.equal(true);
    expect(found({ start: END, end: END + 1 })).to.equal(false);
    expect(overlapping([], ID, { start: START, end: END })).to.equal(null);
  });
});

describe('the events that would be removed', () => {
  const marked = ['1', '2', '3'].map((appointmentId) => ({
    appointmentId,
    end: END,
    creatorEmail: null,
    isOrdinary: true,
  }));

  it('are those without a map and without a booking that may be live', () => {
    const statuses = { 1: 'live', 2: 'unknown', 3: 'dead' } as const;
    const bookings = Object.entries(statuses).map(([appointmentId, status]) => aBooking({ appointmentId, status }));
    expect(livingIds(bookings)).to.deep.equal(['1', '2']);
    expect(withoutAppointment(marked, livingIds(bookings))).to.deep.equal([marked[2]]);
    expect(withoutAppointment(marked, [])).to.deep.equal(marked);
  });

  it('are those of our account and of the type of a mirror, or of another account with a map', () => {
    const situation = { accounts: ['sync@calendars.example'] };
    const event = { appointmentId: ID, end: END, creatorEmail: null, isOrdinary: true };
    const rules = { ...RULES, isAppointmentId: (id: string) => id === ID };
    const when = (change: object): string => removableWhen({ ...event, ...change }, situation, rules);
    expect(when({})).to.equal('always');
    expect(when({ creatorEmail: 'sync@calendars.example' })).to.equal('always');
    expect(when({ creatorEmail: 'other@calendars.example' })).to.equal('mapped');
    expect(when({ isOrdinary: false })).to.equal('never');
    expect(when({ appointmentId: 'no appointment' })).to.equal('never');
    expect(when({ appointmentId: 'no appointment', creatorEmail: 'other@calendars.example' })).to.equal('never');
  });

  it('need a list of the bookings above the minimum of the guard, or without any record of the appointment', () => {
    const { massChangeMinimum: minimum } = RULES.guards;
    const known = { map: aMap() };
    expect(mustListBookings(aSituation(known), minimum, RULES)).to.equal(false);
    expect(mustListBookings(aSituation(known), minimum + 1, RULES)).to.equal(true);
    expect(mustListBookings(aSituation({ booking: bookingSeen() }), minimum, RULES)).to.equal(false);
    expect(mustListBookings(aSituation({ booking: bookingUnknownToSystem() }), 0, RULES)).to.equal(true);
    expect(mustListBookings(aSituation({}), 0, RULES)).to.equal(true);
  });

  it('are compared with the marked events of the calendar, or with its future mirrors and those events', () => {
    const here = { googleCalendarId: BAY1.calendarId };
    const future = mapAt({ end: NOW + 1 }, here);
    const elsewhere = mapAt({}, { googleCalendarId: BAY2.calendarId });
    const maps = [future, mapAt({ end: NOW }, here), elsewhere, elsewhere, elsewhere];
    const of = (would: number, mirrored: readonly BookingEventMap[]) =>
      removalsOf(BAY1.calendarId, marked, mirrored, { would, isAccountProven: true }, NOW);
    expect(of(1, maps)).to.deep.equal({ would: 1, of: 3, isAccountProven: true });
    expect(of(3, maps)).to.deep.equal({ would: 3, of: 4, isAccountProven: true });
    const unproven = removalsOf(BAY1.calendarId, [], [], { would: 0, isAccountProven: false }, NOW);
    expect(unproven).to.deep.equal({ would: 0, of: 0, isAccountProven: false });
  });
});

describe('two maps of one event id', () => {
  const here = anEvent();
  const elsewhere = aMap({ uscheduleAppointmentId: OTHER, googleCalendarId: BAY2.calendarId });

  it('may be asked for only if the id leads to a map in another calendar', () => {
    expect(otherOwners(here, null, null)).to.deep.equal([]);
    expect(otherOwners(here, aMap({ uscheduleAppointmentId: OTHER }), null)).to.deep.equal([]);
    expect(otherOwners(here, aMap({ googleCalendarId: BAY2.calendarId }), ID)).to.deep.equal([]);
    expect(otherOwners(here, elsewhere, OTHER)).to.deep.equal([ID]);
    expect(otherOwners({ ...here, marks: NO_MARKS, eventId: 'person1' }, elsewhere, '9')).to.deep.equal(['9']);
  });

  it('belong each to the event in its calendar', () => {
    expect(isMirroredBy(here, aMap())).to.equal(true);
    expect(isMirroredBy(here, elsewhere)).to.equal(false);
    expect(isMirroredBy(here, aMap({ status: 'CANCELED' }))).to.equal(false);
    expect(isMirroredBy({ ...here, eventId: 'copy' }, aMap())).to.equal(false);
    expect(isMirroredBy(here, null)).to.equal(false);
  });
});
