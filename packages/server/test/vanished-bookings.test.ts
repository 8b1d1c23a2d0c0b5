import { expect } from 'chai';
import { DAY } from '@loft/sync-core';
import { ServiceOnSimulators, type ServiceOptions } from './support/service-on-simulators.js';

/** Polls until a missing record is read again. */
const AGAIN = 10;

describe('a mirrored booking that is not listed any more', function () {
  this.timeout(300_000);
  let studio: ServiceOnSimulators;
  afterEach(() => studio.close());

  /** Three mirrored bookings; in half a list the second is missing. */
  const mirrored = async (options: ServiceOptions = {}): Promise<readonly [string, string, string]> => {
    studio = await ServiceOnSimulators.open(options);
    await studio.start();
    const ids = [studio.book(30), studio.book(32), studio.book(34)] as const;
    await studio.tick();
    expect(studio.mirrored).to.have.members([...ids]);
    return [...ids];
  };
  const timesRead = (): number => studio.timesCalled('getappointment');
  const idsRead = (): readonly unknown[] =>
    studio.uschedule.calls
      .filter(({ method }) => method === 'getappointment')
      .map(({ body }) => String((body as { id: unknown }).id));

  for (const status of ['trusted', 'blind'] as const) {
    it(`is read by its id, stays if it exists, and is read again only after several polls (${status})`, async () => {
      const ids = await mirrored({ uschedule: { status }, simulator: { status } });
      const writes = studio.googleWrites;
      studio.uschedule.setOutage('half-list');
      await studio.tick();
      expect(idsRead()).to.deep.equal([ids[1]]);
      await studio.tick(AGAIN - 1);
      expect(timesRead()).to.equal(1);
      expect((await studio.ready()).reasons.join()).to.contain('1 mirrored booking is missing from the list');
      await studio.tick(AGAIN);
      expect(timesRead()).to.equal(2);
      expect(studio.mirrored).to.have.members([...ids]);
      studio.uschedule.heal();
      await studio.tick();
      expect(await studio.ready()).to.deep.equal({ status: 200, reasons: [] });
      expect(studio.googleWrites).to.equal(writes);
      expect(studio.uschedule.writes).to.deep.equal([]);
    });

    for (const [what, answer] of [
      ['does not know it', { status: 404, body: 'There is no such appointment.' }],
      ['answers null', { status: 200, body: null }],
    ] as const) {
      it(`loses its event when USchedule ${what} (${status})`, async () => {
        const [first, , third] = await mirrored({ uschedule: { status }, simulator: { status } });
        studio.uschedule.setOutage('half-list');
        studio.uschedule.failNext('getappointment', 1, answer);
        await studio.tick();
        expect(timesRead()).to.equal(1);
        expect(studio.mirrored).to.have.members([first, third]);
        await studio.tick(3);
        expect(timesRead()).to.equal(1);
      });
    }

    it(`keeps its event while its state is unknown (${status})`, async () => {
      const ids = await mirrored({ uschedule: { status }, simulator: { status } });
      studio.uschedule.setOutage('half-list');
      for (const answer of [
        { status: 404, body: '<html>404 - File or directory not found.</html>' },
        { status: 500, body: 'Oops' },
        { status: 200, body: '<html>' },
        { status: 200, body: { Message: 'busy' } },
      ]) {
        studio.uschedule.failNext('getappointment', 2, answer);
        await studio.tick(AGAIN);
      }
      expect(studio.mirrored).to.have.members([...ids]);
    });
  }

  it('loses its event when its record is cancelled', async () => {
    const [first, second, third] = await mirrored();
    studio.uschedule.cancel(second);
    studio.uschedule.setOutage('half-list');
    await studio.tick();
    expect(idsRead()).to.deep.equal([second]);
    expect(studio.mirrored).to.have.members([first, third]);
  });

  for (const status of ['trusted', 'blind'] as const) {
    it(`has its event moved when it moves out of the listed period, and when it moves back (${status})`, async () => {
      const ids = await mirrored({ uschedule: { status, futureDays: 10 }, simulator: { status } });
      const [id] = ids;
      const near = studio.hour(30);
      const far = studio.hour(30) + 40 * DAY;
      const eventId = studio.eventOf(id)?.id;
      studio.uschedule.move(id, { start: far });
      await studio.tick();
      expect(studio.startOf(id)).to.equal(far);
      const reads = timesRead();
      await studio.tick(AGAIN + 2);
      expect(timesRead(), 'it is not missing there').to.equal(reads);
      expect(await studio.ready()).to.deep.equal({ status: 200, reasons: [] });

      studio.uschedule.move(id, { start: near });
      await studio.tick(2);
      expect(studio.startOf(id)).to.equal(near);
      expect(studio.eventOf(id)?.id).to.equal(eventId);
      expect(studio.mirrored).to.have.members([...ids]);
      expect(studio.googleWrites, 'three events, moved there and back').to.equal(5);
      expect(studio.uschedule.writes).to.deep.equal([]);
    });
  }
});
