import { expect } from 'chai';
import type { Booking } from '@loft/sync-core';
import { trustStatus } from '#src/engine/observe/observe-booking.js';
import { aBooking } from '../rules/situations.js';

describe('the statuses of a poll in trusted mode', () => {
  const list = async (bookings: readonly Booking[]) => (await trustStatus.list(bookings, [], 0)).unwrap();

  it('are those of the records, sure only if they were read by id', async () => {
    const booking = aBooking({ status: 'dead' });
    const listed = await list([booking]);
    expect(listed.of(booking)).to.deep.equal({ status: 'dead', sure: false });
    expect((await trustStatus.read(booking)).unwrap()).to.deep.equal({ status: 'dead', sure: true });
    expect((await trustStatus.existence(booking)).unwrap()).to.equal('gone');
    expect((await trustStatus.existence(aBooking({ status: 'unknown' }))).unwrap()).to.equal('exists');
    expect(listed.slots).to.deep.equal({ read: 0, free: 0 });
    expect((await listed.remember(new Set(), 0)).ok).to.equal(true);
    expect((await trustStatus.noteCanceled('1', 0)).ok).to.equal(true);
  });

  it('warn if no record has a status, and note single records without one', async () => {
    const unknown = (count: number): readonly Booking[] =>
      Array.from({ length: count }, (_, index) =>
        aBooking({ appointmentId: `${index}`, status: 'unknown', missing: { status: 'absent' } }),
      );
    expect(await list(unknown(2))).to.deep.include({
      warnings: ['no record has a status: this deployment hides it, set uschedule.status to "blind"'],
      notes: [],
    });
    expect(await list([])).to.deep.include({ warnings: [], notes: [] });
    expect(await list([aBooking()])).to.deep.include({ warnings: [], notes: [] });
    const about = 'the record has no status, though others have; nothing is concluded from it';
    expect((await list([aBooking(), ...unknown(5)])).notes).to.deep.equal([`appointment 0, 1, 2, 3, 4: ${about}`]);
    expect((await list([aBooking(), ...unknown(7)])).notes).to.deep.equal([
      `appointment 0, 1, 2, 3, 4 and 2 more: ${about}`,
    ]);
    expect(await list([aBooking(), ...unknown(1)])).to.have.deep.property('warnings', []);
  });
});
