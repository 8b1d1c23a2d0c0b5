import { expect } from 'chai';
import type { Booking } from '@loft/sync-core';
import { sameBooking } from '#src/domain/same-booking.js';
import { aBooking } from './situations.js';

/** Another value of each field. A new field does not compile without one. */
const CHANGES: { readonly [Field in keyof Booking]-?: Booking[Field] } = {
  appointmentId: 'another',
  status: 'dead',
  resourceUnitId: 77,
  start: 1,
  end: 2,
  customerName: 'Another Name',
  notes: 'Another note',
  customerId: 'c-77',
  createdAt: 3,
  missing: { notes: 'null' },
  terms: { groupSize: 7 },
  details: { groupSize: '7' },
  wall: { start: 4, end: 5 },
  otherText: 'another text',
  keptText: { title: 'Another title' },
};

describe('two readings of a booking', () => {
  it('are equal if all their fields are, also in other objects', () => {
    const whole: Booking = { ...aBooking(), ...CHANGES };
    expect(sameBooking(aBooking(), aBooking())).to.equal(true);
    expect(sameBooking(whole, structuredClone(whole))).to.equal(true);
  });

  for (const [field, value] of Object.entries(CHANGES)) {
    it(`differ if ${field} differs`, () => {
      const changed = { ...aBooking(), [field]: value };
      expect(sameBooking(aBooking(), changed)).to.equal(false);
      expect(sameBooking(changed, aBooking())).to.equal(false);
    });
  }
});
