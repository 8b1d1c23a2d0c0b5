import { expect } from 'chai';
import type { LivenessRecord } from '@loft/sync-core/store';
import { InferredStatuses } from '#src/engine/observe/inferred-status.js';
import { Availability } from '#src/engine/observe/availability.js';
import { DAY, Err, HOUR, MINUTE, type Booking, type BookingEventMap } from '@loft/sync-core';
import { FOREIGN_UNIT, ID } from '../rules/situations.js';
import { aRecord, BlindBench, FAILS, STORE_FAILS } from './blind-bench.js';
import { overridden } from './overridden.js';
import { BAY1 } from './world.js';

describe('the status of one booking in blind mode', () => {
  it('is dead permanently once it was', async () => {
    const bench = new BlindBench();
    const booking = bench.booking();
    await bench.store.putLiveness([aRecord({ dead: true, end: booking.end })]);
    expect((await bench.statuses().read(booking)).unwrap()).to.deep.equal({ status: 'dead', sure: true });
    expect((await bench.statuses().existence(booking)).unwrap()).to.equal('gone');
  });

  it('is live if it is mirrored, without a call', async () => {
    const bench = new BlindBench();
    const booking = bench.booking();
    await bench.put(bench.map(booking));
    expect((await bench.statuses().read(booking)).unwrap()).to.deep.equal({ status: 'live', sure: false });
    expect(bench.asked).to.deep.equal([]);
  });

  it('of a candidate is live if its slot is not free, and unknown otherwise', async () => {
    const bench = new BlindBench();
    const booking = bench.booking();
    bench.free = [booking.end];
    expect((await bench.statuses().read(booking)).unwrap()).to.deep.equal({ status: 'live', sure: false });
    expect(bench.asked).to.have.length(1);
    bench.free = [booking.start + 1];
    expect((await bench.statuses().read(booking)).unwrap()).to.deep.equal({ status: 'unknown', sure: false });
    bench.free = FAILS;
    expect((await bench.statuses().read(booking)).unwrap()).to.deep.equal({ status: 'unknown', sure: false });
    bench.free = [];
    expect((await bench.statuses().read(booking)).unwrap(), 'a unit that has never shown a slot').to.deep.equal({
      status: 'unknown',
      sure: false,
    });
  });

  it('of a candidate is read without a call while its checkout may be in progress', async () => {
    const bench = new BlindBench();
    const booking = bench.booking(48, { createdAt: bench.now });
    const status = (await bench.statuses().read(booking)).unwrap();
    expect(status).to.deep.equal({ status: 'unknown', sure: false, heldUntil: bench.now + 10 * MINUTE });
    expect(bench.asked).to.deep.equal([]);
  });

  it('of a candidate is unknown if another record claims its slot, and live without a call if it starts soon', async () => {
    const bench = new BlindBench();
    const booking = bench.booking(0, { start: bench.now + 20 * MINUTE, end: bench.now + 80 * MINUTE });
    expect((await bench.statuses().read(booking)).unwrap()).to.deep.equal({ status: 'live', sure: false });
    expect(bench.asked).to.deep.equal([]);
    bench.listed = [booking, { ...booking, appointmentId: '9', createdAt: bench.now - HOUR, status: 'unknown' }];
    expect((await bench.statuses().read(booking)).unwrap()).to.deep.equal({ status: 'unknown', sure: false });
    bench.listed = [booking, { ...booking, appointmentId: '9', createdAt: bench.now - HOUR, status: 'dead' }];
    expect((await bench.statuses().read(booking)).unwrap()).to.deep.equal({ status: 'live', sure: false });
  });

  it('of a canceled booking is read again only if it had moved to a unit without a bay', async () => {
    const bench = new BlindBench();
    const booking = bench.booking();
    bench.free = [booking.end];
    await bench.put(bench.map(booking, { status: 'CANCELED' }));
    expect((await bench.statuses().read(booking)).unwrap()).to.deep.equal({ status: 'unknown', sure: false });
    expect(bench.asked).to.deep.equal([]);
    const moved = new BlindBench();
    const map = moved.map(booking, { status: 'CANCELED' });
    await moved.put({ ...map, base: { ...map.base, bay: null } });
    moved.free = [booking.end];
    expect((await moved.statuses().read(booking)).unwrap()).to.deep.equal({ status: 'live', sure: false });
  });

  it('is compared with the records of its day, from a day before its start to its end', async () => {
    const bench = new BlindBench();
    const booking = bench.booking();
    const periods: unknown[] = [];
    const listBookings: typeof bench.parts.bookings.listBookings = async (period) => {
      periods.push(period);
      return Err(FAILS);
    };
    const bookings = overridden(bench.parts.bookings, { listBookings });
    const statuses = new InferredStatuses({ ...bench.parts, bookings });
    expect((await statuses.read(booking)).err).to.equal(true);
    expect((await statuses.existence(booking)).err).to.equal(true);
    const period = { from: booking.start - DAY, to: booking.end };
    expect(periods).to.deep.equal([period, period]);
  });

  it('fails with the store and the list of its day', async () => {
    const booking = new BlindBench().booking();
    for (const store of [
      { listLiveness: async () => Err(STORE_FAILS) },
      { getMap: async () => Err(STORE_FAILS) },
      { listMaps: async () => Err(STORE_FAILS) },
    ]) {
      const bench = new BlindBench({ store });
      expect((await bench.statuses().read(booking)).err).to.equal(true);
      expect((await bench.statuses().existence(booking)).err).to.equal(true);
    }
  });
});

