import { expect } from 'chai';
import { DAY, Err, HOUR, MemoryStore, MINUTE, SECOND, type Instant } from '@loft/sync-core';
import { MemoryData } from '@loft/sync-core/store';
import { VirtualClock } from '@loft/sync-core/testing';
import { ReplicaClock } from '#src/testing/simulation/replica-clock.js';
import { CallQuota, quotaLimits, type CallPriority } from '#src/engine/ports/call-quota.js';
import { dividedLimits, QuotaShare, unknownLimits } from '#src/engine/replicas/quota-share.js';
import { overridden } from './overridden.js';
import { settingsWith } from './world.js';

const PER_MINUTE = 600;
const LEASE_MS = 30 * SECOND;

/** A replica with more work than its share of the quota allows. */
class BusyReplica {
  readonly clock: ReplicaClock;
  readonly times: Instant[] = [];
  readonly share: QuotaShare;
  isStoreDown = false;
  readonly #quota: CallQuota;

  constructor(shared: VirtualClock, data: MemoryData, owner: string) {
    this.clock = new ReplicaClock(shared);
    const store = new MemoryStore({ shared: true, data });
    const down = Err({ kind: 'transient' as const, system: 'store', method: 'any', message: 'out of reach' });
    const reachable = overridden(store, {
      acquireLease: async (...args) => (this.isStoreDown ? down : store.acquireLease(...args)),
      listLeases: async (...args) => (this.isStoreDown ? down : store.listLeases(...args)),
    });
    const limits = dividedLimits(quotaLimits(PER_MINUTE, undefined));
    this.#quota = new CallQuota(this.clock, limits, unknownLimits(limits));
    const settings = settingsWith();
    const parts = { store: reachable, clock: this.clock, owner, leaseMs: LEASE_MS, settings, emit: () => {} };
    this.share = new QuotaShare(parts, this.#quota);
    this.share.start();
    for (let hand = 0; hand < 4; hand++) void this.#work();
  }

  /** Calls in the period. */
  calls(from: Instant, to: Instant): number {
    return this.times.filter((at) => at >= from && at < to).length;
  }

  async #work(): Promise<void> {
    for (;;) {
      const granted = await this.#quota.take(1, (): CallPriority => 'prompt');
      this.times.push(this.clock.now());
      await this.clock.sleep(50);
      if (granted) this.#quota.ended(granted, 0);
    }
  }
}

