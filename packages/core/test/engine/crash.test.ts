import { expect } from 'chai';
import { expectIdle, expectInSync } from './expect-in-sync.js';
import { play } from './run-scenario.js';
import { OVERTAKEN, SCENARIOS, type Scenario } from './scenarios.js';

/** The calls an engine makes when nothing happens to it. */
async function callsOf(scenario: Scenario, shared = false): Promise<readonly string[]> {
  const { killable } = await play(scenario, null, { shared });
  expect(killable.calls.length).to.be.greaterThan(8);
  return killable.calls;
}

function where(calls: readonly string[], call: number): string {
  return `after call ${call} of ${calls.length}: …, ${calls.slice(0, call).slice(-3).join(', ')}`;
}

describe('a crash', function () {
  this.timeout(300_000);

  for (const scenario of SCENARIOS) {
    it(`at any point is recovered from: ${scenario.title}`, async () => {
      const whole = await play(scenario, null);
      scenario.after?.(whole.world, whole.id);
      await expectInSync(whole.world);
      const { calls } = whole.killable;
      for (let call = 1; call <= calls.length; call++) {
        const what = where(calls, call);
        const { world, id, writes } = await play(scenario, call);
        await expectInSync(world, what);
        await expectIdle(world, what);
        scenario.after?.(world, id);
        expect(writes, what).to.be.at.most(whole.writes + 1);
      }
    });
  }

  for (const scenario of OVERTAKEN) {
    it(`at any point is recovered from: ${scenario.title}`, async () => {
      const calls = await callsOf(scenario);
      for (let call = 1; call <= calls.length; call++) {
        const what = where(calls, call);
        const { world, id } = await play(scenario, call);
        await expectInSync(world, what);
        await expectIdle(world, what);
        scenario.after?.(world, id);
      }
    });
  }
});

describe('the crash of a replica', function () {
  this.timeout(300_000);

  for (const scenario of [SCENARIOS[0]!, SCENARIOS[4]!, SCENARIOS[12]!]) {
    it(`at any point is recovered from: ${scenario.title}`, async () => {
      const calls = await callsOf(scenario, true);
      for (let call = 1; call <= calls.length; call++) {
        const what = where(calls, call);
        const { world, id } = await play(scenario, call, { shared: true });
        await expectInSync(world, what);
        await expectIdle(world, what);
        scenario.after?.(world, id);
      }
    });
  }
});

describe('a power cut that loses all unflushed data', function () {
  this.timeout(300_000);

  for (const scenario of SCENARIOS) {
    it(`at any point is recovered from: ${scenario.title}`, async () => {
      const whole = await play(scenario, null);
      const { calls } = whole.killable;
      for (let call = 1; call <= calls.length; call++) {
        const what = where(calls, call);
        const { world, id, writes } = await play(scenario, call, { power: true });
        await expectInSync(world, what);
        await expectIdle(world, what);
        scenario.after?.(world, id);
        expect(writes, what).to.be.at.most(whole.writes + 1);
      }
    });
  }
});
