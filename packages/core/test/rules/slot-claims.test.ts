import { expect } from 'chai';
import fc from 'fast-check';
import { HOUR, MINUTE, type Instant } from '@loft/sync-core';
import { claimOf, lostClaims, type Competitor, type SlotClaim } from '#src/rules/slot-claims.js';
import { aMap, aBooking, NOW, START } from './situations.js';

const UNIT = 5523;
const OTHER_UNIT = 5524;

interface Claim {
  readonly id: string;
  /** Minutes after `START`. */
  readonly from: number;
  readonly to: number;
  /** Minutes after `NOW`; null if unknown. */
  readonly claimed: number | null;
  readonly unit?: number;
  readonly moved?: boolean;
  readonly contested?: boolean;
  /** Minutes of the wall times, on a day on which clocks go forward. */
  readonly wall?: readonly [from: number, to: number];
}

function slotClaim({ id, from, to, claimed, unit = UNIT, moved = false, contested = false, wall }: Claim): SlotClaim {
  const place = { resourceUnitId: unit, start: START + from * MINUTE, end: START + to * MINUTE };
  const walls = wall && { wall: { start: wall[0] * MINUTE, end: wall[1] * MINUTE } };
  const claimedAt: Instant | null = claimed === null ? null : NOW + claimed * MINUTE;
  return {
    booking: aBooking({ appointmentId: id, status: 'unknown', ...place, ...walls }),
    claimedAt,
    moved,
    contested,
  };
}

function losers(...claims: readonly Claim[]): readonly string[] {
  return Object.keys(rivals(...claims)).toSorted();
}

function rivals(...claims: readonly Claim[]): Readonly<Record<string, Competitor>> {
  return Object.fromEntries(lostClaims(claims.map(slotClaim)));
}

const hour = { from: 0, to: 60 };

