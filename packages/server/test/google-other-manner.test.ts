import { expect } from 'chai';
import { QUICK, SimulatedStudio } from './support/simulated-studio.js';
import { waitFor } from './support/wait-for.js';

const BOOKINGS = 6;

/** Follows docs/google-calendar.md, with unusual offsets, etags, pages, line ends and error bodies wherever the page leaves them open. */
describe('a Google API that differs in everything its documentation does not define', function () {
  this.timeout(300_000);
  let studio: SimulatedStudio;
  let bay1 = '';
  let bay2 = '';
  beforeEach(async () => {
    studio = await SimulatedStudio.open({ skipWaits: true, settings: QUICK, google: { manner: 'other', pageSize: 2 } });
    [bay1 = '', bay2 = ''] = studio.bays.map(({ calendarId }) => calendarId);
  });
  afterEach(() => studio.close());

  /** Bookings of the first bay with their events, and a note of two lines each. */
  async function mirrored(): Promise<readonly string[]> {
    await studio.serveHere();
    const ids = Array.from({ length: BOOKINGS }, (_, index) => {
      const start = studio.hour(30 + 2 * index);
      return studio.uschedule.book({ unit: 5523, start, customerName: `Guest ${index}`, notes: 'Two players\nA cart' });
    });
    await studio.settled();
    return ids;
  }

  const eventIdOf = (id: string | undefined): string => studio.eventOf(id ?? '')?.id ?? '';

  it('gets one write per booking, and none without a change or after a restart', async () => {
    const ids = await mirrored();
    expect(studio.googleWrites).to.equal(BOOKINGS);
    await studio.morePolls(5);
    await studio.stopHere();
    await studio.serveHere();
    await studio.settled();
    studio.google.expireSyncTokens();
    await studio.settled();
    expect(studio.googleWrites).to.equal(BOOKINGS);
    expect(studio.uschedule.writes).to.deep.equal([]);
    expect(studio.events.map(({ id }) => id).toSorted()).to.deep.equal(ids.map((id) => `loft${id}`).toSorted());
  });

  it('is synced in both directions', async () => {
    const [moved, dragged, deleted, cancelled, carried, renamed] = await mirrored();
    const { person } = studio.google;
    studio.uschedule.move(moved ?? '', { start: studio.hour(80) });
    studio.uschedule.cancel(cancelled ?? '');
    studio.uschedule.move(carried ?? '', { unit: 5524 });
    person.deleteEvent(bay1, eventIdOf(deleted));
    person.renameEvent(bay1, eventIdOf(renamed), 'A birthday');
    person.dragEvent(bay1, eventIdOf(dragged), { start: studio.hour(90) });
    await waitFor('the booking to move', () => studio.uschedule.booking(dragged ?? '')?.start === studio.hour(90));
    await waitFor('the booking to go', () => studio.uschedule.booking(deleted ?? '')?.state === 'canceled');
    await studio.settled();
    expect(studio.google.events(bay2).map(({ id }) => id)).to.deep.equal([`loft${carried}`]);
    expect(studio.eventOf(renamed ?? '')?.summary).to.equal('A birthday');

    person.moveToCalendar(bay2, eventIdOf(carried), bay1);
    await waitFor('the booking to be back', () => studio.uschedule.booking(carried ?? '')?.unit === 5523);
    await studio.settled();
    expect(studio.uschedule.writes.map(({ method }) => method).toSorted()).to.deep.equal([
      'cancelappointment',
      'rescheduleappointment',
      'rescheduleappointment',
    ]);
    expect(await studio.metric('loft_sync_dead_letters')).to.equal(0);
  });

  it('has its events adopted without a write after a loss of the store', async () => {
    const ids = await mirrored();
    await studio.stopHere();
    await studio.loseStore();
    await studio.serveHere();
    await studio.settled();
    expect(studio.googleWrites).to.equal(BOOKINGS);
    expect(studio.uschedule.writes).to.deep.equal([]);
    studio.google.person.dragEvent(bay1, eventIdOf(ids[0]), { start: studio.hour(90) });
    await waitFor('the booking to move', () => studio.uschedule.booking(ids[0] ?? '')?.start === studio.hour(90));
  });

  it('has its refusals understood', async () => {
    await studio.serveHere();
    await studio.settled();
    for (const status of [429, 500, 503]) {
      studio.google.addFault({ kind: 'answer', status, reason: '', message: '', method: 'events.insert', times: 4 });
    }
    studio.google.addFault({ kind: 'answer', status: 429, retryAfter: 1, method: 'events.list', calendarId: bay1 });
    studio.google.addFault({ kind: 'answer', status: 410, method: 'events.list', calendarId: bay2 });
    studio.google.revokeAccessTokens();
    const ids = Array.from({ length: BOOKINGS }, (_, index) => studio.book(30 + index));
    await studio.settled();
    for (const id of ids) expect(studio.eventOf(id), `the event of ${id}`).not.to.equal(null);
    expect(studio.events).to.have.length(BOOKINGS);
    expect(await studio.metric('loft_sync_dead_letters')).to.equal(0);
  });
});
