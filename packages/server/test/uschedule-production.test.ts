import { expect } from 'chai';
import { HOUR, MINUTE } from '@loft/sync-core';
import { PRODUCTION } from '@loft/sync-uschedule/simulator';
import { ServiceOnSimulators } from './support/service-on-simulators.js';
import { waitFor } from './support/wait-for.js';

const NOTE = 'left-handed, brings clubs';
const CREDIT = { creditId: '4411', paymentType: 4 };

describe('the service with a USchedule like production', function () {
  this.timeout(300_000);
  let studio: ServiceOnSimulators;
  afterEach(() => studio.close());

  async function open(uschedule: object = {}, services = [35_371, 42_215]): Promise<void> {
    studio = await ServiceOnSimulators.open({
      simulator: PRODUCTION,
      services,
      uschedule: {
        status: 'blind',
        reschedule: 'rebook',
        rebookPaid: true,
        locationId: PRODUCTION.locationId,
        ...uschedule,
      },
      google: { description: '{notes}', deleteGraceSeconds: 0 },
    });
    await studio.start();
  }

  /** A paid booking of a unit with a note, made an hour ago. */
  function bookPaid(unit: number, hours: number): string {
    return studio.ago(HOUR, () =>
      studio.uschedule.book({
        unit,
        start: studio.hour(hours),
        customerName: 'Ana R.',
        notes: NOTE,
        terms: { groupSize: 3, prepaid: CREDIT },
      }),
    );
  }

  for (const [index, unit] of [5523, 5524].entries()) {
    describe(`in bay ${index + 1}`, () => {
      it('mirrors a booking, and its cancellation after two readings as free', async () => {
        await open();
        const id = studio.book(30, 'Ana R.', unit);
        await studio.tick();
        expect(studio.mirrored).to.deep.equal([id]);
        studio.uschedule.cancel(id);
        await studio.tick();
        expect(studio.mirrored).to.deep.equal([id]);
        await studio.settle(2);
        expect(studio.mirrored).to.deep.equal([]);
      });

      it('mirrors no abandoned checkout', async () => {
        await open();
        for (const [age, hour] of [
          [0, 30],
          [9 * MINUTE, 32],
          [HOUR, 34],
        ] as const) {
          studio.ago(age, () => studio.uschedule.beginCheckout({ unit, start: studio.hour(hour) }));
        }
        await studio.tick(3);
        expect(studio.googleWrites).to.equal(0);
      });

      it('carries a dragged event by a rebooking that keeps note, group size and credit', async () => {
        await open();
        const id = bookPaid(unit, 50);
        await studio.tick();
        studio.dragEvent(id, studio.hour(60));
        await studio.settle(3);
        const [moved, ...others] = studio.uschedule.liveBookings();
        expect(others).to.deep.equal([]);
        expect(moved).to.deep.include({ unit, start: studio.hour(60), customerName: 'Ana R.' });
        expect(moved?.terms).to.deep.include({ groupSize: 3, prepaid: CREDIT });
        expect(moved?.notes).to.equal(`[loft:${id}] ${NOTE}`);
        expect(studio.mirrored).to.deep.equal([moved?.id]);
        expect(studio.calendarEvents[0]).to.deep.include({ summary: 'Ana R.', description: NOTE });
      });

      it('carries a deleted event as a cancellation', async () => {
        await open();
        const id = studio.book(50, 'Ana R.', unit);
        await studio.tick();
        studio.deleteEvent(id);
        await studio.settle(3);
        expect(studio.uschedule.liveBookings()).to.deep.equal([]);
        expect(studio.mirrored).to.deep.equal([]);
      });
    });
  }

  it('books the service of the other bay when an event is moved there', async () => {
    await open();
    const id = bookPaid(5523, 50);
    await studio.tick();
    const [first, second] = studio.bays;
    const eventId = studio.eventOf(id)?.id ?? '';
    studio.google.person.moveToCalendar(first?.calendarId ?? '', eventId, second?.calendarId ?? '');
    await studio.settle(3);
    expect(studio.uschedule.liveBookings().map(({ unit, terms }) => [unit, terms?.serviceId])).to.deep.equal([
      [5524, 42_215],
    ]);
    expect(studio.mirrored).to.have.length(1);
  });

  it('leaves one booking and one event if the answer of a rebooking is lost', async () => {
    await open();
    const id = bookPaid(5524, 50);
    await studio.tick();
    studio.uschedule.loseAnswers('bookit');
    studio.dragEvent(id, studio.hour(60));
    await studio.tick(2);
    await waitFor('the rebooking to be finished', async () => {
      await studio.tick();
      return studio.uschedule.liveBookings().length === 1 && studio.mirrored[0] !== id;
    });
    await studio.settle(2);
    const [moved] = studio.uschedule.liveBookings();
    expect(moved?.start).to.equal(studio.hour(60));
    expect(moved?.terms?.prepaid).to.deep.equal(CREDIT);
    expect(moved?.notes).to.equal(`[loft:${id}] ${NOTE}`);
    expect(studio.mirrored).to.deep.equal([moved?.id]);
    expect(studio.calendarEvents[0]?.description).to.equal(NOTE);
  });

  it('reverts the event of a paid booking without rebookPaid, and logs the reason', async () => {
    await open({ rebookPaid: false });
    const id = bookPaid(5523, 50);
    await studio.tick();
    studio.dragEvent(id, studio.hour(60));
    await studio.settle(2);
    expect(studio.startOf(id)).to.equal(studio.hour(50));
    expect(studio.uschedule.writes).to.deep.equal([]);
    expect(JSON.stringify(studio.log)).to.include('uschedule.rebookPaid');
  });

  it('writes nothing for a hint without a change, although the record read by its id has fewer fields', async () => {
    await open();
    const ids = [bookPaid(5523, 30), studio.book(31, 'Ben S.', 5524)];
    await studio.tick();
    const writes = studio.googleWrites;
    for (const id of ids) expect(await studio.hint(id)).to.equal(202);
    await waitFor('the hints to be worked on', () => studio.timesCalled('getappointment') >= ids.length);
    await studio.settle(2);
    await studio.restart();
    for (const id of ids) expect(await studio.hint(id)).to.equal(202);
    await studio.settle(2);
    expect(studio.googleWrites).to.equal(writes);
  });

  it('names a unit whose service offers no slot in the warnings of /ready, and mirrors no booking there without proof', async () => {
    await open({}, [35_371, 35_371]);
    studio.ago(HOUR, () => studio.uschedule.beginCheckout({ unit: 5524, start: studio.hour(30) }));
    await studio.tick(4);
    const answer = await fetch(`${studio.url}/ready`, { headers: { Connection: 'close' } });
    const { warnings } = (await answer.json()) as { warnings: readonly string[] };
    expect(answer.status).to.equal(200);
    expect(warnings.join()).to.match(/bay 2: unit 5524 offers no slot of service 35371/);
    expect(studio.googleWrites).to.equal(0);
  });
});
