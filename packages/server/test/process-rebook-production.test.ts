import { expect } from 'chai';
import { HOUR } from '@loft/sync-core';
import { PRODUCTION } from '@loft/sync-uschedule/simulator';
import { QUICK, SimulatedStudio } from './support/simulated-studio.js';
import { waitFor } from './support/wait-for.js';

const BAYS = [
  { bay: '1', name: 'Bay 1', resourceUnitId: 5523, serviceId: 35_371, calendarId: 'bay-1@group.calendar.google.com' },
  { bay: '2', name: 'Bay 2', resourceUnitId: 5524, serviceId: 42_215, calendarId: 'bay-2@group.calendar.google.com' },
] as const;
/** The longest note that USchedule stores: the marker of a rebooking needs its end. */
const NOTE = 'wants the launch monitor on the left side, the screen calibrated and a towel. '
  .repeat(4)
  .slice(0, 250)
  .trim();
const CREDIT = { creditId: '4411', paymentType: 4 };
const TEXTS = {
  title: '{customerName|Customer}',
  description: 'Loft-managed booking\nuSchedule appointmentId: {appointmentId}[[\nNotes: {notes}]]',
};

/** Where a rebooking is interrupted: during this call, before or after it takes effect. */
const POINTS = [
  { method: 'bookit', performed: false },
  { method: 'bookit', performed: true },
  { method: 'cancelappointment', performed: false },
  { method: 'cancelappointment', performed: true },
  { method: 'events.patch', performed: false },
  { method: 'events.patch', performed: true },
] as const;

describe('a rebooking in a USchedule like production, interrupted', function () {
  this.timeout(300_000);
  let studio: SimulatedStudio;
  afterEach(() => studio.close());

  async function open(): Promise<string> {
    let ago = HOUR;
    const uschedule = { ...QUICK.uschedule, status: 'blind', reschedule: 'rebook', rebookPaid: true };
    studio = await SimulatedStudio.open({
      bays: BAYS,
      settings: {
        ...QUICK,
        retry: { ...QUICK.retry, callTimeoutSeconds: 2 },
        uschedule: { ...uschedule, locationId: PRODUCTION.locationId },
        google: { ...QUICK.google, ...TEXTS },
      },
      uschedule: { ...PRODUCTION, now: () => Date.now() - ago },
    });
    const id = studio.uschedule.book({
      unit: 5524,
      start: studio.hour(50),
      customerName: 'Ana R.',
      notes: NOTE,
      terms: { groupSize: 3, prepaid: CREDIT },
    });
    ago = 0;
    return id;
  }

  /** Expects one booking, one event, the credit, and the whole note. */
  async function expectCarried(id: string, eventId: string): Promise<void> {
    const { uschedule } = studio;
    await waitFor('the drag to be carried', () => {
      const [live, ...others] = uschedule.liveBookings();
      return others.length === 0 && live?.start === studio.hour(60);
    });
    await studio.settled();
    const [booking, ...others] = uschedule.liveBookings();
    expect(others).to.deep.equal([]);
    expect(booking).to.include({ unit: 5524, customerName: 'Ana R.' });
    expect(booking?.terms).to.deep.include({ groupSize: 3, serviceId: 42_215, prepaid: CREDIT });
    expect(booking?.notes).to.match(new RegExp(`^\\[loft:${id}\\] ${NOTE.slice(0, 230)}`));
    const newId = booking?.id ?? '';
    const description = `Loft-managed booking\nuSchedule appointmentId: ${newId}\nNotes: ${NOTE}`;
    await waitFor('the text to name the new id', () => studio.eventOf(newId)?.description === description);
    expect(studio.events.map((event) => event.id)).to.deep.equal([eventId]);
    const writes = uschedule.writes.map(({ method }) => method);
    expect(writes).to.deep.equal(['bookit', 'cancelappointment']);
  }

  for (const { method, performed } of POINTS) {
    it(`by kill -9 ${performed ? 'after' : 'before'} ${method} takes effect, leaves one booking, one event, the credit and the whole note`, async () => {
      const id = await open();
      const { uschedule, google } = studio;
      const first = await studio.serve();
      await waitFor('the event', () => studio.eventOf(id) !== null);
      await studio.settled();
      const eventId = studio.eventOf(id)?.id ?? '';
      if (method === 'events.patch') google.addFault({ kind: performed ? 'lose-answer' : 'hang', method });
      else if (performed) uschedule.keepAnswers(method);
      else uschedule.hang(method);
      google.person.dragEvent(BAYS[1].calendarId, eventId, { start: studio.hour(60) });
      const calls = (): readonly { readonly method: string }[] =>
        method === 'events.patch' ? studio.googleCalls : uschedule.calls;
      const before = calls().filter((call) => call.method === method).length;
      await waitFor(`${method} to be called`, () => calls().filter((call) => call.method === method).length > before);
      await first.stop('SIGKILL');
      google.clearFaults();
      await studio.serve();
      await expectCarried(id, eventId);
    });
  }

  for (const method of ['bookit', 'cancelappointment'] as const) {
    it(`by a lost answer of ${method}, leaves one booking, one event, the credit and the whole note`, async () => {
      const id = await open();
      await studio.serve();
      await waitFor('the event', () => studio.eventOf(id) !== null);
      await studio.settled();
      const eventId = studio.eventOf(id)?.id ?? '';
      studio.uschedule.loseAnswers(method);
      studio.google.person.dragEvent(BAYS[1].calendarId, eventId, { start: studio.hour(60) });
      await expectCarried(id, eventId);
    });
  }
});
