import { NO_MARKS } from '#src/domain/calendar-event.js';
import { expect } from 'chai';
import { DAY, HOUR, MINUTE, type Booking, type CalendarEvent } from '@loft/sync-core';
import type { Content } from '@loft/sync-core/store';
import type { EditRecord } from '#src/domain/event-record.js';
import type { Action, Reason, RoutedContent, Verdict } from '#src/rules/decision.js';
import { decide } from '#src/rules/decide.js';
import { createRules } from '#src/rules/rules.js';
import { textDigest } from '#src/rules/event-marks.js';
import { insertWriteId } from '#src/rules/event-marks.js';
import { ACCOUNT, BAY1, BAY2, settingsWith } from '../engine/world.js';
import { TABLE } from './decision-table.js';
import {
  aMap,
  anEdit,
  anEditedEvent,
  anEvent,
  aSituation,
  aTombstone,
  bookingSeen,
  bookingUnknownToSystem,
  EDITED,
  END,
  EVENT_ID,
  eventSeen,
  FOREIGN_UNIT,
  HISTORY,
  ID,
  NOW,
  REFUSAL,
  rowOf,
  SEEN,
  START,
  SYNCED,
  verdictOn,
} from './situations.js';

const BASE: RoutedContent = { start: START, end: END, bay: '1', title: 'Ana R.', description: 'Two players' };
/** When the mirror was deleted. */
const GONE_AT = NOW - MINUTE;
const LATER = { start: START + 2 * HOUR, end: END + 2 * HOUR };
const EVEN_LATER = { start: START + 4 * HOUR, end: END + 4 * HOUR };
const LOOK_AT_BOOKING: Verdict = { kind: 'observe', target: 'booking' };
const LOOK_AT_EVENT: Verdict = { kind: 'observe', target: 'event' };
/** The report about an event without our properties that a user has moved. */
const APART = 'the event was moved after its marks were removed: the two sides differ';
const CANCELED = aMap({ status: 'CANCELED' });

function decision(reason: Reason, action: Action, detail: string | null = null): Verdict {
  return { kind: 'decision', reason, action, detail };
}

/** A row that reverts a refused edit. */
function refusedBy(reason: Reason, action: Action): Verdict {
  return { kind: 'decision', reason, action, detail: null, refusal: REFUSAL };
}

function nothing(reason: Reason, detail: string | null = null): Verdict {
  return decision(reason, { do: 'nothing' }, detail);
}

function wait(until: number | null): Verdict {
  return { kind: 'wait', until };
}

function base(change: Partial<Content> = {}): RoutedContent {
  return { ...BASE, ...change } as RoutedContent;
}

/** A write to the mirror as it was stored, or as it was `seen`. */
function write(
  fields: object,
  wanted: RoutedContent,
  seen: CalendarEvent = anEvent(),
  moveTo: string | null = null,
): Action {
  const { calendarId, etag: ifMatch, start, end } = seen;
  const assumed = { start, end };
  return {
    do: 'write-event',
    write: { calendarId, eventId: EVENT_ID, moveTo, fields, ifMatch, assumed, base: wanted },
  };
}

const dead = (change: Partial<Booking> = {}) => bookingSeen({ status: 'dead', ...change });
const edited = (change: Partial<CalendarEvent>, reading = {}) => eventSeen(anEditedEvent(change), reading);
const gone = (reading = {}) => eventSeen(aTombstone(), reading);
/** The event is in the other bay's calendar, and no longer in its own. */
const onBay2 = (change: Partial<CalendarEvent> = {}) =>
  edited({ calendarId: BAY2.calendarId, ...change }, { proven: true });

/** Titles of single tests continue with the action of the row. */
function isNamed(title: string, name: string): boolean {
  return title === name || title.startsWith(`${name}: `);
}

