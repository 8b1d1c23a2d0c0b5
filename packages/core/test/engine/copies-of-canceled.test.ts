import { expect } from 'chai';
import type { Instant } from '#src/domain/instant.js';
import { BAY1, BAY2, only, World } from './world.js';

describe('copies that a user deletes', () => {
  for (const tombstones of ['full', 'minimal'] as const) {
    for (const isListed of [true, false]) {
      const how = isListed ? 'and the calendar lists as deleted' : 'before the sync token expires';
      it(`${how} are no copies any more: ${tombstones} tombstones`, async () => {
        const world = new World({ tombstones });
        world.book(BAY1.resourceUnitId, 100);
        await world.start();
        await world.settle();
        const { person } = world.calendars;
        const { eventId } = only(world.on(BAY1));
        const copies = [BAY1, BAY2].map(({ calendarId }) => ({
          calendarId,
          copy: person.copyEvent(BAY1.calendarId, eventId, calendarId),
        }));
        await world.settle();
        expect((await world.engine.copies()).unwrap()).to.have.length(2);
        for (const { calendarId, copy } of copies) person.deleteEvent(calendarId, copy);
        if (!isListed) world.calendars.expireSyncTokens();
        await world.settle();
        expect((await world.engine.copies()).unwrap()).to.deep.equal([]);
        expect((await world.engine.readiness()).warnings).to.deep.equal([]);
        expect(world.on(BAY1)).to.have.length(1);
      });
    }
  }
});

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
    const left = only(world.on(BAY1));
    expect(left.start).to.equal(elsewhere);
    expect((await world.engine.readiness()).warnings).to.have.length(1);
    world.calendars.person.deleteEvent(BAY1.calendarId, left.eventId);
    await world.settle();
    expect((await world.engine.readiness()).warnings).to.deep.equal([]);
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
