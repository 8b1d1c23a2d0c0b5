/** What the probes of a host's mistakes share: an engine in memory on the real clock, and a studio that lives on it. */
import {
  completeSettings,
  createSyncEngine,
  HOUR,
  MemoryStore,
  systemClock,
  type SyncEngine,
  type SyncEngineOptions,
} from '@loft/sync-core';
import { MemoryBookings, MemoryCalendars } from '@loft/sync-core/testing';
import { setTimeout as pause } from 'node:timers/promises';

export const BAYS = ['1', '2'].map((bay) => ({
  bay,
  name: `Bay ${bay}`,
  resourceUnitId: 5522 + Number(bay),
  calendarId: `bay-${bay}@calendar.example`,
}));
const clock = systemClock();
export const settings = completeSettings({
  timeZone: 'America/Phoenix',
  bays: BAYS,
  uschedule: { pollSeconds: 0.02, reschedule: 'method' },
  google: { sweepSeconds: 0.02, deleteGraceSeconds: 0 },
  retry: { baseMs: 1, maxMs: 20, callTimeoutSeconds: 0.05 },
});
/** Longer than the calls that a stop waits for. */
const STOPS_WITHIN_MS = 20_000;

export interface World extends SyncEngineOptions {
  readonly bookings: MemoryBookings;
  readonly calendars: MemoryCalendars;
}

export function world(change: object = {}): World {
  const bookings = new MemoryBookings({ clock });
  const calendars = new MemoryCalendars({ clock, calendars: BAYS.map(({ calendarId }) => calendarId) });
  const push = { address: 'https://sync.example/webhook', tokenOf: (id: string) => `token of ${id}` };
  return { bookings, calendars, store: new MemoryStore(), clock, settings, push, ...change };
}

export function engineOf(options: object): SyncEngine {
  return createSyncEngine(options as SyncEngineOptions).unwrap();
}

/** Settles in time, or answers a word. */
export async function inTime<T>(work: Promise<T>, word: string): Promise<T | string> {
  const timeout = new AbortController();
  const late = pause(STOPS_WITHIN_MS, word, { signal: timeout.signal }).catch(() => word);
  const first = await Promise.race([work, late]);
  timeout.abort();
  return first;
}

/** Books, moves, cancels, drags, deletes and asks, while an engine runs. */
export async function live({ bookings, calendars }: World, engine: SyncEngine): Promise<void> {
  const start = Math.ceil(clock.now() / HOUR) * HOUR;
  const ids = [26, 28, 30, 32].map((hours) =>
    bookings.user.book({ unit: 5523, start: start + hours * HOUR, customerName: `Guest ${hours}` }),
  );
  await engine.start();
  void engine.hint(ids[0] ?? '');
  await pause(80);
  const [moved = '', cancelled = ''] = ids;
  bookings.user.move(moved, { unit: 5524 });
  bookings.user.cancel(cancelled);
  const [first = '', second = ''] = BAYS.map(({ calendarId }) => calendarId);
  const [dragged, deleted] = calendars.events(first).slice(-2);
  if (dragged) calendars.person.dragEvent(first, dragged.eventId, { start: start + 50 * HOUR });
  if (deleted) calendars.person.deleteEvent(first, deleted.eventId);
  void engine.notify({ channelId: 'c', token: 't', resourceId: 'r', state: 'exists', messageNumber: 1 } as never);
  for (const question of [engine.status(), engine.readiness(), engine.syncNow(), engine.tick()] as const) {
    void question;
  }
  void engine.copies();
  void engine.heldEdits();
  await pause(120);
  void calendars.events(second);
}

export const without = (): object => Object.create(null) as object;
export const secretive = (): object =>
  new Proxy(
    {},
    {
      get: () => {
        throw new Error('out of order');
      },
    },
  );

export const HALF = {
  uscheduleAppointmentId: '700001',
  appointmentId: '700001',
  feed: 'bookings',
  name: 'a',
  channelId: 'c',
};

export function broken<T extends object>(port: T, method: string, instead: () => unknown): T {
  return new Proxy(port, {
    get(target, name): unknown {
      if (name === method) return instead;
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}

/** A port as a frozen object with methods of its own, as a factory without a class makes it. */
export function frozen(port: object): object {
  const members: Record<string, unknown> = {};
  for (let at: object = port; at !== Object.prototype; at = Object.getPrototypeOf(at) as object) {
    for (const name of Object.getOwnPropertyNames(at)) {
      if (name === 'constructor' || name in members) continue;
      const member: unknown = Reflect.get(port, name, port);
      members[name] = typeof member === 'function' ? (member.bind(port) as unknown) : member;
    }
  }
  return Object.freeze(members);
}

/** Runs probes, several at a time because most of them wait, and prints a line for each. */
export async function runProbes(probes: Readonly<Record<string, () => Promise<string> | string>>): Promise<void> {
  const only = process.argv[2];
  const names = Object.keys(probes).filter((name) => only === undefined || name.includes(only));
  const queue = [...names];
  const lines = new Map<string, string>();
  const run = async (): Promise<void> => {
    for (let name = queue.shift(); name !== undefined; name = queue.shift())
      lines.set(name, (await probes[name]?.()) ?? '');
  };
  await Promise.all(Array.from({ length: 12 }, run));
  for (const name of names) process.stdout.write(`${name}: ${lines.get(name)}\n`);
  process.stdout.write('alive\n');
}
