import { expect } from 'chai';
import type { EventResource } from '@loft/sync-google/simulator';
import { QUICK, SimulatedStudio } from './support/simulated-studio.js';
import { waitFor } from './support/wait-for.js';

const PHOENIX = 'America/Phoenix';

describe('a lost store', function () {
  this.timeout(300_000);
  let studio: SimulatedStudio;
  let bay1 = '';
  let bay2 = '';
  beforeEach(async () => {
    studio = await SimulatedStudio.open({ skipWaits: true, settings: QUICK });
    [bay1 = '', bay2 = ''] = studio.bays.map(({ calendarId }) => calendarId);
  });
  afterEach(() => studio.close());

  const bookMany = (count: number): readonly string[] =>
    Array.from({ length: count }, (_, index) =>
      studio.book(30 + Math.floor(index / 2), `Guest ${index}`, index % 2 === 0 ? 5523 : 5524),
    );

  const idsOf = (events: readonly EventResource[]): readonly string[] => events.map(({ id }) => id).toSorted();

  /** Expects that an edit on either side is carried to the other. */
  async function expectTwoWay(moved: string, dragged: string): Promise<void> {
    studio.uschedule.move(moved, { start: studio.hour(300) });
    const event = studio.eventOf(dragged);
    const calendarId = studio.uschedule.booking(dragged)?.unit === 5523 ? bay1 : bay2;
    studio.google.person.dragEvent(calendarId, event?.id ?? '', { start: studio.hour(310) });
    await waitFor('the booking to move', () => studio.uschedule.booking(dragged)?.start === studio.hour(310));
    await waitFor('the event to move', () => {
      return Date.parse(studio.eventOf(moved)?.start?.dateTime ?? '') === studio.hour(300);
    });
    await studio.settled();
  }

  it('with 200 events and three bookings cancelled meanwhile leaves 197 unchanged events, and sync in both directions', async () => {
    const ids = bookMany(200);
    await studio.serveHere();
    await waitFor('200 events', () => studio.events.length === 200);
    await studio.settled();
    await studio.stopHere();
    const before = new Map(studio.events.map((event) => [event.id, event.etag]));
    await studio.loseStore();
    const cancelled = [ids[3], ids[100], ids[177]].map(String);
    for (const id of cancelled) studio.uschedule.cancel(id);
    const gone = cancelled.map((id) => studio.eventOf(id)?.id ?? '');
    studio.google.clearCalls();

    await studio.serveHere();
    await waitFor('197 events', () => studio.events.length === 197);
    await studio.settled();
    expect(idsOf(studio.events)).to.deep.equal([...before.keys()].filter((id) => !gone.includes(id)).toSorted());
    // No write at all, not even with equal content.
    for (const { id, etag } of studio.events) expect(etag).to.equal(before.get(id));
    const writes = studio.google.writes.map(({ method, eventId }) => `${method} ${eventId}`);
    expect(writes.toSorted()).to.deep.equal(gone.map((id) => `events.delete ${id}`).toSorted());
    expect(studio.uschedule.writes).to.deep.equal([]);
    const bookings = JSON.parse(await studio.admin('/admin/bookings?status=ACTIVE&limit=500')) as { items: unknown[] };
    expect(bookings.items).to.have.length(197);
    await expectTwoWay(ids[10] ?? '', ids[11] ?? '');
    expect(studio.uschedule.writes).to.have.length(1);
    expect(studio.events).to.have.length(197);
  });

  it('and edits made meanwhile: each edited event is reverted to its booking once', async () => {
    const ids = bookMany(6);
    await studio.serveHere();
    await waitFor('6 events', () => studio.events.length === 6);
    await studio.settled();
    await studio.stopHere();
    await studio.loseStore();
    const event = studio.eventOf(ids[0] ?? '');
    studio.google.person.dragEvent(bay1, event?.id ?? '', { start: studio.hour(100) });
    studio.uschedule.move(ids[1] ?? '', { start: studio.hour(110) });
    const writes = studio.googleWrites;
    await studio.serveHere();
    await studio.settled();
    expect(studio.googleWrites - writes).to.equal(2);
    expect(studio.uschedule.writes).to.deep.equal([]);
    expect(studio.uschedule.booking(ids[0] ?? '')).to.include({ start: studio.hour(30) });
  });
});

