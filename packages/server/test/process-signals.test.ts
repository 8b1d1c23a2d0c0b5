import { MINUTE, SECOND } from '@loft/sync-core';
import { expect } from 'chai';
import { SignalReceiver } from './support/signal-receiver.js';
import { SimulatedStudio, type StudioOptions } from './support/simulated-studio.js';
import { waitFor } from './support/wait-for.js';

const environment = { SIGNAL_SECRET: SignalReceiver.secret };
const STORY = ['booking.mirrored', 'booking.changed', 'booking.cancelled'];
const CANCELLED_LATE = 'session.cancelled-late';
const EVERY_TEN_MINUTES = { uschedule: { pollSeconds: 600 }, google: { sweepSeconds: 600 } };

describe('signals of the service as a process', function () {
  this.timeout(300_000);
  const receivers: SignalReceiver[] = [];
  let studio: SimulatedStudio;
  afterEach(async () => {
    await studio?.close();
    for (const receiver of receivers.splice(0)) {
      await receiver.close();
      expect(receiver.forged, 'signals that the library did not verify').to.equal(0);
    }
  });

  async function receiverOf(now?: () => number): Promise<SignalReceiver> {
    const receiver = await new SignalReceiver(now).open();
    receivers.push(receiver);
    return receiver;
  }

  async function open(signals: readonly object[], options: StudioOptions = {}): Promise<void> {
    studio = await SimulatedStudio.open({ environment, signals, ...options });
  }

  const startOf = (id: string): number => Date.parse(studio.eventOf(id)?.start?.dateTime ?? '');

  it('announce bookings, changes and cancellations in order, also across a restart, and do not delay the sync', async () => {
    const receiver = await receiverOf();
    await open([receiver.settings()]);
    const first = await studio.serve();
    const id = studio.book(30, 'Ana R.');
    await waitFor('the first signal', () => receiver.typesOf(id).length === 1);
    expect(receiver.signals.find(({ data }) => data['appointmentId'] === id)?.data).to.deep.include({
      customerName: 'Ana R.',
      bay: '1',
      bayName: 'Bay 1',
      status: 'ACTIVE',
      source: 'USCHEDULE',
    });
    // While the receiver is down the sync continues, and a restart loses nothing.
    receiver.manner = 503;
    studio.uschedule.move(id, { start: studio.hour(32) });
    await waitFor('the move', () => startOf(id) === studio.hour(32));
    await first.stop();
    const second = await studio.serve();
    studio.uschedule.cancel(id);
    await waitFor('the cancellation', () => studio.eventOf(id) === null);
    receiver.manner = 'accept';
    await waitFor('all signals', () => receiver.typesOf(id).length >= STORY.length);
    expect(receiver.typesOf(id)).to.deep.equal(STORY);
    expect(second.stdout).not.to.contain(SignalReceiver.secret).and.not.to.contain('127.0.0.1/');
  });

  it('announce the moments of a session at their time, and a late cancellation', async () => {
    const receiver = await receiverOf();
    // Six seconds before the start.
    await open([receiver.settings({ leadMinutes: 0.1 })]);
    await studio.serve();
    const start = Math.ceil(Date.now() / SECOND) * SECOND + 15 * SECOND;
    const id = studio.uschedule.book({ unit: 5523, start, minutes: 0.2, customerName: 'Ana R.' });
    const late = studio.uschedule.book({ unit: 5524, start: start + 90 * MINUTE, customerName: 'Ben K.' });
    await waitFor('both events', () => studio.eventOf(id) !== null && studio.eventOf(late) !== null);
    studio.uschedule.cancel(late);
    await waitFor('the late cancellation', () => receiver.typesOf(late).includes(CANCELLED_LATE));
    await waitFor('the end of the session', () => receiver.typesOf(id).includes('session.ends'));

    expect(receiver.typesOf(id)).to.deep.equal([
      'booking.mirrored',
      'session.begins-soon',
      'session.begins',
      'session.ends',
    ]);
    expect(receiver.typesOf(late)).to.deep.equal(['booking.mirrored', 'booking.cancelled', CANCELLED_LATE]);
    const [, soon, begins, ends] = receiver.signals.filter(({ data }) => data['appointmentId'] === id);
    // The sessions are checked every five seconds; a busy machine adds to it.
    const patience = 30 * SECOND;
    expect(Date.parse(soon?.timestamp ?? '') - (start - 6 * SECOND)).to.be.within(0, patience);
    expect(Date.parse(begins?.timestamp ?? '') - start).to.be.within(0, patience);
    expect(Date.parse(ends?.timestamp ?? '') - (start + 12 * SECOND)).to.be.within(0, patience);
    const { minutesBeforeStart } = receiver.signals.find(({ type }) => type === CANCELLED_LATE)?.data ?? {};
    expect(minutesBeforeStart).to.be.within(85, 91);
  });

  it('announce that the service is not ready, and that it is ready again, also if it was restarted meanwhile', async () => {
    const receiver = await receiverOf();
    await open([receiver.settings({ types: ['service.ready', 'service.not-ready'] })]);
    const states = (): readonly unknown[] => receiver.signals.map(({ type }) => type);
    const fail = (): void =>
      studio.google.addFault({
        kind: 'answer',
        status: 404,
        reason: 'notFound',
        method: 'events.list',
        times: Infinity,
      });
    const first = await studio.serve();
    fail();
    await waitFor('the lost readiness', () => states().length >= 1);
    expect(receiver.signals[0]?.data['reasons']).to.have.length.greaterThan(0);
    studio.google.clearFaults();
    await waitFor('the regained readiness', () => states().length >= 2);
    expect(states()).to.deep.equal(['service.not-ready', 'service.ready']);

    fail();
    await waitFor('the readiness that is lost again', () => states().length >= 3);
    await first.stop();
    studio.google.clearFaults();
    await studio.serve();
    await waitFor('the readiness after the restart', () => states().length >= 4);
    expect(states().slice(2)).to.deep.equal(['service.not-ready', 'service.ready']);
  });

  it('are lost neither by a receiver that never answers nor by one that answers 500, and neither delays another', async () => {
    const [prompt, slow, broken] = [await receiverOf(), await receiverOf(), await receiverOf()];
    slow.manner = 'hang';
    broken.manner = 500;
    await open([prompt, slow, broken].map((one) => one.settings()));
    await studio.serve();
    const ids = [24, 26, 28].map((hours) => studio.book(hours, `Guest ${hours}`));
    await waitFor('the signals of the prompt receiver', () => ids.every((id) => prompt.typesOf(id).length === 1));
    for (const [index, id] of ids.entries()) studio.uschedule.move(id, { start: studio.hour(40 + 2 * index) });
    await waitFor('the moves', () => ids.every((id, index) => startOf(id) === studio.hour(40 + 2 * index)));
    for (const id of ids) studio.uschedule.cancel(id);
    await waitFor('the rest for the prompt receiver', () => ids.every((id) => prompt.typesOf(id).length === 3));
    await waitFor('requests to the others', () => slow.attempts > 0 && broken.attempts > 0);
    expect([...slow.signals, ...broken.signals]).to.deep.equal([]);

    slow.manner = 'accept';
    broken.manner = 'accept';
    for (const receiver of [prompt, slow, broken]) {
      await waitFor('all signals', () => ids.every((id) => receiver.typesOf(id).length >= STORY.length));
      for (const id of ids) expect(receiver.typesOf(id)).to.deep.equal(STORY);
    }
  });

  it('wait for a receiver that is down for an hour, and then come in the order of each appointment', async () => {
    const receiver = await receiverOf(() => studio.now());
    await open([receiver.settings()], { skipWaits: true, intervals: EVERY_TEN_MINUTES });
    await studio.serveHere();
    await receiver.close();
    const ids = [24, 26, 28].map((hours) => studio.book(hours, `Guest ${hours}`));
    const hinted = async (): Promise<void> => {
      for (const id of ids) expect(await studio.hint(id)).to.equal(202);
    };
    await hinted();
    await waitFor('the events', () => ids.every((id) => studio.eventOf(id) !== null));
    for (const [index, id] of ids.entries()) studio.uschedule.move(id, { start: studio.hour(40 + 2 * index) });
    await hinted();
    await waitFor('the moves', () => ids.every((id, index) => startOf(id) === studio.hour(40 + 2 * index)));
    const until = studio.now() + 60 * MINUTE;
    await waitFor('an hour', () => studio.now() >= until);
    for (const id of ids) studio.uschedule.cancel(id);
    await hinted();
    await waitFor('the cancellations', () => ids.every((id) => studio.eventOf(id) === null));
    expect(receiver.signals).to.deep.equal([]);

    await receiver.open();
    await waitFor('all signals', () => ids.every((id) => receiver.typesOf(id).length >= STORY.length));
    for (const id of ids) expect(receiver.typesOf(id).filter((type) => STORY.includes(type))).to.deep.equal(STORY);
  });
});
