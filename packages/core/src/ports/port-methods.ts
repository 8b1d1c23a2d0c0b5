import { BOOKING_FEED, calendarFeedName } from '../domain/feed-state.js';
import type { SyncError, SyncSystem } from '../domain/sync-error.js';
import type { Result } from '../result.js';
import {
  isAppointmentId,
  isBooking,
  isBookingList,
  isEvent,
  isEventPage,
  isTimeList,
  isWatchGrant,
} from './answer-shapes.js';
import type { BookingSystem } from './booking-system.js';
import type { CalendarSystem } from './calendar-system.js';
import type { SyncStore } from './sync-store.js';

/**
 * What a call changes on the other side.
 * - `read`: nothing.
 * - `write`: data. Only the replica that holds the task's lease may send it.
 * - `channel`: a watch channel. The service works without one, so a refusal says nothing about the calendar.
 */
export type CallEffect = 'read' | 'write' | 'channel';

/** What one call is about, as far as its arguments say. */
export interface CallTarget {
  readonly appointmentId?: string;
  readonly calendarId?: string;
  readonly eventId?: string;
  /** The calendar that a move goes to. */
  readonly toCalendarId?: string;
  /** The source whose run makes the call. */
  readonly feed?: string;
}

/** One method of a port, as everything that decorates a port needs to know it. */
export interface PortMethod<Args extends readonly unknown[]> {
  readonly effect: CallEffect;
  /** What a call with these arguments is about, for the logs. */
  readonly target: (...args: Args) => CallTarget;
  /** Units of the account's quota that one call costs. Left out: the call costs none. */
  readonly quotaUnits?: number;
  /** No event is named: "not found" means that the calendar is unknown or not shared with us. */
  readonly notFoundMeansCalendar?: true;
  /** Is it a value that the method may answer? Left out: nothing is read of it, or the store's suite sees to it. */
  readonly isAnswer?: (value: unknown) => boolean;
}

type PortCall = (...args: never[]) => Promise<Result<unknown, SyncError>>;

/** Names of the methods of a port that answer a `Result`. */
export type PortMethodName<P> = { [K in keyof P]-?: NonNullable<P[K]> extends PortCall ? K : never }[keyof P] & string;

/** One entry for each method of the port, also of those that an adapter may leave out: a missing entry does not compile. */
export type PortMethods<P> = {
  readonly [K in PortMethodName<P>]: PortMethod<
    NonNullable<P[K]> extends (...args: infer Args) => unknown ? Args : never
  >;
};

/** A port with its system and methods: what `decoratePort` takes. */
export interface PortDescription<P> {
  /** Name of the system where its adapter gives none. */
  readonly system: SyncSystem;
  readonly methods: PortMethods<P>;
}

const ofAppointment = (appointmentId: string): CallTarget => ({ appointmentId });
const ofEvent = (calendarId: string, eventId: string): CallTarget => ({ calendarId, eventId });
const ofEventWrite = (
  calendarId: string,
  eventId: string,
  { appointmentId }: { readonly appointmentId: string },
): CallTarget => ({ calendarId, eventId, appointmentId });
const ofNothing = (): CallTarget => ({});

/** The booking system's methods. */
export const BOOKING_PORT: PortDescription<BookingSystem> = {
  system: 'bookings',
  methods: {
    listBookings: { effect: 'read', target: () => ({ feed: BOOKING_FEED }), isAnswer: isBookingList },
    getBooking: { effect: 'read', target: ofAppointment, isAnswer: isBooking },
    listFreeSlots: { effect: 'read', target: ofNothing, isAnswer: isTimeList },
    cancelBooking: { effect: 'write', target: ofAppointment },
    rescheduleBooking: { effect: 'write', target: ofAppointment, isAnswer: isAppointmentId },
    book: { effect: 'write', target: ofNothing, isAnswer: isAppointmentId },
  },
};

