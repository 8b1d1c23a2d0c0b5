import { expect } from 'chai';
import { DAY, MINUTE, type Booking, type BookingEventMap } from '@loft/sync-core';
import { knownOf } from '#src/rules/reused-id.js';
import { aBooking, aMap, NOW, SYNCED } from './situations.js';

const EARLIER: Booking = aBooking({ customerId: '90001', createdAt: NOW - 3 * DAY });
const NAMELESS: Booking = { ...EARLIER, customerName: '', missing: { customerName: 'null' } };

interface Known {
  readonly reading?: Booking;
  readonly map?: Partial<BookingEventMap>;
}

/** Which of the earlier values belong to the booking of the record. */
function kept(read: Partial<Booking>, { reading, map }: Known): readonly string[] {
  const earlier = { reading: reading ?? null, map: map ? aMap(map) : null };
  const known = knownOf({ ...NAMELESS, ...read }, earlier, MINUTE);
  return [...(known.reading ? ['reading'] : []), ...(known.base ? ['base'] : [])];
}

describe('what is known of an appointment whose record lacks the name', () => {
  it('is that of the same booking: neither a later creation nor another customer shows another one', () => {
    expect(kept({}, { reading: EARLIER, map: {} })).to.deep.equal(['reading', 'base']);
    expect(kept({ customerId: null, createdAt: null }, { reading: EARLIER, map: {} })).to.have.length(2);
    expect(kept({}, { map: {} })).to.deep.equal(['base']);
    expect(kept({}, { reading: { ...EARLIER, status: 'dead' } })).to.deep.equal(['reading']);
  });

  it('is nothing if the record was created later, or names another customer, than the latest reading', () => {
    const known = { reading: EARLIER, map: {} };
    expect(kept({ createdAt: NOW - 3 * DAY + 1 }, known)).to.deep.equal([]);
    expect(kept({ customerId: '90002' }, known)).to.deep.equal([]);
    expect(kept({ createdAt: null }, { reading: { ...EARLIER, status: 'dead' } })).to.deep.equal([]);
  });

  it('is nothing without a reading if the map is of an earlier booking', () => {
    expect(kept({}, { map: { status: 'CANCELED' } })).to.deep.equal([]);
    const map = { eventUpdatedAt: SYNCED, lastSyncedAt: 0 };
    expect(kept({ createdAt: SYNCED + MINUTE }, { map })).to.deep.equal(['base']);
    expect(kept({ createdAt: SYNCED + MINUTE + 1 }, { map })).to.deep.equal([]);
    expect(kept({ createdAt: SYNCED + MINUTE + 1 }, { map: { ...map, eventUpdatedAt: null } })).to.deep.equal(['base']);
  });

  it('is that of a map that was canceled because the booking moved to a unit without a bay', () => {
    const base = { ...aMap({}).base, bay: null };
    expect(kept({}, { map: { status: 'CANCELED', base } })).to.deep.equal(['base']);
  });

  it('is that of a map whose event was transferred from another appointment id, although the event is older', () => {
    const map = { eventUpdatedAt: NOW - 5 * DAY, googleEventId: 'loft700001' };
    expect(kept({}, { map })).to.deep.equal(['base']);
  });
});
