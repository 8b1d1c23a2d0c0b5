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

  it('is also one with a tool that alternates between edits which are reverted', async () => {
    const world = await new World({ settings: { google: { sweepSeconds: 5 } }, studio: { reschedule: 'off' } }).start();
    const id = world.book(BAY1.resourceUnitId, 48);
    await world.settle();
    const { start } = world.bookings.user.booking(id)!;
    let edits = 0;
    for (let second = 0; second < 600; second += 5) {
      if (world.on(BAY1).some((event) => event.eventId === `loft${id}` && event.start === start))
        world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: world.hour(50 + (edits++ % 2)) });
      await world.settle(5000);
      if (edits === 4) expect((await world.engine.readiness()).warnings).to.deep.equal([]);
    }
    expect(edits).to.be.within(6, 14);
    const warning = `appointment ${id}: edit-war: edits of the event were reverted ${edits - 1} times in a row`;
    expect((await world.engine.readiness()).warnings).to.deep.equal([warning]);
    expect(world.bookings.user.booking(id)?.start).to.equal(start);
  });

  it('of two tools that revert each other on both sides writes less and less, is a warning, and costs nothing once', async () => {
    const settings = { google: { sweepSeconds: 5 }, uschedule: { pollSeconds: 5 } };
    const world = await new World({ settings }).start();
    const id = world.book(BAY1.resourceUnitId, 48);
    await world.settle();
    const start = world.bookings.user.booking(id)!.start;
    const other = start + 2 * HOUR;
    const booked = (): number => world.bookings.user.booking(id)!.start;
    let rounds = 0;
    for (let second = 0; second < 1800; second += 5) {
      if (booked() === other) world.bookings.user.move(id, { start });
      else if (only(world.on(BAY1)).start === start) {
        world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: other });
        rounds++;
      }
      await world.settle(5000);
      // Twice is no war: a customer may change her mind.
      if (rounds === 2) expect(world.reasons()).to.not.include('edit-war');
    }
    expect(rounds).to.be.within(6, 16);
    const { ready, warnings } = await world.engine.readiness();
    expect(ready).to.equal(true);
    expect(warnings).to.deep.equal([`appointment ${id}: edit-war: the same edit was reverted ${rounds - 1} times`]);
    // The tools end: the last edit of the event is carried after its pause.
    await world.settle(HOUR);
    expect(booked()).to.equal(other);
    expect(only(world.on(BAY1)).start).to.equal(other);
  });
});
