/**
 * Both simulators in a separate process (see simulators.mjs). Node itself records the arrival of a request before the
 * simulator gets it, on a clock that all processes share.
 */
import { subscribe } from 'node:diagnostics_channel';
import { HOUR } from '@loft/sync-core';
import { startGoogleSimulator } from '@loft/sync-google/simulator';
import { startUScheduleSimulator } from '@loft/sync-uschedule/simulator';
import { nowMs } from '../harness/measure.mjs';

/** Calendars of the bare client. The service does not use them, so changes there do not trigger it. */
const BARE_CALENDAR = 'bare@calendars.example';
/** Slots of one hour that fit into the window of a poll. */
const HOURS = 55 * 24;
/** Path of the library's own request for an access token. */
const TOKEN_REQUEST = /token/;

const { bays } = /** @type {{ bays: number }} */ (JSON.parse(process.argv[2] ?? '{}'));
const calendarIds = Array.from({ length: bays }, (_, index) => `bay-${index + 1}@calendars.example`);
const units = Array.from({ length: bays + 1 }, (_, index) => ({ id: 5001 + index, description: `Bay ${index + 1}` }));
const bareUnit = 5001 + bays;

const google = await startGoogleSimulator({ calendars: [...calendarIds, BARE_CALENDAR] });
const uschedule = await startUScheduleSimulator({ units });
const firstHour = (Math.floor(Date.now() / HOUR) + 26) * HOUR;

/** @type {{ at: number, path: string, method: string }[]} */
const arrivals = [];
/** Connections that were opened to either simulator. */
let connections = 0;
/** @type {{ path: RegExp, method: string, after: number, left: number, found: (at: number) => void }[]} */
const watchers = [];
let lastRequestAt = nowMs();

subscribe('net.server.socket', () => connections++);
subscribe('http.server.request.start', (message) => {
  const { request } = /** @type {{ request: import('node:http').IncomingMessage }} */ (message);
  const arrival = { at: nowMs(), path: request.url ?? '', method: request.method ?? '' };
  lastRequestAt = arrival.at;
  arrivals.push(arrival);
  for (const [index, watcher] of watchers.entries()) {
    if (!matches(arrival, watcher) || --watcher.left > 0) continue;
    watchers.splice(index, 1);
    watcher.found(arrival.at);
    break;
  }
});

/** @param {typeof arrivals[number]} arrival @param {Pick<typeof watchers[number], 'path' | 'method' | 'after'>} wanted */
function matches(arrival, { path, method, after }) {
  return arrival.at >= after && arrival.method === method && path.test(arrival.path);
}

/** Slots in order: every bay's first hour, then every bay's second, … @param {number} index */
function slot(index) {
  const hour = Math.floor(index / bays);
  if (hour >= HOURS) throw new Error(`there is no slot ${index}: the window is full`);
  return { unit: 5001 + (index % bays), start: firstHour + hour * HOUR };
}

/** @param {number} index */
const bareSlot = (index) => ({ unit: bareUnit, start: firstHour + index * HOUR });

/** @param {string} id The event of an appointment: its id is derived from the appointment's. */
function placeOf(id) {
  const eventId = `loft${id}`;
  const calendarId = calendarIds.find((candidate) => google.event(candidate, eventId)?.status === 'confirmed');
  if (calendarId === undefined) throw new Error(`appointment ${id} has no event`);
  return { calendarId, eventId };
}