describe('whether a booking exists in blind mode', () => {
  it('is shown by consecutive free slots, or by one that is not free', async () => {
    const bench = new BlindBench();
    const booking = bench.booking();
    bench.free = [booking.start];
    expect((await bench.statuses().existence(booking)).unwrap()).to.equal('gone');
    expect(bench.asked).to.have.length(2);
    bench.free = [booking.end];
    expect((await bench.statuses().existence(booking)).unwrap()).to.equal('exists');
    bench.free = FAILS;
    expect((await bench.statuses().existence(booking)).err).to.equal(true);
    bench.free = [];
    expect((await bench.statuses().existence(booking)).unwrap()).to.equal('unclear');
  });

  it('is not shown by slots if it starts soon', async () => {
    const bench = new BlindBench();
    const at = (minutes: number): Booking =>
      bench.booking(0, { start: bench.now + minutes * MINUTE, end: bench.now + 3 * HOUR });
    bench.free = [bench.now + HOUR];
    expect((await bench.statuses().existence(at(30))).unwrap()).to.equal('unclear');
    expect((await bench.statuses().existence(at(31))).unwrap()).to.equal('gone');
  });

  it('is denied by a cancellation of ours, and by a newer record in its slot', async () => {
    const bench = new BlindBench();
    const booking = bench.booking();
    bench.free = [booking.end];
    const newer = { ...booking, appointmentId: '9', createdAt: bench.now - HOUR };
    bench.listed = [booking, newer];
    expect((await bench.statuses().existence(booking)).unwrap()).to.equal('gone');
    bench.listed = [booking, { ...newer, createdAt: bench.now - 3 * HOUR }];
    expect((await bench.statuses().existence(booking)).unwrap()).to.equal('exists');
    bench.listed = [];
    expect((await bench.statuses().existence({ ...booking, status: 'dead' })).unwrap()).to.equal('gone');
    await bench.put(bench.map(booking, { status: 'CANCELED' }));
    expect((await bench.statuses().existence(booking)).unwrap()).to.equal('gone');
  });

  it('is recorded if we have cancelled it without a map', async () => {
    const bench = new BlindBench();
    const booking = bench.booking();
    const statuses = bench.statuses();
    (await statuses.noteCanceled(ID, booking.end)).unwrap();
    expect((await bench.store.listLiveness()).unwrap()).to.deep.equal([
      aRecord({ dead: true, end: booking.end, updatedAt: bench.now }),
    ]);
    expect((await statuses.existence(booking)).unwrap()).to.equal('gone');
  });
});