describe('decide, row by row', () => {
  it('row 1 · new-booking: creates the event on its bay', () => {
    expect(verdictOn({ booking: bookingSeen() })).to.deep.equal(
      decision('new-booking', { do: 'create-event', bay: BAY1, base: BASE }),
    );
    expect(verdictOn({ booking: bookingSeen({ resourceUnitId: BAY2.resourceUnitId }) })).to.deep.equal(
      decision('new-booking', { do: 'create-event', bay: BAY2, base: base({ bay: '2' }) }),
    );
  });

  it('row 1a · checkout-held: waits until the hold of a checkout ends, and reports until when', () => {
    const until = NOW + 5 * MINUTE;
    const booking = bookingSeen({ status: 'unknown' }, { heldUntil: until });
    expect(verdictOn({ booking })).to.deep.equal({
      ...nothing('checkout-held', 'a checkout may be in progress until 2026-01-15 11:05:00'),
      recheckAt: until,
    });
    const over = bookingSeen({ status: 'unknown' }, { heldUntil: NOW });
    expect(verdictOn({ booking: over })).to.deep.equal({ kind: 'wait', until: null });
  });

  it('row 2 · no-route: does nothing for a unit without a bay, and names it', () => {
    const booking = bookingSeen({ resourceUnitId: FOREIGN_UNIT });
    const expected = nothing('no-route', 'no bay is configured for unit 9999');
    expect(verdictOn({ booking })).to.deep.equal(expected);
    const notOurs = { eventId: 'given0by0the0server' };
    const foreign = { calendarId: 'elsewhere@group.calendar.google.com' };
    const mark = { title: 'CANCELED: Ana R.', free: true };
    for (const change of [notOurs, foreign, mark, { shape: 'all-day' }] as const) {
      expect(verdictOn({ booking, event: eventSeen(anEvent(change)) })).to.deep.equal(expected);
    }
  });

  it('row 4 · adopt: adopts our unrecorded insert whose booking has moved to a unit without a bay', () => {
    const booking = bookingSeen({ ...LATER, resourceUnitId: FOREIGN_UNIT });
    const event = anEvent({ calendarId: BAY2.calendarId });
    expect(verdictOn({ booking, event: eventSeen(event) })).to.deep.equal(
      decision('adopt', { do: 'adopt-event', event, write: null, base: base({ bay: '2' }) }),
    );
    const transferred = { ...event, eventId: 'loft690001' };
    expect(verdictOn({ booking, event: eventSeen(transferred) })).to.have.nested.property('action.event', transferred);
  });

  it('row 3 · dead-on-arrival: does nothing for a dead booking that was never mirrored', () => {
    for (const booking of [dead(), bookingUnknownToSystem()]) {
      expect(verdictOn({ booking })).to.deep.equal(nothing('dead-on-arrival'));
      expect(verdictOn({ booking, event: gone() })).to.deep.equal(nothing('dead-on-arrival'));
    }
    const mark = anEvent({ title: 'CANCELED: Ana R.', free: true });
    expect(verdictOn({ booking: dead(), event: eventSeen(mark) })).to.deep.equal(nothing('dead-on-arrival'));
  });

  it('row 4 · adopt: adopts the event unchanged, or writes the differences', () => {
    const event = anEvent();
    expect(verdictOn({ booking: bookingSeen(), event: eventSeen(event) })).to.deep.equal(
      decision('adopt', { do: 'adopt-event', event, write: null, base: BASE }),
    );
    const marks = { ...anEvent().marks, titleDigest: textDigest('Ann') };
    const old = anEvent({ calendarId: BAY2.calendarId, start: LATER.start, end: LATER.end, title: 'Ann', marks });
    const verdict = verdictOn({ booking: bookingSeen(), event: eventSeen(old) });
    expect(verdict).to.deep.equal(
      decision('adopt', {
        do: 'adopt-event',
        event: old,
        write: {
          calendarId: BAY2.calendarId,
          eventId: EVENT_ID,
          moveTo: BAY1.calendarId,
          fields: { start: START, end: END, title: 'Ana R.' },
          ifMatch: '"1"',
          assumed: LATER,
          base: BASE,
        },
        base: BASE,
      }),
    );
  });

  it('row 4 · adopt: adopts an insert of this task in its inserted state, although it was edited or deleted since', () => {
    // A host's clock may have fractions of a millisecond.
    const task = NOW - MINUTE + 0.25;
    const write = insertWriteId({ start: START, end: END, task });
    const marks = { ...anEvent().marks, write };
    const deleted = anEvent({ state: 'gone', etag: '"7"', marks });
    const dragged = anEvent({ ...LATER, marks });
    const moved = anEvent({ calendarId: BAY2.calendarId, marks });
    for (const event of [deleted, dragged, moved]) {
      const asInserted = { ...event, etag: '', calendarId: BAY1.calendarId };
      expect(verdictOn({ booking: bookingSeen(), event: eventSeen(event), taskCreatedAt: task })).to.deep.equal(
        decision('adopt', { do: 'adopt-event', event: asInserted, write: null, base: BASE }),
      );
    }
    for (const taskCreatedAt of [task + 1, undefined]) {
      const anew = { booking: bookingSeen(), event: eventSeen(deleted), ...(taskCreatedAt ? { taskCreatedAt } : {}) };
      expect(verdictOn(anew)).to.have.property('reason', 'new-booking');
    }
  });

  it('row 4 · adopt: later writes the changed text of an own insert that was dragged before its map was stored', () => {
    const task = NOW - MINUTE;
    const write = insertWriteId({ start: START, end: END, task });
    const marks = { ...anEvent().marks, write, descriptionDigest: textDigest('Two players') };
    const event = eventSeen(anEvent({ ...LATER, marks }));
    const booking = bookingSeen({ notes: 'Three players' });
    expect(verdictOn({ booking, event, taskCreatedAt: task })).to.have.nested.property(
      'action.base.description',
      'Two players',
    );
  });

  it("row 4 · adopt: keeps a user's text, and a text without a digest", () => {
    const digests = { titleDigest: textDigest('Ana R.'), descriptionDigest: textDigest('Two players') };
    for (const marks of [anEvent().marks, { ...anEvent().marks, ...digests }]) {
      const event = anEvent({ title: 'Ana (birthday!)', description: 'Bring cake', marks });
      expect(verdictOn({ booking: bookingSeen(), event: eventSeen(event) })).to.deep.equal(
        decision('adopt', { do: 'adopt-event', event, write: null, base: BASE }),
      );
    }
  });

  it('row 4 · adopt: adopts an event with a derived id that has lost its properties, and stamps it', () => {
    for (const eventId of [EVENT_ID, `${EVENT_ID}g3`]) {
      const event = anEvent({ eventId, marks: NO_MARKS });
      const { calendarId, etag: ifMatch, start, end } = event;
      const stamp = { calendarId, eventId, moveTo: null, fields: {}, ifMatch, assumed: { start, end }, base: BASE };
      expect(verdictOn({ booking: bookingSeen(), event: eventSeen(event) })).to.deep.equal(
        decision('adopt', { do: 'adopt-event', event, write: { ...stamp, stamp: true }, base: BASE }),
      );
    }
  });

  it('row 5 · orphan: removes the event of a booking that is surely dead', () => {
    const event = anEvent();
    for (const booking of [dead(), bookingUnknownToSystem()]) {
      expect(verdictOn({ booking, event: eventSeen(event) })).to.deep.equal(
        decision('orphan', { do: 'cancel-event', event }),
      );
    }
    const listed = bookingSeen({ status: 'dead' }, { sure: false });
    expect(verdictOn({ booking: listed, event: eventSeen(event) })).to.deep.equal(LOOK_AT_BOOKING);
  });

  it('row 5 · orphan: keeps an event whose visit is over', () => {
    const event = eventSeen(anEvent({ start: NOW - HOUR, end: NOW }));
    expect(verdictOn({ booking: dead(), event })).to.deep.equal(nothing('past'));
    const ends = anEvent({ start: NOW - HOUR, end: NOW + 1 });
    expect(verdictOn({ booking: dead(), event: eventSeen(ends) })).to.have.property('reason', 'orphan');
  });

  it('row 5a · orphan-foreign: keeps the event of another account, and names the account', () => {
    const event = eventSeen(anEvent({ creatorEmail: 'person@example.com' }));
    expect(verdictOn({ booking: dead(), event })).to.deep.equal(
      nothing('orphan-foreign', `event ${EVENT_ID} was made by person@example.com`),
    );
    const former = { google: { formerAccounts: ['person@example.com'] } };
    expect(verdictOn({ booking: dead(), event }, former)).to.have.property('reason', 'orphan');
    const unsaid = eventSeen(anEvent({ creatorEmail: null }));
    expect(verdictOn({ booking: dead(), event: unsaid, accounts: [] })).to.have.property('reason', 'orphan');
  });

  it('row 5b · orphan-unproven: keeps an event that is older than the kept maps', () => {
    const keptMs = 241 * DAY;
    const createdBefore = (ms: number) =>
      verdictOn({ booking: dead(), event: eventSeen(anEvent({ createdAt: NOW - ms })) });
    expect(createdBefore(keptMs)).to.have.property('reason', 'orphan');
    expect(createdBefore(keptMs + 1)).to.deep.equal(
      nothing('orphan-unproven', 'the event is older than the records that are kept: is it of a visit of long ago?'),
    );
  });

  it('row 6 · orphan-unproven: keeps the event if the booking is not found and the account has never shown a booking', () => {
    const removals = { would: 1, of: 1, isAccountProven: false };
    const event = eventSeen(anEvent());
    const unproven = (taskCreatedAt?: number) =>
      verdictOn({
        booking: bookingUnknownToSystem(),
        event,
        removals,
        ...(taskCreatedAt !== undefined && { taskCreatedAt }),
      });
    const { unprovenAgainMs, longestWaitMs } = createRules(settingsWith()).timing;
    expect(unproven()).to.deep.equal({
      ...nothing(
        'orphan-unproven',
        'the booking system knows no appointment of our calendars: is it the right account?',
      ),
      recheckAt: NOW + unprovenAgainMs,
    });
    expect(unproven(NOW + HOUR)).to.have.property('recheckAt', NOW + unprovenAgainMs);
    expect(unproven(NOW - 2 * unprovenAgainMs)).to.have.property('recheckAt', NOW + 2 * unprovenAgainMs);
    expect(unproven(NOW - DAY)).to.have.property('recheckAt', NOW + longestWaitMs / 2);
    expect(verdictOn({ booking: dead(), event, removals })).to.have.property('reason', 'orphan');
  });

  it('row 6 · orphan-unproven: removes nothing if too many events would be removed, and reports that', () => {
    const event = eventSeen(anEvent());
    const removing = (would: number, of: number, settings = {}) =>
      verdictOn({ booking: dead(), event, removals: { would, of, isAccountProven: true } }, settings);
    const message = '6 of 11 events would be removed: the account or the address may be the wrong one';
    const stopped = nothing('orphan-unproven', message);
    const { unprovenAgainMs } = createRules(settingsWith()).timing;
    expect(removing(6, 11)).to.deep.equal({
      ...stopped,
      recheckAt: NOW + unprovenAgainMs,
      notice: { level: 'error', message },
    });
    const again = (taskCreatedAt: number) =>
      verdictOn({
        booking: dead(),
        event,
        removals: { would: 6, of: 11, isAccountProven: true },
        retried: true,
        taskCreatedAt,
      });
    expect(again(NOW - 2 * unprovenAgainMs)).to.deep.equal({ ...stopped, recheckAt: NOW + 2 * unprovenAgainMs });
    expect(again(NOW - HOUR + 1)).to.have.property('recheckAt');
    expect(again(NOW - HOUR)).to.deep.equal(stopped);
    expect(removing(6, 12)).to.have.property('reason', 'orphan');
    expect(removing(5, 5)).to.have.property('reason', 'orphan');
    expect(removing(12, 12, { rules: { massChangeLimit: 1 } })).to.have.property('reason', 'orphan');
  });

  it('row 6 · orphan-unproven: counts the removals before the first one', () => {
    const { removals: _none, ...uncounted } = aSituation({ booking: dead(), event: eventSeen(anEvent()) });
    expect(decide(uncounted, createRules(settingsWith()))).to.deep.equal({ kind: 'observe', target: 'removals' });
  });

  it('row 6 · orphan-unproven: does not change an event whose booking is neither live nor dead for certain', () => {
    const booking = bookingSeen({ status: 'unknown' });
    expect(verdictOn({ booking, event: eventSeen(anEvent()) })).to.deep.equal(
      nothing('orphan-unproven', 'the event carries our marks, but nothing proves its booking live or dead'),
    );
    const mark = anEvent({ title: 'CANCELED: Ana R.', free: true });
    expect(verdictOn({ booking, event: eventSeen(mark) })).to.deep.equal(wait(null));
    expect(verdictOn({ booking })).to.deep.equal(wait(null));
  });

  it('row 7 · not-managed: ignores an event without our properties', () => {
    const strange = NO_MARKS;
    for (const marks of [strange, { ...strange, managed: true }, { ...strange, appointmentId: ID }]) {
      const other = eventSeen(anEvent({ marks, eventId: 'strange1' }));
      expect(verdictOn({ event: other })).to.deep.equal(nothing('not-managed'));
      expect(verdictOn({ event: eventSeen(anEvent({ marks })) })).to.deep.equal(LOOK_AT_BOOKING);
      expect(verdictOn({ map: aMap(), booking: bookingSeen(), event: other })).to.deep.equal(nothing('not-managed'));
      expect(verdictOn({ map: CANCELED, booking: dead(), event: other })).to.deep.equal(nothing('not-managed'));
    }
    const foreign = anEvent({ marks: { ...NO_MARKS, appointmentId: '700999', managed: true, bay: '1' } });
    expect(verdictOn({ event: eventSeen(foreign) })).to.deep.equal(nothing('not-managed'));
    expect(verdictOn({ booking: bookingSeen(), event: eventSeen(foreign) })).to.deep.equal(
      decision('new-booking', { do: 'create-event', bay: BAY1, base: BASE }),
    );
  });

  it('row 8 · in-sync: does nothing while both sides are unchanged', () => {
    const map = aMap();
    for (const booking of [bookingSeen(), bookingSeen({ notes: ' Two  players\r\n' })]) {
      expect(verdictOn({ map, booking })).to.deep.equal(nothing('in-sync'));
      expect(verdictOn({ map, booking, event: eventSeen(anEvent()) })).to.deep.equal(nothing('in-sync'));
      expect(verdictOn({ map, booking, event: edited({}) })).to.deep.equal(nothing('in-sync'));
    }
    expect(verdictOn({ map, event: eventSeen(anEvent()) })).to.deep.equal(nothing('in-sync'));
    expect(verdictOn({ map, event: edited({}) })).to.deep.equal(nothing('in-sync'));
  });

  it('row 9 · booking-changed: writes only the changes of the booking', () => {
    const map = aMap();
    const moved = base(LATER);
    for (const event of [undefined, eventSeen(anEvent())]) {
      expect(verdictOn({ map, booking: bookingSeen(LATER), event })).to.deep.equal(
        decision('booking-changed', write(LATER, moved)),
      );
    }
    expect(verdictOn({ map, booking: bookingSeen({ notes: 'Three' }) })).to.deep.equal(
      decision('booking-changed', write({ description: 'Three' }, base({ description: 'Three' }))),
    );
    expect(verdictOn({ map, booking: bookingSeen({ customerName: 'Bo', end: LATER.end }) })).to.deep.equal(
      decision(
        'booking-changed',
        write({ start: START, end: LATER.end, title: 'Bo' }, base({ end: LATER.end, title: 'Bo' })),
      ),
    );
  });

  it('row 9 · booking-changed: keeps the text that a user gave the event', () => {
    const event = edited({ title: 'Ana (birthday!)' });
    expect(verdictOn({ map: aMap(), booking: bookingSeen(LATER), event })).to.deep.equal(
      decision('booking-changed', write(LATER, base(LATER), event.event)),
    );
  });

  it('row 10 · booking-moved-bay: moves the event to the other calendar', () => {
    const booking = bookingSeen({ resourceUnitId: BAY2.resourceUnitId });
    expect(verdictOn({ map: aMap(), booking })).to.deep.equal(
      decision('booking-moved-bay', write({}, base({ bay: '2' }), anEvent(), BAY2.calendarId)),
    );
    const later = bookingSeen({ resourceUnitId: BAY2.resourceUnitId, ...LATER });
    expect(verdictOn({ map: aMap(), booking: later })).to.deep.equal(
      decision('booking-moved-bay', write(LATER, base({ bay: '2', ...LATER }), anEvent(), BAY2.calendarId)),
    );
  });

  it('row 10 · booking-moved-bay: removes the event if the booking moved to a unit without a bay', () => {
    const booking = bookingSeen({ resourceUnitId: FOREIGN_UNIT });
    expect(verdictOn({ map: aMap(), booking })).to.deep.equal(
      decision('booking-moved-bay', { do: 'cancel-event', event: null }),
    );
    for (const event of [anEditedEvent(), anEditedEvent(LATER), anEditedEvent({ shape: 'all-day', start: null })]) {
      expect(verdictOn({ map: aMap(), booking, event: eventSeen(event) })).to.deep.equal(
        decision('booking-moved-bay', { do: 'cancel-event', event }),
      );
    }
    const tombstone = aTombstone();
    expect(verdictOn({ map: aMap(), booking, event: gone({ proven: true }) })).to.deep.equal(
      decision('booking-moved-bay', { do: 'cancel-event', event: tombstone }),
    );
    const event = anEditedEvent(LATER);
    expect(verdictOn({ map: aMap(), booking, event: eventSeen(event), refusal: REFUSAL })).to.deep.equal(
      refusedBy('booking-moved-bay', { do: 'cancel-event', event }),
    );
  });

  it('row 10 · booking-moved-bay: does not write to a calendar that is no longer ours', () => {
    const map = aMap({ googleCalendarId: 'sold@group.calendar.google.com' });
    const booking = bookingSeen({ resourceUnitId: FOREIGN_UNIT });
    const untouched = nothing('no-route', 'neither its unit nor its calendar is configured');
    expect(verdictOn({ map, booking })).to.deep.equal(untouched);
    for (const change of [{}, LATER, { shape: 'all-day', start: null }] as const) {
      const event = edited({ calendarId: map.googleCalendarId, ...change });
      expect(verdictOn({ map, booking, event })).to.deep.equal(untouched);
    }
  });

  it('row 11 · booking-cancelled: cancels the event in any state', () => {
    const map = aMap();
    for (const booking of [dead(), dead(LATER), bookingUnknownToSystem()]) {
      expect(verdictOn({ map, booking })).to.deep.equal(
        decision('booking-cancelled', { do: 'cancel-event', event: null }),
      );
      for (const event of [anEvent(), anEditedEvent(LATER), anEditedEvent({ shape: 'all-day' }), aTombstone()]) {
        expect(verdictOn({ map, booking, event: eventSeen(event) })).to.deep.equal(
          decision('booking-cancelled', { do: 'cancel-event', event }),
        );
      }
    }
  });

  it('row 12 · event-moved: reschedules the booking to where the event is', () => {
    const event = anEditedEvent({ ...LATER, title: 'Ana (late)' });
    expect(verdictOn({ map: aMap(), booking: bookingSeen(), event: eventSeen(event) })).to.deep.equal(
      decision('event-moved', { do: 'reschedule-booking', bay: BAY1, event, base: base(LATER) }),
    );
    const longer = anEditedEvent({ end: LATER.end });
    expect(verdictOn({ map: aMap(), booking: bookingSeen(), event: eventSeen(longer) })).to.deep.equal(
      decision('event-moved', {
        do: 'reschedule-booking',
        bay: BAY1,
        event: longer,
        base: base({ end: LATER.end }),
      }),
    );
  });

  it('row 12 · event-moved: reschedules the booking if only the start was moved', () => {
    const event = anEditedEvent({ start: START - HOUR });
    expect(verdictOn({ map: aMap(), booking: bookingSeen(), event: eventSeen(event) })).to.deep.equal(
      decision('event-moved', {
        do: 'reschedule-booking',
        bay: BAY1,
        event,
        base: base({ start: START - HOUR }),
      }),
    );
  });

  it('row 12 · event-moved: reads the booking first', () => {
    expect(verdictOn({ map: aMap(), event: edited(LATER) })).to.deep.equal(LOOK_AT_BOOKING);
  });

  it('row 13 · event-moved-bay: changes the bay of the booking, and its time', () => {
    for (const [change, wanted] of [
      [{}, { bay: '2' }],
      [LATER, { bay: '2', ...LATER }],
    ] as const) {
      const event = onBay2(change);
      expect(verdictOn({ map: aMap(), booking: bookingSeen(), event })).to.deep.equal(
        decision('event-moved-bay', { do: 'reschedule-booking', bay: BAY2, event: event.event, base: base(wanted) }),
      );
    }
  });

  it('row 13 · event-moved-bay: verifies that the event is not in its old calendar', () => {
    const event = edited({ calendarId: BAY2.calendarId });
    expect(verdictOn({ map: aMap(), booking: bookingSeen(), event })).to.deep.equal(LOOK_AT_EVENT);
    const sameEtag = eventSeen(anEvent({ calendarId: BAY2.calendarId }));
    expect(verdictOn({ map: aMap(), booking: bookingSeen(), event: sameEtag })).to.deep.equal(LOOK_AT_EVENT);
  });

  it('row 14 · event-deleted: cancels the booking, once the deletion is proven and the booking read', () => {
    const map = aMap();
    expect(verdictOn({ map, booking: bookingSeen(), event: gone() })).to.deep.equal(LOOK_AT_EVENT);
    expect(verdictOn({ map, event: gone({ proven: true }) })).to.deep.equal(LOOK_AT_BOOKING);
    expect(verdictOn({ map, booking: bookingSeen(), event: gone({ proven: true }) })).to.deep.equal(
      decision('event-deleted', { do: 'cancel-booking', appointmentId: ID, because: 'event-deleted', intent: null }),
    );
  });

  it('row 15 · text-edited: keeps the user’s text and stores the etag', () => {
    const map = aMap();
    const remembered = { ...map, etag: '"2"', eventUpdatedAt: EDITED };
    for (const [change, flags] of [
      [{ title: 'Ana (birthday!)' }, { ownTitle: true }],
      [{ description: 'Bring cake' }, { ownDescription: true }],
      [
        { title: 'Ana (birthday!)', description: 'Bring cake' },
        { ownTitle: true, ownDescription: true },
      ],
    ] as const) {
      for (const booking of [undefined, bookingSeen()]) {
        expect(verdictOn({ map, booking, event: edited(change) })).to.deep.equal(
          decision('text-edited', { do: 'store-map', map: { ...remembered, flags } }),
        );
      }
    }
  });

  it('row 15 · text-edited: a text that still matches its digest is ours', () => {
    const marks = { ...anEvent().marks, titleDigest: textDigest('Ann') };
    expect(verdictOn({ map: aMap(), event: edited({ title: 'Ann', marks }) })).to.deep.equal(
      decision('text-edited', { do: 'store-map', map: { ...aMap(), etag: '"2"', eventUpdatedAt: EDITED } }),
    );
  });

  it('row 15 · text-edited: clears the note about missing properties when they are back', () => {
    const map = aMap({ flags: { unmarked: true, ownTitle: true } });
    const flags = { ownTitle: true as const };
    const event = edited({ title: 'Ana (birthday!)' });
    expect(verdictOn({ map, event })).to.deep.equal(
      decision('text-edited', { do: 'store-map', map: { ...map, flags, etag: '"2"', eventUpdatedAt: EDITED } }),
    );
  });

  it('row 16 · converged: stores the equal state that both sides reached independently', () => {
    const map = aMap();
    expect(verdictOn({ map, booking: bookingSeen(LATER), event: edited(LATER) })).to.deep.equal(
      decision('converged', {
        do: 'store-map',
        map: { ...map, base: base(LATER), etag: '"2"', eventUpdatedAt: EDITED },
      }),
    );
    const bay2 = bookingSeen({ resourceUnitId: BAY2.resourceUnitId });
    expect(verdictOn({ map, booking: bay2, event: onBay2() })).to.deep.equal(
      decision('converged', {
        do: 'store-map',
        map: {
          ...map,
          googleCalendarId: BAY2.calendarId,
          base: base({ bay: '2' }),
          etag: '"2"',
          eventUpdatedAt: EDITED,
        },
      }),
    );
    const named = edited({ title: 'Ana Ruiz' });
    expect(verdictOn({ map, booking: bookingSeen({ customerName: 'Ana Ruiz' }), event: named })).to.deep.equal(
      decision('converged', {
        do: 'store-map',
        map: { ...map, base: base({ title: 'Ana Ruiz' }), etag: '"2"', eventUpdatedAt: EDITED },
      }),
    );
  });

  it('row 16 · converged: still writes the text that the booking changed together with its time', () => {
    const booking = bookingSeen({ ...LATER, notes: 'Three' });
    const event = edited(LATER);
    expect(verdictOn({ map: aMap(), booking, event })).to.deep.equal(
      decision(
        'booking-changed',
        write({ description: 'Three' }, base({ ...LATER, description: 'Three' }), event.event),
      ),
    );
  });

  describe('row 10 · booking-moved-bay, if the calendar of the mirror no longer belongs to a bay', () => {
    const sold = aMap({ googleCalendarId: 'sold@group.calendar.google.com' });

    it('moves the event to the calendar of its bay with the booking’s time, and ignores differences as no edit', () => {
      const event = edited({ calendarId: sold.googleCalendarId, ...LATER, updatedAt: SEEN + 1 });
      expect(verdictOn({ map: sold, booking: bookingSeen(), event })).to.deep.equal(
        decision('booking-moved-bay', write({ start: START, end: END }, BASE, event.event, BAY1.calendarId)),
      );
    });

    it('recreates the event if it is not found, which is no deletion by a user', () => {
      const event = eventSeen({ ...aTombstone(), calendarId: sold.googleCalendarId });
      expect(verdictOn({ map: sold, booking: bookingSeen(), event })).to.deep.equal(
        decision('booking-moved-bay', { do: 'restore-event', bay: BAY1, base: BASE }),
      );
      expect(verdictOn({ map: sold, event })).to.deep.equal({ kind: 'observe', target: 'booking' });
    });

    it('cancels the event with its booking', () => {
      const event = eventSeen({ ...aTombstone(), calendarId: sold.googleCalendarId });
      expect(verdictOn({ map: sold, booking: bookingSeen({ status: 'dead' }), event })).to.deep.equal(
        decision('booking-cancelled', { do: 'cancel-event', event: event.event }),
      );
    });
  });

  describe('row 17 · conflict', () => {
    const map = aMap();
    const booking = bookingSeen(EVEN_LATER);
    const bookingWins = (over: CalendarEvent) => decision('conflict', write(EVEN_LATER, base(EVEN_LATER), over));

    it('last-write-wins: the event wins if it was edited after the booking was read', () => {
      const event = anEditedEvent({ ...LATER, updatedAt: SEEN + 1 });
      expect(verdictOn({ map, booking, event: eventSeen(event) })).to.deep.equal(
        decision('conflict', { do: 'reschedule-booking', bay: BAY1, event, base: base(LATER) }),
      );
      const moved = onBay2({ updatedAt: SEEN + 1 });
      expect(verdictOn({ map, booking, event: moved })).to.deep.equal(
        decision('conflict', { do: 'reschedule-booking', bay: BAY2, event: moved.event, base: base({ bay: '2' }) }),
      );
    });

    it('last-write-wins: the booking wins a tie and every doubt', () => {
      for (const updatedAt of [SEEN, SEEN - 1, null]) {
        const event = edited({ ...LATER, updatedAt });
        expect(verdictOn({ map, booking, event })).to.deep.equal(bookingWins(event.event));
      }
    });

    it('booking-wins: the booking wins, also against a later edit', () => {
      const event = edited({ ...LATER, updatedAt: SEEN + HOUR });
      const settings = { rules: { conflict: 'booking-wins' } } as const;
      expect(verdictOn({ map, booking, event }, settings)).to.deep.equal(bookingWins(event.event));
    });

    it('last-write-wins: the booking wins if the event is in its new bay, where our own move may have put it', () => {
      const there = bookingSeen({ resourceUnitId: BAY2.resourceUnitId });
      const event = onBay2({ ...LATER, updatedAt: SEEN + 1 });
      expect(verdictOn({ map, booking: there, event })).to.deep.equal(
        decision('conflict', write({ start: START, end: END }, base({ bay: '2' }), event.event)),
      );
    });

    it('exists if only the end differs, or only the bay', () => {
      const longer = bookingSeen({ end: END + HOUR });
      const shorter = edited({ end: END - 30 * MINUTE });
      expect(verdictOn({ map, booking: longer, event: shorter })).to.deep.equal(
        decision('conflict', write({ start: START, end: END + HOUR }, base({ end: END + HOUR }), shorter.event)),
      );
      const there = bookingSeen({ resourceUnitId: BAY2.resourceUnitId });
      const later = edited(LATER);
      expect(verdictOn({ map, booking: there, event: later })).to.deep.equal(
        decision('conflict', write({ start: START, end: END }, base({ bay: '2' }), later.event, BAY2.calendarId)),
      );
      const moved = onBay2();
      expect(verdictOn({ map, booking, event: moved })).to.deep.equal(
        decision('conflict', write(EVEN_LATER, base(EVEN_LATER), moved.event, BAY1.calendarId)),
      );
    });

    it('exists if both moved the start alone', () => {
      const event = edited({ start: START - HOUR });
      expect(verdictOn({ map, booking: bookingSeen({ start: START - 2 * HOUR }), event })).to.deep.equal(
        decision(
          'conflict',
          write({ start: START - 2 * HOUR, end: END }, base({ start: START - 2 * HOUR }), event.event),
        ),
      );
    });

    it('is won by the booking if the event has a shape that no booking can have', () => {
      const event = edited({ shape: 'all-day', start: null, end: null, updatedAt: SEEN + 1 });
      expect(verdictOn({ map, booking, event })).to.deep.equal(bookingWins(event.event));
    });
  });

  it('row 18 · conflict-restore: restores the event if the booking has changed meanwhile', () => {
    for (const change of [LATER, { notes: 'Three' }]) {
      const booking = bookingSeen(change);
      const wanted = 'notes' in change ? base({ description: 'Three' }) : base(LATER);
      expect(verdictOn({ map: aMap(), booking, event: gone({ proven: true }) })).to.deep.equal(
        decision('conflict-restore', { do: 'restore-event', bay: BAY1, base: wanted }),
      );
    }
  });

  it('row 19 · metadata-removed: does not apply the edit to the booking', () => {
    for (const marks of [
      NO_MARKS,
      { ...NO_MARKS, appointmentId: ID, managed: false, bay: '1' },
      { ...NO_MARKS, appointmentId: null, managed: true, bay: '1' },
    ]) {
      for (const booking of [undefined, bookingSeen()]) {
        for (const change of [{}, LATER, { shape: 'all-day', start: null, end: null }] as const) {
          const event = edited({ marks, ...change });
          const detail = event.event.start === START ? null : APART;
          const known = aMap({ flags: { unmarked: true } });
          expect(verdictOn({ map: aMap(), booking, event })).to.deep.equal(
            decision('metadata-removed', { do: 'store-map', map: known }, detail),
          );
          expect(verdictOn({ map: known, booking, event })).to.deep.equal(nothing('metadata-removed', detail));
        }
      }
    }
  });

  it('row 19 · metadata-removed: recreates a deleted event, and cancels nothing', () => {
    const restore = decision('metadata-removed', { do: 'restore-event', bay: BAY1, base: BASE });
    const map = aMap({ flags: { unmarked: true } });
    expect(verdictOn({ map, booking: bookingSeen(), event: gone({ proven: true }) })).to.deep.equal(restore);
    const withContent = eventSeen(aTombstone({ start: START, end: END, title: 'Ana R.' }), { proven: true });
    expect(verdictOn({ map: aMap(), booking: bookingSeen(), event: withContent })).to.deep.equal(restore);
    const marked = eventSeen(aTombstone({ title: 'Ana R.', marks: anEvent().marks }), { proven: true });
    expect(verdictOn({ map, booking: bookingSeen(), event: marked })).to.have.property('reason', 'event-deleted');
    expect(verdictOn({ map, event: gone() })).to.deep.equal(LOOK_AT_EVENT);
    expect(verdictOn({ map, event: gone({ proven: true }) })).to.deep.equal(LOOK_AT_BOOKING);
  });

  it('row 19 · metadata-removed: stores that our properties are missing, also if both sides converged', () => {
    const event = edited({ marks: NO_MARKS, ...LATER });
    const map = aMap({ flags: { unmarked: true } });
    expect(verdictOn({ map, booking: bookingSeen(LATER), event })).to.deep.equal(
      decision('converged', {
        do: 'store-map',
        map: { ...map, base: base(LATER), etag: '"2"', eventUpdatedAt: EDITED },
      }),
    );
  });

  it('row 19 · metadata-removed: prevents only the write of the refused edit to the booking', () => {
    const event = edited({ marks: NO_MARKS, ...LATER });
    const verdict = verdictOn({ map: aMap(), booking: bookingSeen(), event, refusal: REFUSAL });
    expect(verdict).to.have.property('reason', 'metadata-removed');
  });

  it('row 19 · metadata-removed: the next change of the booking is written, which stamps it again', () => {
    const marks = NO_MARKS;
    const event = edited({ marks });
    expect(verdictOn({ map: aMap(), booking: bookingSeen(LATER), event })).to.deep.equal(
      decision('booking-changed', write(LATER, base(LATER), event.event)),
    );
  });

  it('row 20 · unsupported-edit: reverts the event to the booking', () => {
    const shapes: readonly [Partial<CalendarEvent>, object][] = [
      [{ shape: 'all-day', start: null, end: null }, {}],
      [{ shape: 'recurring', start: null, end: null }, { single: true }],
      [{ shape: 'recurring' }, { single: true }],
      [{ end: START }, {}],
      [{ start: END, end: START }, {}],
      [{ end: null }, {}],
      [{ start: null }, {}],
    ];
    for (const [change, extra] of shapes) {
      const event = edited(change);
      expect(verdictOn({ map: aMap(), event })).to.deep.equal(LOOK_AT_BOOKING);
      expect(verdictOn({ map: aMap(), booking: bookingSeen(), event })).to.deep.equal(
        decision('unsupported-edit', write({ start: START, end: END, ...extra }, BASE, event.event)),
      );
    }
  });

  it('row 20 · unsupported-edit: reverts a time that has no wall time', () => {
    const rules = { ...createRules(settingsWith()), isSayable: (instant: number) => instant !== LATER.start };
    const event = edited(LATER);
    const situation = aSituation({ map: aMap(), booking: bookingSeen(), event });
    expect(decide(situation, rules)).to.deep.include(
      decision('unsupported-edit', write({ start: START, end: END }, BASE, event.event)),
    );
    expect(decide({ ...situation, event: edited({ end: LATER.end }) }, rules)).to.have.nested.property(
      'reason',
      'event-moved',
    );
  });

  it('row 20 · unsupported-edit: also writes a text that the booking changed', () => {
    const event = edited({ shape: 'all-day', start: null, end: null });
    expect(verdictOn({ map: aMap(), booking: bookingSeen({ notes: 'Three' }), event })).to.deep.equal(
      decision(
        'unsupported-edit',
        write({ start: START, end: END, description: 'Three' }, base({ description: 'Three' }), event.event),
      ),
    );
  });

  it('row 21 · edit-refused: reverts the event to the booking, or restores it', () => {
    const refused = { map: aMap(), booking: bookingSeen(), refusal: REFUSAL };
    const later = edited(LATER);
    expect(verdictOn({ ...refused, event: later })).to.deep.equal(
      refusedBy('edit-refused', write({ start: START, end: END }, BASE, later.event)),
    );
    const moved = onBay2();
    expect(verdictOn({ ...refused, event: moved })).to.deep.equal(
      refusedBy('edit-refused', write({}, BASE, moved.event, BAY1.calendarId)),
    );
    expect(verdictOn({ ...refused, event: gone({ proven: true }) })).to.deep.equal(
      refusedBy('edit-refused', { do: 'restore-event', bay: BAY1, base: BASE }),
    );
    expect(verdictOn({ ...refused, booking: undefined, event: edited(LATER) })).to.deep.equal(LOOK_AT_BOOKING);
  });

  it('row 21 · edit-refused: follows a booking that has meanwhile moved to the time of the event', () => {
    const map = aMap();
    expect(verdictOn({ map, booking: bookingSeen(LATER), refusal: REFUSAL, event: edited(LATER) })).to.deep.equal(
      refusedBy('edit-refused', {
        do: 'store-map',
        map: { ...map, base: base(LATER), etag: '"2"', eventUpdatedAt: EDITED },
      }),
    );
  });

  it('row 21 · edit-refused: does not wait for the echo window, and cancels with a dead booking', () => {
    const map = aMap({ bookingWrittenAt: NOW - 1000 });
    const event = edited({ shape: 'timed', ...EVEN_LATER });
    expect(verdictOn({ map, booking: bookingSeen(LATER), refusal: REFUSAL, event })).to.deep.equal(
      refusedBy('edit-refused', write(LATER, base(LATER), event.event)),
    );
    expect(verdictOn({ map, booking: dead(), refusal: REFUSAL, event })).to.deep.equal(
      decision('booking-cancelled', { do: 'cancel-event', event: event.event }),
    );
  });

  it('row 22 · in-sync: does nothing for a cancelled booking without an event', () => {
    for (const booking of [dead(), bookingUnknownToSystem()]) {
      expect(verdictOn({ map: CANCELED, booking, event: gone() })).to.deep.equal(nothing('in-sync'));
      expect(verdictOn({ map: CANCELED, booking })).to.deep.equal(nothing('in-sync'));
    }
    expect(verdictOn({ map: CANCELED, event: gone() })).to.deep.equal(nothing('in-sync'));
    const mark = anEvent({ title: 'CANCELED: Ana R.', free: true });
    expect(verdictOn({ map: CANCELED, booking: dead(), event: eventSeen(mark) })).to.deep.equal(nothing('in-sync'));
    expect(verdictOn({ map: CANCELED, event: eventSeen(mark) })).to.deep.equal(nothing('in-sync'));
    expect(verdictOn({ map: CANCELED })).to.deep.equal(LOOK_AT_BOOKING);
  });

  it('row 22 · in-sync: does nothing if another appointment id has taken over the event', () => {
    const map = { ...CANCELED, supersededBy: '700124' };
    for (const booking of [undefined, dead(), bookingUnknownToSystem(), bookingSeen({ status: 'unknown' })]) {
      expect(verdictOn({ map, booking, event: edited(LATER) })).to.deep.equal(nothing('in-sync'));
    }
    const blind = { uschedule: { status: 'blind' } } as const;
    expect(verdictOn({ map, booking: bookingSeen(), event: edited(LATER) }, blind)).to.deep.equal(nothing('in-sync'));
  });

  it('row 23 · dead-stays-dead: cancels the event again', () => {
    const event = anEditedEvent();
    for (const booking of [dead(), bookingUnknownToSystem()]) {
      expect(verdictOn({ map: CANCELED, booking, event: eventSeen(event) })).to.deep.equal(
        decision('dead-stays-dead', { do: 'cancel-event', event }),
      );
    }
    expect(verdictOn({ map: CANCELED, event: eventSeen(event) })).to.deep.equal(LOOK_AT_BOOKING);
  });

  it('row 23 · dead-stays-dead: needs the booking to be dead, and the event to be ours', () => {
    const unknown = bookingSeen({ status: 'unknown' });
    expect(verdictOn({ map: CANCELED, booking: unknown, event: edited({}) })).to.deep.equal(wait(null));
    const marks = NO_MARKS;
    expect(verdictOn({ map: CANCELED, booking: dead(), event: edited({ marks }) })).to.deep.equal(
      nothing('metadata-removed'),
    );
  });

  it('row 23 · dead-stays-dead: a cancellation is final if the status is hidden', () => {
    const blind = { uschedule: { status: 'blind' } } as const;
    const event = anEditedEvent();
    for (const booking of [undefined, bookingSeen(), bookingSeen({ status: 'unknown' }), dead()]) {
      expect(verdictOn({ map: CANCELED, booking, event: eventSeen(event) }, blind)).to.deep.equal(
        decision('dead-stays-dead', { do: 'cancel-event', event }),
      );
      expect(verdictOn({ map: CANCELED, booking }, blind)).to.deep.equal(nothing('in-sync'));
    }
  });

  it('row 23 · dead-stays-dead: removes a copy that was observed with the canceled mirror, also one of its id in another bay', () => {
    const mirror = anEvent({ title: 'CANCELED: Ana R.', free: true });
    for (const event of [gone(), eventSeen(mirror)]) {
      for (const copy of [anEvent({ calendarId: BAY2.calendarId }), anEvent({ eventId: 'copy' })]) {
        const seen = { map: CANCELED, event, others: [eventSeen(copy)] };
        expect(verdictOn({ ...seen, booking: dead() })).to.deep.equal(
          decision('dead-stays-dead', { do: 'remove-copy', event: copy, mirrorMap: null }),
        );
        expect(verdictOn(seen)).to.deep.equal(LOOK_AT_BOOKING);
        const another = [eventSeen({ ...copy, ...LATER }), eventSeen({ ...copy, eventType: 'focusTime' })];
        expect(verdictOn({ ...seen, others: another, booking: dead() })).to.deep.equal(nothing('in-sync'));
        expect(verdictOn({ ...seen, booking: bookingSeen() })).to.deep.include({ reason: 'booking-revived' });
      }
    }
  });

  it('row 24 · booking-revived: restores the event with the content of the booking', () => {
    const booking = bookingSeen(LATER);
    const restore = decision('booking-revived', { do: 'restore-event', bay: BAY1, base: base(LATER) });
    expect(verdictOn({ map: CANCELED, booking })).to.deep.equal(restore);
    expect(verdictOn({ map: CANCELED, booking, event: gone() })).to.deep.equal(restore);
  });

  it('row 24 · booking-revived: in blind mode only a later booking under the same id gets an event', () => {
    const blind = { uschedule: { status: 'blind' } } as const;
    const later = bookingSeen(LATER, { idReused: true });
    const target = { bay: BAY1, base: base(LATER) };
    expect(verdictOn({ map: CANCELED, booking: bookingSeen(LATER) }, blind)).to.deep.equal(nothing('in-sync'));
    expect(verdictOn({ map: CANCELED, booking: later }, blind)).to.deep.equal(
      decision('booking-revived', { do: 'restore-event', ...target }),
    );
  });

  it('row 24 · booking-revived: a superseded booking that is certainly live again gets a new event', () => {
    const map = { ...CANCELED, supersededBy: '700124' };
    const created = decision('booking-revived', { do: 'create-event', bay: BAY1, base: base(LATER) });
    expect(verdictOn({ map, booking: bookingSeen(LATER), event: edited({}) })).to.deep.equal(created);
    expect(verdictOn({ map, booking: bookingSeen(LATER, { sure: false }) })).to.deep.equal(LOOK_AT_BOOKING);
    expect(verdictOn({ map: { ...map, lastSyncedAt: SEEN + 1 }, booking: bookingSeen() })).to.deep.equal(
      LOOK_AT_BOOKING,
    );
    const written = { ...map, bookingWrittenAt: NOW - 4000 };
    expect(verdictOn({ map: written, booking: bookingSeen() })).to.deep.equal(wait(NOW + 6000));
    const past = bookingSeen({ start: HISTORY - HOUR, end: HISTORY });
    expect(verdictOn({ map, booking: past })).to.deep.equal(nothing('past'));
    // Else every poll would read a booking of a unit without a bay that has this id now.
    for (const sure of [true, false]) {
      const elsewhere = bookingSeen({ resourceUnitId: FOREIGN_UNIT }, { sure });
      expect(verdictOn({ map, booking: elsewhere })).to.have.property('reason', 'no-route');
    }
  });

  it('row 24 · booking-revived: reads an event again that was read before its deletion by us', () => {
    const event = eventSeen(anEditedEvent(), { at: SYNCED - 1 });
    expect(verdictOn({ map: CANCELED, booking: bookingSeen(), event })).to.deep.equal({
      kind: 'observe',
      target: 'event',
    });
  });

  it('row 24 · booking-revived: uses an event that already exists', () => {
    const event = anEditedEvent();
    expect(verdictOn({ map: CANCELED, booking: bookingSeen(), event: eventSeen(event) })).to.deep.equal(
      decision('booking-revived', { do: 'adopt-event', event, write: null, base: BASE }),
    );
    const mark = anEvent({ title: 'CANCELED: Ana R.', free: true });
    expect(verdictOn({ map: CANCELED, booking: bookingSeen(), event: eventSeen(mark) })).to.deep.equal(
      decision('booking-revived', write({ title: 'Ana R.', free: false }, BASE, mark)),
    );
  });

  it('row 24 · booking-revived: replaces the name of the canceled booking, and keeps the title of a person, also without marks', () => {
    const another = { booking: bookingSeen({ customerName: 'Ben T.' }), map: CANCELED };
    const named = { ...BASE, title: 'Ben T.' };
    for (const event of [anEvent(), anEvent({ marks: NO_MARKS })]) {
      const verdict = verdictOn({ ...another, event: eventSeen(event) });
      expect(verdict).to.have.nested.property('action.write.fields').that.deep.equals({ title: 'Ben T.' });
      expect(verdict).to.have.nested.property('action.write.base').that.deep.equals(named);
    }
    const own = anEvent({ title: 'Ana (birthday!)', marks: NO_MARKS });
    const kept = verdictOn({ ...another, event: eventSeen(own) });
    expect(kept).to.have.nested.property('action.write.fields').that.deep.equals({});
  });

  it('row 24 · booking-revived: restores no event on a unit without a bay or in the past', () => {
    const elsewhere = bookingSeen({ resourceUnitId: FOREIGN_UNIT });
    expect(verdictOn({ map: CANCELED, booking: elsewhere })).to.deep.equal(
      nothing('no-route', 'no bay is configured for unit 9999'),
    );
    const over = bookingSeen({ start: HISTORY - HOUR, end: HISTORY });
    expect(verdictOn({ map: CANCELED, booking: over })).to.deep.equal(nothing('past'));
    const notOver = bookingSeen({ start: HISTORY - HOUR, end: HISTORY + 1 });
    expect(verdictOn({ map: CANCELED, booking: notOver })).to.have.property('reason', 'booking-revived');
  });

  it('row 25 · copy: another event with the same appointment id is not the mirror', () => {
    const copy = anEditedEvent({ eventId: 'person0001', ...LATER });
    const recorded = { do: 'record-copy', copy } as const;
    const detail = `event person0001 of ${BAY1.calendarId} is a copy of ${EVENT_ID}`;
    for (const booking of [undefined, bookingSeen(), bookingSeen(LATER), dead()]) {
      expect(verdictOn({ map: aMap(), booking, event: eventSeen(copy) })).to.deep.equal(
        decision('copy', recorded, detail),
      );
      expect(verdictOn({ map: CANCELED, booking, event: eventSeen(copy) })).to.deep.equal(
        decision('copy', recorded, 'a copy of a canceled booking, at another time'),
      );
    }
  });

  it('row 26 · past: does nothing for a visit that ended before the window', () => {
    const map = aMap({ base: base({ start: HISTORY - HOUR, end: HISTORY }) });
    const over = { start: HISTORY - HOUR, end: HISTORY };
    for (const booking of [undefined, bookingSeen(over), dead(), dead(over), bookingUnknownToSystem()]) {
      for (const event of [
        undefined,
        edited({ ...over, title: 'Thanks!' }),
        edited({ marks: NO_MARKS, ...LATER }),
        gone(),
        gone({ proven: true }),
      ]) {
        expect(verdictOn({ map, booking, event })).to.deep.equal(nothing('past'));
      }
    }
    expect(verdictOn({ booking: bookingSeen(over) })).to.deep.equal(nothing('past'));
    expect(verdictOn({ booking: bookingSeen(over), event: eventSeen(anEvent(over)) })).to.deep.equal(nothing('past'));
  });

  it('row 26 · past: does not apply from the start of the window on, or to a booking that was moved out of the past', () => {
    const map = aMap({ base: base({ start: HISTORY - HOUR, end: HISTORY + 1 }) });
    expect(verdictOn({ map, booking: bookingSeen(LATER) })).to.have.property('reason', 'booking-changed');
    expect(verdictOn({ booking: bookingSeen({ start: HISTORY - HOUR, end: HISTORY + 1 }) })).to.have.property(
      'reason',
      'new-booking',
    );
    const past = aMap({ base: base({ start: HISTORY - HOUR, end: HISTORY }) });
    expect(verdictOn({ map: past, booking: bookingSeen({ start: HISTORY, end: HISTORY + 1 }) })).to.have.property(
      'reason',
      'booking-changed',
    );
  });

  describe('row 13a · event-replaced: a copy that a user made before the mirror’s deletion is the mirror', () => {
    const map = aMap();
    const person = { creatorEmail: 'person@example.com', createdAt: GONE_AT - 10 * MINUTE };
    const copy = (change: Partial<CalendarEvent> = {}) =>
      eventSeen(anEditedEvent({ eventId: 'person0001', ...LATER, ...person, ...change }), { proven: true });
    const deleted = eventSeen(aTombstone({ updatedAt: GONE_AT }), { proven: true });
    const on = (...copies: readonly ReturnType<typeof copy>[]) =>
      verdictOn({ map, booking: bookingSeen(), event: deleted, copies });

    it('and its place counts as the edit', () => {
      for (const replacement of [copy(), copy({ calendarId: BAY2.calendarId })]) {
        const { calendarId, updatedAt } = replacement.event;
        expect(on(replacement)).to.deep.equal(
          decision(
            'event-replaced',
            {
              do: 'note',
              map: { ...map, googleEventId: 'person0001', etag: '', eventUpdatedAt: null },
              event: replacement,
            },
            `event person0001 of ${calendarId}, version "2" of ${updatedAt}`,
          ),
        );
      }
    });

    for (const [what, copies] of [
      ['older than ten minutes', [copy({ createdAt: GONE_AT - 10 * MINUTE - 1 })]],
      ['made after the mirror was deleted', [copy({ createdAt: GONE_AT + 1 })]],
      ['of an unknown age', [copy({ createdAt: null })]],
      ['of our account', [copy({ creatorEmail: ACCOUNT })]],
      ['of no named account, which counts as ours', [copy({ creatorEmail: null })]],
      ['one of two copies', [copy(), copy({ eventId: 'person0002', createdAt: GONE_AT - 20 * MINUTE })]],
    ] as const) {
      it(`but not a copy that is ${what}`, () => {
        expect(on(...copies)).to.have.property('reason', 'copy-adopted');
      });
    }

    it('and a text of ours that changed after the copy was made is still written', () => {
      const marks = { ...anEvent().marks, descriptionDigest: textDigest('Two') };
      expect(on(copy({ description: 'Two', marks }))).to.have.nested.property('action.map.base.description', 'Two');
    });

    it('but not if the booking has moved as well', () => {
      const moved = { map, booking: bookingSeen(EVEN_LATER), event: deleted, copies: [copy()] };
      expect(verdictOn(moved)).to.have.property('reason', 'copy-adopted');
    });

    it('but not if the copy is in the past', () => {
      expect(on(copy({ start: NOW - HOUR, end: NOW }))).to.have.property('reason', 'event-deleted');
    });

    it('after a reading of the copies', () => {
      const { copies: _none, ...rest } = aSituation({ map, booking: bookingSeen(), event: deleted });
      expect(rowOf(rest, createRules(settingsWith()))).to.deep.equal({ kind: 'observe', target: 'copies' });
    });
  });

  it('row 13b · copy-adopted: adopts the copy in the bay of the booking, or else the newest', () => {
    const made = (eventId: string, createdAt: number, change: Partial<CalendarEvent> = {}) =>
      eventSeen(anEditedEvent({ eventId, createdAt, ...LATER, ...change }), { proven: true });
    const elsewhere = { calendarId: BAY2.calendarId };
    const old = made('person0001', SYNCED);
    const newer = made('person0002', SYNCED + 1, elsewhere);
    const newest = made('person0003', SYNCED + 2, elsewhere);
    const event = gone({ proven: true });
    for (const [copies, adopted] of [
      [[newest, old], old],
      [[newer, newest], newest],
      [[newest, newer], newest],
    ] as const) {
      for (const [change, wanted] of [
        [{}, BASE],
        [EVEN_LATER, base(EVEN_LATER)],
      ] as const) {
        const { calendarId, eventId, etag: ifMatch, start, end } = adopted.event;
        const moveTo = calendarId === BAY1.calendarId ? null : BAY1.calendarId;
        const fields = { start: wanted.start, end: wanted.end };
        const write = { calendarId, eventId, moveTo, fields, ifMatch, assumed: { start, end }, base: wanted };
        expect(verdictOn({ map: aMap(), booking: bookingSeen(change), event, copies })).to.deep.equal(
          decision(
            'copy-adopted',
            { do: 'adopt-event', event: adopted.event, write, base: wanted },
            `event ${eventId} of ${calendarId} replaces ${EVENT_ID}`,
          ),
        );
      }
    }
  });

  it('row 21a · edit-undelivered: reverts the event while its dead letter keeps the edit', () => {
    const later = edited(LATER);
    const moved = anEdit({ state: 'undelivered', ...LATER });
    expect(verdictOn({ map: aMap(), booking: bookingSeen(), event: later, edits: [moved] })).to.deep.equal(
      decision('edit-undelivered', write({ start: START, end: END }, BASE, later.event)),
    );
    const deleted = anEdit({ state: 'undelivered', change: 'deleted' });
    const proven = gone({ proven: true });
    expect(verdictOn({ map: aMap(), booking: bookingSeen(), event: proven, edits: [deleted] })).to.deep.equal(
      decision('edit-undelivered', { do: 'restore-event', bay: BAY1, base: BASE }),
    );
  });

  it('row 21b · edit-war: the delay before the same edit is reverted again grows', () => {
    const event = edited({ shape: 'all-day', start: null, end: null });
    const reverted = (putBacks: number) => anEdit({ state: 'put-back', putBacks, putBackAt: NOW - 1000 });
    const seen = { map: aMap(), booking: bookingSeen(), event };
    expect(verdictOn({ ...seen, edits: [reverted(1)] })).to.have.property('reason', 'unsupported-edit');
    expect(verdictOn({ ...seen, edits: [reverted(2)] })).to.deep.equal({
      ...nothing('edit-war', 'the same edit was reverted 2 times'),
      recheckAt: NOW - 1000 + 2000,
    });
    expect(verdictOn({ ...seen, edits: [reverted(3)] })).to.have.property('recheckAt', NOW - 1000 + 4000);
    const other = { ...reverted(3), ...LATER };
    expect(verdictOn({ ...seen, edits: [other] })).to.have.property('reason', 'unsupported-edit');
  });

  it('row 21c · one-way: reverts the edit to the booking, or restores the event', () => {
    const toGoogle = { rules: { direction: 'to-google' } } as const;
    const seen = { map: aMap(), booking: bookingSeen() };
    const later = edited(LATER);
    expect(verdictOn({ ...seen, event: later }, toGoogle)).to.deep.equal(
      decision('one-way', write({ start: START, end: END }, BASE, later.event)),
    );
    const moved = onBay2();
    expect(verdictOn({ ...seen, event: moved }, toGoogle)).to.deep.equal(
      decision('one-way', write({}, BASE, moved.event, BAY1.calendarId)),
    );
    expect(verdictOn({ ...seen, event: gone({ proven: true }) }, toGoogle)).to.deep.equal(
      decision('one-way', { do: 'restore-event', bay: BAY1, base: BASE }),
    );
    expect(verdictOn({ ...seen, event: gone() }, toGoogle)).to.deep.equal(LOOK_AT_EVENT);
    expect(verdictOn({ ...seen, event: edited({ title: 'X' }) }, toGoogle)).to.have.property('reason', 'text-edited');
    const both = edited({ ...LATER, updatedAt: SEEN + 1 });
    expect(verdictOn({ map: aMap(), booking: bookingSeen(EVEN_LATER), event: both }, toGoogle)).to.deep.equal(
      decision('one-way', write(EVEN_LATER, base(EVEN_LATER), both.event)),
    );
    const allDay = edited({ shape: 'all-day', start: null, end: null });
    expect(verdictOn({ ...seen, event: allDay }, toGoogle)).to.have.property('reason', 'unsupported-edit');
  });

  it('row 21c · one-way: reverts an edit of two bays if either is one-way', () => {
    const seen = { map: aMap(), booking: bookingSeen() };
    for (const oneWay of [BAY1, BAY2]) {
      const bays = [BAY1, BAY2].map((bay) => (bay === oneWay ? { ...bay, direction: 'to-google' as const } : bay));
      expect(verdictOn({ ...seen, event: onBay2() }, { bays })).to.have.property('reason', 'one-way');
      const isHome = oneWay === BAY1;
      expect(verdictOn({ ...seen, event: edited(LATER) }, { bays })).to.have.property(
        'reason',
        isHome ? 'one-way' : 'event-moved',
      );
      expect(verdictOn({ ...seen, event: gone({ proven: true }) }, { bays })).to.have.property(
        'reason',
        isHome ? 'one-way' : 'event-deleted',
      );
      const back = [BAY1, BAY2].map((bay) => (bay === oneWay ? { ...bay, direction: 'both' as const } : bay));
      const settings = { bays: back, rules: { direction: 'to-google' } } as const;
      expect(verdictOn({ ...seen, event: onBay2() }, settings)).to.have.property('reason', 'one-way');
    }
  });

  it('row 21d · edit-held: does nothing until a person decides, and then follows the decision', () => {
    const seen = { map: aMap(), booking: bookingSeen(), event: edited(LATER) };
    const decided = (state: EditRecord['state']) => verdictOn({ ...seen, edits: [anEdit({ state, ...LATER })] });
    expect(decided('held')).to.deep.equal(nothing('edit-held', 'a person decides about it'));
    expect(decided('released')).to.have.nested.property('action.do', 'reschedule-booking');
    expect(decided('reverted')).to.deep.equal(
      decision('edit-held', write({ start: START, end: END }, BASE, seen.event.event)),
    );
  });

  it('row 21e · change-undone: moves the booking back if both sides are unchanged since the change, or else drops the request', () => {
    const request = anEdit({ state: 'undo', ...LATER });
    const seen = { map: aMap(), booking: bookingSeen(), event: eventSeen(anEvent()), replayed: true };
    const asked = { ...seen, edits: [request] };
    const carried = { ...request, state: 'carried' as const };
    expect(verdictOn({ ...asked, booking: undefined })).to.deep.equal(LOOK_AT_BOOKING);
    const action = { do: 'reschedule-booking', bay: BAY1, event: anEvent(), base: base(LATER) } as const;
    expect(verdictOn(asked)).to.deep.equal(decision('change-undone', action));
    expect(rowOf(aSituation(asked), createRules(settingsWith()))).to.have.deep.property('record', carried);
    expect(verdictOn({ ...asked, replayed: false })).to.have.property('reason', 'in-sync');
    const dropped = { do: 'record-edits', edits: [{ ...request, state: 'put-back' }] } as const;
    const gone = 'the appointment is not as that change left it any more';
    const notAsLeft = decision('change-undone', dropped, gone);
    expect(verdictOn({ ...asked, booking: bookingSeen(EVEN_LATER) })).to.deep.equal(notAsLeft);
    expect(verdictOn({ ...asked, event: edited(EVEN_LATER) })).to.deep.equal(notAsLeft);
    const onOtherBase = { ...request, base: { ...LATER, bay: '1' } };
    expect(verdictOn({ ...asked, edits: [onOtherBase] })).to.have.property('detail', gone);
    const old = { ...request, at: NOW - HOUR - 1 };
    expect(verdictOn({ ...asked, edits: [old] })).to.have.property('detail', 'it was asked for more than an hour ago');
    const past = { ...request, start: NOW - 2 * HOUR, end: NOW };
    expect(verdictOn({ ...asked, edits: [past] })).to.have.property('detail', 'the time before the change is over');
    const noBay = { ...request, toBay: '9' };
    expect(verdictOn({ ...asked, edits: [noBay] })).to.have.property('detail', 'bay 9 is not configured any more');
    expect(verdictOn(asked, { rules: { direction: 'to-google' } })).to.have.property(
      'detail',
      'the calendars of this bay change no booking',
    );
    expect(verdictOn({ ...asked, refusal: REFUSAL })).to.deep.equal({
      ...nothing('change-undone', `it was refused: ${REFUSAL.message}`),
      refusal: REFUSAL,
    });
  });

  it('row 21a · a replay carries no edit into the past, and none of a bay whose direction forbids it', () => {
    const seen = { map: aMap(), booking: bookingSeen(), event: eventSeen(anEvent()), replayed: true };
    const past = anEdit({ state: 'replay', start: NOW - 2 * HOUR, end: NOW });
    expect(verdictOn({ ...seen, edits: [past] })).to.deep.equal(
      nothing('past', 'the time it was moved to is over: the edit is not carried out'),
    );
    const undelivered = anEdit({ state: 'replay', ...LATER });
    expect(verdictOn({ ...seen, edits: [undelivered] })).to.have.property('reason', 'event-moved');
    expect(verdictOn({ ...seen, edits: [undelivered] }, { rules: { direction: 'to-google' } })).to.deep.equal(
      nothing('one-way', 'the calendars of this bay change no booking: the edit is not carried out'),
    );
  });

  it('row 21d · edit-held: holds all open edits of a bay when its guard trips', () => {
    const others = ['1', '2', '3', '4', '5'].map((id) => anEdit({ id, appointmentId: id, ...LATER, bay: '1' }));
    const own = anEdit({ change: 'deleted' });
    const edits = [...others.map((edit) => ({ ...edit, change: 'deleted' as const })), own];
    const seen = { map: aMap(), booking: bookingSeen(), event: gone(), edits };
    expect(verdictOn(seen)).to.deep.equal({ kind: 'observe', target: 'mirrors' });
    const tripped = verdictOn({ ...seen, mirrors: new Map([['1', 6]]) });
    expect(tripped).to.deep.include({
      reason: 'edit-held',
      action: { do: 'record-edits', edits: edits.map((edit) => ({ ...edit, state: 'held' })) },
    });
    expect(tripped).to.have.nested.property('notice.level', 'error');
    const many = { ...seen, mirrors: new Map([['1', 60]]) };
    expect(verdictOn(many)).to.deep.equal(LOOK_AT_EVENT);
  });

  it('row 26 · past: a visit that has taken place is not cancelled if its event is deleted', () => {
    const over = { start: NOW - HOUR, end: NOW };
    const map = aMap({ base: base(over) });
    for (const booking of [undefined, bookingSeen(over)]) {
      for (const event of [gone(), gone({ proven: true }), edited({ ...over, title: 'Thanks!' })]) {
        expect(verdictOn({ map, booking, event })).to.deep.equal(nothing('past'));
      }
    }
    const ahead = bookingSeen(LATER);
    expect(verdictOn({ map, booking: ahead, event: gone({ proven: true }) })).to.have.property(
      'reason',
      'conflict-restore',
    );
    const running = { start: NOW - HOUR, end: NOW + 1 };
    const runs = { map: aMap({ base: base(running) }), booking: bookingSeen(running), event: gone({ proven: true }) };
    expect(verdictOn(runs)).to.have.property('reason', 'event-deleted');
    const blind = { uschedule: { status: 'blind' } } as const;
    expect(verdictOn({ map, booking: dead(over) })).to.have.property('reason', 'booking-cancelled');
    expect(verdictOn({ map, booking: dead(over) }, blind)).to.have.property('reason', 'past');
  });

  it('row 26 · past: a deletion that was listed before the end is decided once more, because the clock may be ahead', () => {
    for (const end of [NOW, HISTORY]) {
      const over = { start: end - HOUR, end };
      const seen = { map: aMap({ base: base(over) }), booking: bookingSeen(over), event: gone({ proven: true }) };
      const past = nothing('past');
      expect(verdictOn({ ...seen, taskCreatedAt: end - 1 })).to.deep.equal({ ...past, recheckAt: NOW + 40 * MINUTE });
      expect(verdictOn({ ...seen, taskCreatedAt: end - 1, retried: true })).to.deep.equal(past);
      expect(verdictOn({ ...seen, taskCreatedAt: end })).to.deep.equal(past);
      const text = edited({ ...over, title: 'Thanks!' });
      expect(verdictOn({ ...seen, event: text, taskCreatedAt: end - 1 })).to.deep.equal(past);
    }
  });

  it('row 26a · past-edit: reverts the event of a visit that is over', () => {
    const over = { start: NOW - 2 * HOUR, end: NOW - HOUR };
    const map = aMap({ base: base(over) });
    const seen = { map, booking: bookingSeen(over) };
    const later = edited(LATER);
    expect(verdictOn({ ...seen, event: later })).to.deep.equal(
      decision('past-edit', write(over, base(over), later.event)),
    );
    expect(verdictOn({ map, event: later })).to.deep.equal(LOOK_AT_BOOKING);
    const moved = onBay2(over);
    expect(verdictOn({ ...seen, event: moved })).to.deep.equal(
      decision('past-edit', write({}, base(over), moved.event, BAY1.calendarId)),
    );
    const unproven = edited({ ...over, calendarId: BAY2.calendarId });
    expect(verdictOn({ ...seen, event: unproven })).to.deep.equal(LOOK_AT_EVENT);
    const earlier = edited({ start: over.start - HOUR, end: over.end });
    expect(verdictOn({ ...seen, event: earlier })).to.have.property('reason', 'past-edit');
  });

  it('row 26a · past-edit: extends the visit if only the end is moved into the future within the hour', () => {
    const over = { start: NOW - 2 * HOUR, end: NOW - HOUR };
    const seen = { map: aMap({ base: base(over) }), booking: bookingSeen(over) };
    const on = (change: Partial<CalendarEvent>) => verdictOn({ ...seen, event: edited({ ...over, ...change }) });
    const plays = { end: NOW + HOUR, updatedAt: NOW };
    expect(on(plays)).to.deep.include({
      reason: 'event-moved',
      action: {
        do: 'reschedule-booking',
        bay: BAY1,
        event: anEditedEvent({ ...over, ...plays }),
        base: base({ start: over.start, end: plays.end }),
      },
    });
    expect(on({ end: NOW + 1, updatedAt: NOW })).to.have.property('reason', 'event-moved');
    expect(on({ end: NOW, updatedAt: NOW })).to.have.property('reason', 'past-edit');
    expect(on({ ...plays, start: over.start + MINUTE })).to.have.property('reason', 'past-edit');
    const longOver = { start: over.start, end: over.end - 1 };
    const late = { map: aMap({ base: base(longOver) }), booking: bookingSeen(longOver) };
    const drawn = (updatedAt: number) => edited({ ...longOver, end: NOW + HOUR, updatedAt });
    expect(verdictOn({ ...late, event: drawn(NOW) })).to.have.property('reason', 'past-edit');
    expect(verdictOn({ ...late, event: drawn(NOW - 1) })).to.have.property('reason', 'event-moved');
    const oneWay = { rules: { direction: 'to-google' } } as const;
    expect(verdictOn({ ...seen, event: edited({ ...over, ...plays }) }, oneWay)).to.have.property('reason', 'one-way');
  });

  it('row 18a · rebook-leftover: cancels the old booking of an exchange, or the new one where the old one stays', () => {
    const intent = { kind: 'reschedule', start: START, end: END, bay: '2', since: SYNCED, triedAt: SYNCED } as const;
    const map = aMap({ intent: { ...intent, successor: '700999' } });
    const exchange = { map, booking: bookingSeen(), rebooking: { phase: 'resumed', successor: 'exists' } } as const;
    const rebook = { uschedule: { reschedule: 'rebook' } } as const;
    expect(verdictOn(exchange, rebook)).to.deep.include({
      reason: 'rebook-leftover',
      action: {
        do: 'cancel-booking',
        appointmentId: ID,
        because: 'replaced',
        intent: { ...intent, triedAt: NOW, successor: '700999' },
      },
    });
    const refused = { ...exchange.rebooking, settled: true, cancelRefusal: REFUSAL, old: 'exists' } as const;
    expect(verdictOn({ ...exchange, rebooking: refused }, rebook)).to.deep.include({
      reason: 'rebook-leftover',
      action: { do: 'cancel-booking', appointmentId: '700999', because: 'undo', intent: null },
    });
  });

  it('has a test with the name of each row', function () {
    const { tests = [], suites = [] } = this.test?.parent ?? {};
    const titles = [...tests, ...suites].map(({ title }) => title);
    const unnamed = TABLE.filter(
      ({ row, reason }) => !titles.some((title) => isNamed(title, `row ${row} · ${reason}`)),
    );
    expect(unnamed).to.deep.equal([]);
  });
});

