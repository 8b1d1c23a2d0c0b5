import { expect } from 'chai';
import {
  Err,
  MINUTE,
  SECOND,
  type Bay,
  type BookingSystem,
  type CalendarSystem,
  type Instant,
  type SyncEngine,
} from '@loft/sync-core';
import { MemoryCalendars } from '@loft/sync-core/testing';
import { overridden } from './overridden.js';
import { World } from './world.js';

const QUOTA = 600;
const CALL_MS = 100;
const PUSH = { address: 'https://sync.example.com/webhook/gcal', tokenOf: (id: string) => `token of ${id}` };
const BAYS: readonly Bay[] = Array.from({ length: 200 }, (_, index) => ({
  bay: `${index + 1}`,
  name: `Bay ${index + 1}`,
  resourceUnitId: 5001 + index,
  calendarId: `bay-${index + 1}@calendars.example`,
}));
const [FIRST] = BAYS as [Bay];
const LAST = BAYS[199]!;

/** Reproducible, and different each time. */
function random(): () => number {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

interface Call {
  readonly at: Instant;
  readonly method: string;
  readonly calendarId: string;
}

/** An engine with 200 bays; each call to either system takes 100 ms. */
class ManyBays {
  readonly world: World;
  readonly calls: Call[] = [];
  readonly calendars: MemoryCalendars;

  constructor() {
    const units = BAYS.map(({ resourceUnitId }) => resourceUnitId);
    this.world = new World({
      settings: { bays: BAYS, google: { quotaPerMinute: QUOTA } },
      studio: { units },
      engine: { push: PUSH, random: random() },
    });
    const { clock, bookings } = this.world;
    this.calendars = new MemoryCalendars({ clock, calendars: BAYS.map(({ calendarId }) => calendarId) });
    this.world.through({
      calendars: this.#slow<CalendarSystem>(this.calendars, true),
      bookings: this.#slow<BookingSystem>(bookings, false),
    });
    this.calendars.onNotification = (notification) => void this.engine.notify(notification);
  }

  get engine(): SyncEngine {
    return this.world.engine;
  }

  /** Waits until the running calls have ended. */
  async stop(): Promise<void> {
    const stopped = this.engine.stop();
    await this.world.clock.advance(SECOND);
    await stopped;
  }

  restart(): void {
    this.world.engine = this.world.newEngine();
    this.calendars.onNotification = (notification) => void this.engine.notify(notification);
  }

  /** Books in the bay and sends a hint. @returns the milliseconds until the insert arrives */
  async insertAfterHint({ resourceUnitId }: Bay, hours: number): Promise<number> {
    // Not at the same moment as the start of the engine.
    await this.world.clock.advance(50);
    const from = this.world.clock.now();
    await this.engine.hint(this.world.book(resourceUnitId, hours));
    const inserted = (): Call | undefined =>
      this.calls.find((call) => call.method === 'insertEvent' && call.at >= from);
    for (let step = 0; step < 3000 && !inserted(); step++) await this.world.clock.advance(10);
    return (inserted()?.at ?? Infinity) - from;
  }

  of(method: string): readonly Call[] {
    return this.calls.filter((call) => call.method === method);
  }

  /** The maximum number of calls in any minute. */
  busiestMinute(): number {
    return Math.max(
      ...this.calls.map(({ at }) => this.calls.filter((it) => it.at >= at && it.at < at + MINUTE).length),
    );
  }

  #slow<T extends object>(port: T, isCounted: boolean): T {
    return new Proxy(port, {
      get: (target, name): unknown => {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof name !== 'string' || typeof member !== 'function') return member;
        return async (...args: readonly unknown[]): Promise<unknown> => {
          const [first] = args as [string | { readonly calendarId: string }];
          const calendarId = typeof first === 'string' ? first : first.calendarId;
          if (isCounted) this.calls.push({ at: this.world.clock.now(), method: name, calendarId });
          const answer: unknown = await Reflect.apply(member, target, args);
          await new Promise<void>((resolve) => void this.world.clock.setTimer(CALL_MS, resolve));
          return answer;
        };
      },
    });
  }
}

