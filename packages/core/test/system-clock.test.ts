import { expect } from 'chai';
import sinon from 'sinon';
import { systemClock } from '@loft/sync-core';

const DAY_MS = 24 * 3600 * 1000;

describe('systemClock', () => {
  let timers: sinon.SinonFakeTimers;
  beforeEach(() => {
    timers = sinon.useFakeTimers({ now: 5000 });
  });
  afterEach(() => timers.restore());

  it('returns the system time', () => {
    expect(systemClock().now()).to.equal(5000);
  });

  it('calls back once, after the delay', () => {
    const callback = sinon.spy();
    systemClock().setTimer(100, callback);
    timers.tick(99);
    expect(callback.callCount).to.equal(0);
    timers.tick(1000);
    expect(callback.callCount).to.equal(1);
  });

  it('waits for a delay that is longer than the runtime supports, instead of firing at once', () => {
    const callback = sinon.spy();
    systemClock().setTimer(60 * DAY_MS, callback);
    timers.tick(60 * DAY_MS - 1);
    expect(callback.callCount).to.equal(0);
    timers.tick(1);
    expect(callback.callCount).to.equal(1);
  });

  it('can be cancelled, also during a long delay', () => {
    const callback = sinon.spy();
    const cancel = systemClock().setTimer(60 * DAY_MS, callback);
    timers.tick(30 * DAY_MS);
    cancel();
    timers.tick(60 * DAY_MS);
    expect(callback.callCount).to.equal(0);
    expect(timers.countTimers()).to.equal(0);
  });

  it('calls back asynchronously, also with a delay of 0', () => {
    const callback = sinon.spy();
    systemClock().setTimer(-5, callback);
    expect(callback.callCount).to.equal(0);
    timers.tick(1);
    expect(callback.callCount).to.equal(1);
  });
});
