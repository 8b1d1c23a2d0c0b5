import type { SyncEvent } from '../../domain/sync-event.js';
import type { SyncSystem } from '../../domain/sync-error.js';
import { createSyncEngine } from '../../engine/create-sync-engine.js';
import type { SyncEngine } from '../../engine/sync-engine.js';
import type { BookingSystem } from '../../ports/booking-system.js';
import type { CalendarSystem } from '../../ports/calendar-system.js';
import { BOOKING_PORT, CALENDAR_PORT, STORE_PORT, type PortDescription } from '../../ports/port-methods.js';
import type { SyncStore } from '../../ports/sync-store.js';
import { faultyPort, type DoneCall } from './faulty-port.js';
import { partialCalendars } from './partial-calendars.js';
import { ReplicaClock } from './replica-clock.js';
import type { SimulationWorld } from './simulation-world.js';

/** Receives the reports of all replicas. */
export interface ReplicaWatch {
  /** Called before a call is made. */
  readonly onCall: (replica: string, system: SyncSystem, method: string, args: readonly unknown[]) => void;
  /** Called when a call takes effect. */
  readonly onDone: (replica: string, system: SyncSystem, call: DoneCall) => void;
  readonly onEvent: (replica: string, event: SyncEvent) => void;
}

export interface ReplicaOptions {
  readonly name: string;
  readonly world: SimulationWorld;
  readonly store: SyncStore;
  readonly leaseMs: number;
  readonly watch: ReplicaWatch;
}

/** One simulated process: an engine whose ports fail, and that can be killed or paused between any two steps. */
export class Replica {
  readonly name: string;
  readonly engine: SyncEngine;
  readonly #clock: ReplicaClock;

  constructor({ name, world, store, leaseMs, watch }: ReplicaOptions) {
    const { faults, settings, random } = world;
    this.name = name;
    this.#clock = new ReplicaClock(world.clock);
    const faulty = <P extends object>(port: P, description: PortDescription<P>): P =>
      faultyPort(port, description, {
        faults,
        clock: this.#clock,
        network: world.clock,
        onCall: (system, method, args) => watch.onCall(name, system, method, args),
        onDone: (system, call) => watch.onDone(name, system, call),
      });
    this.engine = createSyncEngine({
      bookings: faulty<BookingSystem>(world.served, BOOKING_PORT),
      calendars: faulty<CalendarSystem>(partialCalendars(world.calendars, faults), CALENDAR_PORT),
      store: faulty(store, STORE_PORT),
      clock: this.#clock,
      settings,
      random: () => random.next(),
      owner: name,
      account: 'sync-bot@calendars.example',
      leaseMs,
      concurrency: 4,
      push: { address: 'https://sync.example/webhook/gcal', tokenOf: (channelId) => `token-${channelId}` },
    }).unwrap();
    this.engine.events.subscribe((event) => watch.onEvent(name, event));
  }

  get alive(): boolean {
    return this.#clock.alive;
  }

  setSkew(ms: number): void {
    this.#clock.setSkew(ms);
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
