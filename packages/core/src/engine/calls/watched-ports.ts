import type { SyncError } from '../../domain/sync-error.js';
import type { BookingSystem } from '../../ports/booking-system.js';
import type { CalendarSystem } from '../../ports/calendar-system.js';
import type { SyncStore } from '../../ports/sync-store.js';
import { watchedPort, type WatchedPortOptions } from './watched-port.js';

type Watching = Pick<WatchedPortOptions, 'clock' | 'emit' | 'circuits'>;

export function watchedBookings(bookings: BookingSystem, watching: Watching): BookingSystem {
  return watchedPort(
    bookings,
    ['listBookings', 'getBooking', 'listFreeSlots', 'cancelBooking', 'rescheduleBooking', 'book'],
    { ...watching, system: 'uschedule', describe: bookingCall },
  );
}

export function watchedCalendars(calendars: CalendarSystem, watching: Watching): CalendarSystem {
  return watchedPort(
    calendars,
    ['listEvents', 'getEvent', 'insertEvent', 'patchEvent', 'deleteEvent', 'moveEvent', 'watch', 'stopChannel'],
    { ...watching, system: 'google', describe: calendarCall, mapError: unknownCalendar },
  );
}

export function watchedStore(store: SyncStore, { clock, emit }: Watching): SyncStore {
  return watchedPort(
    store,
    [
      'getMap',
      'findMapByEvent',
      'listMaps',
      'putMap',
      'addTasks',
      'claimTasks',
      'renewTask',
      'completeTask',
      'postponeTask',
      'buryTask',
      'releaseTasks',
      'nextTaskDueAt',
      'countTasks',
      'listDeadLetters',
      'getDeadLetter',
      'deleteDeadLetter',
      'getFeedState',
      'putFeedState',
      'acquireLease',
      'getLease',
      'releaseLease',
      'listChannels',
      'putChannel',
      'deleteChannel',
      'listLiveness',
      'putLiveness',
      'forgetLiveness',
      'ping',
    ],
    { clock, emit, circuits: null, system: 'store', describe: bookingCall },
  );
}

/** An appointment, where one is named. */
function bookingCall(method: string, args: readonly unknown[]): ReturnType<WatchedPortOptions['describe']> {
  const target = typeof args[0] === 'string' ? args[0] : method;
  return { calendarId: null, writes: false, target };
}

const EVENT_WRITES: ReadonlySet<string> = new Set(['insertEvent', 'patchEvent', 'deleteEvent', 'moveEvent']);

const CHANNEL_CALLS: ReadonlySet<string> = new Set(['watch', 'stopChannel']);

/** An event, where one is named, else its calendar. */
function calendarCall(method: string, args: readonly unknown[]): ReturnType<WatchedPortOptions['describe']> {
  const calendarId = calendarOf(method, args);
  if (CHANNEL_CALLS.has(method)) return { calendarId, writes: false, watches: true, target: `${method} ${calendarId}` };
  const target = typeof args[1] === 'string' ? args[1] : (calendarId ?? method);
  return { calendarId, writes: EVENT_WRITES.has(method), target };
}

/** The calendar a refusal is about: a move's is the one it goes to. */
function calendarOf(method: string, args: readonly unknown[]): string | null {
  if (method === 'stopChannel') return null;
  const about = method === 'moveEvent' ? args[2] : args[0];
  if (typeof about === 'string') return about;
  return isRecord(about) && typeof about['calendarId'] === 'string' ? about['calendarId'] : null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** Where no event is named, "not found" is about the calendar: it is not shared with us. */
function unknownCalendar(method: string, error: SyncError): SyncError {
  const namesNoEvent = method === 'listEvents' || method === 'insertEvent' || method === 'watch';
  if (error.kind !== 'not-found' || !namesNoEvent) return error;
  return { ...error, kind: 'forbidden', message: `the calendar is unknown or not shared with us (${error.message})` };
}