describe('the quota that replicas on one store share', () => {
  let clock: VirtualClock;
  let data: MemoryData;
  let replicas: BusyReplica[];
  beforeEach(() => {
    clock = new VirtualClock();
    data = new MemoryData();
    replicas = [];
  });
  afterEach(() => {
    for (const replica of replicas) replica.clock.kill();
  });

  const start = (count: number): readonly BusyReplica[] => {
    const started = Array.from({ length: count }, () => {
      const replica = new BusyReplica(clock, data, `replica-${replicas.length + 1}`);
      replicas.push(replica);
      return replica;
    });
    return started;
  };
  /** The maximum number of calls of all replicas in any minute. */
  const busiestMinute = (): number => {
    const times = replicas.flatMap((replica) => replica.times).sort((a, b) => a - b);
    let from = 0;
    return Math.max(
      ...times.map((at, index) => {
        while (times[from]! <= at - MINUTE) from++;
        return index - from + 1;
      }),
    );
  };
  const lastMinuteOf = (replica: BusyReplica): number => replica.calls(clock.now() - MINUTE, clock.now());

  it('is divided into equal parts, and together they never exceed it', async () => {
    const three = start(3);
    await clock.advance(5 * MINUTE);
    for (const replica of three) expect(lastMinuteOf(replica)).to.be.within(170, 190);
    expect(busiestMinute()).to.be.within(520, PER_MINUTE);
  });

  it('is fully available to a single replica at once', async () => {
    const [one] = start(1) as [BusyReplica];
    await clock.advance(MINUTE);
    expect(lastMinuteOf(one)).to.be.within(520, PER_MINUTE);
  });

  it('is shared with a new replica, which makes few calls until the others know it', async () => {
    const [one] = start(1) as [BusyReplica];
    await clock.advance(2 * MINUTE);
    const [two] = start(1) as [BusyReplica];
    await clock.advance(4 * SECOND);
    expect(two.times.length).to.be.within(10, 15);
    await clock.advance(3 * MINUTE);
    expect(lastMinuteOf(one)).to.be.within(260, 285);
    expect(lastMinuteOf(two)).to.be.within(260, 285);
    expect(busiestMinute()).to.be.at.most(PER_MINUTE);
  });

  it('is taken over by the others within a lease after a replica’s death, and within seconds after its stop', async () => {
    const [one, two, three] = start(3) as [BusyReplica, BusyReplica, BusyReplica];
    await clock.advance(2 * MINUTE);
    one.clock.kill();
    await clock.advance(2 * MINUTE);
    expect(lastMinuteOf(two)).to.be.within(260, 285);
    expect(lastMinuteOf(three)).to.be.within(260, 285);
    void two.share.stop();
    two.clock.kill();
    await clock.advance(5 * SECOND + MINUTE);
    expect(lastMinuteOf(three)).to.be.within(520, PER_MINUTE);
    expect(busiestMinute()).to.be.at.most(PER_MINUTE);
  });

  it('is not shared with a replica that died while its clock was ahead', async () => {
    const [one, two] = start(2) as [BusyReplica, BusyReplica];
    await clock.advance(2 * MINUTE);
    one.clock.setSkew(30 * HOUR);
    await clock.advance(2 * MINUTE);
    one.clock.kill();
    await clock.advance(2 * MINUTE);
    expect(lastMinuteOf(two)).to.be.within(520, PER_MINUTE);
  });

  it('is shared again after the clocks of all replicas were ahead', async () => {
    const both = start(2);
    for (const replica of both) replica.clock.setSkew(400 * DAY);
    await clock.advance(2 * MINUTE);
    for (const replica of both) replica.clock.setSkew(0);
    await clock.advance(3 * MINUTE);
    for (const replica of both) expect(lastMinuteOf(replica)).to.be.within(260, 285);
  });

  it('is not exceeded by a replica that was paused or temporarily lost the store', async () => {
    const [one, two] = start(2) as [BusyReplica, BusyReplica];
    await clock.advance(2 * MINUTE);
    one.clock.pause();
    await clock.advance(2 * MINUTE);
    expect(lastMinuteOf(two)).to.be.within(520, PER_MINUTE);
    one.clock.resume();
    await clock.advance(2 * MINUTE);
    two.isStoreDown = true;
    await clock.advance(2 * MINUTE);
    two.isStoreDown = false;
    await clock.advance(3 * MINUTE);
    expect(lastMinuteOf(one)).to.be.within(260, 285);
    expect(lastMinuteOf(two)).to.be.within(260, 285);
    expect(busiestMinute()).to.be.at.most(PER_MINUTE);
  });

  it('allows only a few calls while no replica can reach the store', async () => {
    const both = start(2);
    await clock.advance(2 * MINUTE);
    for (const replica of both) replica.isStoreDown = true;
    await clock.advance(5 * MINUTE);
    for (const replica of both) expect(lastMinuteOf(replica)).to.be.within(4, 15);
    for (const replica of both) replica.isStoreDown = false;
    await clock.advance(2 * MINUTE);
    for (const replica of both) expect(lastMinuteOf(replica)).to.be.within(260, 285);
  });

  it('removes the seats of dead replicas', async () => {
    const [one] = start(2) as [BusyReplica];
    await clock.advance(MINUTE);
    one.clock.kill();
    await clock.advance(MINUTE);
    expect(data.leases.size).to.equal(2);
    await clock.advance(11 * MINUTE);
    expect([...data.leases.keys()].map((name) => name.replace(/^quota:[0-9a-f]{8}:/, ''))).to.deep.equal(['replica-2']);
  });
});
