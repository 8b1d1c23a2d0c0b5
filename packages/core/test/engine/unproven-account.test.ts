import { expect } from 'chai';
import { HOUR } from '@loft/sync-core';
import { BAY1, BAY2, World } from './world.js';

const ID = '799999';

/** An empty store, and one event of our account whose appointment the booking system does not know. */
async function withOrphan(): Promise<World> {
  const world = new World();
  const start = world.hour(48);
  const draft = {
    start,
    end: start + HOUR,
    title: 'Ana R.',
    description: '',
    free: false,
    appointmentId: ID,
    bay: '1',
  };
  (await world.calendars.insertEvent(BAY1.calendarId, `loft${ID}`, draft)).unwrap();
  await world.start();
  await world.settle();
  return world;
}

describe('an event whose booking does not exist, while nothing proves the account (docs/decision-table.md#row-6)', () => {
  it('stays, is reported, and is removed as soon as an appointment of our calendars proves the account', async () => {
    const world = await withOrphan();
    expect(world.on(BAY1)).to.have.length(1);
    expect((await world.engine.readiness()).warnings.join()).to.include('is it the right account?');
    world.book(BAY2.resourceUnitId, 30);
    await world.settle(HOUR);
    expect(world.on(BAY1)).to.deep.equal([]);
    expect(world.on(BAY2)).to.have.length(1);
    expect((await world.engine.readiness()).warnings).to.deep.equal([]);
  });

  it('is checked rarely while the account is not proved: three times in the second hour', async () => {
    const world = await withOrphan();
    await world.settle(HOUR);
    const before = world.calls()['getBooking'] ?? 0;
    await world.settle(HOUR);
    expect((world.calls()['getBooking'] ?? 0) - before).to.equal(3);
    expect(world.on(BAY1)).to.have.length(1);
  });
});
