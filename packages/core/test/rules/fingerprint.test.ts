import { expect } from 'chai';
import { bookingFingerprint } from '#src/rules/needs-attention.js';
import { aBooking, END, START } from './situations.js';

/** FNV-1a of the record below with the two seeds, computed independently of the code. */
const STORED = 'live:030ec00d113cecfb';

describe('the fingerprint of a booking', function () {
  this.timeout(300_000);

  it('is stable, because stored fingerprints are compared with it', () => {
    const booking = aBooking({ start: 1_768_500_000_000, end: 1_768_503_600_000 });
    expect(bookingFingerprint(booking, 'live')).to.equal(STORED);
    expect(bookingFingerprint(booking, 'live')).to.equal(bookingFingerprint({ ...booking }, 'live'));
  });

  it('changes with every mirrored field, and with the booking status', () => {
    const all = [
      bookingFingerprint(aBooking(), 'live'),
      bookingFingerprint(aBooking(), 'dead'),
      bookingFingerprint(aBooking(), 'unknown'),
      bookingFingerprint(aBooking({ resourceUnitId: 5524 }), 'live'),
      bookingFingerprint(aBooking({ start: START + 1 }), 'live'),
      bookingFingerprint(aBooking({ end: END + 1 }), 'live'),
      bookingFingerprint(aBooking({ customerName: 'Ana S.' }), 'live'),
      bookingFingerprint(aBooking({ notes: '' }), 'live'),
      bookingFingerprint(aBooking({ customerName: 'Two players', notes: 'Ana R.' }), 'live'),
    ];
    expect(new Set(all).size).to.equal(all.length);
  });

  it('does not depend on other fields of the record', () => {
    expect(bookingFingerprint(aBooking({ createdAt: null, customerId: null, status: 'unknown' }), 'live')).to.equal(
      bookingFingerprint(aBooking(), 'live'),
    );
  });

  it('distinguishes a missing booking from an existing one', () => {
    expect(bookingFingerprint(null, 'dead')).to.equal('dead:none');
  });

  it('reveals nothing about the customer', () => {
    expect(bookingFingerprint(aBooking(), 'live')).to.match(/^live:[0-9a-f]{16}$/);
  });

  it('keeps its length if a half of it starts with zeros', () => {
    for (let minute = 0; minute < 2000; minute++) {
      expect(bookingFingerprint(aBooking({ start: START + minute }), 'live')).to.have.length(21);
    }
  });
});
