import type { CalendarEvent, EventDraft, EventPage } from '../../domain/calendar-event.js';
import { DAY, HOUR, type Instant } from '../../domain/instant.js';
import type { ChannelNotification } from '../../domain/watch-channel.js';
import type { CalendarSystem } from '../../ports/calendar-system.js';
import { assertOk, assertTrue } from '../assert.js';
import { claims, type CalendarCapabilities } from '../../ports/capabilities.js';
import type { WholePort } from '../whole-port.js';
import type { MaybeAsync } from '../maybe-async.js';
import type { CalendarPerson } from '../calendar-person.js';

/** What we may do with a calendar. `none`: it is not shared with us. */
export type CalendarAccess = 'none' | 'reader' | 'writer';

/** A fresh calendar system with two empty calendars that we may write to, and the people who use it. */
export interface CalendarSystemHarness {
  readonly calendars: CalendarSystem;
  readonly calendarIds: readonly [string, string];
  readonly person: MaybeAsync<CalendarPerson>;
  /** A page of a list holds at most so many events. Small, so that the suite can fill some. null: lists are not paged. */
  readonly pageSize: number | null;
  /** Where notifications can be received. */
  readonly address: string;
  /** Notifications received so far, once all that were under way have arrived. */
  received(): Promise<readonly ChannelNotification[]>;
  /** Changes what we may do with a calendar. */
  share(calendarId: string, access: CalendarAccess): void | Promise<void>;
  /** Makes all sync tokens worthless, and lets full lists forget what is deleted by now. */
  expireSyncTokens(): void | Promise<void>;
  /** The calendar system's time. */
  now(): Instant;
  /** Lets time pass for the calendar system. */
  elapse(milliseconds: number): Promise<void>;
  /** Ends it: no timer and no socket is left. */
  close(): Promise<void>;
}

/** Makes the calendar systems that the suite tests. */
export interface CalendarSystemFactory {
  /** What the calendar systems say of themselves in `supports`: of the rest nothing is asked. Default: everything. */
  readonly supports?: Partial<CalendarCapabilities>;
  /** A fresh one for each test. */
  create(): Promise<CalendarSystemHarness>;
}

/** A test with its own harness, which is closed in any case. */
export type CalendarTest = (title: string, body: (harness: WholeCalendarHarness) => Promise<void>) => void;

/** The harness as tests use it. */
export interface WholeCalendarHarness extends CalendarSystemHarness {
  readonly calendars: WholePort<CalendarSystem>;
}

/** So many hours into the day after tomorrow, by UTC. */
export function hour(harness: CalendarSystemHarness, hours: number): Instant {
  return Math.floor(harness.now() / DAY) * DAY + 2 * DAY + hours * HOUR;
}

export const EVENT_ID = 'loft0000001';

/** A mirror of appointment 700123 in bay 1, from hour 18 to hour 19, with anything else as wanted. */
export function draft(harness: CalendarSystemHarness, wanted: Partial<EventDraft> = {}): EventDraft {
  return {
    start: hour(harness, 18),
    end: hour(harness, 19),
    title: 'Ann Example',
    description: 'Two players\nLeft-handed clubs',
    free: false,
    appointmentId: '700123',
    bay: '1',
    ...wanted,
  };
}

/** The marks that every patch carries. */
export const MARKS = { appointmentId: '700123', bay: '1' } as const;

/** Inserts a mirror into the first calendar, or the one given. */
export async function insert(
  harness: CalendarSystemHarness,
  wanted: Partial<EventDraft> = {},
  eventId: string = EVENT_ID,
  calendarId: string = harness.calendarIds[0],
): Promise<CalendarEvent> {
  return assertOk(await harness.calendars.insertEvent(calendarId, eventId, draft(harness, wanted)));
}

export async function read(
  harness: CalendarSystemHarness,
  eventId: string = EVENT_ID,
  calendarId: string = harness.calendarIds[0],
): Promise<CalendarEvent> {
  return assertOk(await harness.calendars.getEvent(calendarId, eventId));
}

/** All pages of a list, to the sync token. */
export interface WholeList {
  readonly pages: readonly EventPage[];
  readonly events: readonly CalendarEvent[];
  /** null: the calendar system has none. */
  readonly syncToken: string | null;
}

const MOST_PAGES = 100;

/** Reads a list to its end. `between` is called after each page but the last. */
export async function readList(
  harness: WholeCalendarHarness,
  syncToken: string | null = null,
  calendarId: string = harness.calendarIds[0],
  between: () => void | Promise<void> = () => {},
): Promise<WholeList> {
  const pages: EventPage[] = [];
  let pageToken: string | null = null;
  for (;;) {
    assertTrue(pages.length < MOST_PAGES, 'the list has an end');
    const page: EventPage = assertOk(await harness.calendars.listEvents(calendarId, { syncToken, pageToken }));
    pages.push(page);
    pageToken = page.nextPageToken;
    if (pageToken === null) {
      const hasTokens = claims<CalendarCapabilities>(harness.calendars, 'syncToken');
      assertTrue(!hasTokens || page.nextSyncToken !== null, 'the last page carries a sync token');
      return { pages, events: pages.flatMap(({ events }) => events), syncToken: page.nextSyncToken };
    }
    assertTrue(page.nextSyncToken === null, 'only the last page carries a sync token');
    await between();
  }
}
