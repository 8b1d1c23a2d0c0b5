import { expect } from 'chai';
import { MemoryStore } from '@loft/sync-core';
import { BAY1, BAY2, only, settingsWith, World } from './world.js';

/** Starts an engine with an empty store on the same systems. */
async function withLostStore(world: World): Promise<void> {
  await world.engine.stop();
  world.store = new MemoryStore();
  world.engine = world.newEngine();
  await world.start();
  await world.settle();
}

describe('a text that a person gave an event', () => {
  async function worded(): Promise<{ readonly world: World; readonly id: string }> {
    const world = await new World().start();
    const id = world.book(BAY1.resourceUnitId, 30, 'Ana R.', 'two players');
    await world.settle();
    world.calendars.person.renameEvent(BAY1.calendarId, `loft${id}`, 'Party of Ana');
    world.calendars.person.describeEvent(BAY1.calendarId, `loft${id}`, 'bring a cake');
    await world.settle();
    return { world, id };
  }

  it('is kept when the store is lost, and when the booking moves afterwards', async () => {
    const { world, id } = await worded();
    await withLostStore(world);
    expect(only(world.on(BAY1))).to.include({ title: 'Party of Ana', description: 'bring a cake' });
    world.bookings.user.move(id, { start: world.hour(50) });
    await world.settle();
    expect(only(world.on(BAY1))).to.include({
      title: 'Party of Ana',
      description: 'bring a cake',
      start: world.bookings.user.booking(id)?.start,
    });
  });

  it('is never overwritten in the description, also when the note of the booking changes', async () => {
    const { world, id } = await worded();
    await withLostStore(world);
    world.bookings.user.setNotes(id, 'four players');
    await world.settle();
    expect(only(world.on(BAY1))).to.include({ title: 'Party of Ana', description: 'bring a cake' });
  });

  it('is kept in the title if the template of titles or the bay changes', async () => {
    const { world, id } = await worded();
    const other = world.book(BAY1.resourceUnitId, 40, 'Bo');
    await world.settle();
    await world.engine.stop();
    world.engine = world.newEngine({ settings: settingsWith({ google: { title: '{bayName}: {customerName}' } }) });
    await world.start();
    await world.settle();
    expect(world.on(BAY1).map(({ title }) => title)).to.have.members(['Party of Ana', 'Bay 1: Bo']);
    for (const appointmentId of [id, other]) world.bookings.user.move(appointmentId, { unit: BAY2.resourceUnitId });
    await world.settle();
    expect(world.on(BAY2).map(({ title }) => title)).to.have.members(['Party of Ana', 'Bay 2: Bo']);
    await world.engine.stop();
  });

  it('is kept in the title if titles do not show the customer', async () => {
    const world = await new World({ settings: { google: { title: '{bayName}[[: {notes}]]' } } }).start();
    const ids = [30, 40].map((hours) => world.book(BAY1.resourceUnitId, hours, 'Ana R.', 'two players'));
    await world.settle();
    world.calendars.person.renameEvent(BAY1.calendarId, `loft${ids[0]}`, 'Party');
    await world.settle();
    for (const id of ids) world.bookings.user.setNotes(id, 'four players');
    await world.settle();
    expect(world.on(BAY1).map(({ title }) => title)).to.have.members(['Party', 'Bay 1: four players']);
    for (const id of ids) world.bookings.user.move(id, { unit: BAY2.resourceUnitId });
    await world.settle();
    expect(world.on(BAY2).map(({ title }) => title)).to.have.members(['Party', 'Bay 2: four players']);
  });

  it('is not assumed if a loss of the store leaves an outdated text of ours: the new text is written', async () => {
    const world = await new World().start();
    const id = world.book(BAY1.resourceUnitId, 30, 'Ana R.', 'two players');
    await world.settle();
    await world.engine.stop();
    world.bookings.user.setNotes(id, 'four players');
    await withLostStore(world);
    expect(only(world.on(BAY1))).to.include({ title: 'Ana R.', description: 'four players' });
  });

  it('is marked as cancelled once, for any number of later losses of the store', async () => {
    const settings = { google: { cancel: 'mark' as const } };
    const world = await new World({ settings }).start();
    const id = world.book(BAY1.resourceUnitId, 30, 'Ana R.');
    await world.settle();
    world.calendars.person.renameEvent(BAY1.calendarId, `loft${id}`, 'Party of Ana');
    await world.settle();
    world.bookings.user.cancel(id);
    await world.settle();
    for (let time = 0; time < 3; time++) {
      await world.engine.stop();
      world.store = new MemoryStore();
      world.engine = world.newEngine({ settings: settingsWith(settings) });
      await world.start();
      await world.settle();
      expect(world.calendars.events(BAY1.calendarId).map(({ title }) => title)).to.deep.equal([
        'CANCELED: Party of Ana',
      ]);
    }
  });
});
