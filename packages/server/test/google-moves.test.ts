import { expect } from 'chai';
import { QUICK, SimulatedStudio, type StudioOptions } from './support/simulated-studio.js';
import { waitFor } from './support/wait-for.js';

describe('a move between bays', function () {
  this.timeout(300_000);
  let studio: SimulatedStudio;
  let bay1 = '';
  let bay2 = '';
  const open = async (options: StudioOptions = {}): Promise<void> => {
    studio = await SimulatedStudio.open({ skipWaits: true, settings: QUICK, ...options });
    [bay1 = '', bay2 = ''] = studio.bays.map(({ calendarId }) => calendarId);
  };
  afterEach(() => studio.close());

  /** A mirrored booking on the first bay, and its event's id. */
  async function mirrored(): Promise<{ readonly id: string; readonly eventId: string }> {
    const id = studio.book(30);
    await studio.serveHere();
    await waitFor('the event', () => studio.eventOf(id) !== null);
    await studio.settled();
    studio.google.clearCalls();
    return { id, eventId: studio.eventOf(id)?.id ?? '' };
  }

  const serviceWrites = (): readonly string[] =>
    studio.google.writes.filter(({ by, done }) => by === 'service' && done).map(({ method }) => method);

  const bookingWrites = (): readonly string[] => studio.uschedule.writes.map(({ method }) => method);

  const idsOn = (calendarId: string): readonly string[] => studio.google.events(calendarId).map(({ id }) => id);

  for (const tombstones of ['minimal', 'full'] as const) {
    describe(`(tombstones are ${tombstones})`, () => {
      it('in USchedule moves the event under the same id, and the rest in the old calendar is not read as a deletion', async () => {
        await open({ google: { tombstones } });
        const { id, eventId } = await mirrored();
        studio.uschedule.move(id, { unit: 5524 });
        await waitFor('the event on bay 2', () => idsOn(bay2).includes(eventId));
        await studio.settled();
        expect(studio.google.event(bay2, eventId)?.extendedProperties?.private).to.include({ bay: '2' });
        expect(studio.google.event(bay1, eventId)?.status).to.equal('cancelled');
        expect(serviceWrites()).to.deep.equal(['events.move', 'events.patch']);
        expect(bookingWrites()).to.deep.equal([]);
        expect(studio.uschedule.booking(id)).to.include({ state: 'live', unit: 5524 });
      });

      it('in Google Calendar moves the booking, and causes no write back to Google', async () => {
        await open({ google: { tombstones } });
        const { id, eventId } = await mirrored();
        studio.google.person.moveToCalendar(bay1, eventId, bay2);
        await waitFor('the booking on bay 2', () => studio.uschedule.booking(id)?.unit === 5524);
        await studio.settled();
        expect(bookingWrites()).to.deep.equal(['rescheduleappointment']);
        expect(serviceWrites()).to.deep.equal([]);
      });

      it('in both directions, from either side, ends in the first bay', async () => {
        await open({ google: { tombstones } });
        const { id, eventId } = await mirrored();
        studio.uschedule.move(id, { unit: 5524, start: studio.hour(33) });
        await waitFor('the event on bay 2', () => idsOn(bay2).includes(eventId));
        await studio.settled();
        studio.google.person.moveToCalendar(bay2, eventId, bay1);
        studio.google.person.dragEvent(bay1, eventId, { start: studio.hour(36) });
        await waitFor('the booking on bay 1', () => {
          return studio.uschedule.booking(id)?.unit === 5523 && studio.uschedule.booking(id)?.start === studio.hour(36);
        });
        await studio.settled();
        expect(idsOn(bay1)).to.deep.equal([eventId]);
        expect(idsOn(bay2)).to.deep.equal([]);
        expect(studio.uschedule.booking(id)).to.include({ state: 'live' });
      });
    });
  }

  describe('that the destination refuses', () => {
    it('is reverted in the calendar when the slot of the other bay is taken', async () => {
      await open();
      studio.book(30, 'Cem Kaya', 5524);
      const { id, eventId } = await mirrored();
      studio.google.person.moveToCalendar(bay1, eventId, bay2);
      await waitFor('the event to be reverted', () => serviceWrites().includes('events.move'));
      await studio.settled();
      expect(idsOn(bay1)).to.deep.equal([eventId]);
      expect(studio.uschedule.booking(id)).to.include({ state: 'live', unit: 5523 });
      expect(bookingWrites()).to.deep.equal([]);
      expect(serviceWrites()).to.deep.equal(['events.move', 'events.patch']);
    });

    it('leaves the event where it is while the other calendar is read-only, and moves it afterwards', async () => {
      await open();
      const { id, eventId } = await mirrored();
      studio.google.shareCalendar(bay2, 'reader');
      studio.uschedule.move(id, { unit: 5524 });
      await waitFor('/ready to name bay 2', async () => (await studio.readiness()).reasons.join().includes('bay 2'));
      expect(idsOn(bay1)).to.deep.equal([eventId]);
      // The other bay is not delayed.
      const other = studio.book(40);
      await waitFor('the other event', () => studio.eventOf(other) !== null);

      studio.google.shareCalendar(bay2, 'writer');
      await waitFor('the event on bay 2', () => idsOn(bay2).includes(eventId));
      await studio.settled();
      expect(bookingWrites()).to.deep.equal([]);
      expect(studio.uschedule.booking(id)).to.include({ state: 'live', unit: 5524 });
    });
  });

  it('to a calendar of no bay cancels the booking, because the event was removed from its bay', async () => {
    await open();
    const { id, eventId } = await mirrored();
    studio.google.addCalendar('private@calendars.example', 'none');
    studio.google.person.moveToCalendar(bay1, eventId, 'private@calendars.example');
    await waitFor('the booking to be cancelled', () => studio.uschedule.booking(id)?.state === 'canceled');
    await studio.settled();
    expect(studio.google.event('private@calendars.example', eventId)?.status).to.equal('confirmed');
    expect(serviceWrites()).to.deep.equal([]);
  });
});
