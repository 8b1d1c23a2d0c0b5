/**
 * A host's program that makes every mistake a host or an adapter can make, one after another, on the real clock. It
 * prints a line for each and has to live: what is thrown into the process ends it before its last line.
 */
import {
  completeSettings,
  createSyncEngine,
  HOUR,
  MemoryStore,
  Ok,
  systemClock,
  type SyncEngineOptions,
  type SyncEvent,
} from '@loft/sync-core';
import { MemoryBookings, MemoryCalendars } from '@loft/sync-core/testing';
import { firstValueFrom, filter, Subject } from 'rxjs';

const BAY = { bay: '1', name: 'Bay 1', resourceUnitId: 5523, calendarId: 'one@calendar.example' };
const clock = systemClock();
const settings = completeSettings({
  timeZone: 'America/Phoenix',
  bays: [BAY],
  uschedule: { pollSeconds: 0.02 },
  google: { sweepSeconds: 0.02 },
  retry: { baseMs: 1, maxMs: 20, callTimeoutSeconds: 0.05 },
});

function options(change: object = {}): SyncEngineOptions & { bookings: MemoryBookings } {
  const bookings = new MemoryBookings({ clock });
  bookings.user.book({ unit: 5523, start: Math.ceil(clock.now() / HOUR) * HOUR + 26 * HOUR });
  const calendars = new MemoryCalendars({ clock, calendars: [BAY.calendarId] });
  return { bookings, calendars, store: new MemoryStore(), clock, settings, ...change };
}

/** A port of which one method does something else. */
function broken<T extends object>(port: T, method: string, instead: () => unknown): T {
  return new Proxy(port, {
    get(target, name): unknown {
      if (name === method) return instead;
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}

const FAULTS: Readonly<Record<string, () => unknown>> = {
  throws: () => {
    throw new Error('out of order');
  },
  rejects: async () => {
    throw new Error('out of order');
  },
  'never answers': () => new Promise(() => {}),
  'answers nothing': () => undefined,
  'answers a Result without a value': async () => Ok(undefined),
  'answers a Result of nonsense': async () => Ok({ bookings: [null], unreadable: 5, events: [undefined] }),
};

const CALLS = [
  ['bookings', 'listBookings'],
  ['bookings', 'getBooking'],
  ['calendars', 'listEvents'],
  ['calendars', 'insertEvent'],
  ['store', 'getMap'],
  ['store', 'putMap'],
  ['store', 'claimTasks'],
  ['store', 'getFeedState'],
  ['store', 'ping'],
] as const;

/** Runs an engine until an event reports the fault, and some turns longer. Answers the kind of its error. */
async function faultOf(given: SyncEngineOptions, method: string): Promise<string> {
  const seen = new Subject<SyncEvent>();
  const engine = createSyncEngine({
    ...given,
    observers: [{ onEvent: (event) => seen.next(event) }],
  }).unwrap();
  const failed = firstValueFrom(
    // What the engine held back itself says nothing of the adapter.
    seen.pipe(filter((event) => 'error' in event && event.error?.method === method && event.error.unsent !== true)),
  );
  await engine.start();
  await engine.hint('700001');
  void engine.readiness();
  void engine.status();
  const event = await failed;
  await engine.stop();
  return 'error' in event && event.error ? `${event.error.kind} ${event.error.system}.${event.error.method}` : '';
}

const probes: Record<string, () => Promise<string> | string> = {
  'an unknown time zone': () => wheres({ settings: { ...settings, timeZone: 'Mars/Base' } }),
  'a partial group': () => wheres({ settings: { ...settings, retry: { baseMs: 5 } } }),
  'no settings': () => wheres({ settings: undefined }),
  'no ports': () => wheres({ bookings: undefined, calendars: null, store: 5 }),
  'start after stop': async () => {
    const engine = createSyncEngine(options()).unwrap();
    await engine.start();
    await engine.stop();
    const again = await engine.start();
    return again.err ? again.val.message : 'started';
  },
  'a hint without an id': async () => {
    const engine = createSyncEngine(options()).unwrap();
    const hinted = await engine.hint(undefined as never);
    return hinted.err ? hinted.val.kind : 'stored';
  },
};

function wheres(change: object): string {
  const made = createSyncEngine(options(change));
  return made.err ? made.val.map(({ where }) => where).join(', ') : 'made';
}

for (const [port, method] of CALLS) {
  for (const [how, instead] of Object.entries(FAULTS)) {
    if (how.startsWith('answers a Result') && method !== 'listBookings' && method !== 'listEvents') continue;
    probes[`${port}.${method} ${how}`] = () => {
      const given = options();
      return faultOf({ ...given, [port]: broken(given[port], method, instead) }, method);
    };
  }
}

const only = process.argv[2];
for (const [name, probe] of Object.entries(probes)) {
  if (only !== undefined && !name.includes(only)) continue;
  process.stdout.write(`${name}: ${await probe()}\n`);
}
process.stdout.write('alive\n');
