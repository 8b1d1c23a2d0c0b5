import { expect } from 'chai';
import { HOUR, MINUTE, type CalendarEvent, type SyncErrorKind } from '@loft/sync-core';
import { NO_MARKS } from '#src/domain/calendar-event.js';
import { bookingAttention, eventAttention, type BookingAttention } from '#src/rules/needs-attention.js';
import { isOutdatedRead } from '#src/rules/decide.js';
import { createRules, isClosedCalendar, isOfClosedCalendar } from '#src/rules/rules.js';
import { supportedSettings } from '#src/rules/settings.js';
import type { BookingReading, EventReading } from '#src/rules/situation.js';
import { BAY1, BAY2, settingsWith, type Overrides } from '../engine/world.js';
import {
  aMap,
  anEditedEvent,
  anEvent,
  aTombstone,
  bookingSeen,
  END,
  eventSeen,
  FOREIGN_UNIT,
  HISTORY,
  ID,
  NOW,
  REFUSAL,
  SEEN,
  START,
  SYNCED,
} from './situations.js';

const RULES = createRules(settingsWith());
const TIME = { now: NOW, historyBefore: HISTORY };
const LATER = { start: START + HOUR, end: END + HOUR };
const INTENT = { kind: 'reschedule', ...LATER, bay: '1', since: NOW, triedAt: NOW, successor: null } as const;

describe('what a listed booking needs', () => {
  const of = (
    reading: BookingReading,
    map: ReturnType<typeof aMap> | null = aMap(),
    settings: Overrides = {},
  ): BookingAttention => bookingAttention(ID, reading, map, TIME, createRules(settingsWith(settings)));

  it('is nothing as long as it agrees with its map', () => {
    expect(of(bookingSeen())).to.equal('in-step');
  });

  it('is nothing because of a begun change, which has its own task', () => {
    expect(of(bookingSeen(), aMap({ intent: INTENT }))).to.equal('in-step');
    expect(of(bookingSeen(LATER), aMap({ intent: INTENT }))).to.equal('changed');
  });

  it('is decided although the list is older than the last write: the task reads again', () => {
    expect(of(bookingSeen({}, { at: SYNCED - 1 }))).to.equal('in-step');
    expect(of(bookingSeen({}, { at: SYNCED - 1 }), null)).to.equal('changed');
    const closes = aMap({ bookingWrittenAt: SEEN });
    expect(of(bookingSeen(LATER), closes)).to.equal('changed');
  });

  it('is a change if it is new, different or live again', () => {
    expect(of(bookingSeen(), null)).to.equal('changed');
    expect(of(bookingSeen(LATER))).to.equal('changed');
    expect(of(bookingSeen({ notes: 'Four players' }))).to.equal('changed');
    expect(of(bookingSeen(), aMap({ status: 'CANCELED' }))).to.equal('changed');
  });

  it('is a change also if it has a marker or another booking may be moving into its slot: the task reads that', () => {
    expect(of(bookingSeen({ notes: '[loft:700100] Two players' }), null)).to.equal('changed');
  });

  it('is nothing yet while it is unknown or over, and a canceled one stays canceled', () => {
    expect(of(bookingSeen({ status: 'unknown' }), null)).to.equal('none');
    expect(of(bookingSeen({ start: HISTORY - HOUR, end: HISTORY }), null)).to.equal('none');
    expect(of(bookingSeen({ status: 'dead' }), aMap({ status: 'CANCELED' }))).to.equal('in-step');
    expect(of(bookingSeen({ status: 'dead' }), null)).to.equal('none');
  });

  it('waits for a checkout', () => {
    const held = bookingSeen({ status: 'unknown' }, { heldUntil: NOW + MINUTE });
    expect(of(held, null)).to.equal('held');
  });

  it('is a cancellation, a removal or a report', () => {
    expect(of(bookingSeen({ status: 'dead' }))).to.equal('dead');
    const unrouted = bookingSeen({ resourceUnitId: FOREIGN_UNIT });
    expect(of(unrouted)).to.equal('movedAway');
    expect(of(unrouted, null)).to.equal('no-route');
  });
});

describe('what an event of a sync needs', () => {
  const of = (event: CalendarEvent, map: ReturnType<typeof aMap> | null = aMap()): string | null =>
    eventAttention(event, map, TIME, RULES);

  it('is nothing if it is the version of its map', () => {
    expect(of(anEvent())).to.equal(null);
    expect(of(anEditedEvent(LATER))).to.equal(ID);
  });

  it('is a task of the appointment of its marks, or of its id, if it has no map', () => {
    expect(of(anEvent(), null)).to.equal(ID);
    expect(of(anEvent({ marks: NO_MARKS }), null)).to.equal(ID);
    expect(of(anEvent({ marks: { ...anEvent().marks, appointmentId: '9' } }), null)).to.equal('9');
    expect(of(anEvent({ marks: NO_MARKS, eventId: 'copy1' }), null)).to.equal(null);
    expect(of(aTombstone(), null)).to.equal(null);
  });

  it('is nothing without a map if it is history', () => {
    const past = (end: number | null): CalendarEvent => anEvent({ start: HISTORY - HOUR, end });
    expect(of(past(HISTORY), null)).to.equal(null);
    expect(of(past(HISTORY + 1), null)).to.equal(ID);
    expect(of(past(null), null)).to.equal(ID);
  });

  it('is a report if its marks were removed', () => {
    const unmarked = anEditedEvent({ marks: NO_MARKS });
    expect(of(unmarked, aMap({ flags: { unmarked: true } }))).to.equal(ID);
  });

  it('is a removal if a canceled appointment’s event is active', () => {
    expect(of(anEvent(), aMap({ status: 'CANCELED' }))).to.equal(ID);
    expect(of(aTombstone(), aMap({ status: 'CANCELED' }))).to.equal(null);
  });

  it('is a task of the appointment that its marks name, if its map was canceled or transferred', () => {
    const others = anEditedEvent({ marks: { ...anEvent().marks, appointmentId: '9' } });
    const superseded = aMap({ status: 'CANCELED', supersededBy: '9' });
    expect(of(others, aMap({ status: 'CANCELED' }))).to.equal('9');
    expect(of(others, aMap())).to.equal(ID);
    expect(of(others, superseded)).to.equal('9');
    expect(of(anEvent(), superseded)).to.equal(ID);
    expect(of(aTombstone(), superseded)).to.equal(null);
  });
});

