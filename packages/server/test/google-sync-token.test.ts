import { expect } from 'chai';
import { QUICK, SimulatedStudio, type StudioOptions } from './support/simulated-studio.js';
import { waitFor } from './support/wait-for.js';

describe('a sync token that is lost', function () {
  this.timeout(300_000);
  let studio: SimulatedStudio;
  const open = async (options: StudioOptions = {}): Promise<readonly [string, string]> => {
    studio = await SimulatedStudio.open({ skipWaits: true, settings: QUICK, ...options });
    const [bay1 = '', bay2 = ''] = studio.bays.map(({ calendarId }) => calendarId);
    return [bay1, bay2];
  };
  afterEach(() => studio.close());

  /** Twelve mirrored bookings on the first bay, and the number of writes for them. */
  async function twelve(): Promise<readonly string[]> {
    const ids = Array.from({ length: 12 }, (_, index) => studio.book(30 + index, `Guest ${index}`));
    await waitFor('12 events', () => studio.events.length === 12);
    await studio.settled();
    return ids;
  }

  const eventIdOf = (id: string | undefined): string => studio.eventOf(id ?? '')?.id ?? '';

  const writesToUSchedule = (): readonly string[] => studio.uschedule.writes.map(({ method }) => method).toSorted();

  /** Edits of the twelve events: two deleted, two moved in time, one moved to the other bay, one renamed; and a foreign event. */
  function edit(ids: readonly string[], bay1: string, bay2: string): void {
    const { person } = studio.google;
    for (const id of ids.slice(0, 2)) person.deleteEvent(bay1, eventIdOf(id));
    person.dragEvent(bay1, eventIdOf(ids[2]), { start: studio.hour(50) });
    person.dragEvent(bay1, eventIdOf(ids[3]), { start: studio.hour(51) });
    person.moveToCalendar(bay1, eventIdOf(ids[4]), bay2);
    person.renameEvent(bay1, eventIdOf(ids[5]), 'A birthday');
    const stranger = person.createEvent(bay1, { start: studio.hour(60), end: studio.hour(61), title: 'Cleaning' });
    person.deleteEvent(bay1, stranger);
    person.createEvent(bay2, { start: studio.hour(60), end: studio.hour(61), title: 'Cleaning' });
  }

  async function expectAllFound(ids: readonly string[]): Promise<void> {
    await waitFor('five writes', () => studio.uschedule.writes.length >= 5);
    await studio.settled();
    expect(writesToUSchedule()).to.deep.equal([
      'cancelappointment',
      'cancelappointment',
      'rescheduleappointment',
      'rescheduleappointment',
      'rescheduleappointment',
    ]);
    for (const id of ids.slice(0, 2)) expect(studio.uschedule.booking(id)).to.include({ state: 'canceled' });
    expect(studio.uschedule.booking(ids[2] ?? '')).to.include({ start: studio.hour(50) });
    expect(studio.uschedule.booking(ids[3] ?? '')).to.include({ start: studio.hour(51) });
    expect(studio.uschedule.booking(ids[4] ?? '')).to.include({ unit: 5524 });
    expect(studio.eventOf(ids[5] ?? '')?.summary).to.equal('A birthday');
    expect(studio.events.filter(({ summary }) => summary === 'Cleaning')).to.have.length(1);
    expect(studio.googleWrites).to.equal(12);
  }

  it('while the service was stopped loses no deletion and no edit, and changes no other event', async () => {
    const [bay1, bay2] = await open({ google: { pageSize: 5 } });
    await studio.serveHere();
    const ids = await twelve();
    await studio.stopHere();
    edit(ids, bay1, bay2);
    studio.google.expireSyncTokens();
    await studio.serveHere();
    await expectAllFound(ids);
  });

  it('while the service runs loses no deletion and no edit', async () => {
    const [bay1, bay2] = await open({ google: { pageSize: 5 } });
    await studio.serveHere();
    const ids = await twelve();
    edit(ids, bay1, bay2);
    studio.google.expireSyncTokens();
    await expectAllFound(ids);
  });

  it('between two pages of a list causes a new list', async () => {
    const [bay1, bay2] = await open({ google: { pageSize: 3 } });
    await studio.serveHere();
    const ids = await twelve();
    await studio.stopHere();
    edit(ids, bay1, bay2);
    // The first page succeeds, the second one fails.
    studio.google.addFault({ kind: 'delay', ms: 0, method: 'events.list', calendarId: bay1 });
    const gone = { status: 410, reason: 'fullSyncRequired' };
    studio.google.addFault({ kind: 'answer', ...gone, method: 'events.list', calendarId: bay1 });
    await studio.serveHere();
    await expectAllFound(ids);
  });

  it('together with most of the events cancels nothing before a person has released the deletions', async () => {
    const [bay1] = await open();
    await studio.serveHere();
    const ids = await twelve();
    await studio.stopHere();
    for (const id of ids.slice(0, 8)) studio.google.person.deleteEvent(bay1, eventIdOf(id));
    studio.google.expireSyncTokens();
    await studio.serveHere({ ready: false });
    const stop = /^feed calendar:bay-1@\S+ was stopped by a guard: 8 of 12 events are gone at once/;
    await waitFor('the stop', async () => (await studio.readiness()).reasons.some((reason) => stop.test(reason)));
    await studio.morePolls(3);
    expect(writesToUSchedule()).to.deep.equal([]);

    const feed = encodeURIComponent(`calendar:${bay1}`);
    const headers = { Authorization: 'Bearer the-admin-token' };
    const resumed = await fetch(`${studio.url}/admin/feeds/${feed}/resume`, { method: 'POST', headers });
    expect(resumed.status).to.equal(202);
    await waitFor('eight cancellations', () => studio.uschedule.writes.length === 8);
    await studio.settled();
    await waitFor('the service to be ready', async () => (await studio.readiness()).status === 200);
    expect(new Set(writesToUSchedule())).to.deep.equal(new Set(['cancelappointment']));
    expect(studio.uschedule.liveBookings()).to.have.length(4);
  });

  it('does not count events that were moved to another bay as deletions', async () => {
    const [bay1] = await open();
    await studio.serveHere();
    const ids = await twelve();
    for (const id of ids.slice(0, 8)) studio.uschedule.move(id, { unit: 5524 });
    await waitFor('four events to be left', () => studio.google.events(bay1).length === 4);
    await studio.settled();
    const before = studio.googleCalls.length;
    studio.google.expireSyncTokens({ forgetDeleted: false });
    await waitFor('a full list', () =>
      studio.googleCalls
        .slice(before)
        .some((call) => call.method === 'events.list' && call.calendarId === bay1 && !call.path.includes('syncToken')),
    );
    await studio.settled();
    expect((await studio.readiness()).reasons).to.deep.equal([]);
    expect(writesToUSchedule()).to.deep.equal([]);
    expect(studio.events).to.have.length(12);
  });

  it('still counts deletions that were made in another bay', async () => {
    const [bay1, bay2] = await open();
    await studio.serveHere();
    const ids = await twelve();
    await studio.stopHere();
    const { person } = studio.google;
    for (const id of ids.slice(0, 8)) {
      const eventId = eventIdOf(id);
      person.moveToCalendar(bay1, eventId, bay2);
      person.deleteEvent(bay2, eventId);
    }
    studio.google.expireSyncTokens({ forgetDeleted: false });
    await studio.serveHere({ ready: false });
    const stopped = (calendarId: string): string => `feed calendar:${calendarId} was stopped by a guard: 8 of `;
    await waitFor('both stops', async () => {
      const { reasons } = await studio.readiness();
      return [bay1, bay2].every((calendarId) => reasons.some((reason) => reason.startsWith(stopped(calendarId))));
    });
    await studio.morePolls(3);
    expect(writesToUSchedule()).to.deep.equal([]);
  });
});
