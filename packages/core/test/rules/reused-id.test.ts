import { expect } from 'chai';
import { DAY, MINUTE, type Booking, type BookingEventMap } from '@loft/sync-core';
import type { LivenessRecord } from '@loft/sync-core/store';
import {
  cancelledRecord,
  currentRecord,
  isCancelledFor,
  isIdReused,
  isKnownDead,
  isRecordedDead,
  knownOf,
  previousBooking,
} from '#src/rules/reused-id.js';
import { aBooking, aMap, END, ID, NOW, SYNCED } from './situations.js';

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

describe('the record of a cancelled booking', () => {
  const createdAt = NOW - DAY;
  const dead = (change: Partial<LivenessRecord> = {}): LivenessRecord => {
    return { appointmentId: ID, freeReadings: 2, dead: true, end: END, updatedAt: NOW - MINUTE, ...change };
  };
  const of = (made: number | null, record: LivenessRecord | null): LivenessRecord =>
    cancelledRecord({ appointmentId: ID, createdAt: made, end: END }, { record, now: NOW });

  it('is new, with the creation time of the booking if that is known', () => {
    const fresh = { appointmentId: ID, freeReadings: 0, dead: true, end: END, updatedAt: NOW };
    expect(of(createdAt, null)).to.deep.equal({ ...fresh, createdAt });
    expect(of(null, null)).to.deep.equal(fresh);
    expect(of(createdAt, dead({ dead: false }))).to.deep.equal({ ...fresh, createdAt });
  });

  it('stays as it is, and gets the creation time once', () => {
    expect(of(createdAt, dead())).to.deep.equal({ ...dead(), createdAt });
    for (const [made, record] of [
      [createdAt, dead({ createdAt: createdAt - 1 })],
      [null, dead()],
    ] as const) {
      expect(of(made, record)).to.equal(record);
    }
  });

  it('counts for the same booking, but not for a later one under its id', () => {
    const record = dead({ createdAt });
    const is = (made: number | null, it: LivenessRecord | null = record): readonly boolean[] => [
      isRecordedDead({ createdAt: made }, it),
      isIdReused({ createdAt: made }, it),
    ];
    expect(is(createdAt)).to.deep.equal([true, false]);
    expect(is(null)).to.deep.equal([true, false]);
    expect(is(createdAt + 1)).to.deep.equal([false, true]);
    expect(is(createdAt + 1, dead())).to.deep.equal([true, false]);
    expect(is(createdAt, dead({ createdAt, dead: false }))).to.deep.equal([false, false]);
    expect(is(createdAt, null)).to.deep.equal([false, false]);
  });

  it('of an earlier booking is no evidence against the later one under its id', () => {
    const booking = aBooking({ createdAt: createdAt + 1 });
    const record = dead({ createdAt });
    const current = (it: LivenessRecord | null, mirrored: boolean): LivenessRecord | null =>
      currentRecord({ booking, record: it, mirrored });
    expect(current(record, false)).to.deep.equal({ ...record, freeReadings: 0, dead: false });
    const { createdAt: _earlier, ...rest } = record;
    expect(current(record, true)).to.deep.equal({ ...rest, freeReadings: 0, dead: false });
    expect(current({ ...record, dead: false }, true)).to.deep.equal({ ...rest, dead: false });
    expect(current({ ...record, dead: false }, false)).to.deep.equal({ ...record, dead: false });
    expect(current(null, true)).to.equal(null);
    expect(currentRecord({ booking: aBooking({ createdAt }), record, mirrored: true })).to.equal(record);
  });
});

describe('the known reading of an appointment', () => {
  const is = (read: Partial<Booking>, earlier: Partial<Booking>): boolean =>
    kept(read, { reading: { ...EARLIER, ...earlier } }).includes('reading');

  it('is that of another booking only if both records show it', () => {
    expect(is({}, { customerId: null })).to.equal(true);
    expect(is({}, { createdAt: null })).to.equal(true);
    expect(is({}, { createdAt: null, status: 'dead' })).to.equal(false);
    expect(is({ status: 'dead' }, { createdAt: null, status: 'dead' })).to.equal(true);
  });
});

describe('a booking that is known to be cancelled', () => {
  const [createdAt, end] = [NOW - DAY, END];
  const dead: LivenessRecord = { appointmentId: ID, freeReadings: 0, dead: true, end, updatedAt: NOW, createdAt };
  const canceled = aMap({ status: 'CANCELED' });
  const elsewhere = aMap({ status: 'CANCELED', base: { ...aMap().base, bay: null } });
  const known = (change: Partial<Booking>, map: BookingEventMap | null, record: LivenessRecord | null): boolean =>
    isKnownDead(aBooking({ status: 'unknown', createdAt, ...change }), map, record);

  it('has that status, a record of it, or a map that was cancelled', () => {
    expect(known({}, null, null)).to.equal(false);
    expect(known({}, aMap(), null)).to.equal(false);
    expect(known({ status: 'dead' }, null, null)).to.equal(true);
    expect(known({}, null, dead)).to.equal(true);
    expect(known({}, aMap(), dead)).to.equal(true);
    expect(known({}, canceled, null)).to.equal(true);
  });

  it('has not only moved to a unit without a route', () => {
    expect(known({}, elsewhere, null)).to.equal(false);
    expect(isCancelledFor(aBooking(), elsewhere, null)).to.equal(false);
    expect(isCancelledFor(aBooking(), canceled, null)).to.equal(true);
    expect(isCancelledFor(aBooking(), aMap(), null)).to.equal(false);
  });

  it('is not a later one with the id of a cancelled one', () => {
    expect(known({ createdAt: NOW }, canceled, dead)).to.equal(false);
    expect(isCancelledFor(aBooking({ createdAt: NOW }), canceled, dead)).to.equal(false);
  });
});

describe('what is known of a booking before a reading of it', () => {
  const latest = { reading: EARLIER, nullNotes: 1, at: NOW };
  const before = (read: Booking, given: typeof latest | null, map: BookingEventMap | null) =>
    previousBooking(read, given, map, MINUTE);

  it('is its latest reading with the number of polls without notes, and the base of its map', () => {
    const map = aMap({ lastSyncedAt: NOW });
    const known = { reading: EARLIER, nullNotes: 1, base: map.base, originalBase: null, isBaseNewer: false };
    expect(before(NAMELESS, latest, map)).to.deep.equal(known);
    expect(before(NAMELESS, latest, aMap({ lastSyncedAt: NOW + 1 }))).to.deep.equal({ ...known, isBaseNewer: true });
    expect(before(NAMELESS, latest, null)).to.deep.equal({ ...known, base: null });
  });

  it('is nothing of the reading of another booking', () => {
    const other = { ...NAMELESS, customerId: '90002' };
    const nothing = { reading: null, nullNotes: 0, base: null, originalBase: null };
    expect(before(other, latest, null)).to.deep.equal({ ...nothing, isBaseNewer: false });
    expect(before(NAMELESS, null, null)).to.deep.equal({ ...nothing, isBaseNewer: false });
    const base = { base: aMap().base, isBaseNewer: true };
    expect(before(NAMELESS, null, aMap({ lastSyncedAt: 1 }))).to.deep.equal({ ...nothing, ...base });
  });
});