describe('decide, on a change that a crash interrupted', () => {
  const change = { start: START, end: END, bay: '2', since: SYNCED, triedAt: SYNCED, successor: null };
  const moving = aMap({ intent: { kind: 'write-event', ...change } });
  const rescheduling = aMap({ intent: { kind: 'reschedule', ...change } });
  const bay2 = (more: Partial<Booking> = {}) => bookingSeen({ resourceUnitId: BAY2.resourceUnitId, ...more });

  it('treats an event at the target of our move as moved by us, and continues', () => {
    for (const proven of [true, false]) {
      const event = edited({ calendarId: BAY2.calendarId }, { proven });
      expect(verdictOn({ map: moving, booking: bay2(), event })).to.deep.equal(
        decision('in-sync', {
          do: 'store-map',
          map: {
            ...moving,
            intent: null,
            googleCalendarId: BAY2.calendarId,
            base: base({ bay: '2' }),
            etag: '"2"',
            eventUpdatedAt: EDITED,
          },
        }),
      );
      expect(verdictOn({ map: moving, booking: bay2(LATER), event })).to.deep.equal(
        decision('booking-changed', write(LATER, base({ bay: '2', ...LATER }), event.event)),
      );
      expect(verdictOn({ map: moving, event })).to.have.property('reason', 'in-sync');
    }
  });

  it('treats an event as moved by a user if the target bay is no longer ours', () => {
    const map = aMap({ intent: { kind: 'write-event', ...change, bay: '9' } });
    const event = onBay2();
    expect(verdictOn({ map, booking: bookingSeen(), event })).to.deep.equal(
      decision('event-moved-bay', {
        do: 'reschedule-booking',
        bay: BAY2,
        event: event.event,
        base: base({ bay: '2' }),
      }),
    );
  });

  describe('by the id of a write to the event', () => {
    const WRITE = 'w1';
    const begun = { since: SYNCED, triedAt: NOW - MINUTE, successor: null, write: WRITE } as const;
    const toLater = aMap({ intent: { kind: 'write-event', ...LATER, bay: '1', ...begun } });
    const digests = (title: string, description: string) => ({
      titleDigest: textDigest(title),
      descriptionDigest: textDigest(description),
    });
    const bearing = (change: Partial<CalendarEvent>, marks: Partial<CalendarEvent['marks']> = {}) =>
      edited({ ...change, marks: { ...anEvent().marks, write: WRITE, ...marks } });

    it('treats an event with it as written, at any time', () => {
      for (const updatedAt of [null, NOW - HOUR, NOW + HOUR]) {
        const event = bearing({ ...LATER, updatedAt });
        const stored = { ...toLater, base: base(LATER), etag: '"2"', eventUpdatedAt: updatedAt, intent: null };
        expect(verdictOn({ map: toLater, booking: bookingSeen(LATER), event })).to.deep.equal(
          decision('in-sync', { do: 'store-map', map: stored }),
        );
        expect(verdictOn({ map: toLater, booking: bookingSeen(), event })).to.deep.equal(
          decision('booking-changed', write({ start: START, end: END }, BASE, event.event)),
        );
        expect(verdictOn({ map: toLater, event })).to.have.property('reason', 'in-sync');
      }
    });

    it('treats differences from the write as later edits, and carries them', () => {
      const event = bearing(EVEN_LATER);
      expect(verdictOn({ map: toLater, booking: bookingSeen(LATER), event })).to.deep.equal(
        decision('event-moved', { do: 'reschedule-booking', bay: BAY1, event: event.event, base: base(EVEN_LATER) }),
      );
      // The booking has moved back. A user has moved the event from the place of our write, as has the booking.
      expect(verdictOn({ map: toLater, booking: bookingSeen(), event })).to.have.property('reason', 'conflict');
    });

    it('treats an event without it as not reached by the write', () => {
      for (const marks of [{ write: null }, { write: 'w0' }]) {
        const event = bearing(LATER, marks);
        expect(verdictOn({ map: toLater, booking: bookingSeen(), event })).to.have.property('reason', 'event-moved');
        expect(verdictOn({ map: toLater, booking: bookingSeen(LATER), event })).to.have.property('reason', 'converged');
      }
      const idless = aMap({ intent: { ...begun, kind: 'write-event', ...LATER, bay: '1', write: undefined } as never });
      const event = bearing(LATER, { write: null });
      expect(verdictOn({ map: idless, booking: bookingSeen(), event })).to.have.property('reason', 'event-moved');
    });

    it('moves the event back if the booking has moved back meanwhile', () => {
      const event = edited({ calendarId: BAY2.calendarId });
      expect(verdictOn({ map: moving, booking: bookingSeen(), event })).to.deep.equal(
        decision('booking-moved-bay', write({}, BASE, event.event, BAY1.calendarId)),
      );
    });

    it('recognizes a text of the write by its digest, and overwrites it with the booking’s text', () => {
      const map = aMap({ intent: { kind: 'write-text', start: START, end: END, bay: '1', ...begun } });
      const event = bearing({ description: 'Three' }, digests('Ana R.', 'Three'));
      expect(verdictOn({ map, booking: bookingSeen({ notes: 'Four' }), event })).to.deep.equal(
        decision('booking-changed', write({ description: 'Four' }, base({ description: 'Four' }), event.event)),
      );
      expect(verdictOn({ map, booking: bookingSeen({ notes: 'Three' }), event })).to.deep.equal(
        decision('in-sync', {
          do: 'store-map',
          map: { ...map, base: base({ description: 'Three' }), intent: null, etag: '"2"', eventUpdatedAt: EDITED },
        }),
      );
    });

    it("keeps a user's text that has replaced ours since", () => {
      const map = aMap({ intent: { kind: 'write-text', start: START, end: END, bay: '1', ...begun } });
      const event = bearing({ title: 'Party', description: 'Cake' }, digests('Ana R.', 'Three'));
      const seen = verdictOn({ map, booking: bookingSeen({ notes: 'Three' }), event });
      expect(seen).to.deep.equal(
        decision('text-edited', {
          do: 'store-map',
          map: {
            ...map,
            base: base({ description: 'Three' }),
            intent: null,
            etag: '"2"',
            eventUpdatedAt: EDITED,
            flags: { ownTitle: true, ownDescription: true },
          },
        }),
      );
    });

    it('treats a text as a user’s if the write was to set another one', () => {
      const map = aMap({ intent: { kind: 'write-title', start: START, end: END, bay: '1', ...begun } });
      const event = bearing({ description: 'Cake' }, digests('Ana R.', 'Two players'));
      expect(verdictOn({ map, booking: bookingSeen(), event })).to.have.nested.property(
        'action.map.flags.ownDescription',
        true,
      );
    });
  });

  it('treats an event in any other calendar as moved by a user', () => {
    const home = aMap({ intent: { kind: 'write-event', ...change, bay: '1' } });
    for (const map of [home, rescheduling]) {
      expect(verdictOn({ map, booking: bookingSeen(), event: onBay2() })).to.have.property('reason', 'event-moved-bay');
    }
    expect(verdictOn({ map: moving, booking: bookingSeen(), event: edited(LATER) })).to.have.property(
      'reason',
      'event-moved',
    );
  });

  it('treats an edited text as an edit if only the bay was to change', () => {
    const map = aMap({ intent: { kind: 'write-event', ...change, triedAt: NOW } });
    const event = edited({ title: 'X', updatedAt: null });
    expect(verdictOn({ map, event })).to.have.property('reason', 'text-edited');
  });

  it('still proves a deletion', () => {
    const event = eventSeen(aTombstone({ calendarId: BAY2.calendarId }));
    expect(verdictOn({ map: moving, event })).to.deep.equal(LOOK_AT_EVENT);
  });

  it('drops the intent if neither side shows it', () => {
    for (const map of [moving, rescheduling]) {
      const over = decision('in-sync', { do: 'store-map', map: aMap() });
      expect(verdictOn({ map, booking: bookingSeen() })).to.deep.equal(over);
      expect(verdictOn({ map, booking: bookingSeen(), event: eventSeen(anEvent()) })).to.deep.equal(over);
      expect(verdictOn({ map, booking: bookingSeen(), event: edited({}) })).to.deep.equal(
        decision('in-sync', { do: 'store-map', map: aMap({ etag: '"2"', eventUpdatedAt: EDITED }) }),
      );
      expect(verdictOn({ map, event: eventSeen(anEvent()) })).to.deep.equal(nothing('in-sync'));
      expect(verdictOn({ map, event: edited({}) })).to.deep.equal(nothing('in-sync'));
      const flags = { ownTitle: true as const };
      const texted = { do: 'store-map', map: aMap({ etag: '"2"', eventUpdatedAt: EDITED, flags }) } as const;
      expect(verdictOn({ map, booking: bookingSeen(), event: edited({ title: 'X' }) })).to.deep.equal(
        decision('text-edited', texted),
      );
      expect(verdictOn({ map, event: edited({ title: 'X' }) })).to.deep.equal(
        decision('text-edited', { ...texted, map: { ...texted.map, intent: map.intent } }),
      );
    }
  });

  it('drops the intent if both sides show it', () => {
    const map = rescheduling;
    expect(verdictOn({ map, booking: bookingSeen(LATER), event: edited(LATER) })).to.deep.equal(
      decision('converged', {
        do: 'store-map',
        map: aMap({ base: base(LATER), etag: '"2"', eventUpdatedAt: EDITED }),
      }),
    );
  });
});