describe('claims on a slot (docs/uschedule.md#lesson-3)', () => {
  it('are all valid if none overlap', () => {
    expect(losers()).to.deep.equal([]);
    expect(losers({ id: '1', ...hour, claimed: 0 })).to.deep.equal([]);
    expect(losers({ id: '1', ...hour, claimed: 0 }, { id: '2', from: 120, to: 180, claimed: 1 })).to.deep.equal([]);
  });

  it('do not overlap if one ends when the other starts', () => {
    expect(losers({ id: '1', ...hour, claimed: 0 }, { id: '2', from: 60, to: 120, claimed: 1 })).to.deep.equal([]);
    expect(losers({ id: '1', ...hour, claimed: 0 }, { id: '2', from: 59, to: 120, claimed: 1 })).to.deep.equal(['1']);
  });

  it('are compared by wall time if clocks go forward: a booking in the skipped hour takes no slot of the next hour', () => {
    // 02:00 to 03:00, shown from 03:00 to 04:00, at the time of another real booking.
    const moved = { id: '9', ...hour, claimed: 5, wall: [120, 180] } as const;
    const real = { id: '1', ...hour, claimed: 0, wall: [180, 240] } as const;
    expect(losers(moved, real)).to.deep.equal([]);
    expect(losers(real, { ...moved, wall: [150, 210] })).to.deep.equal(['1']);
    expect(losers({ ...real, wall: [130, 140] }, moved)).to.deep.equal(['1']);
    // A record that starts between the two and overlaps neither must not end the search.
    const short = { id: '5', from: 10, to: 20, claimed: 1, wall: [180, 190] } as const;
    const late = { id: '6', from: 70, to: 80, claimed: 2, wall: [170, 175] } as const;
    expect(losers(moved, short, late)).to.deep.equal(['6']);
  });

  it('do not overlap on different units', () => {
    const elsewhere = { id: '2', ...hour, claimed: 1, unit: OTHER_UNIT };
    expect(losers({ id: '1', ...hour, claimed: 0 }, elsewhere)).to.deep.equal([]);
  });

  it('are won by the newest, in any order of listing and starts', () => {
    const old = { id: '1', ...hour, claimed: 0 };
    const young = { id: '2', from: 30, to: 90, claimed: 1 };
    expect(losers(old, young)).to.deep.equal(['1']);
    expect(losers(young, old)).to.deep.equal(['1']);
    expect(losers({ ...old, claimed: 2 }, young)).to.deep.equal(['2']);
    expect(losers(young, { ...old, claimed: 2 })).to.deep.equal(['2']);
  });

  it('are won by the newest of three in one slot', () => {
    const [first, second, third] = [1, 2, 3].map((age) => ({ id: String(age), ...hour, claimed: age }));
    expect(losers(second!, third!, first!)).to.deep.equal(['1', '2']);
  });

  it('are lost by each record that a newer one overlaps, although that one is lost too', () => {
    const chain = [
      { id: '1', from: 0, to: 60, claimed: 1 },
      { id: '2', from: 45, to: 105, claimed: 2 },
      { id: '3', from: 90, to: 150, claimed: 3 },
    ];
    expect(losers(...chain)).to.deep.equal(['1', '2']);
    expect(losers(...chain.map((claim) => ({ ...claim, claimed: -claim.claimed })))).to.deep.equal(['2', '3']);
  });

  it('are found after a long record that overlaps several', () => {
    const long = { id: '9', from: 0, to: 300, claimed: 0 };
    const later = [60, 120, 240].map((from, index) => ({ id: String(index), from, to: from + 60, claimed: index + 1 }));
    expect(losers(long, ...later)).to.deep.equal(['9']);
    expect(losers({ ...long, claimed: 9 }, ...later)).to.deep.equal(['0', '1', '2']);
  });

  describe('of records with equal creation times', () => {
    it('are won by the larger id, as a number', () => {
      expect(losers({ id: '9', ...hour, claimed: 0 }, { id: '10', ...hour, claimed: 0 })).to.deep.equal(['9']);
      expect(losers({ id: '11', ...hour, claimed: 0 }, { id: '10', ...hour, claimed: 0 })).to.deep.equal(['10']);
    });

    it('are won by the larger id as text, if one id is not a number', () => {
      expect(losers({ id: 'b', ...hour, claimed: 0 }, { id: 'a10', ...hour, claimed: 0 })).to.deep.equal(['a10']);
      expect(losers({ id: '9', ...hour, claimed: 0 }, { id: '10x', ...hour, claimed: 0 })).to.deep.equal(['10x']);
      expect(losers({ id: 'x9', ...hour, claimed: 0 }, { id: 'x10', ...hour, claimed: 0 })).to.deep.equal(['x10']);
      for (const textId of ['x9', '9x']) {
        const claims = [textId, '100'].map((id) => ({ id, ...hour, claimed: 0 }));
        expect(losers(...claims)).to.deep.equal(['100']);
        expect(losers(...claims.toReversed())).to.deep.equal(['100']);
      }
    });
  });

  describe('of records without a creation time', () => {
    it('are won by the larger id, although the other record is newer', () => {
      const unknown = { id: '2', ...hour, claimed: null };
      expect(losers({ id: '1', ...hour, claimed: 99 }, unknown)).to.deep.equal(['1']);
      expect(losers({ id: '3', ...hour, claimed: -99 }, unknown)).to.deep.equal(['2']);
      expect(losers(unknown, { id: '3', ...hour, claimed: -99 })).to.deep.equal(['2']);
      expect(losers({ id: '1', ...hour, claimed: null }, unknown)).to.deep.equal(['1']);
    });
  });

  it('are ignored for a record longer than a day', () => {
    const longest = { id: '9', from: 0, to: 24 * 60, claimed: 9 };
    const visit = { id: '1', from: 60, to: 120, claimed: 0 };
    expect(losers(longest, visit)).to.deep.equal(['1']);
    expect(losers({ ...longest, to: 24 * 60 + 1 }, visit)).to.deep.equal([]);
    expect(losers({ ...longest, to: 24 * 60 + 1, claimed: -1 }, visit)).to.deep.equal([]);
  });

  describe('of a record that was observed to move there', () => {
    const there = { id: '9', ...hour, claimed: 5 };

    it('are won by it, which counts as one reading', () => {
      const moved = { id: '1', ...hour, claimed: 6, moved: true };
      expect(rivals(there, moved)).to.deep.equal({ 9: 'moved' });
      expect(rivals(moved, there)).to.deep.equal({ 9: 'moved' });
    });

    it('are lost by it to a record created there since, which counts as one reading', () => {
      expect(rivals(there, { id: '10', ...hour, claimed: 4, moved: true })).to.deep.equal({ 10: 'moved' });
    });

    it('stay in doubt when the move is no longer recent', () => {
      const settled = { id: '1', ...hour, claimed: 0 };
      expect(rivals({ ...there, contested: true }, settled)).to.deep.equal({ 9: 'moved' });
      expect(rivals(settled, { ...there, contested: true })).to.deep.equal({ 9: 'moved' });
      expect(rivals(settled, there)).to.deep.equal({ 1: 'newer' });
    });

    it('are finally lost by the older record in doubt, too', () => {
      expect(rivals(there, { id: '1', ...hour, claimed: 0, contested: true })).to.deep.equal({ 1: 'newer' });
    });

    it('are decided by age if both are in doubt', () => {
      const both = [there, { id: '1', ...hour, claimed: 0 }].map((it) => ({ ...it, contested: true }));
      expect(rivals(...both)).to.deep.equal({ 1: 'newer' });
    });

    it('are decided by age if one record moved there and the other is in doubt', () => {
      const moved = { id: '1', ...hour, claimed: 6, moved: true };
      expect(rivals(moved, { ...there, contested: true })).to.deep.equal({ 9: 'moved' });
      expect(rivals({ ...moved, claimed: 4, contested: true }, there)).to.deep.equal({ 1: 'moved' });
      expect(rivals({ ...moved, contested: true }, there)).to.deep.equal({ 9: 'moved' });
    });

    it('are finally lost to a newer record, even if another has moved there', () => {
      const claims = [
        { id: '1', from: 0, to: 60, claimed: 6, moved: true },
        { id: '2', from: 30, to: 90, claimed: 1 },
        { id: '3', from: 60, to: 120, claimed: 2 },
      ];
      expect(rivals(...claims)).to.deep.equal({ 2: 'newer' });
      const mirrored = claims.map((it) => ({ ...it, from: 120 - it.to, to: 120 - it.from }));
      expect(rivals(...mirrored)).to.deep.equal({ 2: 'newer' });
    });
  });

  describe('of generated studios', () => {
    const claim = fc
      .record({
        from: fc.integer({ min: 0, max: 40 }),
        length: fc.integer({ min: 1, max: 20 }),
        claimed: fc.option(fc.integer({ min: 0, max: 5 })),
        unit: fc.constantFrom(UNIT, OTHER_UNIT),
        moved: fc.boolean(),
        contested: fc.boolean(),
      })
      .map(({ length, ...it }) => ({ ...it, to: it.from + length }));
    const studio = fc
      .array(claim, { maxLength: 25 })
      .map((claims) => claims.map((it, index) => slotClaim({ id: String(index + 5), ...it })));

    it('have the same result in any order of listing', () => {
      const shuffled = studio.chain((claims) =>
        fc.tuple(fc.constant(claims), fc.shuffledSubarray(claims, { minLength: claims.length })),
      );
      fc.assert(
        fc.property(shuffled, ([claims, again]) => {
          expect(Object.fromEntries(lostClaims(again))).to.deep.equal(Object.fromEntries(lostClaims(claims)));
        }),
      );
    });

    it('are lost exactly if a record with the better claim overlaps', () => {
      const newer = (a: SlotClaim, b: SlotClaim): boolean =>
        a.claimedAt !== null && b.claimedAt !== null && a.claimedAt !== b.claimedAt
          ? a.claimedAt > b.claimedAt
          : Number(a.booking.appointmentId) > Number(b.booking.appointmentId);
      const overlap = (a: SlotClaim, b: SlotClaim): boolean =>
        a !== b &&
        a.booking.resourceUnitId === b.booking.resourceUnitId &&
        a.booking.start < b.booking.end &&
        b.booking.start < a.booking.end;
      const rivalOf = (one: SlotClaim, other: SlotClaim): Competitor | null => {
        if (one.moved || other.moved) return newer(other, one) ? 'moved' : null;
        if (one.contested === other.contested) return newer(other, one) ? 'newer' : null;
        return one.contested ? (newer(other, one) ? 'newer' : 'moved') : null;
      };
      fc.assert(
        fc.property(studio, (claims) => {
          const expected = claims.flatMap((one) => {
            const found = claims.flatMap((other) => (overlap(one, other) ? (rivalOf(one, other) ?? []) : []));
            if (found.length === 0) return [];
            return [[one.booking.appointmentId, found.includes('newer') ? 'newer' : 'moved']];
          });
          expect(Object.fromEntries(lostClaims(claims))).to.deep.equal(Object.fromEntries(expected));
        }),
      );
    });

    it('leave a winner on every claimed unit', () => {
      fc.assert(
        fc.property(studio, (claims) => {
          const lost = lostClaims(claims.map((it) => ({ ...it, claimedAt: NOW, moved: false, contested: false })));
          for (const unit of new Set(claims.map(({ booking }) => booking.resourceUnitId))) {
            const left = claims.filter(({ booking }) => !lost.has(booking.appointmentId));
            expect(left.some(({ booking }) => booking.resourceUnitId === unit)).to.equal(true);
          }
        }),
      );
    });
  });
});

