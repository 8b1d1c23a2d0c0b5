import { expect } from 'chai';
import { MemoryStore, type BookingSystem, type CalendarEvent, type CalendarSystem } from '@loft/sync-core';
import { overridden } from './overridden.js';
import { BAY1, only, World } from './world.js';

/** Events whose title begins so are of another type, as a person's "focus time" is. */
const FOCUS = 'Focus: ';

/** The calendars, with events of that type in them. */
function withTypes({ calendars }: World): CalendarSystem {
  const typed = (event: CalendarEvent): CalendarEvent =>
    event.title.startsWith(FOCUS) ? { ...event, eventType: 'focusTime' } : event;
  return overridden(calendars, {
    listEvents: async (...args) =>
      (await calendars.listEvents(...args)).map((page) => ({ ...page, events: page.events.map(typed) })),
    getEvent: async (...args) => (await calendars.getEvent(...args)).map(typed),
  });
}

/** The marks of the event of a booking, on an event of another type. */
function focusCopy({ calendars }: World, eventId: string): string {
  const copy = calendars.person.copyEvent(BAY1.calendarId, eventId);
  calendars.person.renameEvent(BAY1.calendarId, copy, `${FOCUS}Ana R.`);
  return copy;
}

async function started(): Promise<readonly [World, string]> {
  const world = new World();
  await world.through({ calendars: withTypes(world) }).start();
  const id = world.book(BAY1.resourceUnitId, 100);
  await world.settle();
  return [world, id];
}

const ids = (world: World): readonly string[] => world.on(BAY1).map(({ eventId }) => eventId);

describe('an event of another type with our properties (docs/decision-table.md#row-25)', () => {
  it('is listed as a copy beside the mirror, and stays when the booking is cancelled', async () => {
    const [world, id] = await started();
    const copy = focusCopy(world, `loft${id}`);
    await world.settle();
    expect((await world.engine.copies()).unwrap().map(({ eventId }) => eventId)).to.deep.equal([copy]);
    world.bookings.user.cancel(id);
    await world.settle();
    expect(ids(world)).to.deep.equal([copy]);
  });

  it('does not replace a deleted mirror', async () => {
    const [world, id] = await started();
    const copy = focusCopy(world, `loft${id}`);
    await world.settle();
    world.calendars.person.deleteEvent(BAY1.calendarId, `loft${id}`);
    await world.settle();
    expect(world.bookings.user.booking(id)).to.include({ state: 'canceled' });
    expect(ids(world)).to.deep.equal([copy]);
  });

  it('is not adopted after a loss of the store: the booking gets a new event, and the other event is listed', async () => {
    const [world, id] = await started();
    const copy = focusCopy(world, `loft${id}`);
    await world.engine.stop();
    const { calendarId } = BAY1;
    world.calendars.person.deleteEvent(calendarId, `loft${id}`);
    world.store = new MemoryStore();
    await world.through({ calendars: withTypes(world), store: world.store }).start();
    await world.settle();
    expect(ids(world)).to.have.members([`loft${id}`, copy]);
    expect((await world.engine.copies()).unwrap().map(({ eventId }) => eventId)).to.deep.equal([copy]);
  });

  it('is kept and reported until it is deleted, if the booking is dead and has no map (docs/decision-table.md#row-5a)', async () => {
    const [world, id] = await started();
    const copy = focusCopy(world, `loft${id}`);
    await world.engine.stop();
    world.bookings.user.cancel(id);
    world.calendars.person.deleteEvent(BAY1.calendarId, `loft${id}`);
    world.store = new MemoryStore();
    await world.through({ calendars: withTypes(world), store: world.store }).start();
    await world.settle();
    expect(ids(world)).to.deep.equal([copy]);
    expect(world.reasons()).to.include('orphan-foreign');
    expect((await world.engine.readiness()).warnings.join()).to.include('focusTime');
    world.calendars.person.deleteEvent(BAY1.calendarId, copy);
    await world.settle();
    expect((await world.engine.readiness()).warnings).to.deep.equal([]);
  });
});

describe('an event whose properties name an impossible appointment id (docs/decision-table.md#row-5a)', () => {
  it('is kept and reported until it is deleted, without a call to the booking system', async () => {
    const world = new World();
    const bookings = overridden<BookingSystem>(world.bookings, {
      isAppointmentId: (text: string) => /^\d+$/.test(text),
    });
    const draft = { start: world.hour(50), end: world.hour(51), title: 'Tour', description: '', free: false, bay: '1' };
    await world.calendars.insertEvent(BAY1.calendarId, 'tour1', { ...draft, appointmentId: 'tour-1' });
    await world.through({ bookings }).start();
    await world.settle();
    expect(only(world.on(BAY1)).eventId).to.equal('tour1');
    expect(world.reasons()).to.include('orphan-foreign');
    expect((await world.engine.readiness()).warnings.join()).to.include('tour-1');
    world.calendars.person.deleteEvent(BAY1.calendarId, 'tour1');
    await world.settle();
    expect((await world.engine.readiness()).warnings).to.deep.equal([]);
    expect(world.calls()).not.to.have.property('getBooking');
  });
});
