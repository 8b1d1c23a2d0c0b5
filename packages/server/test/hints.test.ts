import { expect } from 'chai';
import { ServiceOnSimulators, type ServiceOptions } from './support/service-on-simulators.js';
import { waitFor } from './support/wait-for.js';

const MANY = 50;
/** Minimum duration of one observation. */
const LOOK_MS = 1000;

describe('hints to the service', function () {
  this.timeout(300_000);
  let studio: ServiceOnSimulators;
  const open = async (options: ServiceOptions = {}): Promise<void> => {
    studio = await ServiceOnSimulators.open(options);
    await studio.start();
  };
  afterEach(() => studio.close());

  const atRest = (): Promise<void> => waitFor('no task to be left', async () => (await studio.tasks()) === 0);
  const timesRead = (): number => studio.timesCalled('getappointment');

  for (const status of ['trusted', 'blind'] as const) {
    it(`for one appointment become one task, independent of their number (${status})`, async () => {
      await open({ uschedule: { status }, simulator: { status } });
      const id = studio.book(30);
      studio.uschedule.setLatency(LOOK_MS);
      const begun = performance.now();
      const answers = await Promise.all(Array.from({ length: MANY }, () => studio.hint(id)));
      const looks = Math.floor((performance.now() - begun) / LOOK_MS);
      expect(new Set(answers)).to.deep.equal(new Set([202]));
      await waitFor('the event', () => studio.mirrored.length > 0);
      await atRest();
      // All hints that arrive during one observation cause one more.
      expect(timesRead()).to.be.within(1, looks + 2);
      expect(studio.mirrored).to.deep.equal([id]);
      expect(studio.googleWrites).to.equal(1);
      expect(studio.events.filter(({ type }) => type === 'action')).to.have.length(1);
    });
  }

  it('for different appointments become one task each', async () => {
    await open();
    const ids = Array.from({ length: 10 }, (_, index) => studio.book(30 + index));
    for (const id of ids) expect(await studio.hint(id)).to.equal(202);
    await waitFor('the events', () => studio.mirrored.length === ids.length);
    await atRest();
    expect(timesRead()).to.equal(ids.length);
    expect(studio.mirrored).to.have.members(ids);
  });

  it('without a change behind them cost one observation', async () => {
    await open();
    expect(await studio.hint('999999')).to.equal(202);
    await waitFor('the look', () => timesRead() === 1);
    await atRest();
    expect(studio.mirrored).to.deep.equal([]);
    expect(timesRead()).to.equal(1);
  });

  it('about moves, renames and cancellations are followed without a poll', async () => {
    await open();
    const id = studio.book(30);
    await studio.hint(id);
    await waitFor('the event', () => studio.mirrored.length === 1);
    studio.uschedule.move(id, { start: studio.hour(40), unit: 5524 });
    await studio.hint(id);
    await waitFor('the move', () => studio.startOf(id) === studio.hour(40));
    studio.uschedule.setNotes(id, 'left-handed');
    await studio.hint(id);
    await waitFor('the note', () => studio.eventOf(id)?.description === 'left-handed');
    studio.uschedule.cancel(id);
    await studio.hint(id);
    await waitFor('the cancellation', () => studio.mirrored.length === 0);
    expect(studio.timesCalled('getapiappointments'), 'the poll at the start').to.equal(1);
  });

  it('that arrived during an outage and before a restart are followed once afterwards', async () => {
    await open();
    studio.uschedule.setOutage('bad-gateway');
    const ids = [studio.book(30), studio.book(31)];
    for (const id of [...ids, ...ids, ...ids]) expect(await studio.hint(id)).to.equal(202);
    await waitFor('a failure', () => studio.events.some((event) => event.type === 'task' && event.outcome === 'retry'));
    await studio.restart();
    studio.uschedule.heal();
    await waitFor('the events', () => studio.mirrored.length === 2);
    await studio.tick(2);
    expect(studio.mirrored).to.have.members(ids);
    expect(studio.googleWrites).to.equal(2);
  });
});