describe('a reading by id that is older than a list', () => {
  const { listShowsMs } = RULES.timing;
  const updated = (updatedAt: number | null): CalendarEvent => anEditedEvent({ updatedAt });
  const listed = (event: CalendarEvent, age = MINUTE): EventReading => eventSeen(event, { at: NOW - age });
  const isOutdated = (event: CalendarEvent, ...lists: readonly EventReading[]): boolean =>
    isOutdatedRead(eventSeen(event), lists, NOW, RULES);
  const gone = (change: Partial<CalendarEvent> = {}): CalendarEvent => aTombstone(change);

  it('shows an earlier version of the same event', () => {
    expect(isOutdated(updated(5), listed(updated(6)))).to.equal(true);
    expect(isOutdated(updated(6), listed(updated(6)))).to.equal(false);
    expect(isOutdated(updated(5), listed(updated(6)), listed(updated(4)))).to.equal(true);
    expect(isOutdated(updated(5), listed({ ...updated(6), eventId: 'copy1' }))).to.equal(false);
    expect(isOutdated(updated(5))).to.equal(false);
  });

  it('is not known to be older if one of the versions has no time', () => {
    expect(isOutdated(updated(null), listed(updated(6)))).to.equal(false);
    expect(isOutdated(updated(5), listed(updated(null)))).to.equal(false);
  });

  it('counts for two minutes after the list, and not before it', () => {
    expect(isOutdated(updated(5), listed(updated(6), listShowsMs - 1))).to.equal(true);
    expect(isOutdated(updated(5), listed(updated(6), listShowsMs))).to.equal(false);
    expect(isOutdated(updated(5), listed(updated(6), 0))).to.equal(true);
    expect(isOutdated(updated(5), listed(updated(6), -1))).to.equal(false);
  });

  it('does not find an event that a list has shown alive in another calendar', () => {
    const elsewhere = listed({ ...updated(6), calendarId: BAY2.calendarId });
    expect(isOutdated(gone(), elsewhere)).to.equal(true);
    expect(isOutdated(gone(), listed(updated(6)))).to.equal(false);
    expect(isOutdated(updated(7), elsewhere)).to.equal(false);
  });

  it('shows an event alive that a list has shown deleted in the same calendar', () => {
    expect(isOutdated(updated(5), listed(gone({ updatedAt: 6 })))).to.equal(true);
    expect(isOutdated(updated(7), listed(gone({ updatedAt: 6 })))).to.equal(false);
    expect(isOutdated(updated(7), listed(gone()))).to.equal(true);
    expect(isOutdated(gone({ updatedAt: 5 }), listed(gone({ updatedAt: 6 })))).to.equal(false);
    expect(isOutdated(updated(5), listed(gone({ updatedAt: 6, calendarId: BAY2.calendarId })))).to.equal(false);
  });
});

describe('a calendar that belongs to no bay of the settings', () => {
  it('is closed', () => {
    expect(isClosedCalendar('elsewhere', RULES)).to.equal(true);
    expect(isClosedCalendar(BAY1.calendarId, RULES)).to.equal(false);
  });

  it('delays nothing by a failure of its own, but by one of the account or of an outdated version', () => {
    const isOwn = (kind: SyncErrorKind, calendarId = 'elsewhere'): boolean =>
      isOfClosedCalendar({ ...REFUSAL, kind }, calendarId, RULES);
    for (const kind of ['forbidden', 'not-found', 'gone', 'transient', 'invalid'] as const) {
      expect(isOwn(kind), kind).to.equal(true);
      expect(isOwn(kind, BAY1.calendarId), kind).to.equal(false);
    }
    for (const kind of ['unauthorized', 'rate-limited', 'conflict'] as const) expect(isOwn(kind), kind).to.equal(false);
  });
});

describe('the settings that a booking system supports', () => {
  const settings = settingsWith();

  it('are all of them by default', () => {
    expect(supportedSettings(settings, {})).to.equal(settings);
    expect(supportedSettings(settings, { supports: { reschedule: true, checkouts: true } })).to.equal(settings);
  });

  it('revert a moved event if the system cannot reschedule in one call', () => {
    const cannot = { supports: { reschedule: false } };
    expect(supportedSettings(settings, cannot)).to.deep.equal({
      ...settings,
      uschedule: { ...settings.uschedule, reschedule: 'off' },
    });
    const rebook = settingsWith({ uschedule: { reschedule: 'rebook' } });
    expect(supportedSettings(rebook, cannot)).to.equal(rebook);
  });

  it('delay no new record if the system has no checkouts', () => {
    expect(supportedSettings(settings, { supports: { checkouts: false } })).to.deep.equal({
      ...settings,
      uschedule: { ...settings.uschedule, holdMinutes: 0, urgentMinutes: 0, urgentMinAgeMinutes: 0 },
    });
  });
});