/** The calendars' methods, with the units that Google counts (docs/google-calendar.md: a patch is the dearest call). */
export const CALENDAR_PORT: PortDescription<CalendarSystem> = {
  system: 'calendars',
  methods: {
    listEvents: {
      effect: 'read',
      target: (calendarId) => ({ calendarId, feed: calendarFeedName(calendarId) }),
      quotaUnits: 1,
      notFoundMeansCalendar: true,
      isAnswer: isEventPage,
    },
    getEvent: { effect: 'read', target: ofEvent, quotaUnits: 1, isAnswer: isEvent },
    insertEvent: {
      effect: 'write',
      target: ofEventWrite,
      quotaUnits: 1,
      notFoundMeansCalendar: true,
      isAnswer: isEvent,
    },
    patchEvent: { effect: 'write', target: ofEventWrite, quotaUnits: 3, isAnswer: isEvent },
    deleteEvent: { effect: 'write', target: ofEvent, quotaUnits: 1 },
    moveEvent: {
      effect: 'write',
      target: (calendarId, eventId, toCalendarId) => ({ calendarId, eventId, toCalendarId }),
      quotaUnits: 1,
      isAnswer: isEvent,
    },
    watch: { effect: 'channel', target: ({ calendarId }) => ({ calendarId }), quotaUnits: 1, isAnswer: isWatchGrant },
    stopChannel: { effect: 'channel', target: ofNothing, quotaUnits: 1 },
  },
};

/** The store's methods. `close` answers no `Result` and is not one of them. */
export const STORE_PORT: PortDescription<SyncStore> = {
  system: 'store',
  methods: {
    getMap: { effect: 'read', target: ofAppointment },
    findMapByEvent: { effect: 'read', target: (eventId) => ({ eventId }) },
    listMaps: { effect: 'read', target: ofNothing },
    putMap: { effect: 'write', target: ({ uscheduleAppointmentId }) => ofAppointment(uscheduleAppointmentId) },
    addTasks: { effect: 'write', target: ofNothing },
    claimTasks: { effect: 'write', target: ofNothing },
    renewTask: { effect: 'write', target: ({ appointmentId }) => ({ appointmentId }) },
    completeTask: { effect: 'write', target: ({ appointmentId }) => ({ appointmentId }) },
    postponeTask: { effect: 'write', target: ({ appointmentId }) => ({ appointmentId }) },
    buryTask: { effect: 'write', target: ({ appointmentId }) => ({ appointmentId }) },
    releaseTasks: { effect: 'write', target: ofNothing },
    nextTaskDueAt: { effect: 'read', target: ofNothing },
    countTasks: { effect: 'read', target: ofNothing },
    listDeadLetters: { effect: 'read', target: ofNothing },
    getDeadLetter: { effect: 'read', target: ofAppointment },
    deleteDeadLetter: { effect: 'write', target: ofAppointment },
    getFeedState: { effect: 'read', target: (feed) => ({ feed }) },
    putFeedState: { effect: 'write', target: ({ feed }) => ({ feed }) },
    acquireLease: { effect: 'write', target: ofNothing },
    getLease: { effect: 'read', target: ofNothing },
    listLeases: { effect: 'read', target: ofNothing },
    releaseLease: { effect: 'write', target: ofNothing },
    listChannels: { effect: 'read', target: ofNothing },
    putChannel: { effect: 'write', target: ({ calendarId }) => ({ calendarId }) },
    deleteChannel: { effect: 'write', target: ofNothing },
    listLiveness: { effect: 'read', target: ofNothing },
    putLiveness: { effect: 'write', target: ofNothing },
    forgetLiveness: { effect: 'write', target: ofNothing },
    addJournal: { effect: 'write', target: ofNothing },
    listJournal: { effect: 'read', target: ofAppointment },
    forgetJournal: { effect: 'write', target: ofNothing },
    listActivity: { effect: 'read', target: ofNothing },
    addSignals: { effect: 'write', target: ofNothing },
    listSignals: { effect: 'read', target: ofNothing },
    putSignal: { effect: 'write', target: ofNothing },
    forgetSignals: { effect: 'write', target: ofNothing },
    putEventRecords: { effect: 'write', target: ofNothing },
    listEventRecords: { effect: 'read', target: ofNothing },
    deleteEventRecords: { effect: 'write', target: ofNothing },
    ping: { effect: 'read', target: ofNothing },
    flush: { effect: 'read', target: ofNothing },
  },
};