describe('events of the studio’s previous service', function () {
  this.timeout(300_000);

  /** An event with our properties and an id that the server generated. */
  function insertEarlier(studio: SimulatedStudio, calendarId: string, appointmentId: string, hours: number): string {
    const start = studio.hour(hours);
    const eventId = studio.google.person.createEvent(calendarId, {
      start,
      end: studio.hour(hours + 1),
      title: 'Ana R.',
    });
    const marks = { uscheduleAppointmentId: appointmentId, loftSyncManaged: 'true' };
    studio.google.person.editEvent(calendarId, eventId, { extendedProperties: { private: marks } });
    return eventId;
  }

  it('are adopted, not duplicated; a second event is reported and kept; the event of a cancelled booking is removed', async () => {
    const formerAccount = 'former@calendars.example';
    const studio = await SimulatedStudio.open({
      skipWaits: true,
      settings: { ...QUICK, google: { ...QUICK.google, formerAccounts: [formerAccount] } },
      google: { personEmail: formerAccount },
    });
    try {
      const [bay1 = '', bay2 = ''] = studio.bays.map(({ calendarId }) => calendarId);
      const adopted = studio.book(30);
      const doubled = studio.book(32);
      const dead = studio.book(34);
      const foreign = studio.google.person.createEvent(bay2, { start: studio.hour(30), end: studio.hour(31) });
      studio.uschedule.cancel(dead);
      const first = insertEarlier(studio, bay1, adopted, 30);
      const twins = [insertEarlier(studio, bay1, doubled, 32), insertEarlier(studio, bay1, doubled, 32)].toSorted();
      const orphan = insertEarlier(studio, bay1, dead, 34);
      const unknown = insertEarlier(studio, bay1, '999999999', 36);
      await studio.serveHere();
      await waitFor('the orphans to go', () => studio.google.events(bay1).length === 3);
      await studio.morePolls(4);

      expect(
        studio.google
          .events(bay1)
          .map(({ id }) => id)
          .toSorted(),
      ).to.deep.equal([first, ...twins].toSorted());
      expect(studio.google.events(bay2).map(({ id }) => id)).to.deep.equal([foreign]);
      const deleted = studio.google.writes.filter(({ by, done }) => by === 'service' && done);
      expect(deleted.map(({ eventId }) => eventId)).to.have.members([orphan, unknown]);
      expect(studio.uschedule.writes).to.deep.equal([]);
      // The event with the smaller id is the mirror; the other event is reported.
      const { items } = JSON.parse(await studio.admin('/admin/bookings')) as { items: Record<string, string>[] };
      const mirror = items.find(({ uscheduleAppointmentId }) => uscheduleAppointmentId === doubled);
      expect(mirror).to.include({ googleEventId: twins[0], googleCalendarId: bay1 });
      expect(await studio.metric('loft_sync_decisions_total{reason="copy"}')).to.be.greaterThan(0);

      studio.google.person.dragEvent(bay1, first, { start: studio.hour(50) });
      await waitFor('the booking to move', () => studio.uschedule.booking(adopted)?.start === studio.hour(50));
      studio.uschedule.move(adopted, { start: studio.hour(52) });
      await waitFor('the event to move', () => {
        return Date.parse(studio.google.event(bay1, first)?.start?.dateTime ?? '') === studio.hour(52);
      });
      expect(studio.google.event(bay1, first)?.start?.timeZone).to.equal(PHOENIX);
    } finally {
      await studio.close();
    }
  });

  it('are kept if another account created them, unless the settings name it as a former account', async () => {
    const studio = await SimulatedStudio.open({ skipWaits: true, settings: QUICK });
    try {
      const [bay1 = ''] = studio.bays.map(({ calendarId }) => calendarId);
      studio.book(30);
      const dead = studio.book(34);
      studio.uschedule.cancel(dead);
      const foreign = insertEarlier(studio, bay1, dead, 34);
      await studio.serveHere();
      const kept = 'loft_sync_decisions_total{reason="orphan-foreign"}';
      await waitFor('the decision', async () => ((await studio.metric(kept)) ?? 0) > 0);
      await studio.morePolls(4);
      expect(studio.google.event(bay1, foreign)?.status).to.equal('confirmed');
      const deletions = studio.google.writes.filter(({ method }) => method === 'events.delete');
      expect(deletions).to.deep.equal([]);
    } finally {
      await studio.close();
    }
  });

  it('of our own account, known from the key, are removed with an empty store before the first insert', async () => {
    const studio = await SimulatedStudio.open({
      skipWaits: true,
      settings: QUICK,
      google: { clientEmail: 'bot@calendars.example', personEmail: 'bot@calendars.example' },
    });
    try {
      const [bay1 = ''] = studio.bays.map(({ calendarId }) => calendarId);
      const dead = studio.book(34);
      studio.uschedule.cancel(dead);
      insertEarlier(studio, bay1, dead, 34);
      await studio.serveHere();
      await waitFor('the orphan to go', () => studio.google.events(bay1).length === 0);
    } finally {
      await studio.close();
    }
  });
});
