import {
  createSyncEngine,
  Err,
  MemoryStore,
  MINUTE,
  type Bay,
  type CalendarEvent,
  type ChannelNotification,
  type Result,
  type SyncEngine,
  type SyncError,
  type SyncEvent,
  type SyncSettings,
} from '@loft/sync-core';
import { MemoryData } from '@loft/sync-core/store';
import { MemoryBookings, MemoryCalendars, VirtualClock } from '@loft/sync-core/testing';
import { ReplicaClock } from '#src/testing/simulation/replica-clock.js';
import { settingsWith, type Overrides } from './world.js';

export const LEASE_MS = 30_000;
/** Duration of a call to the store. */
const STORE_MS = 2;

export interface ReplicasOptions {
  readonly bays?: number;
  readonly settings?: Overrides;
}

/** One of several processes. Its calls take time, so that it can be killed or paused during one. */
export class TestReplica {
  readonly name: string;
  readonly engine: SyncEngine;
  readonly clock: ReplicaClock;
  readonly events: SyncEvent[] = [];
  /** Calls of the two systems, in order. */
  readonly calls: { readonly at: number; readonly method: string; readonly args: readonly unknown[] }[] = [];
  /** Duration of a call to either system. */
  callMs = 20;
  /** Calls of these methods fail with this error. */
  readonly failing = new Map<string, SyncError>();
  /** The call in which it stalls while this is set: `<method> <first argument>`. */
  #stallIn: string | null = null;

  constructor(name: string, replicas: Replicas, settings: SyncSettings) {
    this.name = name;
    this.clock = new ReplicaClock(replicas.clock);
    const random = seeded(name);
    this.engine = createSyncEngine({
      bookings: this.#slow(replicas.bookings, true),
      calendars: this.#slow(replicas.calendars, true),
      store: this.#slow(new MemoryStore({ shared: true, data: replicas.data }), false),
      clock: this.clock,
      settings,
      random,
      owner: name,
      account: 'sync-bot@calendars.example',
      leaseMs: LEASE_MS,
      push: { address: 'https://sync.example/webhook/gcal', tokenOf: (channelId) => `token-${channelId}` },
    }).unwrap();
    this.engine.events.subscribe((event) => this.events.push(event));
  }

  kill(): void {
    this.clock.kill();
  }

  pause(): void {
    this.clock.pause();
  }

  resume(): void {
    this.clock.resume();
  }

  /** Pauses in the middle of the next call of that name (and first argument), after it took effect. */
  pauseIn(method: string, about = ''): void {
    this.#stallIn = `${method} ${about}`;
  }

  /** The times at which it completed a feed run. */
  runs(feed: string): readonly number[] {
    return this.events.flatMap((event) => (event.type === 'feed' && event.feed === feed ? [event.at] : []));
  }

  called(method: string): number {
    return this.calls.filter((call) => call.method === method).length;
  }

  #slow<T extends object>(port: T, watched: boolean): T {
    return new Proxy(port, {
      get: (target, name): unknown => {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof name !== 'string' || typeof member !== 'function') return member;
        return async (...args: readonly unknown[]): Promise<unknown> => {
          if (watched) this.calls.push({ at: this.clock.now(), method: name, args });
          await this.clock.sleep(watched ? this.callMs / 2 : STORE_MS);
          const failure = this.failing.get(name);
          const answer: unknown = failure ? Err(failure) : await Reflect.apply(member, target, args);
          if (this.#stallIn !== null && `${name} ${String(args[0])}`.startsWith(this.#stallIn.trimEnd())) {
            this.#stallIn = null;
            this.pause();
          }
          await this.clock.sleep(watched ? this.callMs / 2 : STORE_MS);
          return answer;
        };
      },
    });
  }
}

/** Several engines on one store, both systems in memory, and one clock. */
export class Replicas {
  readonly clock = new VirtualClock();
  readonly data = new MemoryData();
  readonly settings: SyncSettings;
  readonly bookings: MemoryBookings;
  readonly calendars: MemoryCalendars;
  readonly all: TestReplica[] = [];

  constructor(options: ReplicasOptions = {}) {
    const bays = Array.from({ length: options.bays ?? 2 }, (_, index) => bayOf(index + 1));
    this.settings = { ...settingsWith(options.settings), bays };
    const units = bays.map(({ resourceUnitId }) => resourceUnitId);
    this.bookings = new MemoryBookings({ clock: this.clock, units });
    this.calendars = new MemoryCalendars({ clock: this.clock, calendars: bays.map(({ calendarId }) => calendarId) });
  }

  /** Starts this number of further replicas. */
  async start(count: number, settings: SyncSettings = this.settings): Promise<readonly TestReplica[]> {
    const started = Array.from({ length: count }, () => this.#add(settings));
    await Promise.all(started.map((replica) => replica.engine.start()));
    await this.pass(5000);
    return started;
  }

  #add(settings: SyncSettings): TestReplica {
    const replica = new TestReplica(`replica-${this.all.length + 1}`, this, settings);
    this.all.push(replica);
    return replica;
  }

  async pass(ms: number): Promise<void> {
    await this.clock.advance(ms);
  }

  /** Delays an answer. */
  async ask<T>(question: Promise<Result<T, SyncError>>): Promise<Result<T, SyncError>> {
    let answer: Result<T, SyncError> | undefined;
    void question.then((given) => (answer = given));
    await this.pass(1000);
    if (!answer) throw new Error('no answer within a second');
    return answer;
  }

  bay(number: number): Bay {
    return bayOf(number);
  }

  book(bay: number, hours: number): string {
    const hour = 60 * MINUTE;
    const start = this.clock.now() - (this.clock.now() % hour) + hours * hour;
    return this.bookings.user.book({ unit: bayOf(bay).resourceUnitId, start, customerName: 'Ana R.' });
  }

  events(): readonly CalendarEvent[] {
    return this.settings.bays.flatMap(({ calendarId }) => this.calendars.events(calendarId));
  }

  /** Passes notifications to one replica, or to none. */
  notifyTo(replica: TestReplica | null): void {
    this.calendars.onNotification = (notification: ChannelNotification) => void replica?.engine.notify(notification);
  }

  /** The notification of a change in a calendar. */
  notificationOf(calendarId: string): ChannelNotification {
    const channel = [...this.data.channels.values()].find((it) => it.calendarId === calendarId);
    const { channelId = '', resourceId = '' } = channel ?? {};
    return { channelId, token: `token-${channelId}`, resourceId, resourceState: 'exists' };
  }

  /** The times at which any replica ran a feed. */
  runs(feed: string): readonly number[] {
    return this.all.flatMap((replica) => replica.runs(feed)).sort((a, b) => a - b);
  }

  /** Stops everything at once. */
  stop(): void {
    for (const replica of this.all) replica.kill();
  }
}

function bayOf(number: number): Bay {
  return {
    bay: `${number}`,
    name: `Bay ${number}`,
    resourceUnitId: 5522 + number,
    calendarId: `bay-${number}@group.calendar.google.com`,
  };
}

/** A pseudo-random number in [0, 1) that depends on the name only. */
function seeded(name: string): () => number {
  let state = Number(name.replace(/\D/g, '')) * 7919;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 0) / 2 ** 32;
  };
}