describe('the statuses of a poll in blind mode', () => {
  async function polled(
    bench: BlindBench,
    bookings: readonly Booking[],
    maps: readonly BookingEventMap[] = [],
    statuses = bench.statuses(),
  ) {
    const listed = (await statuses.list(bookings, maps, bench.now)).unwrap();
    const of = (booking: Booking): string => listed.of(booking).status;
    return { listed, of, statuses };
  }
  const remember = async (
    listed: { remember(except: ReadonlySet<string>, before: number): Promise<unknown> },
    except: readonly string[] = [],
    before = 0,
  ): Promise<void> => {
    await listed.remember(new Set(except), before);
  };

  it('need several consecutive readings of a free slot for a cancellation, which are stored', async () => {
    const bench = new BlindBench();
    const booking = bench.booking();
    const maps = [bench.map(booking)];
    bench.free = [booking.start];
    const first = await polled(bench, [booking], maps);
    expect(first.of(booking)).to.equal('live');
    expect(first.listed.slots).to.deep.equal({ read: 1, free: 1 });
    await remember(first.listed);
    expect((await bench.store.listLiveness()).unwrap()).to.deep.equal([
      aRecord({ freeReadings: 1, end: booking.end, updatedAt: bench.now }),
    ]);
    const second = await polled(bench, [booking], maps);
    expect(second.listed.of(booking)).to.deep.equal({ status: 'dead', sure: true });
  });

  it('store nothing about a cancellation that a guard holds back, and of a canceled map the creation of its record', async () => {
    const bench = new BlindBench();
    const booking = bench.booking();
    bench.free = [booking.start];
    await remember((await polled(bench, [booking], [bench.map(booking)])).listed, [ID]);
    expect((await bench.store.listLiveness()).unwrap()).to.deep.equal([]);
    const dead = { ...booking, status: 'dead' as const };
    const untimed = { ...dead, createdAt: null };
    await remember((await polled(bench, [untimed], [bench.map(booking, { status: 'CANCELED' })])).listed);
    const handedOver = bench.map(booking, { status: 'CANCELED', supersededBy: '9' });
    await remember((await polled(bench, [dead], [handedOver])).listed);
    expect((await bench.store.listLiveness()).unwrap()).to.deep.equal([]);
    await remember((await polled(bench, [dead], [bench.map(booking, { status: 'CANCELED' })])).listed);
    const { createdAt } = booking;
    expect((await bench.store.listLiveness()).unwrap()).to.deep.equal([
      { ...aRecord({ dead: true, end: booking.end, updatedAt: bench.now }), createdAt },
    ]);
    const map = bench.map(booking, { status: 'CANCELED' });
    await remember((await polled(bench, [dead], [{ ...map, base: { ...map.base, bay: null } }])).listed);
    expect((await bench.store.listLiveness()).unwrap()).to.have.length(1);
  });

  it('count only the slots of mirrored bookings that are not over', async () => {
    const bench = new BlindBench();
    const [mirrored, candidate, over] = [
      bench.booking(48),
      bench.booking(50, { appointmentId: '2' }),
      bench.booking(-2, { appointmentId: '3' }),
    ];
    bench.free = [candidate.start];
    const { listed, of } = await polled(bench, [mirrored, candidate, over], [bench.map(mirrored), bench.map(over)]);
    expect(listed.slots).to.deep.equal({ read: 1, free: 0 });
    expect([of(mirrored), of(candidate), of(over)]).to.deep.equal(['live', 'unknown', 'live']);
    expect(listed.of(bench.booking(9, { appointmentId: 'unlisted' }))).to.deep.equal({
      status: 'unknown',
      sure: false,
    });
  });

  it('mirror a candidate whose slot is not free', async () => {
    const bench = new BlindBench();
    const booking = bench.booking();
    bench.free = [booking.end];
    expect((await polled(bench, [booking])).of(booking)).to.equal('live');
  });

  it('ask only for the days of mirrored bookings and candidates that can be mirrored', async () => {
    const asks = async (booking: Booking, map: BookingEventMap | null = null): Promise<number> => {
      const bench = new BlindBench();
      bench.free = [0];
      await polled(bench, [booking], map ? [map] : []);
      return bench.asked.length;
    };
    const bench = new BlindBench();
    const booking = bench.booking();
    expect(await asks(booking)).to.equal(1);
    expect(await asks(bench.booking(48, { resourceUnitId: FOREIGN_UNIT }))).to.equal(0);
    expect(await asks(bench.booking(48, { createdAt: bench.now }))).to.equal(0);
    const held = bench.booking(48, { createdAt: bench.now });
    expect(await asks(held, bench.map(held))).to.equal(1);
    const over = bench.booking(-2);
    expect(await asks(over, bench.map(over))).to.equal(0);
    const begun = bench.booking(0, { start: bench.now, end: bench.now + HOUR });
    expect(await asks(begun)).to.equal(0);
    expect(await asks(begun, bench.map(begun))).to.equal(1);
    expect(await asks(booking, bench.map(booking, { status: 'CANCELED' }))).to.equal(0);
    expect(await asks({ ...booking, status: 'dead' }, bench.map(booking))).to.equal(0);
  });

  it('ask once for several bookings of a unit and day, with the shortest length', async () => {
    const bench = new BlindBench();
    const long = bench.booking(48, { end: bench.act.hour(50) });
    const short = bench.booking(51, { appointmentId: '2', end: bench.act.hour(51) + 30 * MINUTE });
    bench.free = [0];
    await polled(bench, [long, short]);
    expect(bench.asked.map(([unit, , minutes]) => [unit, minutes])).to.deep.equal([[BAY1.resourceUnitId, 30]]);
  });

  it('give the slot to the newer of two records, without a call for the other', async () => {
    const bench = new BlindBench();
    const older = bench.booking();
    const newer = { ...older, appointmentId: '9', createdAt: bench.now - HOUR };
    bench.free = [older.end];
    const { of } = await polled(bench, [older, newer], [bench.map(older)]);
    expect([of(older), of(newer)]).to.deep.equal(['dead', 'live']);
    expect(bench.asked).to.have.length(1);
  });

  it('count our own write to a booking as its claim', async () => {
    const bench = new BlindBench();
    const older = bench.booking();
    const newer = { ...older, appointmentId: '9', createdAt: bench.now - HOUR };
    bench.free = [older.end];
    const written = bench.map(older, { bookingWrittenAt: bench.now - MINUTE });
    const { of } = await polled(bench, [older, newer], [written]);
    expect([of(older), of(newer)]).to.deep.equal(['live', 'dead']);
  });

  it('keep the slot of a record that is in doubt from an older one, until the doubt has ended', async () => {
    const winner = async (change: Partial<LivenessRecord>): Promise<readonly string[]> => {
      const bench = new BlindBench();
      const older = bench.booking();
      const newer = { ...older, appointmentId: '9', createdAt: bench.now - HOUR };
      bench.free = [older.end];
      await bench.store.putLiveness([aRecord({ appointmentId: '9', freeReadings: 1, end: newer.end, ...change })]);
      const { of } = await polled(bench, [older, newer], [bench.map(older), bench.map(newer)]);
      return [of(older), of(newer)];
    };
    const olderWins = await winner({});
    const newerWins = ['dead', 'live'];
    expect(olderWins).not.to.deep.equal(newerWins);
    expect(await winner({ freeReadings: 0 })).to.deep.equal(newerWins);
    expect(await winner({ end: 1 })).to.deep.equal(newerWins);
  });

  it('ask first for the days of doubts and of candidates', async () => {
    const asksFor = async (hours: number, isCandidate: boolean, readings: number): Promise<boolean> => {
      const bench = new BlindBench();
      bench.free = [0];
      const mirrors = Array.from({ length: 30 }, (_, day) =>
        bench.booking(24 * (day + 1), { appointmentId: `m${day}` }),
      );
      const last = bench.booking(hours, { appointmentId: 'last' });
      await bench.store.putLiveness([aRecord({ appointmentId: 'last', freeReadings: readings, end: last.end })]);
      const maps = [...mirrors, ...(isCandidate ? [] : [last])].map((it) => bench.map(it));
      await polled(bench, [...mirrors, last], maps);
      const { day } = new Availability(bench.parts).unitDayOf(last, {
        needsConfirmation: false,
        blocksCreation: false,
      });
      return bench.asked.some(([, asked]) => asked === day);
    };
    expect(await asksFor(24 * 40, false, 0)).to.equal(false);
    expect(await asksFor(24 * 40, false, 1)).to.equal(true);
    expect(await asksFor(24 * 40, true, 0)).to.equal(true);
    expect(await asksFor(24 * 30, false, 0)).to.equal(false);
    // A day that another booking needs only for itself is asked for the sake of the doubt.
    expect(await asksFor(24 * 29 + 3, false, 1)).to.equal(true);
    expect(await asksFor(24 * 29 + 3, true, 0)).to.equal(true);
  });

  it('treat the move of a record to a taken slot as one reading', async () => {
    const bench = new BlindBench();
    const booking = bench.booking();
    const moved = { ...booking, appointmentId: '9' };
    const map = bench.map(bench.booking(60, { appointmentId: '9' }));
    bench.free = [booking.end];
    const { of } = await polled(bench, [booking, moved], [bench.map(booking), map]);
    expect([of(booking), of(moved)]).to.deep.equal(['live', 'live']);
  });

  it('delete the records of bookings that ended before the window', async () => {
    const bench = new BlindBench();
    await bench.store.putLiveness([
      aRecord({ appointmentId: 'old', end: bench.now - DAY - 1 }),
      aRecord({ appointmentId: 'new', end: bench.now - DAY }),
    ]);
    const { listed } = await polled(bench, []);
    await remember(listed, [], bench.now - DAY);
    expect((await bench.store.listLiveness()).unwrap().map(({ appointmentId }) => appointmentId)).to.deep.equal([
      'new',
    ]);
  });

  it('of a start with an empty store mirror no visit that is in progress, also after a restart', async () => {
    const bench = new BlindBench();
    const visit = bench.booking(0, {
      start: bench.now - MINUTE,
      end: bench.now + HOUR,
      createdAt: bench.now - 5 * HOUR,
    });
    const { listed, of } = await polled(bench, [visit]);
    expect(of(visit)).to.equal('unknown');
    await remember(listed);
    expect((await bench.store.listLiveness()).unwrap()).to.deep.equal([
      aRecord({ appointmentId: '(empty store)', end: bench.now + DAY, updatedAt: bench.now }),
    ]);
    await bench.act.clock.advance(MINUTE);
    expect((await polled(bench, [visit])).of(visit)).to.equal('unknown');
    const known = new BlindBench();
    const other = known.booking(60, { appointmentId: '9' });
    const later = await polled(known, [visit, other], [known.map(other)]);
    expect(later.of(visit)).to.equal('live');
    await remember(later.listed);
    expect((await known.store.listLiveness()).unwrap()).to.deep.equal([]);
  });

  it('store an empty start only while a visit is in progress', async () => {
    const bench = new BlindBench();
    await remember((await polled(bench, [bench.booking(48)])).listed);
    expect((await bench.store.listLiveness()).unwrap()).to.deep.equal([]);
    await remember((await polled(bench, [bench.booking(0, { start: bench.now - HOUR, end: bench.now })])).listed);
    expect((await bench.store.listLiveness()).unwrap()).to.deep.equal([]);
  });

  it('fail with the store', async () => {
    const bench = new BlindBench({ store: { listLiveness: async () => Err(STORE_FAILS) } });
    expect((await bench.statuses().list([], [], bench.now)).err).to.equal(true);
    const broken = new BlindBench({ store: { putLiveness: async () => Err(STORE_FAILS) } });
    const booking = broken.booking();
    broken.free = [booking.start];
    const { listed } = await polled(broken, [booking], [broken.map(booking)]);
    expect((await listed.remember(new Set(), 0)).err).to.equal(true);
  });
});
