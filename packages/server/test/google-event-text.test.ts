import { expect } from 'chai';
import type { EventResource, JsonObject } from '@loft/sync-google/simulator';
import { QUICK, SimulatedStudio, type StudioOptions } from './support/simulated-studio.js';
import { waitFor } from './support/wait-for.js';

describe('the text of an event', function () {
  this.timeout(300_000);
  let studio: SimulatedStudio;
  let bay1 = '';
  const open = async (google: Readonly<Record<string, unknown>> = {}, options: StudioOptions = {}): Promise<void> => {
    studio = await SimulatedStudio.open({
      skipWaits: true,
      settings: { ...QUICK, google: { ...QUICK.google, ...google } },
      ...options,
    });
    bay1 = studio.bays[0]?.calendarId ?? '';
  };
  afterEach(() => studio.close());

  /** Books the first bay. @returns the booking's id and its event */
  async function mirrored(
    customerName: string,
    notes = '',
  ): Promise<{ readonly id: string; readonly event: EventResource }> {
    await studio.serveHere();
    const id = studio.uschedule.book({ unit: 5523, start: studio.hour(30), customerName, notes });
    await waitFor('the event', () => studio.eventOf(id) !== null);
    await studio.settled();
    const event = studio.eventOf(id);
    if (!event) throw new Error('there is no event');
    return { id, event };
  }

  const startOf = (id: string): number => Date.parse(studio.eventOf(id)?.start?.dateTime ?? '');

  async function moveTo(id: string, hours: number): Promise<EventResource | null> {
    studio.uschedule.move(id, { start: studio.hour(hours) });
    await waitFor('the event to move', () => startOf(id) === studio.hour(hours));
    return studio.eventOf(id);
  }

  it('is what Home Assistant reads, in the studio’s zone, without attendees and with a stable id', async () => {
    await open();
    const { id, event } = await mirrored('Ana R.', 'Two players');
    expect(event).to.include({ id: `loft${id}`, status: 'confirmed', summary: 'Ana R.', description: 'Two players' });
    expect(event.start?.timeZone).to.equal('America/Phoenix');
    expect(event.end?.timeZone).to.equal('America/Phoenix');
    expect(Date.parse(event.start?.dateTime ?? '')).to.equal(studio.hour(30));
    expect(Date.parse(event.end?.dateTime ?? '')).to.equal(studio.hour(31));
    expect(event).to.not.have.any.keys('attendees', 'recurrence', 'visibility', 'location');
    expect(event['reminders']).to.deep.equal({ useDefault: true });
    expect(event.extendedProperties?.private).to.include({
      uscheduleAppointmentId: id,
      loftSyncManaged: 'true',
      bay: '1',
      loftSyncSource: 'USCHEDULE',
    });
    for (const { path } of studio.google.writes) expect(path).to.contain('sendUpdates=none');

    const moved = await moveTo(id, 40);
    expect(moved).to.include({ id: event.id, summary: 'Ana R.', description: 'Two players' });
    expect(moved?.start?.timeZone).to.equal('America/Phoenix');
    const fields = ['id', 'summary', 'description', 'start', 'end', 'iCalUID'];
    expect(moved).to.include.keys(fields);
    expect(moved?.['iCalUID']).to.equal(event['iCalUID']);
  });

  it('keeps a person’s title, colour, reminders, notes and properties when the time changes', async () => {
    await open();
    const { id, event } = await mirrored('Ana R.', 'Two players');
    const persons: JsonObject = {
      summary: 'Ana (birthday!)',
      description: 'Two players. Bring cake.',
      colorId: '11',
      location: 'Left of the bar',
      reminders: { useDefault: false, overrides: [{ method: 'popup', minutes: 45 }] },
      extendedProperties: { private: { lights: 'warm' }, shared: { door: 'east' } },
    };
    studio.google.person.editEvent(bay1, event.id, persons);
    await studio.settled();
    const moved = await moveTo(id, 40);
    expect(moved).to.deep.include({ ...persons, extendedProperties: moved?.extendedProperties });
    expect(moved?.extendedProperties).to.deep.equal({
      private: {
        ...event.extendedProperties?.private,
        loftSyncWrite: moved?.extendedProperties?.private?.['loftSyncWrite'],
        lights: 'warm',
      },
      shared: { door: 'east' },
    });
    // A person's description is never overwritten (docs/decision-table.md#whose-text). The new start shows that
    // the service has read the new notes too.
    studio.uschedule.setNotes(id, 'Three players');
    await moveTo(id, 50);
    await studio.settled();
    expect(studio.eventOf(id)).to.include({
      summary: 'Ana (birthday!)',
      description: 'Two players. Bring cake.',
      colorId: '11',
    });
    expect(studio.uschedule.writes).to.deep.equal([]);
  });

  it('follows the templates', async () => {
    await open({
      title: '{bayName}: {customerName}',
      description: '{notes}\n\nAppointment {appointmentId}, bay {bay}',
    });
    const { id, event } = await mirrored('Ana R.', 'Two players');
    expect(event.summary).to.equal('Bay 1: Ana R.');
    expect(event.description).to.equal(`Two players\n\nAppointment ${id}, bay 1`);
  });

  it('is cut with an ellipsis if it is too long, and is not written again because of that', async () => {
    await open();
    const { id, event } = await mirrored('A'.repeat(5000), `${'é🏌️ '.repeat(6000)}\u0000\u0007end`);
    expect(event.summary).to.have.length(1024);
    expect(event.summary).to.match(/^A+…$/);
    expect(event.description?.length).to.be.within(8000, 8192);
    expect(event.description).to.match(/…$/);
    expect(event.description).to.not.match(/(?!\n)\p{Control}|\p{Surrogate}/u);
    const writes = studio.googleWrites;
    await studio.morePolls(4);
    expect(studio.googleWrites).to.equal(writes);
    await moveTo(id, 40);
    expect(studio.eventOf(id)?.summary).to.equal(event.summary);
  });

  it('is not interpreted as markup or a template if a customer typed one', async () => {
    await open();
    const { event } = await mirrored('{notes} <b>Bo</b>', '{appointmentId} & <script>');
    expect(event.summary).to.equal('{notes} <b>Bo</b>');
    expect(event.description).to.equal('{appointmentId} & <script>');
  });

  describe('of a booking that is cancelled', () => {
    it('is removed with the event by default', async () => {
      await open();
      const { id, event } = await mirrored('Ana R.');
      studio.uschedule.cancel(id);
      await waitFor('the event to go', () => studio.google.event(bay1, event.id)?.status === 'cancelled');
    });

    it('is marked as cancelled and free if the settings ask for that, and is not synced any more', async () => {
      await open({ cancel: 'mark' });
      const { id, event } = await mirrored('Ana R.', 'Two players');
      studio.uschedule.cancel(id);
      const marked = 'CANCELED: Ana R.';
      await waitFor('the mark', () => studio.google.event(bay1, event.id)?.summary === marked);
      const left = studio.google.event(bay1, event.id);
      expect(left).to.include({
        id: event.id,
        status: 'confirmed',
        transparency: 'transparent',
        description: 'Two players',
      });
      expect(left?.start).to.deep.equal(event.start);

      const writes = studio.googleWrites;
      studio.google.person.dragEvent(bay1, event.id, { start: studio.hour(50) });
      await studio.morePolls(4);
      await studio.stopHere();
      await studio.loseStore();
      await studio.serveHere();
      await studio.morePolls(4);
      expect(studio.googleWrites).to.equal(writes);
      expect(studio.uschedule.writes).to.deep.equal([]);
      expect(studio.google.event(bay1, event.id)?.summary).to.equal(marked);
    });
  });
});