describe('a service of 200 bays with a quota of 600 calls a minute', function () {
  this.timeout(60_000);
  let many: ManyBays;
  let idleMs: number;
  beforeEach(() => {
    many = new ManyBays();
  });
  afterEach(async () => {
    await many.stop();
  });

  /** The duration of a hint without other load. */
  before(async () => {
    const idle = new ManyBays();
    await idle.engine.start();
    await idle.world.clock.advance(3 * MINUTE);
    idleMs = await idle.insertAfterHint(FIRST, 30);
    await idle.stop();
    expect(idleMs).to.be.within(100, 200);
  });

  it('starts with two calls for each bay, the watch before the list, and half of the quota in any minute', async () => {
    await many.engine.start();
    await many.world.clock.advance(2 * MINUTE);
    expect(many.calendars.channels).to.have.length(200);
    for (const { calendarId } of BAYS) {
      const calls = many.calls.filter((call) => call.calendarId === calendarId);
      expect(calls.map(({ method }) => method)).to.deep.equal(['watch', 'listEvents']);
      expect(calls[1]!.at - calls[0]!.at).to.be.at.least(CALL_MS);
    }
    expect(many.busiestMinute()).to.be.within(250, QUOTA / 2);
  });

  it('restarts with one incremental list for each bay, and opens no channel again', async () => {
    await many.engine.start();
    await many.world.clock.advance(2 * MINUTE);
    await many.stop();
    many.calls.length = 0;
    many.restart();
    await many.engine.start();
    await many.world.clock.advance(MINUTE);
    expect(many.calls.map(({ method }) => method)).to.deep.equal(BAYS.map(() => 'listEvents'));
  });

  it('mirrors a booking that is made and hinted during the first start as quickly as without load', async () => {
    await many.engine.start();
    for (const [bay, hours] of [
      [FIRST, 30],
      [LAST, 31],
    ] as const) {
      expect(await many.insertAfterHint(bay, hours)).to.be.at.most(2 * idleMs);
    }
    await many.world.clock.advance(5 * MINUTE);
    expect(many.of('insertEvent')).to.have.length(2);
    expect(many.calendars.events(LAST.calendarId)).to.have.length(1);
  });

  it('mirrors a booking that was made before a restart and is hinted during it as quickly as without load', async () => {
    await many.engine.start();
    await many.world.clock.advance(2 * MINUTE);
    await many.stop();
    const id = many.world.book(LAST.resourceUnitId, 30);
    await many.world.clock.advance(MINUTE);
    many.restart();
    const from = many.world.clock.now();
    await many.engine.start();
    await many.engine.hint(id);
    await many.world.clock.advance(2 * idleMs);
    expect(many.of('insertEvent').map(({ at }) => at - from)).to.have.length(1);
  });

  it('mirrors a booking that is hinted during a full sweep as quickly as without load', async () => {
    await many.engine.start();
    await many.world.clock.advance(2 * MINUTE);
    void many.engine.syncNow();
    expect(await many.insertAfterHint(FIRST, 30)).to.be.at.most(2 * idleMs);
  });

  it('carries an edit that is notified during a full sweep over at once, though its calendar waits in the sweep', async () => {
    await many.engine.start();
    await many.world.clock.advance(2 * MINUTE);
    const id = many.world.book(LAST.resourceUnitId, 30);
    await many.engine.hint(id);
    await many.world.clock.advance(2 * MINUTE);
    void many.engine.syncNow();
    await many.world.clock.advance(SECOND);
    many.calendars.person.dragEvent(LAST.calendarId, `loft${id}`, { start: many.world.hour(40) });
    await many.world.clock.advance(2 * SECOND);
    expect(many.world.bookings.user.booking(id)?.start).to.equal(many.world.hour(40));
  });

  it('continues to sweep while users make changes', async () => {
    await many.engine.start();
    await many.world.clock.advance(2 * MINUTE);
    const ids = Array.from({ length: 40 }, (_, nth) => many.world.book(FIRST.resourceUnitId, 30 + nth));
    for (const id of ids) await many.engine.hint(id);
    await many.world.clock.advance(MINUTE);
    const before = many.of('listEvents').length;
    // More changes than the quota allows.
    for (let round = 0; round < 600; round++) {
      const id = ids[round % ids.length]!;
      many.world.bookings.user.setNotes(id, `note ${round}`);
      await many.engine.hint(id);
      await many.world.clock.advance(SECOND / 2);
    }
    expect(many.of('patchEvent').length).to.be.greaterThan(300);
    const swept = new Set(
      many
        .of('listEvents')
        .slice(before)
        .map(({ calendarId }) => calendarId),
    );
    expect(swept.size).to.equal(200);
  });

  it('stops at once during its start', async () => {
    await many.engine.start();
    await many.world.clock.advance(5 * SECOND);
    let isStopped = false;
    void many.engine.stop().then(() => (isStopped = true));
    await many.world.clock.advance(SECOND);
    expect(isStopped).to.equal(true);
    const failed = many.world.events.filter((it) => it.type === 'feed' && it.outcome === 'failed');
    expect(failed).to.deep.equal([]);
  });
});

describe('a watch channel', () => {
  it('that opens after a time without a channel causes one list, and its sync message none', async () => {
    const world = new World({ settings: { google: { sweepSeconds: 3600 } }, engine: { push: PUSH } });
    const { calendars } = world;
    let isRefusing = true;
    world.through({
      calendars: overridden<CalendarSystem>(calendars, {
        watch: async (request) =>
          isRefusing
            ? Err({ kind: 'transient', system: 'google', method: 'events.watch', message: 'not now' })
            : calendars.watch(request),
      }),
    });
    await world.start();
    const id = world.book(5523, 30);
    await world.engine.hint(id);
    await world.settle(10 * SECOND);
    world.calendars.person.dragEvent('bay-1@group.calendar.google.com', `loft${id}`, { start: world.hour(40) });
    isRefusing = false;
    world.events.length = 0;
    await world.settle(2 * MINUTE);
    expect(calendars.channels).to.have.length(2);
    expect(world.calls()['listEvents']).to.equal(2);
    expect(world.bookings.user.booking(id)?.start).to.equal(world.hour(40));
    await world.engine.stop();
  });
});
