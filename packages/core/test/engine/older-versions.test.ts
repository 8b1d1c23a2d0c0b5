import { expect } from 'chai';
import { MINUTE, Ok, SECOND, type CalendarEvent, type CalendarSystem } from '@loft/sync-core';
import { expectIdle, expectInSync } from './expect-in-sync.js';
import { overridden } from './overridden.js';
import { BAY1, BAY2, only, World } from './world.js';

/** Calendars that show events as they were at an earlier time. */
class EarlierCalendars extends World {
  #earlier: readonly CalendarEvent[] = [];
  #isRestored = false;

  constructor() {
    super();
    this.through({
      calendars: overridden<CalendarSystem>(this.calendars, {
        listEvents: async (calendarId, cursor) => {
          const page = await this.calendars.listEvents(calendarId, cursor);
          const events = this.#earlier.filter((event) => event.calendarId === calendarId);
          if (!this.#isRestored) this.#earlier = this.#earlier.filter((event) => !events.includes(event));
          return page.map((it) => (events.length > 0 ? { ...it, events } : it));
        },
        getEvent: async (calendarId, eventId) => {
          const earlier = this.#isRestored ? this.#find(calendarId, eventId) : undefined;
          return earlier ? Ok(earlier) : this.calendars.getEvent(calendarId, eventId);
        },
        patchEvent: async (calendarId, eventId, patch, ifMatch) => {
          const earlier = this.#isRestored ? this.#find(calendarId, eventId) : undefined;
          this.#earlier = this.#earlier.filter((event) => event !== earlier);
          return this.calendars.patchEvent(calendarId, eventId, patch, earlier?.etag === ifMatch ? null : ifMatch);
        },
      }),
    });
  }

  /** The next list shows these events, which have changed since. */
  listOnce(events: readonly CalendarEvent[]): void {
    this.#earlier = events;
  }

  /** The calendars are restored to an earlier state of these events. */
  restore(events: readonly CalendarEvent[]): void {
    this.#isRestored = true;
    this.#earlier = events;
  }

  #find(calendarId: string, eventId: string): CalendarEvent | undefined {
    return this.#earlier.find((event) => event.calendarId === calendarId && event.eventId === eventId);
  }
}

/** Changes since the earlier state. */
const SINCE: Readonly<Record<string, (world: World, id: string) => void>> = {
  'its booking was moved': (world, id) => void world.bookings.user.move(id, { start: world.hour(40) }),
  'its booking was moved to another bay': (world, id) =>
    void world.bookings.user.move(id, { unit: BAY2.resourceUnitId, start: world.hour(40) }),
  'its booking got a note': (world, id) => world.bookings.user.setNotes(id, 'left-handed'),
  'a person moved it': (world, id) =>
    world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: world.hour(40) }),
};

async function changedSince(act: (world: World, id: string) => void) {
  const world = new EarlierCalendars();
  const id = world.book(BAY1.resourceUnitId, 30);
  await world.start();
  await world.settle();
  const earlier = only(world.on(BAY1));
  act(world, id);
  await world.settle(6 * MINUTE);
  await expectInSync(world);
  const wanted = world.bookings.user.booking(id);
  const writes = { bookings: world.bookings.writeCount, calendars: world.calendars.writeCount };
  return { world, id, earlier, wanted, writes };
}

describe('an earlier version of an event, which the engine has written or accepted later, is not an edit', () => {
  for (const [what, act] of Object.entries(SINCE)) {
    it(`if a list still shows it: ${what}`, async () => {
      const { world, id, earlier, wanted, writes } = await changedSince(act);
      world.listOnce([earlier]);
      void world.engine.syncNow();
      await world.settle();
      expect(world.bookings.user.booking(id)).to.deep.equal(wanted);
      expect(world.bookings.writeCount).to.equal(writes.bookings);
      expect(world.calendars.writeCount).to.equal(writes.calendars);
      await expectInSync(world);
      await expectIdle(world);
    });

    it(`if the calendar was restored to it: the booking is shown again. ${what}`, async () => {
      const { world, id, earlier, wanted, writes } = await changedSince(act);
      world.restore([earlier]);
      void world.engine.syncNow();
      await world.settle(30 * SECOND);
      expect(world.bookings.user.booking(id)).to.deep.equal(wanted);
      expect(world.bookings.writeCount).to.equal(writes.bookings);
      await world.settle();
      await expectInSync(world);
      await expectIdle(world);
    });
  }
});
