import { expect } from 'chai';
import { MINUTE, SECOND, type Instant } from '@loft/sync-core';
import { VirtualClock } from '@loft/sync-core/testing';
import { CallQuota, quotaLimits, type CallPriority } from '#src/engine/ports/call-quota.js';

const PROMPT = (): CallPriority => 'prompt';

/** A caller above the quota. @returns the time of each call */
async function callTimes(quota: CallQuota, clock: VirtualClock, calls: number, units = 1): Promise<readonly Instant[]> {
  const times: Instant[] = [];
  const from = clock.now();
  for (let call = 0; call < calls; call++) void quota.take(units, PROMPT).then(() => times.push(clock.now() - from));
  while (times.length < calls) await clock.advance(SECOND);
  return times;
}

/** The maximum number of units in any minute. */
function busiestMinute(times: readonly Instant[], units = 1): number {
  return Math.max(...times.map((at) => times.filter((other) => other >= at && other < at + MINUTE).length * units));
}

describe('the quota of calls', () => {
  const made = (perMinute: number, burst?: number): { clock: VirtualClock; quota: CallQuota } => {
    const clock = new VirtualClock();
    return { clock, quota: new CallQuota(clock, quotaLimits(perMinute, burst)) };
  };

  it('is used to at least 95 % under load, and never exceeded', async () => {
    const { clock, quota } = made(600);
    const times = await callTimes(quota, clock, 3000);
    expect(busiestMinute(times)).to.be.within(595, 600);
    expect(times.filter((at) => at >= MINUTE && at < 3 * MINUTE)).to.have.length(1140);
  });

  it('allows a burst at once after an idle time, and spreads the other calls evenly', async () => {
    const { clock, quota } = made(600);
    const times = await callTimes(quota, clock, 40);
    expect(times.slice(0, 30)).to.deep.equal(Array.from({ length: 30 }, () => 0));
    for (let index = 30; index < 40; index++) expect(times[index]! - times[index - 1]!).to.be.within(100, 110);
    await clock.advance(MINUTE);
    expect((await callTimes(quota, clock, 30)).at(-1)).to.equal(0);
  });

  it('counts units, not calls', async () => {
    const { clock, quota } = made(600);
    const times = await callTimes(quota, clock, 500, 3);
    expect(busiestMinute(times, 3)).to.be.within(590, 600);
  });

  it('accepts a configured burst', async () => {
    const { clock, quota } = made(120, 60);
    const times = await callTimes(quota, clock, 200);
    expect(times.filter((at) => at === 0)).to.have.length(60);
    expect(busiestMinute(times)).to.be.within(119, 120);
  });

  it('serves waiting calls in their order, also expensive ones', async () => {
    const { clock, quota } = made(60, 1);
    const order: string[] = [];
    for (const [name, units] of [
      ['first', 1],
      ['dear', 3],
      ['last', 1],
    ] as const) {
      void quota.take(units, PROMPT).then(() => order.push(name));
    }
    await clock.advance(10 * SECOND);
    expect(order).to.deep.equal(['first', 'dear', 'last']);
  });

  it('gets unused units back', async () => {
    const { clock, quota } = made(60, 1);
    await quota.take(1, PROMPT);
    let served = false;
    void quota.take(1, PROMPT).then(() => (served = true));
    await clock.advance(0);
    expect(served).to.equal(false);
    quota.ended('prompt', 1);
    await clock.advance(0);
    expect(served).to.equal(true);
  });

  it('holds no timer without waiting calls', async () => {
    const { clock, quota } = made(60, 1);
    await callTimes(quota, clock, 5);
    expect(clock.pendingTimers).to.equal(0);
  });

  it('serves every call, with any quota and burst', async () => {
    const { clock, quota } = made(2, 10);
    expect(await callTimes(quota, clock, 3)).to.deep.equal([0, MINUTE, 2 * MINUTE]);
  });

  describe('with calls of several priorities', () => {
    /** Requests one unit per priority. @returns the order in which they were granted */
    async function orderOf(clock: VirtualClock, quota: CallQuota, wanted: readonly CallPriority[]): Promise<string> {
      const order: string[] = [];
      for (const priority of wanted) {
        void quota
          .take(1, () => priority)
          .then((granted) => {
            order.push(priority[0]!.toUpperCase());
            quota.ended(granted!, 0);
          });
      }
      await clock.advance(MINUTE);
      return order.join('');
    }

    it('serves prompt calls first, then the backlog, then the background', async () => {
      const { clock, quota } = made(60, 1);
      await quota.take(1, PROMPT);
      const order = await orderOf(clock, quota, ['background', 'backlog', 'prompt', 'backlog', 'prompt']);
      expect(order).to.equal('PPBBB');
    });

    it('gives every tenth turn to the call that has waited longest', async () => {
      const { clock, quota } = made(60, 1);
      const prompt = Array.from({ length: 25 }, (): CallPriority => 'prompt');
      const order = await orderOf(clock, quota, ['prompt', 'backlog', 'background', ...prompt]);
      expect(order.indexOf('B')).to.equal(9);
      expect(order.replaceAll('P', '')).to.equal('BB');
      expect(order.lastIndexOf('B')).to.equal(19);
    });

    it('leaves more than half of the quota to other calls under any background load', async () => {
      const { clock, quota } = made(600);
      const times: Instant[] = [];
      const from = clock.now();
      for (let call = 0; call < 1000; call++) {
        void quota
          .take(1, () => 'background')
          .then((granted) => {
            times.push(clock.now() - from);
            quota.ended(granted!, 0);
          });
      }
      await clock.advance(3 * MINUTE);
      expect(busiestMinute(times)).to.be.within(265, 270);
      const asked = clock.now();
      await quota.take(1, PROMPT);
      expect(clock.now()).to.equal(asked);
      quota.closeBackground();
    });

    it('has at most sixteen background calls in progress, and serves a prompt call beside them', async () => {
      const { clock, quota } = made(6000);
      let given = 0;
      for (let call = 0; call < 40; call++) void quota.take(1, () => 'background').then(() => given++);
      await clock.advance(MINUTE);
      expect(given).to.equal(16);
      await quota.take(1, PROMPT);
      quota.ended('background', 0);
      await clock.advance(0);
      expect(given).to.equal(17);
      quota.closeBackground();
    });

    it('serves a waiting call at once when its priority has risen', async () => {
      const { clock, quota } = made(600);
      let priority: CallPriority = 'background';
      for (let call = 0; call < 100; call++) void quota.take(1, () => 'background');
      let isServed = false;
      void quota.take(1, () => priority).then(() => (isServed = true));
      await clock.advance(SECOND);
      expect(isServed).to.equal(false);
      priority = 'prompt';
      quota.serve();
      await clock.advance(0);
      expect(isServed).to.equal(true);
      quota.closeBackground();
    });

    it('refuses waiting background calls when the background is closed, and serves the others', async () => {
      const { clock, quota } = made(60, 1);
      await quota.take(1, PROMPT);
      const background = quota.take(1, () => 'background');
      const prompt = quota.take(1, PROMPT);
      quota.closeBackground();
      expect(await background).to.equal(null);
      await clock.advance(2 * SECOND);
      expect(await prompt).to.equal('prompt');
      expect(clock.pendingTimers).to.equal(0);
    });
  });
});
