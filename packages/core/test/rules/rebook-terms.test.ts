import { expect } from 'chai';
import type { Bay } from '@loft/sync-core';
import { carriedTerms } from '#src/rules/rebook-terms.js';
import { BAY1, BAY2 } from '../engine/world.js';
import { aBooking } from './situations.js';

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