describe('decide, on echoes', () => {
  it('treats an event with our etag as our own write, with any other content', () => {
    const event = eventSeen(anEvent({ ...LATER, title: 'Another title' }));
    expect(verdictOn({ map: aMap(), booking: bookingSeen(), event })).to.deep.equal(nothing('in-sync'));
    expect(verdictOn({ map: aMap({ lastSyncedAt: NOW }), event })).to.deep.equal(nothing('in-sync'));
    const goneWithEtag = eventSeen(aTombstone({ etag: '"1"' }), { proven: true });
    expect(verdictOn({ map: aMap(), booking: bookingSeen(), event: goneWithEtag })).to.have.property(
      'reason',
      'event-deleted',
    );
  });

  it('discards a reading of the booking that is older than our last write', () => {
    const map = aMap({ lastSyncedAt: SEEN + 1 });
    expect(verdictOn({ map, booking: bookingSeen(LATER) })).to.deep.equal(LOOK_AT_BOOKING);
    expect(verdictOn({ map, booking: dead() })).to.deep.equal(LOOK_AT_BOOKING);
    expect(verdictOn({ map, booking: bookingSeen() })).to.deep.equal(LOOK_AT_BOOKING);
    const justInTime = aMap({ lastSyncedAt: SEEN });
    expect(verdictOn({ map: justInTime, booking: bookingSeen(LATER) })).to.have.property('reason', 'booking-changed');
    const canceled = aMap({ status: 'CANCELED', lastSyncedAt: SEEN + 1 });
    expect(verdictOn({ map: canceled, booking: bookingSeen() })).to.deep.equal(LOOK_AT_BOOKING);
    const canceledThen = aMap({ status: 'CANCELED', lastSyncedAt: SEEN });
    expect(verdictOn({ map: canceledThen, booking: bookingSeen() })).to.have.property('reason', 'booking-revived');
  });

  it('discards an observation of the event that is older than our last write', () => {
    const map = aMap({ lastSyncedAt: SEEN + 1 });
    for (const event of [edited(LATER), gone(), gone({ proven: true })]) {
      expect(verdictOn({ map, event })).to.deep.equal(LOOK_AT_EVENT);
    }
    expect(verdictOn({ map, event: eventSeen(anEvent()) })).to.deep.equal(nothing('in-sync'));
    expect(verdictOn({ map: aMap({ lastSyncedAt: SEEN }), event: edited({ title: 'X' }) })).to.have.property(
      'reason',
      'text-edited',
    );
    const canceled = aMap({ status: 'CANCELED', lastSyncedAt: SEEN + 1 });
    const booking = bookingSeen({ status: 'dead' }, { at: NOW });
    expect(verdictOn({ map: canceled, booking, event: edited({}) })).to.deep.equal(LOOK_AT_EVENT);
    const canceledThen = aMap({ status: 'CANCELED', lastSyncedAt: SEEN });
    expect(verdictOn({ map: canceledThen, booking, event: edited({}) })).to.have.property('reason', 'dead-stays-dead');
  });

  it('waits for the end of the echo window if an older version of the event is served', () => {
    const map = aMap({ lastSyncedAt: SEEN, eventUpdatedAt: EDITED });
    const older = (updatedAt: number | null) => edited({ ...LATER, updatedAt });
    expect(verdictOn({ map, booking: bookingSeen(), event: older(EDITED - 1) })).to.deep.equal(wait(SEEN + 10_000));
    expect(verdictOn({ map, booking: bookingSeen(), event: older(EDITED) })).to.have.property('reason', 'event-moved');
    expect(verdictOn({ map, booking: bookingSeen(), event: older(null) })).to.have.property('reason', 'event-moved');
    const unknown = { ...map, eventUpdatedAt: null };
    expect(verdictOn({ map: unknown, booking: bookingSeen(), event: older(EDITED - 1) })).to.have.property(
      'reason',
      'event-moved',
    );
  });

  it('reads an older version by its id after the echo window; if it is still older, the booking wins', () => {
    const map = aMap({ lastSyncedAt: NOW - 10_000, eventUpdatedAt: EDITED });
    const older = edited({ ...LATER, updatedAt: EDITED - 1 });
    expect(verdictOn({ map, booking: bookingSeen(), event: older })).to.deep.equal(LOOK_AT_EVENT);
    const proven = { ...older, proven: true };
    const verdict = verdictOn({ map, booking: bookingSeen(), event: proven });
    expect(verdict).to.deep.include({ kind: 'decision', reason: 'conflict' });
    expect(verdict).to.have.nested.property('action.do', 'write-event');
    const ahead = { ...map, eventUpdatedAt: NOW + 1 };
    expect(verdictOn({ map: ahead, booking: bookingSeen(), event: proven })).to.have.property('reason', 'event-moved');
  });
});