describe('a record that spans midnight', () => {
  it('overlaps a record that starts on the next day', () => {
    const night = { id: '1', from: 23 * 60, to: 25 * 60, claimed: 0 };
    expect(losers(night, { id: '2', from: 24 * 60, to: 25 * 60, claimed: HOUR })).to.deep.equal(['1']);
  });
});

describe('the claim of a record', () => {
  const booking = aBooking({ createdAt: NOW });
  const record = { appointmentId: booking.appointmentId, freeReadings: 1, dead: false, end: booking.end, updatedAt: 0 };

  it('starts with the creation of the record, or with our own later write', () => {
    expect(claimOf(booking, null, null, null, NOW)).to.deep.equal({
      booking,
      claimedAt: NOW,
      moved: false,
      contested: false,
    });
    expect(claimOf(booking, aMap({ bookingWrittenAt: NOW + 1 }), null, null, NOW).claimedAt).to.equal(NOW + 1);
    expect(claimOf(booking, aMap({ bookingWrittenAt: NOW - 1 }), null, null, NOW).claimedAt).to.equal(NOW);
    const timeless = aBooking({ createdAt: null });
    expect(claimOf(timeless, aMap({ bookingWrittenAt: NOW }), null, null, NOW).claimedAt).to.equal(null);
  });

  it('starts at the latest with the last write of its map, if its creation time is in the future: it is in another zone', () => {
    const ahead = aBooking({ createdAt: NOW + MINUTE + 1 });
    const lastSyncedAt = NOW - HOUR;
    const at = (change: object): Instant | null =>
      claimOf(ahead, aMap({ lastSyncedAt, ...change }), null, null, NOW).claimedAt;
    expect(at({})).to.equal(NOW - HOUR);
    expect(at({ bookingWrittenAt: NOW - MINUTE })).to.equal(NOW - MINUTE);
    expect(at({ status: 'CANCELED' })).to.equal(null);
    expect(claimOf(ahead, null, null, null, NOW).claimedAt).to.equal(null);
    const soon = aBooking({ createdAt: NOW + MINUTE });
    expect(claimOf(soon, aMap({ lastSyncedAt }), null, null, NOW).claimedAt).to.equal(NOW + MINUTE);
  });

  it('starts when the booking was first observed at another place than its mirrored one', () => {
    const moved = claimOf(booking, aMap({ bookingWrittenAt: NOW + 1 }), record, NOW + 2, NOW);
    expect(moved).to.deep.equal({ booking, claimedAt: NOW + 2, moved: true, contested: true });
  });

  it('is contested if the latest reading of this very slot showed it as free', () => {
    const contested = (change: object): boolean =>
      claimOf(booking, null, { ...record, ...change }, null, NOW).contested;
    expect(contested({})).to.equal(true);
    expect(contested({ freeReadings: 0 })).to.equal(false);
    expect(contested({ end: booking.end + 1 })).to.equal(false);
  });
});
