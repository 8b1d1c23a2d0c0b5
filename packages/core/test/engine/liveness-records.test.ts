import { expect } from 'chai';
import { DAY, Err, HOUR, MINUTE, Ok, type Booking, type BookingEventMap } from '@loft/sync-core';
import type { LivenessRecord } from '@loft/sync-core/store';
import { byAppointment } from '#src/domain/booking-event-map.js';
import { LivenessRecords, EmptyStart } from '#src/engine/observe/liveness-records.js';
import { MovedBookings } from '#src/engine/observe/moved-bookings.js';
import { aBooking, aMap, FOREIGN_UNIT, ID } from '../rules/situations.js';
import { aRecord, BlindBench, STORE_FAILS } from './blind-bench.js';
import { BAY1, BAY2 } from './world.js';

describe('the stored records of inferred statuses', () => {
  const loads = async (isShared: boolean, waits: readonly number[], maxAgeMs: number): Promise<number> => {
    let count = 0;
    const listLiveness = async (): Promise<Ok<readonly LivenessRecord[]>> => {
      count++;
      return Ok([]);
    };
    const bench = new BlindBench({ isShared, store: { listLiveness } });
    const records = new LivenessRecords(bench.parts);
    await records.load(maxAgeMs);
    for (const wait of waits) {
      await bench.act.clock.advance(wait);
      await records.load(maxAgeMs);
    }
    return count;
  };

  it('are read once, and in a shared store again after their age', async () => {
    expect(await loads(false, [0, HOUR], 0)).to.equal(1);
    expect(await loads(true, [0, 0], 0)).to.equal(3);
    expect(await loads(true, [MINUTE - 1], MINUTE)).to.equal(1);
    expect(await loads(true, [MINUTE], MINUTE)).to.equal(2);
  });

  it('are replaced by those of the store, and read again after a fault', async () => {
    const bench = new BlindBench({ isShared: true });
    const records = new LivenessRecords(bench.parts);
    await bench.store.putLiveness([aRecord()]);
    await records.load(0);
    expect(records.of(ID)).to.deep.equal(aRecord());
    await bench.store.forgetLiveness(1);
    await records.load(0);
    expect(records.of(ID)).to.equal(null);
    let fails = true;
    const broken = new BlindBench({
      store: { listLiveness: async () => (fails ? Err(STORE_FAILS) : Ok([aRecord()])) },
    });
    const again = new LivenessRecords(broken.parts);
    expect((await again.load(0)).err).to.equal(true);
    fails = false;
    expect((await again.load(0)).ok).to.equal(true);
    expect(again.all.size).to.equal(1);
  });

  it('are in memory only if the store has them', async () => {
    let puts = 0;
    const bench = new BlindBench({
      store: {
        putLiveness: async () => {
          puts++;
          return Err(STORE_FAILS);
        },
        forgetLiveness: async () => Err(STORE_FAILS),
      },
    });
    const records = new LivenessRecords(bench.parts);
    expect((await records.put([])).ok).to.equal(true);
    expect(puts).to.equal(0);
    expect((await records.put([aRecord()])).err).to.equal(true);
    expect(records.of(ID)).to.equal(null);
    await bench.store.putLiveness([aRecord()]);
    await records.load(0);
    expect((await records.forget(0)).ok).to.equal(true);
    expect((await records.forget(1)).err).to.equal(true);
    expect(records.of(ID)).not.to.equal(null);
  });
});

describe('the mirrored bookings that have moved', () => {
  const mirrored = aBooking({ resourceUnitId: BAY1.resourceUnitId });
  const { rules } = new BlindBench().parts;
  const noted = (
    booking: Booking,
    map: BookingEventMap | null,
    before: readonly (readonly [Booking, number])[] = [],
  ): number | null => {
    const moves = new MovedBookings(rules);
    const mapOf = byAppointment(map ? [map] : []);
    for (const [earlier, at] of before) moves.note([earlier], mapOf, at);
    moves.note([booking], mapOf, 100);
    return moves.since(ID);
  };
  const later = { ...mirrored, start: mirrored.start + HOUR, end: mirrored.end + HOUR };

  it('have another start, end or bay than their mirror', () => {
    expect(noted(mirrored, aMap())).to.equal(null);
    for (const place of [
      { start: 1 },
      { end: 1 },
      { resourceUnitId: BAY2.resourceUnitId },
      { resourceUnitId: FOREIGN_UNIT },
    ]) {
      expect(noted({ ...mirrored, ...place }, aMap()), JSON.stringify(place)).to.equal(100);
    }
  });

  it('have an active mirror, or moved to a unit without a bay before', () => {
    expect(noted(later, null)).to.equal(null);
    expect(noted(later, aMap({ status: 'CANCELED' }))).to.equal(null);
    expect(noted(later, aMap({ status: 'CANCELED', base: { ...aMap().base, bay: null } }))).to.equal(100);
  });

  it('count from the first poll that showed them at their place', () => {
    expect(noted(later, aMap(), [[later, 50]])).to.equal(50);
    expect(noted(later, aMap(), [[{ ...later, end: later.end + 1 }, 50]])).to.equal(100);
    expect(
      noted(later, aMap(), [
        [later, 40],
        [mirrored, 50],
      ]),
    ).to.equal(100);
    expect(noted(mirrored, aMap(), [[later, 50]])).to.equal(null);
  });
});

describe('a first poll with an empty store', () => {
  const none = new Map<string, LivenessRecord>();

  it('is noted once', () => {
    const start = new EmptyStart();
    expect(start.at).to.equal(null);
    start.note(none, true, 5);
    start.note(none, true, 6);
    expect(start.at).to.equal(5);
    expect(start.toStore(none)).to.deep.equal([
      aRecord({ appointmentId: '(empty store)', end: 5 + DAY, updatedAt: 5 }),
    ]);
  });

  it('is none if the first poll found something, also if the store is empty later', () => {
    const start = new EmptyStart();
    start.note(none, false, 5);
    start.note(none, true, 6);
    expect([start.at, start.toStore(none)]).to.deep.equal([null, []]);
  });

  it('is known from its record after a restart', () => {
    const start = new EmptyStart();
    const stored = new Map([['(empty store)', aRecord({ updatedAt: 3 })]]);
    start.note(stored, false, 5);
    expect([start.at, start.toStore(stored)]).to.deep.equal([3, []]);
  });
});
