import { expect } from 'chai';
import { BAY1, BAY2, only, World } from './world.js';
import { expectAtRest, expectInStep } from './in-step.js';

const FOREIGN_UNIT = 5999;

describe('an event that is taken out of the bin while its booking comes back on another bay', function () {
  this.timeout(300_000);

  it('goes there, and is the only one', async () => {
    const world = new World({ studio: { units: [BAY1.resourceUnitId, BAY2.resourceUnitId, FOREIGN_UNIT] } });
    await world.start();
    const id = world.book(BAY2.resourceUnitId, 100);
    await world.settle();
    world.bookings.desk.move(id, { unit: FOREIGN_UNIT });
    await world.settle();
    expect(world.on(BAY2)).to.deep.equal([]);
    // Nobody is told of it before the booking is seen.
    world.calendars.onNotification = () => {};
    world.calendars.person.undelete(BAY2.calendarId, `loft${id}`);
    world.bookings.desk.move(id, { unit: BAY1.resourceUnitId });
    await world.engine.hint(id);
    await world.settle();
    expect(world.on(BAY2)).to.deep.equal([]);
    expect(only(world.on(BAY1)).eventId).to.equal(`loft${id}`);
    await expectInStep(world);
    await expectAtRest(world);
  });
});
