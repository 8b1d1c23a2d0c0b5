import {
  createSyncEngine,
  DEFAULT_SETTINGS,
  MemoryStore,
  MINUTE,
  type Bay,
  type CalendarEvent,
  type DeadLetter,
  type Instant,
  type SyncEngine,
  type SyncEngineOptions,
  type SyncEvent,
  type SyncSettings,
} from '@loft/sync-core';
import type { CalendarCapabilities, UnitId } from '@loft/sync-core/adapters';
import { MemoryBookings, MemoryCalendars, VirtualClock, type MemoryBookingsOptions } from '@loft/sync-core/testing';

export const BAYS: readonly Bay[] = [
  { bay: '1', name: 'Bay 1', resourceUnitId: 5523, calendarId: 'bay-1@group.calendar.google.com' },
  { bay: '2', name: 'Bay 2', resourceUnitId: 5524, calendarId: 'bay-2@group.calendar.google.com' },
];

export const [BAY1, BAY2] = BAYS as [Bay, Bay];

/** Settings of a test: the defaults, with parts replaced. */
export type Overrides = { readonly [K in keyof SyncSettings]?: Partial<SyncSettings[K]> };

export function settingsWith(overrides: Overrides = {}): SyncSettings {
  const { uschedule, google, rules, retry } = DEFAULT_SETTINGS;
  return {
    timeZone: 'America/Phoenix',
    bays: (overrides.bays as readonly Bay[] | undefined) ?? BAYS,
    uschedule: { ...uschedule, ...overrides.uschedule },
    // Deletions count at once, unless a test is about their grace.
    google: { ...google, deleteGraceSeconds: 0, ...overrides.google },
    rules: { ...rules, ...overrides.rules },
    retry: { ...retry, ...overrides.retry },
  };
}

/** The account that `MemoryCalendars` names as the creator of our inserts. */
export const ACCOUNT = 'sync-bot@calendars.example';

export interface WorldOptions {
  readonly settings?: Overrides;
  readonly studio?: Partial<MemoryBookingsOptions>;
  readonly engine?: Partial<SyncEngineOptions>;
  /** The fields of a deleted event that calendars show; default: its id. */
  readonly tombstones?: 'minimal' | 'full';
  /** The capabilities of the calendars; default: all. */
  readonly supports?: Partial<CalendarCapabilities>;
}

/** Both systems in memory, a store, a clock that moves on request, and an engine between them. */
export class World {
  readonly clock = new VirtualClock();
  readonly bookings: MemoryBookings;
  readonly calendars: MemoryCalendars;
  readonly settings: SyncSettings;
  readonly events: SyncEvent[] = [];
  store = new MemoryStore();
  engine: SyncEngine;
  readonly #options: WorldOptions;
  #ports: Partial<SyncEngineOptions> = {};

  constructor(options: WorldOptions = {}) {
    this.#options = options;
    this.settings = settingsWith(options.settings);
    this.bookings = new MemoryBookings({ clock: this.clock, ...options.studio });
    const { tombstones = 'minimal', supports = {} } = options;
    const calendars = BAYS.map((bay) => bay.calendarId);
    this.calendars = new MemoryCalendars({ clock: this.clock, calendars, tombstones, supports });
    this.engine = this.newEngine();
  }

  /** Another engine on the same systems, as after a restart. */
  newEngine(options: Partial<SyncEngineOptions> = {}): SyncEngine {
    const engine = createSyncEngine({
      bookings: this.bookings,
      calendars: this.calendars,
      store: this.store,
      clock: this.clock,
      settings: this.settings,
      account: ACCOUNT,
      random: () => 0.5,
      ...this.#options.engine,
      ...this.#ports,
      ...options,
    }).unwrap();
    engine.events.subscribe((event) => this.events.push(event));
    this.calendars.onNotification = (notification) => void engine.notify(notification);
    return engine;
  }

  /** Decorates the engine's ports before the start, also for engines after a restart. */
  through(ports: Partial<Pick<SyncEngineOptions, 'bookings' | 'calendars' | 'store'>>): this {
    this.#ports = { ...this.#ports, ...ports };
    this.engine = this.newEngine();
    return this;
  }

  /** From now on a hint replaces the trigger of each replay before its task is claimed. */
  hintAfterEachRequest(): void {
    const { store } = this;
    const addTasks = store.addTasks.bind(store);
    store.addTasks = (tasks, now) =>
      addTasks(
        tasks.flatMap((task) => (task.trigger === 'replay' ? [task, { ...task, trigger: 'hint' as const }] : [task])),
        now,
      );
  }

  /** Stops the engine and starts another one on the same store. */
  async restart(): Promise<void> {
    await this.engine.stop();
    this.engine = this.newEngine();
    await this.start();
  }

  async start(): Promise<this> {
    await this.engine.start();
    await this.clock.advance(10);
    return this;
  }

  /** Lets the feeds run a few times. */
  async settle(ms: number = 11 * MINUTE): Promise<void> {
    await this.clock.advance(ms);
  }

  /** Hours from now, on the hour. */
  hour(hours: number): Instant {
    return this.clock.now() - (this.clock.now() % (60 * MINUTE)) + hours * 60 * MINUTE;
  }

  book(unit: UnitId, hours: number, customerName = 'Ana R.', notes = ''): string {
    return this.bookings.user.book({ unit, start: this.hour(hours), customerName, notes });
  }

  /** The live events of a bay. */
  on(bay: Bay): readonly CalendarEvent[] {
    return this.calendars.events(bay.calendarId);
  }

  /** The reasons of all decisions so far. */
  reasons(): readonly string[] {
    return this.events.flatMap((event) => (event.type === 'decision' ? [event.reason] : []));
  }

  /** Number of calls of each method of the two systems so far. */
  calls(): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const event of this.events) {
      if (event.type === 'call' && event.system !== 'store') counts[event.method] = (counts[event.method] ?? 0) + 1;
    }
    return counts;
  }

  async deadLetters(): Promise<readonly DeadLetter[]> {
    return (await this.store.listDeadLetters({})).unwrap();
  }

  actions(): readonly string[] {
    return this.events.flatMap((event) =>
      event.type === 'action' ? [`${event.action}:${event.reason}:${event.outcome}`] : [],
    );
  }
}

/** The one event of a bay. */
export function only(events: readonly CalendarEvent[]): CalendarEvent {
  if (events.length !== 1 || !events[0]) throw new Error(`expected one event, there are ${events.length}`);
  return events[0];
}
