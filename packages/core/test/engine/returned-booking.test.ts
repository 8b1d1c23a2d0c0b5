import { expect } from 'chai';
import { expectIdle } from './expect-in-sync.js';
import { BAY1, BAY2, only, World } from './world.js';

const OTHER_UNIT = 9999;

describe('a booking that returns to a bay where its event is marked as cancelled', () => {
  it('has its event there again, and no second one marked as cancelled', async () => {
    const world = await new World({
      settings: { google: { cancel: 'mark' } },
      studio: { units: [BAY1.resourceUnitId, BAY2.resourceUnitId, OTHER_UNIT] },
    }).start();
    const id = world.book(BAY1.resourceUnitId, 48);
    await world.settle();
    for (const unit of [OTHER_UNIT, BAY2.resourceUnitId]) {
      world.bookings.user.move(id, { unit });
      await world.settle();
    }
    expect(only(world.on(BAY1)).title).to.equal('CANCELED: Ana R.');
    expect(only(world.on(BAY2)).title).to.equal('Ana R.');

    world.bookings.user.move(id, { unit: BAY1.resourceUnitId });
    await world.settle();
    const event = only(world.on(BAY1));
    expect(event).to.include({ title: 'Ana R.', free: false });
    expect(event.marks.appointmentId).to.equal(id);
    expect(world.on(BAY2)).to.deep.equal([]);
    await expectIdle(world);
    expect(await world.deadLetters()).to.deep.equal([]);
  });
});
