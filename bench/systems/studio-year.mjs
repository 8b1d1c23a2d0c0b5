import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSyncEngine, DAY, DEFAULT_SETTINGS, HOUR } from '@loft/sync-core';
import { Journal } from '@loft/sync-core/reports';
import { MemoryBookings, MemoryCalendars, VirtualClock } from '@loft/sync-core/testing';
import { openSqliteStore } from '@loft/sync-store-sqlite';
import { cpuMs } from '../harness/measure.mjs';

const TIME_ZONE = 'America/Phoenix';
/** Phoenix has no daylight saving. */
const MIDNIGHT = Date.UTC(2026, 0, 15, 7);
const BAYS = [1, 2].map((number) => ({
  bay: String(number),
  name: `Bay ${number}`,
  resourceUnitId: 5522 + number,
  calendarId: `bay-${number}@group.calendar.google.com`,
}));
/** The hours that are booked each day in each bay: 20 bookings a day. The evening is free for what is moved. */
const HOURS = [9, 10, 11, 12, 13, 14, 15, 16, 17, 18];
const DAYS_AHEAD = 30;
const HALF_HOUR = HOUR / 2;

/** Lets the store's commits and flushes end, which take real time. @param {() => boolean} isBusy */
async function settle(isBusy) {
  for (let idle = 0; idle < 3;) {
    await new Promise((resolve) => setImmediate(resolve));
    idle = isBusy() ? 0 : idle + 1;
  }
}

/**
 * A studio of two bays in memory, on virtual time, with the engine and its journal on a SQLite file of its own. Each day 20
 * bookings are made for a day in a month, some of them are moved or cancelled, and people edit their events.
 */
export async function studioYear() {
  const directory = await mkdtemp(join(tmpdir(), 'loft-sync-year-'));
  const clock = new VirtualClock(MIDNIGHT);
  const bookings = new MemoryBookings({ clock, timeZone: TIME_ZONE });
  const calendars = new MemoryCalendars({
    clock,
    calendars: BAYS.map(({ calendarId }) => calendarId),
    tombstones: 'full',
  });
  const file = (await openSqliteStore(join(directory, 'store.db'))).unwrap();
  let pending = 0;
  const store = new Proxy(file, {
    get: (target, name) => {
      const member = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      return async (/** @type {unknown[]} */ ...args) => {
        pending++;
        return Promise.resolve(Reflect.apply(member, target, args)).finally(() => pending--);
      };
    },
  });
  /** Answers while nothing changes: the studio in memory searches all its records for each. */
  const answers = new Map();
  let changes = true;
  const listed = new Proxy(bookings, {
    get: (target, name) => {
      const member = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      return (/** @type {unknown[]} */ ...args) => {
        if (name !== 'listBookings' || changes) return Reflect.apply(member, target, args);
        const period = JSON.stringify(args);
        if (!answers.has(period)) answers.set(period, Reflect.apply(member, target, args));
        return answers.get(period);
      };
    },
  });
  const journal = new Journal({ store, clock });
  const { uschedule, google } = DEFAULT_SETTINGS;
  const engine = createSyncEngine({
    bookings: listed,
    calendars,
    store,
    clock,
    observers: [journal],
    settings: {
      ...DEFAULT_SETTINGS,
      timeZone: TIME_ZONE,
      bays: BAYS,
      uschedule: { ...uschedule, pollSeconds: 3600 },
      google: { ...google, sweepSeconds: 3600, quotaPerMinute: null },
    },
  }).unwrap();
  /** @type {((tasks: number) => void) | null} */
  let onPoll = null;
  engine.events.subscribe((event) => {
    if (event.type === 'feed' && event.feed === 'bookings') onPoll?.(event.tasks);
  });
  const advance = (/** @type {number} */ ms) => clock.advance(ms, () => settle(() => pending > 0));
  /** @type {Map<number, string[]>} By the number of their day. */
  const made = new Map();
  const startOf = (/** @type {number} */ day, /** @type {number} */ hour) => MIDNIGHT + day * DAY + hour * HOUR;
  /** @param {number} day */
  const bookDay = (day) => {
    const ids = BAYS.flatMap(({ resourceUnitId: unit }) =>
      HOURS.map((hour) =>
        bookings.user.book({
          unit,
          start: startOf(day, hour),
          customerName: `Guest ${day}.${hour}`,
          notes: 'Two players',
        }),
      ),
    );
    made.set(day, ids);
  };
  /** What people do with the bookings of a day, on the day before. @param {number} day */
  const editDay = async (day) => {
    const [moved = '', canceled = '', dragged = '', deleted = '', renamed = '', noted = ''] = made.get(day) ?? [];
    const { person } = calendars;
    const calendarId = BAYS[0].calendarId;
    bookings.user.move(moved, { start: startOf(day, 20) });
    bookings.user.cancel(canceled);
    bookings.user.setNotes(noted, 'Three players');
    person.dragEvent(calendarId, `loft${dragged}`, { start: startOf(day, 21) });
    person.deleteEvent(calendarId, `loft${deleted}`);
    person.renameEvent(calendarId, `loft${renamed}`, 'A birthday');
    await advance(2 * HOUR);
  };
  for (let day = 1; day <= DAYS_AHEAD; day++) bookDay(day);
  await engine.start();
  await advance(HOUR);
  let today = 0;
  return {
    store: file,
    engine,
    /** Plays whole days. @param {number} count */
    play: async (count) => {
      changes = true;
      answers.clear();
      for (let played = 0; played < count; played++) {
        bookDay(today + DAYS_AHEAD + 1);
        await editDay(today + 1);
        today++;
        made.delete(today - 1);
        await advance(MIDNIGHT + today * DAY + HALF_HOUR - clock.now());
      }
      changes = false;
    },
    /** One poll: its processor time, without that of the studio's answer. */
    poll: async () => {
      const ran = new Promise((resolve) => (onPoll = resolve));
      const before = cpuMs();
      (await engine.resumeFeed('bookings')).unwrap();
      const tasks = await ran;
      if (tasks !== 0) throw new Error(`${tasks} bookings are not in sync`);
      return cpuMs() - before;
    },
    /** Bookings that are live and events that are there, of the days to come. */
    toCome: () => {
      const events = BAYS.flatMap(({ calendarId }) => calendars.events(calendarId)).filter(
        ({ state, end }) => state === 'live' && (end ?? 0) > clock.now(),
      );
      return {
        bookings: bookings.user.liveBookings().filter(({ end }) => end > clock.now()).length,
        events: events.length,
      };
    },
    /** Bytes of the file, and of its log of writes. */
    bytes: async () => {
      const sizes = new Map();
      for (const name of await readdir(directory)) sizes.set(name, (await stat(join(directory, name))).size);
      return { file: sizes.get('store.db') ?? 0, log: sizes.get('store.db-wal') ?? 0 };
    },
    stop: async () => {
      await engine.stop();
      await journal.stop();
      await file.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
