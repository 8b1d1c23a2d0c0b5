#!/usr/bin/env node
// Prints the number of files of the engine and the rules that one booking passes from a trigger to the write, and how
// often the control changes from one file to another. It counts the entries into named functions, in their order,
// between the trigger and the write. Returns are not counted, nor are the stream of events and the decorators of a port
// other than the lease check (instrumentation, circuits, rate limit).

import { register } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { argumentsOf } from './arguments.mjs';

register('./hops/log-entries.mjs', import.meta.url);

const DECORATING = /event-stream|engine\/calls\/|engine\/ports\/(?!completing-bookings)/;
const AT_MOST = {
  'poll → insert': { files: 16, changes: 40 },
  'hint → insert': { files: 14, changes: 32 },
  'notification → reschedule': { files: 16, changes: 40 },
};

const USAGE = `node scripts/hops.mjs [--list] [folder of a built core]

Prints the number of files that one booking passes from a trigger to the write. --list prints the way as well.`;
const {
  values: { list },
  positionals: [folder = 'packages/core/dist'],
} = argumentsOf(USAGE, { list: { type: 'boolean' } }, true);
const from = (file) => import(pathToFileURL(resolve(folder, file)).href);
const { createSyncEngine, DEFAULT_SETTINGS, HOUR, MemoryStore, SECOND } = await from('index.js');
const { MemoryBookings, MemoryCalendars, VirtualClock } = await from('testing/index.js');

const BAYS = [
  { bay: '1', name: 'Bay 1', resourceUnitId: 5523, calendarId: 'bay-1' },
  { bay: '2', name: 'Bay 2', resourceUnitId: 5524, calendarId: 'bay-2' },
];

const PUSH = { address: 'https://studio.example/webhook/gcal', tokenOf: (id) => `token of ${id}` };

/** An engine between two systems in memory. `ends`: the method at which the count ends. */
async function world(ends, google = {}) {
  const clock = new VirtualClock();
  const bookings = new MemoryBookings({ clock });
  const calendars = new MemoryCalendars({ clock, calendars: BAYS.map(({ calendarId }) => calendarId) });
  let way = null;
  const ending = (port) =>
    new Proxy(port, {
      get(target, name) {
        const member = Reflect.get(target, name, target);
        if (typeof member !== 'function') return member;
        return (...args) => {
          if (name === ends && globalThis.entries) {
            way ??= globalThis.entries;
            globalThis.entries = undefined;
          }
          return member.apply(target, args);
        };
      },
    });
  const made = createSyncEngine({
    bookings: ending(bookings),
    calendars: ending(calendars),
    store: new MemoryStore(),
    clock,
    settings: {
      ...DEFAULT_SETTINGS,
      timeZone: 'America/Phoenix',
      bays: BAYS,
      uschedule: { ...DEFAULT_SETTINGS.uschedule, pollSeconds: 600 },
      google: { ...DEFAULT_SETTINGS.google, sweepSeconds: 3600, ...google },
    },
    random: () => 0.5,
    ...(ends === 'rescheduleBooking' ? { push: PUSH } : {}),
  });
  const engine = made.unwrap?.() ?? made;
  await engine.start();
  await clock.advance(10 * SECOND);
  const at = clock.now() - (clock.now() % HOUR) + 30 * HOUR;
  const book = () => bookings.user.book({ unit: 5523, start: at, customerName: 'Ana R.' });
  const follow = async (trigger, ms) => {
    globalThis.entries = [];
    await trigger();
    await clock.advance(ms);
    globalThis.entries = undefined;
    await engine.stop();
    return way;
  };
  return { bookings, calendars, engine, clock, book, follow, at };
}

const WAYS = {
  'poll → insert': async () => {
    const { book, follow } = await world('insertEvent');
    book();
    return follow(() => {}, 700 * SECOND);
  },
  'hint → insert': async () => {
    const { book, engine, follow } = await world('insertEvent');
    const id = book();
    return follow(() => engine.hint(id), 60 * SECOND);
  },
  'notification → reschedule': async () => {
    const { book, calendars, clock, engine, follow, at } = await world('rescheduleBooking');
    book();
    await clock.advance(700 * SECOND);
    const [event] = calendars.events('bay-1');
    const { channelId } = (await engine.status()).val.channels[0];
    calendars.onNotification = (notification) => {
      if (notification.channelId === channelId) void engine.notify(notification);
    };
    const drag = () => calendars.person.dragEvent('bay-1', event.eventId, { start: at + 2 * HOUR, end: at + 3 * HOUR });
    return follow(drag, 60 * SECOND);
  },
};

for (const [name, walk] of Object.entries(WAYS)) {
  const entries = (await walk())?.filter(({ file }) => !DECORATING.test(file));
  if (!entries) throw new Error(`${name}: the write was not reached`);
  const steps = entries.map(({ file }) => file);
  const files = new Set(steps).size;
  const changes = steps.filter((file, index) => index > 0 && file !== steps[index - 1]).length;
  const { files: mostFiles, changes: mostChanges } = AT_MOST[name];
  console.log(`${name}: ${files} files (aim ${mostFiles}), ${changes} changes of file (aim ${mostChanges})`);
  if (list) for (const entry of entries) console.log(`  ${entry.file} ${entry.name}`);
}