/** The commands of the parent. Each returns the answer. */
const COMMANDS = {
  /** @param {number} from @param {number} count */
  book: (from, count) =>
    Array.from({ length: count }, (_, index) =>
      uschedule.book({ ...slot(from + index), customerName: `Customer ${from + index}`, notes: 'Left-handed clubs' }),
    ),
  /** @param {number} index */
  bookBare: (index) => uschedule.book({ ...bareSlot(index), customerName: 'Bare' }),
  /** @param {string} id @param {number} index */
  move: (id, index) => uschedule.move(id, slot(index)),
  /** @param {string} id @param {string} notes */
  setNotes: (id, notes) => uschedule.setNotes(id, notes),
  /** @param {string} id */
  cancel: (id) => uschedule.cancel(id),
  /** When it was done. @param {string} id @param {number} index */
  drag: (id, index) => {
    const { calendarId, eventId } = placeOf(id);
    const at = nowMs();
    google.person.dragEvent(calendarId, eventId, { start: slot(index).start });
    return at;
  },
  /** @param {string} id */
  deleteEvent: (id) => {
    const { calendarId, eventId } = placeOf(id);
    google.person.deleteEvent(calendarId, eventId);
  },
  /** To the next bay's calendar. @param {string} id @param {string} toCalendarId */
  moveEvent: (id, toCalendarId) => {
    const { calendarId, eventId } = placeOf(id);
    google.person.moveToCalendar(calendarId, eventId, toCalendarId);
  },
  /** @param {string} id @param {string} title */
  renameEvent: (id, title) => {
    const { calendarId, eventId } = placeOf(id);
    google.person.editEvent(calendarId, eventId, { summary: title });
  },
  /** @param {number} index */
  createBareEvent: (index) =>
    google.person.createEvent(BARE_CALENDAR, { start: bareSlot(index).start, end: bareSlot(index).start + HOUR }),
  /** @param {string} eventId @param {number} index */
  dragBare: (eventId, index) => google.person.dragEvent(BARE_CALENDAR, eventId, { start: bareSlot(index).start }),
  /**
   * Arrival time of the first such request after that time, or of the request with that number.
   *
   * @param {string} method @param {string} path @param {number} after @param {number} [nth]
   */
  arrival: (method, path, after, nth = 1) => {
    const wanted = { path: new RegExp(path), method, after };
    const known = arrivals.filter((arrival) => matches(arrival, wanted));
    const last = known[nth - 1];
    if (last) return last.at;
    return new Promise((found) => watchers.push({ ...wanted, left: nth - known.length, found }));
  },
  /** Resolves after `ms` without a request. @param {number} ms */
  quiet: async (ms) => {
    for (let left = ms; left > 0; left = lastRequestAt + ms - nowMs()) {
      await new Promise((resolve) => setTimeout(resolve, Math.ceil(left)));
    }
  },
  /** Delays each call to Google by `ms` from now on, as a network does. @param {number} ms */
  answerAfter: (ms) => {
    google.clearFaults();
    if (ms > 0) google.addFault({ kind: 'delay', ms, times: Infinity });
  },
  forgetArrivals: () => void (arrivals.length = 0),
  connections: () => connections,
  /** The maximum number of calls to Google in any minute since the last reset. */
  busiestMinute: () => {
    const times = arrivals.filter(isGoogleCall).map(({ at }) => at);
    return Math.max(0, ...times.map((at) => times.filter((other) => other >= at && other < at + 60_000).length));
  },
  forgetCalls: () => google.clearCalls(),
  /** Live mirrors of all bays. */
  mirrored: () => calendarIds.reduce((sum, calendarId) => sum + google.events(calendarId).length, 0),
  /** Number of calls per method since the last reset. */
  calls: () => {
    /** @type {Record<string, number>} */
    const counts = {};
    for (const { path, method } of arrivals) {
      if (TOKEN_REQUEST.test(path)) continue;
      const name = nameOf(path, method);
      counts[name] = (counts[name] ?? 0) + 1;
    }
    return counts;
  },
  /** The open channel of each calendar. */
  channels: () =>
    google.channels.map(({ id, token, calendarId, resourceId }) => ({ id, token, calendarId, resourceId })),
};

/** @param {{ path: string }} arrival */
const isGoogleCall = ({ path }) => !TOKEN_REQUEST.test(path) && !path.startsWith('/api/');

/** @param {string} path @param {string} method */
function nameOf(path, method) {
  const { pathname } = new URL(path, 'http://127.0.0.1');
  if (pathname.startsWith('/api/')) return pathname.split('/').at(-1)?.toLowerCase() ?? '';
  if (pathname.endsWith('/move')) return 'events.move';
  if (pathname.endsWith('/watch')) return 'events.watch';
  if (pathname.endsWith('/channels/stop')) return 'channels.stop';
  const one = /\/events\/[^/]+$/.test(pathname);
  if (method === 'GET') return one ? 'events.get' : 'events.list';
  if (method === 'POST') return 'events.insert';
  return method === 'PATCH' ? 'events.patch' : method === 'PUT' ? 'events.update' : 'events.delete';
}

/** @param {unknown} message */
async function obey(message) {
  const { id, command, args } = /** @type {{ id: number, command: keyof typeof COMMANDS, args: never[] }} */ (message);
  try {
    const perform = /** @type {(...args: never[]) => unknown} */ (COMMANDS[command]);
    process.send?.({ id, value: await perform(...args) });
  } catch (error) {
    process.send?.({ id, error: String(error) });
  }
}

process.on('message', (message) => void obey(message));
process.on('disconnect', () => void Promise.all([uschedule.close(), google.close()]));
process.send?.({
  calendarIds,
  bareCalendarId: BARE_CALENDAR,
  bareUnit,
  units: units.slice(0, bays).map(({ id }) => id),
  googleRootUrl: google.rootUrl,
  serviceAccountKey: google.serviceAccountKey(),
  accessToken: google.issueAccessToken(),
  uschedule: uschedule.connection,
});
