import { createSyncEngine } from '../../engine/create-sync-engine.js';
import type { SyncEngine } from '../../engine/sync-engine.js';
import type { SyncEvent } from '../../domain/sync-event.js';
import type { SyncSystem } from '../../domain/sync-error.js';
import type { BookingSystem } from '../../ports/booking-system.js';
import type { CalendarSystem } from '../../ports/calendar-system.js';
import type { Clock } from '../../ports/clock.js';
import type { SyncStore } from '../../ports/sync-store.js';
import type { SyncSettings } from '../../rules/settings.js';
import type { Faults } from './faults.js';
import { faultyPort, type DoneCall } from './faulty-port.js';
import { ReplicaClock } from './replica-clock.js';
import type { SeededRandom } from './seeded-random.js';

export interface ReplicaOptions {
  readonly name: string;
  readonly clock: Clock;
  readonly random: SeededRandom;
  readonly faults: Faults;
  readonly bookings: BookingSystem;
  readonly calendars: CalendarSystem;
  readonly store: SyncStore;
  readonly settings: SyncSettings;
  readonly leaseMs: number;
  readonly onCall: (replica: string, system: SyncSystem, method: string, args: readonly unknown[]) => void;
  readonly onDone: (replica: string, system: SyncSystem, call: DoneCall) => void;
  readonly onEvent: (replica: string, event: SyncEvent) => void;
}

/** One simulated process: an engine whose ports fail, and that can be killed or paused between any two steps. */
export class Replica {
  readonly name: string;
  readonly engine: SyncEngine;
  readonly #clock: ReplicaClock;

  constructor(options: ReplicaOptions) {
    const { name, faults, settings, random, leaseMs } = options;
    this.name = name;
    this.#clock = new ReplicaClock(options.clock);
    const port = <T extends object>(system: SyncSystem, target: T): T =>
      faultyPort(target, {
        system,
        faults,
        clock: this.#clock,
        network: options.clock,
        onCall: (method, args) => options.onCall(name, system, method, args),
        onDone: (call) => options.onDone(name, system, call),
      });
    this.engine = createSyncEngine({
      bookings: port('uschedule', options.bookings),
      calendars: port('google', options.calendars),
      store: port('store', options.store),
      clock: this.#clock,
      settings,
      random: () => random.next(),
      owner: name,
      leaseMs,
      concurrency: 4,
      push: { address: 'https://sync.example/webhook/gcal', tokenOf: (channelId) => `token-${channelId}` },
    });
    this.engine.events.subscribe((event) => options.onEvent(name, event));
  }

  get alive(): boolean {
    return this.#clock.alive;
  }

  kill(): void {
    this.#clock.kill();
  }

  pause(): void {
    this.#clock.pause();
  }

  resume(): void {
    this.#clock.resume();
  }
}
