import { expect } from 'chai';
import { HOUR, MINUTE } from '@loft/sync-core';
import { BAY1, only, World } from './world.js';

describe('an edit war', () => {
  it('is a warning of every replica, also of a new one, until the edit is not repeated', async () => {
    const world = await new World().start();
    const id = world.book(BAY1.resourceUnitId, 48);
    const holder = world.book(BAY1.resourceUnitId, 50, 'Ben K.');
    await world.settle();
    const { start } = world.bookings.user.booking(id)!;
    const taken = world.bookings.user.booking(holder)!.start;
    const other = world.newEngine();
    expect((await other.readiness()).warnings).to.deep.equal([]);
    for (let edits = 0; edits < 4; edits++) {
      world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: taken });
      await world.settle(6 * MINUTE);
    }
    const warning = `appointment ${id}: edit-war: the same edit was reverted 4 times`;
    for (const engine of [world.engine, other, world.newEngine()]) {
      expect((await engine.readiness()).warnings).to.deep.equal([warning]);
    }
    expect((await world.engine.readiness()).ready).to.equal(true);
    await world.settle(HOUR);
    expect(world.on(BAY1).map((event) => event.start)).to.have.members([start, taken]);
    expect((await other.readiness()).warnings).to.deep.equal([]);
    expect(only(world.on(BAY1).filter((event) => event.start === start)).eventId).to.equal(`loft${id}`);
  });
});
