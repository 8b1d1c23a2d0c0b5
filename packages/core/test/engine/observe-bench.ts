import {
  Err,
  Ok,
  type BookingEventMap,
  type BookingSystem,
  type CalendarEvent,
  type CalendarSystem,
  type SyncError,
} from '@loft/sync-core';
import type { SyncStore } from '@loft/sync-core/store';
import type { EventPage } from '#src/domain/calendar-event.js';
import type { EngineParts } from '#src/engine/engine-parts.js';
import { observe } from '#src/engine/observe/observer.js';
import type { ObservationTarget } from '#src/rules/decision.js';
import type { Situation } from '#src/rules/situation.js';
import { type aBooking, aSituation, END, NOW, START } from '../rules/situations.js';
import { ActBench, failure, type Answers } from './act-bench.js';
import type { Overrides } from './world.js';

export const OTHER = '700200';
export const CLOSED = 'elsewhere@group.calendar.google.com';
export const FAILS = failure('google', 'transient');
export const STORE_FAILS = failure('store', 'transient');
export const NOT_FOUND = failure('uschedule', 'not-found');
export const INTENT = {
  kind: 'reschedule',
  start: START,
  end: END,
  bay: '1',
  since: NOW,
  triedAt: NOW,
  successor: null,
} as const;

type Target = Exclude<ObservationTarget, 'successor'>;

export function aPage(events: readonly CalendarEvent[], change: Partial<EventPage> = {}): EventPage {
  return {
    events,
    nextPageToken: null,
    nextSyncToken: 'next',
    writable: true,
    timeZone: null,
    summary: null,
    ...change,
  };
}

/** Answers of both systems and the store, by the ids that they are asked for. */
export interface Given {
  /** Live events, by calendar and id; an error is the answer to every call to that calendar. */
  readonly events?: readonly CalendarEvent[];
  readonly errors?: Readonly<Record<string, SyncError>>;
  readonly bookings?: Partial<BookingSystem>;
  readonly store?: Partial<SyncStore>;
  readonly calendars?: Partial<CalendarSystem>;
  readonly settings?: Overrides;
}

export class ObserveBench {
  readonly act = new ActBench();
  readonly parts: EngineParts;
  /** The calls to the calendars: `get bay-1 loft700123`. */
  readonly calls: string[] = [];

  constructor({ events = [], errors = {}, bookings, store, calendars, settings = {} }: Given = {}) {
    const found = (calendarId: string, eventId: string): CalendarEvent | undefined =>
      events.find((event) => event.calendarId === calendarId && event.eventId === eventId);
    const answers: Answers = {
      ...(bookings ? { bookings } : {}),
      ...(store ? { store } : {}),
      calendars: {
        getEvent: async (calendarId, eventId) => {
          this.calls.push(`get ${nameOf(calendarId)} ${eventId}`);
          const error = errors[calendarId];
          if (error) return Err(error);
          const event = found(calendarId, eventId);
          return event ? Ok(event) : Err(failure('google', 'not-found'));
        },
        listEvents: async (calendarId, { syncToken }) => {
          this.calls.push(`list ${nameOf(calendarId)} ${syncToken ?? 'all'}`);
          const error = errors[calendarId];
          return error ? Err(error) : Ok(aPage(events.filter((event) => event.calendarId === calendarId)));
        },
        ...calendars,
      },
    };
    this.parts = this.act.parts(settings, answers);
  }

  async put(...maps: readonly BookingEventMap[]): Promise<void> {
    for (const map of maps) (await this.act.store.putMap({ ...map, version: 0 })).unwrap();
  }

  async token(calendarId: string, syncToken = 'token'): Promise<void> {
    const state = { feed: `calendar:${calendarId}`, syncToken, tokenParameters: null, stopped: null, resumed: false };
    (await this.act.store.putFeedState({ ...state, savedAt: 0 })).unwrap();
  }

  async observe(target: Target, change: Partial<Situation>): Promise<Situation> {
    return (await this.result(target, change)).unwrap();
  }

  result(target: Target, change: Partial<Situation>): ReturnType<typeof observe> {
    return observe({ kind: 'observe', target }, aSituation({ now: this.act.clock.now(), ...change }), this.parts);
  }

  async error(target: Target, change: Partial<Situation>): Promise<SyncError | null> {
    const result = await this.result(target, change);
    return result.err ? result.val : null;
  }
}

function nameOf(calendarId: string): string {
  return calendarId.split('@')[0] ?? calendarId;
}

export const bookingSystem = (
  answers: Readonly<Record<string, ReturnType<typeof aBooking> | SyncError>>,
): Partial<BookingSystem> => ({
  getBooking: async (id) => {
    const answer = answers[id] ?? NOT_FOUND;
    return 'kind' in answer ? Err(answer) : Ok(answer);
  },
});
