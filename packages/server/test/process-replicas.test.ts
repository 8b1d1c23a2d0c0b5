import { setTimeout as pause } from 'node:timers/promises';
import { waitUntil } from '#src/process/wait-until.js';
import { expect } from 'chai';
import { Crowd } from './support/crowd.js';
import { describeWithMongo } from './support/mongo-database.js';
import { SimulatedStudio } from './support/simulated-studio.js';
import { StudioReplicas } from './support/studio-replicas.js';

const BAYS = [1, 2, 3, 4].map((number) => ({
  bay: `${number}`,
  name: `Bay ${number}`,
  resourceUnitId: 5522 + number,
  calendarId: `bay-${number}@group.calendar.google.com`,
}));

const LEASE_SECONDS = 3;
/** Maximum time without progress. FerretDB answers some hundred commands a second on one core, and less beside other tests. */
const PATIENCE_MS = 180_000;
/** Limit for a test that hangs. */
const HANGS_AFTER_MS = 1_800_000;
/** Rounds of ten bookings and five edits; a replica is disturbed in every second round. */
const ROUNDS = 12;
const AWAY_MS = 20_000;

/** Short intervals, so that a minute covers as much as a day. Calls have time, for a busy machine. */
const SETTINGS = {
  uschedule: { pollSeconds: 2 },
  google: { sweepSeconds: 3, quotaPerMinute: 60_000 },
  // The workload has more edits per minute than real users, so the guard against many edits is switched off.
  rules: { echoWindowSeconds: 1, massChangeLimit: 1, massChangeMinimum: 1000 },
  retry: { baseMs: 100, maxMs: 1000, callTimeoutSeconds: 2.5 },
  replicas: { leaseSeconds: LEASE_SECONDS },
};

describeWithMongo('several services on one database', HANGS_AFTER_MS, (mongo) => {
  let studio: SimulatedStudio;
  let replicas: StudioReplicas;
  let crowd: Crowd;
  beforeEach(async () => {
    studio = await SimulatedStudio.open({
      bays: BAYS,
      uschedule: { units: BAYS.map(({ resourceUnitId: id, name: description }) => ({ id, description })) },
      settings: SETTINGS,
      environment: { STORE_URL: mongo().newDatabase() },
    });
    replicas = new StudioReplicas(studio);
    crowd = new Crowd(studio, 20_261_122);
  });
  afterEach(() => studio.close());

  /** Waits until at most `atMost` bookings are out of sync, as long as their number falls. */
  async function outOfStep(atMost: number): Promise<void> {
    for (let least = Infinity; crowd.problems().length > atMost;) {
      least = Math.min(least, crowd.problems().length);
      if (await waitUntil(() => crowd.problems().length < least, PATIENCE_MS, 200)) continue;
      const problems = crowd.problems();
      throw new Error(`no progress in ${PATIENCE_MS} ms; ${least} problems: ${problems.slice(0, 5).join('; ')}`);
    }
  }

  async function allDone(): Promise<void> {
    await crowd.hintsTaken();
    await outOfStep(0);
    const isIdle = await waitUntil(async () => (await studio.tasksLeft()) === 0, PATIENCE_MS, 200);
    expect(isIdle, 'no task is left').to.equal(true);
    expect(crowd.problems()).to.deep.equal([]);
  }

  async function allReady(): Promise<void> {
    for (const service of replicas.living) {
      const ready = `${replicas.urlOf(service)}/ready`;
      const isReady = async (): Promise<boolean> => (await fetch(ready)).ok;
      expect(await waitUntil(isReady, PATIENCE_MS, 200), 'ready').to.equal(true);
    }
  }

  it('keep 120 bookings in sync while replicas are killed, paused for longer than their lease, and started', async () => {
    await Promise.all([replicas.start(), replicas.start(), replicas.start()]);
    const lost = 3;
    studio.google.addFault({ kind: 'lose-answer', method: 'events.insert', times: lost });
    studio.google.addFault({ kind: 'lose-answer', method: 'events.patch', times: lost });
    studio.uschedule.loseAnswers('rescheduleappointment', lost);
    studio.google.addFault({ kind: 'delay', ms: 20, times: Infinity });

    /** Kills and replaces a replica, or pauses it for longer than its lease, in turn. */
    async function disturb(round: number): Promise<void> {
      const victim = replicas.living[round % replicas.living.length];
      if (!victim) throw new Error('no replica is running');
      if (round % 2 === 0) {
        await replicas.kill(victim);
        await replicas.start();
      } else {
        replicas.pause(victim);
        await pause(1.5 * LEASE_SECONDS * 1000);
        replicas.resume(victim);
      }
    }

    let disturbed = Promise.resolve();
    for (let round = 0; round < ROUNDS; round++) {
      crowd.book(10);
      crowd.edit(5, await crowd.recorded());
      // One replica at a time, so that two of the three always run.
      if (round % 2 === 1) disturbed = disturbed.then(() => disturb((round - 1) / 2));
      // Users do not wait, but the throughput of machines differs.
      await outOfStep(30);
    }
    await disturbed;
    await allDone();

    expect(studio.uschedule.bookings()).to.have.length(10 * ROUNDS);
    expect(replicas).to.include({ kills: 3, pauses: 3 });
    expect(crowd.surplus()).to.have.length.at.most(3 * lost + replicas.kills + replicas.pauses);
    await allReady();
    expect(await replicas.stop()).to.deep.equal([0, 0, 0]);
  });

  it('lose no change and repeat no write when the database is unreachable for 20 seconds', async () => {
    await Promise.all([replicas.start(), replicas.start()]);
    crowd.book(40);
    await outOfStep(0);
    const recorded = await crowd.recorded();
    crowd.edit(10, recorded);
    crowd.book(10);

    // While these changes are processed, the database first stops to answer, and then refuses connections.
    mongo().line.stall();
    crowd.edit(10, recorded);
    crowd.book(10);
    await pause(AWAY_MS / 2);
    mongo().line.cut();
    for (const service of replicas.living) {
      const url = replicas.urlOf(service);
      const ready = await fetch(`${url}/ready`);
      expect(ready.status).to.equal(503);
      expect(((await ready.json()) as { reasons: string[] }).reasons.join()).to.include('store');
      expect((await fetch(`${url}/health`)).status).to.equal(200);
      expect(await studio.hint('700000', url)).to.equal(503);
    }
    const calls = studio.uschedule.calls.length + studio.googleCalls.length;
    await pause(AWAY_MS / 2);
    expect(studio.uschedule.calls.length + studio.googleCalls.length, 'calls while nothing can be stored').to.equal(
      calls,
    );
    mongo().line.mend();

    await allDone();
    expect(crowd.answers.get(503), 'hints that were not taken').to.be.greaterThan(0);
    expect(crowd.surplus()).to.deep.equal([]);
    await allReady();
    expect(await replicas.stop()).to.deep.equal([0, 0]);
  });
});
