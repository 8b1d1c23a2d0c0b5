import { expect } from 'chai';
import type { Booking } from '@loft/sync-core';
import { needsBase } from '#src/rules/complete-booking.js';
import { withMarker } from '#src/rules/rebook-marker.js';
import { aBooking } from './situations.js';

const WHOLE = aBooking();
const MARKED = aBooking({ notes: withMarker('Two players', '700100') });
const WITHOUT_NAME = aBooking({ missing: { customerName: 'absent' } });
const WITHOUT_END = aBooking({ missing: { end: 'absent' } });

describe('the map of a booking is read to complete its record', () => {
  const needed = (read: Booking, latest: Booking | null): boolean => needsBase(read, latest);

  it('if the record lacks the end: our own write may have changed it since the latest reading', () => {
    expect(needed(WITHOUT_END, WHOLE)).to.equal(true);
    expect(needed(WITHOUT_END, null)).to.equal(true);
  });

  it('if the record lacks another field, unless the latest reading is complete', () => {
    expect(needed(WITHOUT_NAME, null)).to.equal(true);
    expect(needed(WITHOUT_NAME, WITHOUT_END)).to.equal(true);
    expect(needed(WITHOUT_NAME, { ...WHOLE, missing: {} })).to.equal(false);
    expect(needed(WITHOUT_NAME, WHOLE)).to.equal(false);
  });

  it('if a marker may have cut the note of a complete record, and there is no reading of it', () => {
    expect(needed(MARKED, null)).to.equal(true);
    expect(needed(MARKED, WHOLE)).to.equal(false);
    expect(needed(WHOLE, null)).to.equal(false);
  });
});
