import { expect } from 'chai';
import type { BookingEventMap } from '@loft/sync-core';
import { SteadyBookings } from '#src/engine/sources/booking-findings.js';
import { newMap } from '#src/testing/sync-store/fixtures.js';
import { aBooking } from '../rules/situations.js';

describe('bookings that agree with their maps', () => {
  const booking = aBooking();
  const map: BookingEventMap = newMap(booking.appointmentId, { version: 3 });
  let steady: SteadyBookings;

  beforeEach(() => {
    steady = new SteadyBookings();
    steady.add(booking, 'live', map);
    steady.endPoll();
  });

  it('are skipped by the next polls while booking and map are unchanged', () => {
    for (let poll = 0; poll < 3; poll++) {
      expect(steady.has(booking, 'live', { ...map })).to.equal(true);
      steady.endPoll();
    }
  });

  it('are checked again if the booking, its status or the map has changed', () => {
    expect(steady.has(aBooking({ notes: 'Three players' }), 'live', map)).to.equal(false);
    expect(steady.has(booking, 'unknown', map)).to.equal(false);
    expect(steady.has(booking, 'live', { ...map, version: 4 })).to.equal(false);
  });

  it('are found by a poll from the moment it has checked them until its end', () => {
    const isFound = () => steady.isFound(booking.appointmentId);
    expect(isFound()).to.equal(false);
    steady.has(booking, 'live', map);
    expect(isFound()).to.equal(true);
    steady.endPoll();
    expect(isFound()).to.equal(false);
    steady.add(booking, 'live', map);
    expect(isFound()).to.equal(true);
  });

  it('are dropped by a poll that finds a difference', () => {
    steady.endPoll();
    expect(steady.has(booking, 'live', map)).to.equal(false);
  });
});