describe('decide, inside the echo window of our own write to a booking', () => {
  const writtenAt = NOW - 4000;
  const map = aMap({ bookingWrittenAt: writtenAt });
  const closes = writtenAt + 10_000;

  it('does not yet accept a reading that differs', () => {
    for (const booking of [bookingSeen(LATER), bookingSeen({ notes: 'x' }), dead(), bookingUnknownToSystem()]) {
      expect(verdictOn({ map, booking })).to.deep.equal(wait(closes));
      expect(verdictOn({ map, booking, event: eventSeen(anEvent()) })).to.deep.equal(wait(closes));
    }
  });

  it('accepts a reading that does not differ', () => {
    expect(verdictOn({ map, booking: bookingSeen() })).to.deep.equal(nothing('in-sync'));
  });

  it('carries a user’s edit at once', () => {
    const event = anEditedEvent(EVEN_LATER);
    const follow = decision('event-moved', {
      do: 'reschedule-booking',
      bay: BAY1,
      event,
      base: base(EVEN_LATER),
    });
    expect(verdictOn({ map, booking: bookingSeen(), event: eventSeen(event) })).to.deep.equal(follow);
    expect(verdictOn({ map, booking: bookingSeen(LATER), event: eventSeen(event) })).to.deep.equal(follow);
    const deleted = { map, booking: bookingSeen(LATER), event: gone({ proven: true }) };
    expect(verdictOn(deleted)).to.deep.equal(
      decision('event-deleted', { do: 'cancel-booking', appointmentId: ID, because: 'event-deleted', intent: null }),
    );
    const allDay = edited({ shape: 'all-day', start: null, end: null });
    expect(verdictOn({ map, booking: bookingSeen(LATER), event: allDay })).to.deep.equal(
      decision('unsupported-edit', write({ start: START, end: END }, BASE, allDay.event)),
    );
  });

  it('cannot change a booking that was reported as missing, and waits', () => {
    expect(verdictOn({ map, booking: bookingUnknownToSystem(), event: edited(EVEN_LATER) })).to.deep.equal(
      wait(closes),
    );
  });

  it('accepts every reading after the window', () => {
    const settled = aMap({ bookingWrittenAt: SEEN - 10_000 });
    expect(verdictOn({ map: settled, booking: bookingSeen(LATER) })).to.have.property('reason', 'booking-changed');
    const closing = aMap({ bookingWrittenAt: NOW - 9_999 });
    expect(verdictOn({ map: closing, booking: bookingSeen(LATER) })).to.deep.equal(wait(NOW + 1));
    const closed = aMap({ bookingWrittenAt: NOW - 10_000 });
    for (const event of [undefined, eventSeen(anEvent()), edited(EVEN_LATER), gone({ proven: true })]) {
      expect(verdictOn({ map: closed, booking: bookingSeen(LATER), event })).to.deep.equal(LOOK_AT_BOOKING);
    }
    expect(verdictOn({ map: closed, booking: bookingSeen() })).to.deep.equal(nothing('in-sync'));
    expect(verdictOn({ map: closed, booking: bookingSeen(LATER, { at: NOW }) })).to.have.property(
      'reason',
      'booking-changed',
    );
    const none = { rules: { echoWindowSeconds: 0 } };
    expect(verdictOn({ map, booking: bookingSeen(LATER) }, none)).to.have.property('reason', 'booking-changed');
  });

  it('does not treat a booking that we have just cancelled as revived', () => {
    const canceled = aMap({ status: 'CANCELED', bookingWrittenAt: writtenAt });
    expect(verdictOn({ map: canceled, booking: bookingSeen() })).to.deep.equal(wait(closes));
    expect(verdictOn({ map: canceled, booking: dead() })).to.deep.equal(nothing('in-sync'));
    const closed = aMap({ status: 'CANCELED', bookingWrittenAt: NOW - 10_000 });
    expect(verdictOn({ map: closed, booking: bookingSeen() })).to.deep.equal(LOOK_AT_BOOKING);
    expect(verdictOn({ map: closed, booking: bookingSeen({}, { at: NOW }) })).to.have.property(
      'reason',
      'booking-revived',
    );
    const settled = aMap({ status: 'CANCELED', bookingWrittenAt: SEEN - 10_000 });
    expect(verdictOn({ map: settled, booking: bookingSeen() })).to.have.property('reason', 'booking-revived');
  });

  it('requests a reading of a side that was not observed', () => {
    expect(verdictOn({})).to.deep.equal(LOOK_AT_BOOKING);
    expect(verdictOn({ map: aMap() })).to.deep.equal(LOOK_AT_BOOKING);
    expect(SYNCED).to.be.lessThan(SEEN);
  });
});
