import { expect } from 'chai';
import { asConfirmed, mustBeListedAt } from '#src/rules/booking-side.js';
import { resolvedStatus } from '#src/engine/observe/observe-booking.js';
import {
  aMap,
  anEvent,
  aSituation,
  aTombstone,
  bookingSeen,
  bookingUnknownToSystem,
  eventSeen,
  START,
} from './situations.js';

describe('a booking that is not found by its id', () => {
  it('has to be missing from a list of its day if there is an event to lose', () => {
    expect(mustBeListedAt(aSituation({ map: aMap() }))).to.equal(START);
    expect(mustBeListedAt(aSituation({ event: eventSeen(anEvent({ start: START + 1 })) }))).to.equal(START + 1);
  });

  it('needs no list if there is no event, or the latest poll does not list it', () => {
    expect(mustBeListedAt(aSituation({ map: aMap(), missingFromList: true }))).to.equal(null);
    expect(mustBeListedAt(aSituation({ map: aMap({ status: 'CANCELED' }), event: eventSeen(anEvent()) }))).to.equal(
      null,
    );
    expect(mustBeListedAt(aSituation({ event: eventSeen(aTombstone({ start: START })) }))).to.equal(null);
    expect(mustBeListedAt(aSituation({}))).to.equal(null);
  });
});

describe('the reading of a booking whose customer an administrator has confirmed', () => {
  it('is live if it was held', () => {
    const { heldUntil: _held, ...held } = bookingSeen({}, { status: 'unknown', heldUntil: 5 });
    expect(asConfirmed({ ...held, heldUntil: 5 })).to.deep.equal({ ...held, status: 'live' });
  });

  it('is unchanged if its status is known, or the system does not know it', () => {
    for (const status of ['live', 'dead'] as const) {
      const reading = bookingSeen({}, { status, heldUntil: 5 });
      expect(asConfirmed(reading), status).to.equal(reading);
    }
    const unknown = bookingUnknownToSystem({ status: 'unknown' });
    expect(asConfirmed(unknown)).to.equal(unknown);
  });
});

describe('the status that the evidence of blind mode gives', () => {
  it('is sure if it is dead, and names a hold and a reused id only if there is one', () => {
    const verdict = (status: 'live' | 'dead' | 'unknown', change = {}) => ({ status, record: null, ...change });
    expect(resolvedStatus(verdict('live'), false)).to.deep.equal({ status: 'live', sure: false });
    expect(resolvedStatus(verdict('dead'), false)).to.deep.equal({ status: 'dead', sure: true });
    expect(resolvedStatus(verdict('unknown', { heldUntil: 5 }), true)).to.deep.equal({
      status: 'unknown',
      sure: false,
      heldUntil: 5,
      idReused: true,
    });
  });
});
