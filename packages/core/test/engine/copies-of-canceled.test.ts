import { expect } from 'chai';
import type { Instant } from '#src/domain/instant.js';
import { BAY1, BAY2, only, World } from './world.js';

describe('copies of the event of a booking (docs/decision-table.md#row-23)', function () {
  this.timeout(300_000);

  async function withCopies(): Promise<{ readonly world: World; readonly id: string; readonly elsewhere: Instant }> {
    const world = new World();
    await world.start();
    const id = world.book(BAY1.resourceUnitId, 100);
    await world.settle();
    const { person } = world.calendars;
    const { eventId } = only(world.on(BAY1));
    person.copyEvent(BAY1.calendarId, eventId, BAY2.calendarId);
    person.copyEvent(BAY1.calendarId, eventId);
    const elsewhere = world.hour(120);
    person.dragEvent(BAY1.calendarId, person.copyEvent(BAY1.calendarId, eventId), { start: elsewhere });
    await world.settle();
    return { world, id, elsewhere };
  }

  it('are removed with it in every bay when it is cancelled; a copy at another time stays', async () => {
    const { world, id, elsewhere } = await withCopies();
    world.bookings.user.cancel(id);
    await world.settle();
    expect(world.on(BAY2)).to.deep.equal([]);
    expect(only(world.on(BAY1)).start).to.equal(elsewhere);
  });

  it('stay while it is live, also if its first event is restored from the trash after a copy has replaced it', async () => {
    const { world } = await withCopies();
    const mirror = world.on(BAY1).find(({ eventId }) => eventId.startsWith('loft'));
    world.calendars.person.deleteEvent(BAY1.calendarId, mirror?.eventId ?? '');
    await world.settle();
    const before = [...world.on(BAY1), ...world.on(BAY2)].map(({ eventId }) => eventId);
    expect(before).to.have.length(3);
    world.calendars.person.undelete(BAY1.calendarId, mirror?.eventId ?? '');
    await world.settle();
    const after = [...world.on(BAY1), ...world.on(BAY2)].map(({ eventId }) => eventId);
    expect(after).to.include.members(before);
  });
});
