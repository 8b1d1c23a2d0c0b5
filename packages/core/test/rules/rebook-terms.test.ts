import { expect } from 'chai';
import { HOUR, type Bay, type Booking, type Instant } from '@loft/sync-core';
import { carriedTerms, rebookObstacle, rescheduleIsOff } from '#src/rules/rebook-terms.js';
import { BAY1, BAY2 } from '../engine/world.js';
import { aBooking, NOW, START } from './situations.js';

const GOLF: Bay = { ...BAY1, serviceId: 35_371 };
const GOLF_ONLY: Bay = { ...BAY2, serviceId: 42_215 };
const TERMS = { groupSize: 3, serviceId: 77, employeeId: '12', prepaid: { creditId: '4411', paymentType: 4 } };
const booking = aBooking({ resourceUnitId: BAY1.resourceUnitId, terms: TERMS });

describe('the terms that a rebooking keeps', () => {
  it('are all terms, within the same bay', () => {
    expect(carriedTerms(booking, GOLF, GOLF)).to.deep.equal(TERMS);
    expect(carriedTerms(booking, BAY1, BAY1)).to.deep.equal(TERMS);
  });

  it('include the service of the other bay, if that differs', () => {
    expect(carriedTerms(booking, GOLF, GOLF_ONLY)).to.deep.equal({ ...TERMS, serviceId: 42_215 });
    expect(carriedTerms(booking, BAY1, GOLF_ONLY)).to.deep.equal({ ...TERMS, serviceId: 42_215 });
    expect(carriedTerms(booking, null, GOLF_ONLY)).to.deep.equal({ ...TERMS, serviceId: 42_215 });
  });

  it('include no service if the other bay names none, so that the adapter uses the studio’s', () => {
    const { serviceId: _service, ...rest } = TERMS;
    expect(carriedTerms(booking, GOLF, BAY2)).to.deep.equal(rest);
  });

  it('include the booked service, if both bays offer the same', () => {
    expect(carriedTerms(booking, BAY1, BAY2)).to.deep.equal(TERMS);
  });

  it('are empty if the record has no terms', () => {
    expect(carriedTerms(aBooking(), BAY1, BAY1)).to.deep.equal({});
    expect(carriedTerms(aBooking(), GOLF, GOLF)).to.deep.equal({});
  });
});

describe('a rebooking', () => {
  const LIMITS = { cancellationHours: 24, rebookPaid: false };
  const why = (change: Partial<Booking>, start: Instant = START, limits = LIMITS): string | null =>
    rebookObstacle(aBooking(change), start, NOW, limits, 'uschedule')?.message ?? null;
  const tooLate = 'within 24 hours of its start a booking cannot be cancelled, so it cannot be rebooked';

  it('is refused if the booking, or the place where it would be, starts within the cancellation window', () => {
    const limit = NOW + 24 * HOUR;
    expect(why({ start: limit })).to.equal(null);
    expect(why({ start: limit - 1 })).to.equal(tooLate);
    expect(why({}, limit)).to.equal(null);
    expect(why({}, limit - 1)).to.equal(tooLate);
  });

  it('of a booking that is paid with a credit is refused, unless the settings allow it', () => {
    expect(why({ terms: TERMS })).to.contain('prepaid credit');
    expect(why({ terms: TERMS }, START, { ...LIMITS, rebookPaid: true })).to.equal(null);
    expect(why({ terms: { groupSize: 3 } })).to.equal(null);
  });

  it('is refused as the booking system refuses a move: the edit is reverted, and reported', () => {
    const expected = { kind: 'refused', system: 'uschedule', method: 'reschedule' };
    expect(rebookObstacle(aBooking({ start: NOW }), START, NOW, LIMITS, 'uschedule')).to.deep.include(expected);
    expect(rescheduleIsOff('uschedule')).to.deep.include(expected);
    expect(rescheduleIsOff('uschedule').message).to.contain('uschedule.reschedule is "off"');
  });
});
