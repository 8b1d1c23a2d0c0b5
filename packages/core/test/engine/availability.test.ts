import { expect } from 'chai';
import { createRules } from '#src/rules/rules.js';
import { DAY, HOUR, MINUTE, Ok } from '@loft/sync-core';
import { Availability } from '#src/engine/observe/availability.js';
import { FOREIGN_UNIT } from '../rules/situations.js';
import { BlindBench, FAILS } from './blind-bench.js';
import { overridden } from './overridden.js';
import { BAY1, settingsWith } from './world.js';

describe('the availability of units', () => {
  const why = { needsConfirmation: false, blocksCreation: true };

  it('is asked for with the length of the booking, for its unit and local day', () => {
    const bench = new BlindBench();
    const booking = bench.booking(48, { end: bench.act.hour(48) + 90 * MINUTE + 5 });
    const it = new Availability(bench.parts);
    const { key, minutes, resourceUnitId, day, blocksCreation } = it.unitDayOf(booking, why);
    expect({ minutes, resourceUnitId, blocksCreation }).to.deep.equal({
      minutes: 90,
      resourceUnitId: BAY1.resourceUnitId,
      blocksCreation: true,
    });
    expect(key).to.equal(`${BAY1.resourceUnitId}:${day}`);
    expect(day % DAY).to.equal(7 * HOUR);
    expect(it.unitDayOf({ ...booking, end: booking.start }, why).minutes).to.equal(1);
  });

  it('is evidence only once a unit has shown a slot', async () => {
    const bench = new BlindBench();
    const it = new Availability(bench.parts);
    const booking = bench.booking();
    const unitDay = it.unitDayOf(booking, why);
    const first = await it.ask([unitDay]);
    expect([...first.read]).to.deep.equal([]);
    expect(it.slotOf(booking, first.read)).to.equal('unseen');
    expect((await it.askFor(booking)).unwrap()).to.equal('unseen');
    bench.free = [booking.start];
    expect(it.slotOf(booking, (await it.ask([unitDay])).read)).to.equal('free');
    bench.free = [];
    expect(it.slotOf(booking, (await it.ask([unitDay])).read)).to.equal('not-free');
    expect((await it.askFor(booking)).unwrap()).to.equal('not-free');
    expect(it.slotOf(bench.booking(100), (await it.ask([unitDay])).read)).to.equal('unseen');
  });

  it('of a slot is free if a slot starts within the time of the booking', async () => {
    const bench = new BlindBench();
    const it = new Availability(bench.parts);
    const booking = bench.booking();
    const read = async (slot: number): Promise<string> => {
      bench.free = [slot];
      return (await it.askFor(booking)).unwrap();
    };
    expect(await read(booking.start)).to.equal('free');
    expect(await read(booking.end - 1)).to.equal('free');
    expect(await read(booking.start - 1)).to.equal('not-free');
    expect(await read(booking.end)).to.equal('not-free');
  });

  it('of further days is asked for units that have never shown a slot, one day each poll', async () => {
    const bench = new BlindBench({ settings: { futureDays: 4 } });
    const it = new Availability(bench.parts);
    const unitDay = it.unitDayOf(bench.booking(0, { start: bench.now }), why);
    const tomorrow = it.unitDayOf(bench.booking(0, { start: bench.now + DAY }), why).day;
    const days: number[] = [];
    for (let poll = 0; poll < 5; poll++) {
      bench.asked.length = 0;
      await it.ask([unitDay]);
      expect(bench.asked.map(([, , minutes]) => minutes)).to.deep.equal([unitDay.minutes, unitDay.minutes]);
      days.push(((bench.asked[1]?.[1] ?? 0) - tomorrow) / DAY);
    }
    expect(days).to.deep.equal([0, 1, 2, 0, 0]);
    bench.free = [bench.now];
    bench.asked.length = 0;
    await it.ask([unitDay]);
    expect(bench.asked).to.have.length(1);
  });

  it('makes the other answers of a poll conclusive if a further day shows a slot', async () => {
    const bench = new BlindBench();
    const booking = bench.booking(2);
    let calls = 0;
    const listFreeSlots = async (): Promise<Ok<readonly number[]>> => Ok(calls++ === 0 ? [] : [0]);
    const bookings = overridden(bench.parts.bookings, { listFreeSlots });
    const it = new Availability({ ...bench.parts, bookings });
    const { read } = await it.ask([it.unitDayOf(booking, why)]);
    expect(it.slotOf(booking, read)).to.equal('not-free');
  });

  it('that cannot be read is a warning for all days of the same fault', async () => {
    const bench = new BlindBench();
    bench.free = FAILS;
    const it = new Availability(bench.parts);
    const unitDays = [48, 72].map((hours) => it.unitDayOf(bench.booking(hours), why));
    const { warnings, read, notes } = await it.ask(unitDays);
    expect(warnings).to.deep.equal([`availability of 2 days cannot be read: ${FAILS.message}`]);
    expect([read.size, notes]).to.deep.equal([0, []]);
    expect((await it.askFor(bench.booking())).err).to.equal(true);
  });

  it('of a unit without any slot on three days is a note', async () => {
    const bench = new BlindBench();
    const it = new Availability(bench.parts);
    const unitDay = it.unitDayOf(bench.booking(48), why);
    expect((await it.ask([unitDay])).notes).to.deep.equal([]);
    const unit = BAY1.resourceUnitId;
    expect((await it.ask([unitDay])).notes).to.deep.equal([
      `bay 1: unit ${unit} offers no slot of its service on any of 3 days, so cancelled bookings ` +
        'cannot be determined there, and new ones are mirrored only 30 minutes before they start: compare bays[].serviceId with the services of the unit',
    ]);
    const foreign = it.unitDayOf(bench.booking(48, { resourceUnitId: FOREIGN_UNIT }), why);
    await it.ask([foreign]);
    await it.ask([foreign]);
    expect((await it.ask([foreign])).notes).to.have.length(1);
    bench.free = [0];
    expect((await it.ask([unitDay])).notes).to.deep.equal([]);
  });

  it('is no evidence, and no note, if it cannot be read', async () => {
    const bench = new BlindBench();
    bench.free = FAILS;
    const it = new Availability(bench.parts);
    for (const hours of [48, 72, 96, 120]) {
      const { notes } = await it.ask([it.unitDayOf(bench.booking(hours), why)]);
      expect(notes).to.deep.equal([]);
    }
    bench.free = [];
    await it.ask([it.unitDayOf(bench.booking(144), why)]);
    bench.free = FAILS;
    const unitDay = it.unitDayOf(bench.booking(144), why);
    for (let poll = 0; poll < 3; poll++) expect((await it.ask([unitDay])).notes).to.deep.equal([]);
  });

  it('of a unit names its service', async () => {
    const bays = [{ ...BAY1, serviceId: 11 }];
    const bench = new BlindBench();
    const rules = createRules(settingsWith({ bays, uschedule: { status: 'blind' } }));
    const it = new Availability({ ...bench.parts, rules });
    const unitDay = it.unitDayOf(bench.booking(48), why);
    await it.ask([unitDay]);
    expect((await it.ask([unitDay])).notes[0]).to.match(/offers no slot of service 11 on any of 3 days/);
    bench.free = [0];
    await it.ask([unitDay]);
    bench.free = [];
    for (let poll = 0; poll < 4; poll++) expect((await it.ask([unitDay])).notes).to.deep.equal([]);
  });

  it('is read for at most twenty-four unit-days in one poll', async () => {
    const bench = new BlindBench();
    bench.free = [0];
    const it = new Availability(bench.parts);
    const unitDays = Array.from({ length: 30 }, (_, day) => it.unitDayOf(bench.booking(24 * (day + 1)), why));
    await it.ask(unitDays);
    expect(bench.asked).to.have.length(24);
    await it.ask(unitDays);
    expect(new Set(bench.asked.map(([, day]) => day))).to.have.property('size', 30);
  });
});
