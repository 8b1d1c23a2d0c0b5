import { expect } from 'chai';
import { DAY, HOUR } from '@loft/sync-core';
import { Studio, type Installation } from './support/installations.js';

/** The same hour on `count` days, from tomorrow on. */
const onDays = (count: number): readonly number[] => Array.from({ length: count }, (_, day) => 30 + 24 * day);

describe('many edits at once (docs/decision-table.md#row-21d)', function () {
  this.timeout(120_000);
  let studio: Studio;
  let service: Installation;
  beforeEach(async () => {
    studio = await Studio.open();
    service = await studio.install();
  });
  afterEach(() => studio.close());

  async function mirrored(hours: readonly number[]): Promise<readonly string[]> {
    const ids = studio.book(hours);
    await service.start();
    await service.settle();
    expect(studio.sides().events).to.deep.equal(studio.sides().bookings);
    return ids;
  }

  const live = (): number => studio.uschedule.liveBookings().length;
  const writes = (): readonly string[] => studio.uschedule.writes.map(({ method }) => method);

  it('holds fourteen deletions: no booking is cancelled, /ready says so, and each is listed', async () => {
    const ids = await mirrored(onDays(14));
    for (const id of ids) studio.delete(id);
    await service.settle(4);
    expect(writes()).to.deep.equal([]);
    const { status, reasons } = await service.ready();
    expect(status).to.equal(503);
    expect(reasons.join()).to.match(/14 .*held|held.*14/);
    const held = (await service.engine.heldEdits()).expect('the held edits');
    expect(held.map(({ appointmentId }) => appointmentId)).to.have.members([...ids]);
    expect(held.map(({ would, customerName }) => `${would} ${customerName}`)).to.include('cancel Customer 7');
  });

  it('cancels the bookings of released deletions, and /ready answers 200 again', async () => {
    const ids = await mirrored(onDays(14));
    for (const id of ids) studio.delete(id);
    await service.settle(3);
    expect((await service.engine.decideHeldEdits('release', '1')).expect('the decision')).to.equal(14);
    await service.settle(3);
    expect(live()).to.equal(0);
    expect((await service.ready()).status).to.equal(200);
  });

  it('restores the events of reverted deletions, except those that were released', async () => {
    const ids = await mirrored(onDays(14));
    for (const id of ids) studio.delete(id);
    await service.settle(3);
    const [first = '', ...others] = ids;
    expect((await service.engine.decideHeldEdits('release', '1', [first])).expect('the decision')).to.equal(1);
    expect((await service.engine.decideHeldEdits('revert', '1')).expect('the decision')).to.equal(13);
    await service.settle(3);
    expect(studio.uschedule.liveBookings().map(({ id }) => id)).to.have.members(others);
    expect(studio.sides().events).to.deep.equal(studio.sides().bookings);
    expect((await service.ready()).status).to.equal(200);
  });

  it('holds fourteen moves by an hour on different days, and moves the events back when a person reverts them', async () => {
    const ids = await mirrored(onDays(14));
    for (const id of ids) studio.drag(id, studio.startOfEvent(id) + HOUR);
    await service.settle(4);
    expect(writes()).to.deep.equal([]);
    expect((await service.ready()).status).to.equal(503);
    expect((await service.engine.decideHeldEdits('revert', '1')).expect('the decision')).to.equal(14);
    await service.settle(3);
    expect(writes()).to.deep.equal([]);
    expect(studio.sides().events).to.deep.equal(studio.sides().bookings);
    expect((await service.ready()).status).to.equal(200);
  });

  it('moves the bookings of fourteen moves that a person releases', async () => {
    const ids = await mirrored(onDays(14));
    const starts = ids.map((id) => studio.startOfEvent(id) + HOUR);
    ids.forEach((id, index) => studio.drag(id, starts[index] ?? 0));
    await service.settle(3);
    expect((await service.engine.decideHeldEdits('release', '1')).expect('the decision')).to.equal(14);
    await service.settle(3);
    expect(ids.map((id) => studio.uschedule.booking(id)?.start)).to.deep.equal(starts);
    expect(studio.sides().events).to.deep.equal(studio.sides().bookings);
  });

  it('carries a shifted afternoon: fifteen events of one bay and day, all moved by the same time', async () => {
    const day = Math.ceil((studio.hour(24) - 7 * HOUR) / DAY) * DAY + 7 * HOUR;
    const ids = Array.from({ length: 15 }, (_, index) =>
      studio.uschedule.book({ unit: 5523, start: day + (2 + index) * HOUR, customerName: `Customer ${index + 1}` }),
    );
    await service.start();
    await service.settle();
    const starts = ids.map((id) => studio.startOfEvent(id) + 2 * HOUR);
    ids.forEach((id, index) => studio.drag(id, starts[index] ?? 0));
    await service.settle(4);
    expect(ids.map((id) => studio.uschedule.booking(id)?.start)).to.deep.equal(starts);
    expect(studio.sides().events).to.deep.equal(studio.sides().bookings);
    expect((await service.ready()).status).to.equal(200);
  });

  it('does not hold five deletions of fourteen events', async () => {
    const ids = await mirrored(onDays(14));
    for (const id of ids.slice(0, 5)) studio.delete(id);
    await service.settle(3);
    expect(live()).to.equal(9);
    expect((await service.ready()).status).to.equal(200);
  });

  it('holds deletions that are made one by one within ten minutes', async () => {
    const ids = await mirrored(onDays(14));
    for (const id of ids) {
      studio.delete(id);
      await service.settle(1);
    }
    // Edits up to the limit were carried: they look like a user's ordinary edits.
    expect(live()).to.be.at.least(7);
    expect((await service.ready()).status).to.equal(503);
  });
});
