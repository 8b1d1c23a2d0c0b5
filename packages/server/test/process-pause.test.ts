import { expect } from 'chai';
import { SimulatedStudio } from './support/simulated-studio.js';
import { waitFor } from './support/wait-for.js';

/** Longer than the timeout of a call. */
const PAUSE_MS = 1500;

describe('a process that is paused for longer than a call’s timeout', function () {
  this.timeout(90_000);
  let studio: SimulatedStudio;
  afterEach(() => studio.close());

  it('continues afterwards, and retries the calls that were running', async () => {
    studio = await SimulatedStudio.open({
      settings: { retry: { callTimeoutSeconds: 1, baseMs: 20, maxMs: 200 } },
    });
    // Each call takes some time, so that the pause interrupts calls of every kind.
    studio.google.addFault({ kind: 'delay', ms: 20, times: Number.POSITIVE_INFINITY });
    const service = await studio.serve();
    for (let round = 0; round < 3; round++) {
      const ids = Array.from({ length: 4 }, (_, index) => studio.book(30 + round * 10 + index));
      const listed = studio.polls;
      await waitFor('a poll that finds them', () => studio.polls > listed);
      service.send('SIGSTOP');
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      service.send('SIGCONT');
      await waitFor('them to be mirrored', () => ids.every((id) => studio.eventOf(id) !== null), 30_000);
      expect(service.ending).to.equal(null);
    }
    await studio.settled(30_000);
    expect(studio.events).to.have.length(12);
    expect(service.has('uncaught error: the process ends')).to.equal(false);
  });
});
