import { expect } from 'chai';
import { HOUR, MINUTE } from '@loft/sync-core';
import { expectIdle } from './expect-in-sync.js';
import { BAY1, BAY2, settingsWith, World } from './world.js';

/** A change of the booking, or of the settings, after its visit has ended. */
const CHANGES = {
  'a later note': (world: World, id: string) => {
    world.bookings.user.setNotes(id, 'left an umbrella');
    return settingsWith({ bays: [BAY1, BAY2] });
  },
  'another name of the bay': () => settingsWith({ bays: [{ ...BAY1, bay: 'A', name: 'Bay A' }, BAY2] }),
};

/** What a person did to the event after the visit. */
const EDITS = {
  'was renamed': (world: World, eventId: string) =>
    world.calendars.person.renameEvent(BAY1.calendarId, eventId, 'Ana, no-show'),
  'was deleted': (world: World, eventId: string) => world.calendars.person.deleteEvent(BAY1.calendarId, eventId),
};

/** Number of calls so far that concern one event. */
function callsOfEvents(world: World): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(world.calls()).filter(([method]) => method.endsWith('Event')));
}

describe('a change of the booking after its visit', () => {
  for (const [change, make] of Object.entries(CHANGES)) {
    for (const [edited, edit] of Object.entries(EDITS)) {
      it(`is tried once, and not by every poll, if the event ${edited} (${change})`, async () => {
        const world = new World();
        const id = world.book(BAY1.resourceUnitId, 1, 'Ana R.');
        await world.start();
        await world.settle(3 * HOUR);
        edit(world, `loft${id}`);
        await world.settle();
        await world.engine.stop();
        world.engine = world.newEngine({ settings: make(world, id) });
        await world.start();
        await world.settle(5 * MINUTE);
        expect(world.on(BAY1).map(({ title }) => title)).to.deep.equal(
          edited === 'was renamed' ? ['Ana, no-show'] : [],
        );
        const before = callsOfEvents(world);
        await world.settle(10 * MINUTE);
        expect(callsOfEvents(world)).to.deep.equal(before);
        expect(world.bookings.writeCount).to.equal(0);
        await expectIdle(world);
      });
    }
  }

  const SWAPPED = [
    { ...BAY1, calendarId: BAY2.calendarId },
    { ...BAY2, calendarId: BAY1.calendarId },
  ];
  const UNSEEN = {
    'was deleted': EDITS['was deleted'],
    'lost its marks': (world: World, eventId: string) => world.calendars.person.stripMetadata(BAY1.calendarId, eventId),
    'was moved to the new calendar': (world: World, eventId: string) =>
      world.calendars.person.moveToCalendar(BAY1.calendarId, eventId, BAY2.calendarId),
  };
  for (const [edited, edit] of Object.entries(UNSEEN)) {
    it(`causes no work at later polls if its bay has another calendar and its event ${edited}`, async () => {
      const world = new World();
      const id = world.book(BAY1.resourceUnitId, 1, 'Ana R.');
      await world.start();
      await world.settle(3 * HOUR);
      await world.engine.stop();
      edit(world, `loft${id}`);
      world.engine = world.newEngine({ settings: settingsWith({ bays: SWAPPED }) });
      await world.start();
      await world.settle(5 * MINUTE);
      const decided = world.reasons().length;
      await world.settle(10 * MINUTE);
      expect(world.reasons().slice(decided)).to.deep.equal([]);
      expect(world.bookings.writeCount).to.equal(0);
      expect((await world.store.getMap(id)).unwrap()?.intent).to.equal(null);
    });
  }
});
