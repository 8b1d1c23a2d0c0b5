import { expect } from 'chai';
import type { JsonObject } from '@loft/sync-google/simulator';
import { QUICK, SimulatedStudio } from './support/simulated-studio.js';
import { waitFor } from './support/wait-for.js';

/** Edits that a booking cannot follow, with the events that a calendar app adds for them. */
describe('an edit that a booking cannot represent', function () {
  this.timeout(300_000);
  let studio: SimulatedStudio;
  let bay1 = '';
  beforeEach(async () => {
    studio = await SimulatedStudio.open({ skipWaits: true, settings: QUICK });
    bay1 = studio.bays[0]?.calendarId ?? '';
  });
  afterEach(() => studio.close());

  async function mirrored(): Promise<{ readonly id: string; readonly eventId: string }> {
    const id = studio.book(30);
    await studio.serveHere();
    await studio.settled();
    return { id, eventId: studio.eventOf(id)?.id ?? '' };
  }

  /** Expects a single event at the booking's time again, and no write to USchedule. */
  async function expectReverted(eventId: string): Promise<void> {
    await waitFor('the event to be reverted', () => {
      const event = studio.google.event(bay1, eventId);
      return Date.parse(event?.start?.dateTime ?? '') === studio.hour(30) && event?.recurrence === undefined;
    });
    await studio.settled();
    expect(studio.google.event(bay1, eventId)?.start).to.not.have.property('date');
    expect(Date.parse(studio.google.event(bay1, eventId)?.end?.dateTime ?? '')).to.equal(studio.hour(31));
    expect(studio.uschedule.writes).to.deep.equal([]);
    expect(await studio.metric('loft_sync_dead_letters')).to.equal(0);
  }

  it('because it makes the event last all day is reverted', async () => {
    const { eventId } = await mirrored();
    studio.google.person.makeAllDay(bay1, eventId);
    await expectReverted(eventId);
  });

  it('because it makes the event recurring is reverted, and an instance of the series is ignored, with any properties', async () => {
    const { id, eventId } = await mirrored();
    const { person } = studio.google;
    const marks = studio.google.event(bay1, eventId)?.extendedProperties as JsonObject | undefined;
    person.makeRecurring(bay1, eventId);
    const instance = person.createEvent(bay1, { start: studio.hour(200), end: studio.hour(201), title: 'Ana R.' });
    person.editEvent(bay1, instance, { recurringEventId: eventId, extendedProperties: marks });
    await waitFor('the series to be taken back', () => studio.google.event(bay1, eventId)?.recurrence === undefined);
    await waitFor('the copy to be reported', async () => {
      return ((await studio.metric('loft_sync_decisions_total{reason="copy"}')) ?? 0) > 0;
    });
    person.deleteEvent(bay1, instance);
    await expectReverted(eventId);
    expect(studio.uschedule.booking(id)).to.include({ state: 'live' });
  });

  it('because the event ends before it starts or has no time is reverted', async () => {
    const { eventId } = await mirrored();
    const start = new Date(studio.hour(33)).toISOString();
    studio.google.person.editEvent(bay1, eventId, { start: { dateTime: start }, end: { dateTime: start } });
    await expectReverted(eventId);
  });

  it('while its booking moves to the other bay results in a single event in that bay', async () => {
    const { id, eventId } = await mirrored();
    const [, bay2 = ''] = studio.bays.map(({ calendarId }) => calendarId);
    studio.google.person.makeRecurring(bay1, eventId);
    studio.uschedule.move(id, { unit: 5524 });
    await waitFor('the event on bay 2', () => studio.google.events(bay2).some((event) => event.id === eventId));
    await studio.settled();
    expect(studio.google.event(bay2, eventId)?.recurrence).to.equal(undefined);
    expect(studio.google.events(bay1)).to.deep.equal([]);
    expect(studio.uschedule.writes).to.deep.equal([]);
  });
});
