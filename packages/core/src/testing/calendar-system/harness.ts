import type { CalendarEvent, EventDraft, EventPage } from '../../domain/calendar-event.js';
import { DAY, HOUR, type Instant } from '../../domain/instant.js';
import type { ChannelNotification } from '../../domain/watch-channel.js';
import type { CalendarSystem } from '../../ports/calendar-system.js';
import { assertOk, assertTrue } from '../assert.js';
import { claims, type CalendarCapabilities } from '../../ports/capabilities.js';
import type { WholePort } from '../whole-port.js';
import type { MaybeAsync } from '../maybe-async.js';
import type { CalendarPerson } from '../calendar-person.js';

/** Our access to a calendar. `none`: it is not shared with us. */
export type CalendarAccess = 'none' | 'reader' | 'writer';

/** A new calendar system with two empty calendars that we may write to, and their users. */
export interface CalendarSystemHarness {
  readonly calendars: CalendarSystem;
  readonly calendarIds: readonly [string, string];
  readonly person: MaybeAsync<CalendarPerson>;
  /** Maximum number of events per page, small enough that the suite can fill some pages. Null: lists have no pages. */
  readonly pageSize: number | null;
  /** Address of the notifications. */
  readonly address: string;
  /** Returns the notifications received so far, after those in transit have arrived. */
  received(): Promise<readonly ChannelNotification[]>;
  /** Changes our access to a calendar. */
  share(calendarId: string, access: CalendarAccess): void | Promise<void>;
  /** Invalidates all sync tokens, and removes tombstones from full lists. */
  expireSyncTokens(): void | Promise<void>;
  /** The current time of the calendar system. */
  now(): Instant;
  /** Advances the time of the calendar system. */
  elapse(milliseconds: number): Promise<void>;
  /** Closes the harness. No timer and no socket may remain. */
  close(): Promise<void>;
}

/** Creates the calendar systems for the suite. */
export interface CalendarSystemFactory {
  /** The claimed capabilities (`supports`). The suite does not test the others. Default: all. */
  readonly supports?: Partial<CalendarCapabilities>;
  /** Creates a new harness for each test. */
  create(): Promise<CalendarSystemHarness>;
}

/** Declares a test with its own harness, which is always closed. */
export type CalendarTest = (title: string, body: (harness: WholeCalendarHarness) => Promise<void>) => void;

/** The harness with synchronous and asynchronous methods unified. */
export interface WholeCalendarHarness extends CalendarSystemHarness {
  readonly calendars: WholePort<CalendarSystem>;
}

/** Returns the instant `hours` into the day after tomorrow, in UTC. */
export function hour(harness: CalendarSystemHarness, hours: number): Instant {
  return Math.floor(harness.now() / DAY) * DAY + 2 * DAY + hours * HOUR;
}

export const EVENT_ID = 'loft0000001';

/** Returns a mirror of appointment 700123 in bay 1, from hour 18 to hour 19, with the given changes. */
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

/** The marks of every patch. */
export const MARKS = { appointmentId: '700123', bay: '1' } as const;

/** Inserts a mirror into the first or the given calendar. */
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

/** Reads all pages of a list, up to the sync token. */
export interface WholeList {
  readonly pages: readonly EventPage[];
  readonly events: readonly CalendarEvent[];
  /** Null if the calendar system has none. */
  readonly syncToken: string | null;
}

const MOST_PAGES = 100;

/** Reads a list to its end. Calls `between` after each page but the last. */
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
