import { BOOKING_FEED, calendarFeedName } from '../domain/feed-state.js';
import type { SyncError, SyncSystem } from '../domain/sync-error.js';
import type { Result } from '../result.js';
import {
  isAppointmentId,
  isBooking,
  isBookingList,
  isChannelList,
  isCompletion,
  isDeadLetterOrNull,
  isEvent,
  isEventPage,
  isFeedStateOrNull,
  isFlag,
  isLeaseList,
  isLeaseOrNull,
  isMap,
  isMapList,
  isMapOrNull,
  isRecordList,
  isTaskCounts,
  isTaskList,
  isTimeList,
  isTimeOrNull,
  isWatchGrant,
} from './answer-shapes.js';
import type { BookingSystem } from './booking-system.js';
import type { CalendarSystem } from './calendar-system.js';
import type { SyncStore } from './sync-store.js';

/**
 * Effect of a call on the other side.
 * - `read`: none.
 * - `write`: data changes. Only the replica that holds the task's lease may send the call.
 * - `channel`: a watch channel changes. The service works without channels, so an error says nothing about the calendar.
 */
export type CallEffect = 'read' | 'write' | 'channel';

/** The subject of one call, as far as its arguments contain it. */
export interface CallTarget {
  readonly appointmentId?: string;
  readonly calendarId?: string;
  readonly eventId?: string;
  /** The target calendar of a move. */
  readonly toCalendarId?: string;
  /** The source whose run makes the call. */
  readonly feed?: string;
}

/** Describes one method of a port for decorators. */
export interface PortMethod<Args extends readonly unknown[]> {
  readonly effect: CallEffect;
  /** Returns the subject of a call with these arguments, for the logs. */
  readonly target: (...args: Args) => CallTarget;
  /** Quota units of one call. Absent: the call costs none. */
  readonly quotaUnits?: number;
  /** The call names no event: `not-found` means that the calendar is unknown or not shared with us. */
  readonly notFoundMeansCalendar?: true;
  /** Is the value a valid answer of the method? Absent: the answer has no value. */
  readonly isAnswer?: (value: unknown) => boolean;
}

type PortCall = (...args: never[]) => Promise<Result<unknown, SyncError>>;

/** Names of the methods of a port that return a `Result`. */
export type PortMethodName<P> = { [K in keyof P]-?: NonNullable<P[K]> extends PortCall ? K : never }[keyof P] & string;

/** One entry for each method of the port, including optional methods. A missing entry does not compile. */
export type PortMethods<P> = {
  readonly [K in PortMethodName<P>]: PortMethod<
    NonNullable<P[K]> extends (...args: infer Args) => unknown ? Args : never
  >;
};

/** A port with its system and methods: the argument of `decoratePort`. */
export interface PortDescription<P> {
  /** Name of the system if its adapter gives none. */
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

/** The methods of the booking system. */
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

/** The methods of the calendars, with Google's quota units (docs/google-calendar.md: a patch is the most expensive call). */
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

/** The methods of the store. `close` returns no `Result` and is not one of them. */
export const STORE_PORT: PortDescription<SyncStore> = {
  system: 'store',
  methods: {
    getMap: { effect: 'read', target: ofAppointment, isAnswer: isMapOrNull },
    findMapByEvent: { effect: 'read', target: (eventId) => ({ eventId }), isAnswer: isMapOrNull },
    listMaps: { effect: 'read', target: ofNothing, isAnswer: isMapList },
    putMap: {
      effect: 'write',
      target: ({ uscheduleAppointmentId }) => ofAppointment(uscheduleAppointmentId),
      isAnswer: isMap,
    },
    forgetMaps: { effect: 'write', target: ofNothing },
    addTasks: { effect: 'write', target: ofNothing },
    claimTasks: { effect: 'write', target: ofNothing, isAnswer: isTaskList },
    renewTask: { effect: 'write', target: ({ appointmentId }) => ({ appointmentId }) },
    completeTask: { effect: 'write', target: ({ appointmentId }) => ({ appointmentId }), isAnswer: isCompletion },
    postponeTask: { effect: 'write', target: ({ appointmentId }) => ({ appointmentId }) },
    deadLetterTask: { effect: 'write', target: ({ appointmentId }) => ({ appointmentId }) },
    releaseTasks: { effect: 'write', target: ofNothing },
    nextTaskDueAt: { effect: 'read', target: ofNothing, isAnswer: isTimeOrNull },
    countTasks: { effect: 'read', target: ofNothing, isAnswer: isTaskCounts },
    listDeadLetters: { effect: 'read', target: ofNothing, isAnswer: isTaskList },
    getDeadLetter: { effect: 'read', target: ofAppointment, isAnswer: isDeadLetterOrNull },
    deleteDeadLetter: { effect: 'write', target: ofAppointment },
    getFeedState: { effect: 'read', target: (feed) => ({ feed }), isAnswer: isFeedStateOrNull },
    putFeedState: { effect: 'write', target: ({ feed }) => ({ feed }) },
    acquireLease: { effect: 'write', target: ofNothing, isAnswer: isFlag },
    getLease: { effect: 'read', target: ofNothing, isAnswer: isLeaseOrNull },
    listLeases: { effect: 'read', target: ofNothing, isAnswer: isLeaseList },
    releaseLease: { effect: 'write', target: ofNothing },
    listChannels: { effect: 'read', target: ofNothing, isAnswer: isChannelList },
    putChannel: { effect: 'write', target: ({ calendarId }) => ({ calendarId }) },
    deleteChannel: { effect: 'write', target: ofNothing },
    listLiveness: { effect: 'read', target: ofNothing, isAnswer: isRecordList },
    putLiveness: { effect: 'write', target: ofNothing },
    forgetLiveness: { effect: 'write', target: ofNothing },
    addJournal: { effect: 'write', target: ofNothing },
    listJournal: { effect: 'read', target: ofAppointment, isAnswer: isRecordList },
    forgetJournal: { effect: 'write', target: ofNothing },
    listActivity: { effect: 'read', target: ofNothing, isAnswer: isRecordList },
    addSignals: { effect: 'write', target: ofNothing },
    listSignals: { effect: 'read', target: ofNothing, isAnswer: isRecordList },
    putSignal: { effect: 'write', target: ofNothing },
    forgetSignals: { effect: 'write', target: ofNothing },
    putEventRecords: { effect: 'write', target: ofNothing },
    listEventRecords: { effect: 'read', target: ofNothing, isAnswer: isRecordList },
    deleteEventRecords: { effect: 'write', target: ofNothing },
    ping: { effect: 'read', target: ofNothing },
    flush: { effect: 'read', target: ofNothing },
  },
};
