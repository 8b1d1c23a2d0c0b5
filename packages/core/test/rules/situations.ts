import { NO_MARKS } from '#src/domain/calendar-event.js';
import {
  DAY,
  HOUR,
  MINUTE,
  type Booking,
  type BookingEventMap,
  type CalendarEvent,
  type Instant,
  type SyncError,
} from '@loft/sync-core';
import type { EditRecord } from '#src/domain/event-record.js';
import { decide } from '#src/rules/decide.js';
import type { Decision, Verdict } from '#src/rules/decision.js';
import { createRules, type Rules } from '#src/rules/rules.js';
import type { BookingReading, EventReading, Situation } from '#src/rules/situation.js';
import { ACCOUNT, BAY1, settingsWith, type Overrides } from '../engine/world.js';

/** 11:00 in Phoenix. */
export const NOW: Instant = Date.UTC(2026, 0, 15, 18);
/** Midnight in Phoenix, yesterday: what ended by then is history. */
export const HISTORY: Instant = Date.UTC(2026, 0, 14, 7);
/** When the map was last stored, in the usual case: long before the echo window. */
export const SYNCED: Instant = NOW - HOUR;
/** When what is seen was asked for. */
export const SEEN: Instant = NOW - 1000;
/** When an event that a person has edited was edited: before the booking was read. */
export const EDITED: Instant = NOW - 5 * MINUTE;
export const START: Instant = NOW + 2 * DAY;
export const END: Instant = START + HOUR;
export const ID = '700123';
export const EVENT_ID = `loft${ID}`;
/** A unit that is no bay of ours. */
export const FOREIGN_UNIT = 9999;

export function aBooking(change: Partial<Booking> = {}): Booking {
  return {
    appointmentId: ID,
    status: 'live',
    resourceUnitId: BAY1.resourceUnitId,
    start: START,
    end: END,
    customerName: 'Ana R.',
    notes: 'Two players',
    customerId: '90001',
    createdAt: NOW - DAY,
    ...change,
  };
}

export function bookingSeen(change: Partial<Booking> = {}, reading: Partial<BookingReading> = {}): BookingReading {
  const booking = aBooking(change);
  return { at: SEEN, booking, status: booking.status, sure: true, ...reading };
}

/** The booking system does not know the appointment. */
export function bookingUnknownToSystem(reading: Partial<BookingReading> = {}): BookingReading {
  return { at: SEEN, booking: null, status: 'dead', sure: true, ...reading };
}

/** The mirror of `aBooking`, as we wrote it. */
export function anEvent(change: Partial<CalendarEvent> = {}): CalendarEvent {
  return {
    calendarId: BAY1.calendarId,
    eventId: EVENT_ID,
    etag: '"1"',
    createdAt: SYNCED,
    startOffsetMinutes: null,
    eventType: 'default',
    creatorEmail: 'sync-bot@calendars.example',
    creatorSelf: false,
    htmlLink: null,
    updatedAt: SYNCED,
    state: 'live',
    shape: 'timed',
    start: START,
    end: END,
    title: 'Ana R.',
    description: 'Two players',
    free: false,
    marks: { ...NO_MARKS, appointmentId: ID, managed: true, bay: '1' },
    ...change,
  };
}

/** Edited by a person: another etag. */
export function anEditedEvent(change: Partial<CalendarEvent> = {}): CalendarEvent {
  return anEvent({ etag: '"2"', updatedAt: EDITED, ...change });
}

export function aTombstone(change: Partial<CalendarEvent> = {}): CalendarEvent {
  return anEvent({
    etag: '',
    createdAt: null,
    eventType: null,
    creatorEmail: null,
    creatorSelf: null,
    updatedAt: null,
    state: 'gone',
    start: null,
    end: null,
    title: '',
    description: '',
    marks: NO_MARKS,
    ...change,
  });
}

export function eventSeen(event: CalendarEvent, reading: Partial<EventReading> = {}): EventReading {
  return { at: SEEN, event, proven: false, ...reading };
}

export function aMap(change: Partial<BookingEventMap> = {}): BookingEventMap {
  return {
    uscheduleAppointmentId: ID,
    googleCalendarId: BAY1.calendarId,
    googleEventId: EVENT_ID,
    lastSyncedAt: SYNCED,
    lastSource: 'USCHEDULE',
    etag: '"1"',
    version: 3,
    status: 'ACTIVE',
    base: { start: START, end: END, bay: '1', title: 'Ana R.', description: 'Two players' },
    fence: 7,
    bookingWrittenAt: null,
    eventUpdatedAt: SYNCED,
    intent: null,
    supersededBy: null,
    ...change,
  };
}

/** A person's edit of the mirror, as it is recorded: by default it has only been seen, and changed nothing. */
export function anEdit(change: Partial<EditRecord> = {}): EditRecord {
  return {
    kind: 'edit',
    id: ID,
    appointmentId: ID,
    at: NOW,
    bay: '1',
    change: 'moved',
    start: START,
    end: END,
    toBay: '1',
    base: { start: START, end: END, bay: '1' },
    customerName: 'Ana R.',
    state: 'seen',
    putBacks: 0,
    putBackAt: null,
    waitsFor: null,
    ...change,
  };
}

export const REFUSAL: SyncError = {
  kind: 'refused',
  system: 'uschedule',
  method: 'rescheduleappointment',
  message: 'That time is no longer available.',
};

export function aSituation(change: Partial<Situation> = {}): Situation {
  return {
    appointmentId: ID,
    now: NOW,
    historyBefore: HISTORY,
    map: null,
    refusal: null,
    derived: null,
    contested: false,
    inSlot: [],
    edits: [],
    accounts: [ACCOUNT],
    copies: [],
    slotHolder: null,
    removals: { would: 1, of: 1, isAccountProven: true },
    ...change,
  };
}

/** What the table says about a situation, under the default settings or with parts of them replaced. */
export function verdictOn(change: Partial<Situation>, settings: Overrides = {}): Verdict {
  const { record: _record, ...verdict } = rowOf(aSituation(change), createRules(settingsWith(settings))) as Decision;
  return verdict;
}

/** The row that a situation comes to, once the edit it is about is recorded: that is a step on the way to each such row. */
export function rowOf(situation: Situation, rules: Rules): Verdict {
  const verdict = decide(situation, rules);
  if (verdict.kind !== 'decision' || verdict.action.do !== 'record-edits') return verdict;
  const isStep = verdict.reason !== 'edit-held' && verdict.reason !== 'change-undone';
  return isStep ? decide({ ...situation, edits: verdict.action.edits }, rules) : verdict;
}
