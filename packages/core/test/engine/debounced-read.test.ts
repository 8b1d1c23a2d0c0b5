import { expect } from 'chai';
import { MINUTE, SECOND, type Instant } from '@loft/sync-core';
import { VirtualClock } from '@loft/sync-core/testing';
import { DebouncedRead } from '#src/engine/sources/notifications.js';

/** A debounced read of `readMs` that finds `changes` each time, with the times of the reads since the start. */
class Reads {
  readonly clock = new VirtualClock();
  readonly times: Instant[] = [];
  changes = 0;
  readMs = 0;
  readonly debounced: DebouncedRead;

  constructor() {
    const from = this.clock.now();
    this.debounced = new DebouncedRead(this.clock, async () => {
      this.times.push(this.clock.now() - from);
      if (this.readMs > 0) await new Promise<void>((done) => void this.clock.setTimer(this.readMs, done));
      return this.changes;
    });
  }

  /** Notifications every 100 ms for this time. */
  async storm(ms: number): Promise<void> {
    for (let at = 0; at < ms; at += 100) {
      for (let nudge = 0; nudge < 10; nudge++) this.debounced.notify();
      await this.clock.advance(100);
    }
  }
}

describe('notifications', () => {
  it('cause one read each at once, if they arrive with pauses', async () => {
    const reads = new Reads();
    for (let nudge = 0; nudge < 3; nudge++) {
      reads.debounced.notify();
      await reads.clock.advance(10 * SECOND);
    }
    expect(reads.times).to.deep.equal([0, 10 * SECOND, 20 * SECOND]);
  });

  it('in a storm cause a few reads at growing intervals, and a read after the last notification', async () => {
    const reads = new Reads();
    await reads.storm(2 * SECOND);
    await reads.clock.advance(MINUTE);
    expect(reads.times).to.deep.equal([0, 500, 1500, 3500]);
  });

  it('without changes for a long time cause a read every three seconds', async () => {
    const reads = new Reads();
    await reads.storm(20 * SECOND);
    expect(reads.times).to.deep.equal([0, 500, 1500, 3500, 6500, 9500, 12_500, 15_500, 18_500]);
  });

  it('with changes cause a read every half second', async () => {
    const reads = new Reads();
    reads.changes = 1;
    await reads.storm(2 * SECOND);
    expect(reads.times).to.deep.equal([0, 500, 1000, 1500, 2000]);
  });

  it('cause a read at once again when the storm is over', async () => {
    const reads = new Reads();
    await reads.storm(MINUTE);
    await reads.clock.advance(2 * MINUTE);
    const before = reads.times.length;
    reads.debounced.notify();
    expect(reads.times).to.have.length(before + 1);
    await reads.clock.advance(SECOND);
    reads.debounced.notify();
    expect(reads.times).to.have.length(before + 2);
  });

  it('during a read cause one read after it', async () => {
    const reads = new Reads();
    reads.readMs = 5 * SECOND;
    await reads.storm(5 * SECOND);
    await reads.clock.advance(MINUTE);
    expect(reads.times).to.deep.equal([0, 5500]);
  });

  it('cause no read after the stop', async () => {
    const reads = new Reads();
    reads.debounced.notify();
    await reads.clock.advance(0);
    reads.debounced.notify();
    reads.debounced.stop();
    reads.debounced.notify();
    await reads.clock.advance(MINUTE);
    expect(reads.times).to.deep.equal([0]);
    expect(reads.clock.pendingTimers).to.equal(0);
  });
});
