import { expect } from 'chai';
import { HOUR, MINUTE, SECOND, type CalendarEvent } from '@loft/sync-core';
import type { SyncIntent } from '#src/domain/booking-event-map.js';
import { NO_MARKS } from '#src/domain/calendar-event.js';
import { decide } from '#src/rules/decide.js';
import { decideActive, decideOtherMarks } from '#src/rules/decide-active.js';
import { decideCanceled } from '#src/rules/decide-canceled.js';
import type { Verdict } from '#src/rules/decision.js';
import { CANCELED_PREFIX } from '#src/rules/event-text.js';
import { createRules } from '#src/rules/rules.js';
import type { MarkedFor, Situation } from '#src/rules/situation.js';
import { BAY1, BAY2, settingsWith, type Overrides } from '../engine/world.js';
import {
  aMap,
  anEdit,
  anEditedEvent,
  anEvent,
  aSituation,
  aTombstone,
  bookingSeen,
  bookingUnknownToSystem,
  END,
  EVENT_ID,
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
const LATER = { start: START + HOUR, end: END + HOUR };
const OBSERVE_BOOKING = { kind: 'observe', target: 'booking' };
const OBSERVE_EVENT = { kind: 'observe', target: 'event' };
const CLOSED = 'elsewhere@group.calendar.google.com';
const { echoWindowMs } = RULES;

function on(change: Partial<Situation>, settings: Overrides = {}): Verdict {
  const situation = aSituation({ map: aMap(), ...change });
  return decideActive(situation, situation.map ?? aMap(), createRules(settingsWith(settings)));
}

describe('a round whose earlier observations are lost', () => {
  it('reads the event first, then the booking', () => {
    const event = { calendarId: BAY1.calendarId, eventId: EVENT_ID };
    const seen = { map: aMap(), booking: bookingSeen(), event: eventSeen(anEvent()) };
    expect(decide(aSituation({ ...seen, reread: { event, booking: true } }), RULES)).to.deep.equal(OBSERVE_EVENT);
    expect(decide(aSituation({ ...seen, reread: { event: null, booking: true } }), RULES)).to.deep.equal(
      OBSERVE_BOOKING,
    );
    expect(decide(aSituation({ ...seen, reread: { event: null, booking: false } }), RULES)).to.have.property('reason');
  });
});

describe('a reading by id that is older than a list', () => {
  it('is read again, and the list is kept', () => {
    const listed = [eventSeen(anEditedEvent({ updatedAt: NOW }))];
    const event = eventSeen(anEvent(), { proven: true });
    const given = aSituation({ map: aMap(), booking: bookingSeen(), listed, event });
    expect(decide(given, RULES)).to.deep.equal({
      kind: 'wait',
      until: NOW + RULES.timing.readAgainMs,
      keeps: listed,
    });
    expect(decide({ ...given, event: eventSeen(anEvent()) }, RULES)).to.have.property('reason', 'in-sync');
  });
});

describe('a map with times in the future, which a fast clock has stored', () => {
  const decided = (map: ReturnType<typeof aMap>, change: Partial<Situation> = {}): Verdict =>
    decide(aSituation({ map, booking: bookingSeen(), ...change }), RULES);

  it('is not newer than a reading', () => {
    expect(decided(aMap({ lastSyncedAt: NOW + 1 }))).to.have.property('reason', 'in-sync');
    expect(decided(aMap({ lastSyncedAt: NOW }))).to.deep.equal(OBSERVE_BOOKING);
  });

  it('has no echo window, and keeps the one of an earlier write', () => {
    const moved = { booking: bookingSeen(LATER) };
    expect(decided(aMap({ bookingWrittenAt: NOW + 1 }), moved)).to.have.property('reason', 'booking-changed');
    const until = NOW + echoWindowMs;
    expect(decided(aMap({ bookingWrittenAt: NOW }), moved)).to.deep.equal({ kind: 'wait', until });
    expect(decided(aMap({ bookingWrittenAt: NOW, lastSyncedAt: NOW + 1 }), moved)).to.deep.equal({
      kind: 'wait',
      until,
    });
    expect(decided(aMap({ bookingWrittenAt: null, lastSyncedAt: NOW + 1 }), moved)).to.have.property(
      'reason',
      'booking-changed',
    );
  });

  it('has an intent that was tried long ago, and keeps the time of an earlier one', () => {
    const intent = (triedAt: number): SyncIntent => ({
      kind: 'reschedule',
      ...LATER,
      bay: '1',
      since: triedAt,
      triedAt,
      successor: null,
    });
    expect(decided(aMap({ intent: intent(NOW + 1) }))).to.have.property('reason', 'in-sync');
    const until = NOW + RULES.timing.rescheduleShowsMs;
    expect(decided(aMap({ intent: intent(NOW) }))).to.deep.equal({ kind: 'wait', until });
    expect(decided(aMap({ intent: intent(NOW), bookingWrittenAt: NOW + 1 }))).to.deep.equal({ kind: 'wait', until });
    // A booking in the slot that is older than the reschedule does not replace this one.
    const { intentHoldsMs, recordTimeSlackMs } = RULES.timing;
    const made = (createdAt: number) => ({
      booking: bookingSeen({ status: 'dead' }),
      inSlot: [{ ...bookingSeen().booking!, ...LATER, appointmentId: '9', createdAt }],
    });
    const since = NOW - intentHoldsMs - recordTimeSlackMs;
    expect(decided(aMap({ intent: intent(NOW + 1) }), made(since))).to.have.property('reason', 'event-moved');
    expect(decided(aMap({ intent: intent(NOW + 1) }), made(since - 1))).to.have.property('reason', 'booking-cancelled');
  });
});

describe('an ACTIVE map whose event has changed', () => {
  it('is decided with readings that are not older than the last write', () => {
    const edited = eventSeen(anEditedEvent(LATER), { at: SYNCED - 1 });
    expect(on({ event: edited, booking: bookingSeen() })).to.deep.equal(OBSERVE_EVENT);
    expect(on({ event: eventSeen(anEvent(), { at: SYNCED - 1 }), booking: bookingSeen() })).to.have.property(
      'reason',
      'in-sync',
    );
    expect(on({ booking: bookingSeen({}, { at: SYNCED - 1 }) })).to.deep.equal(OBSERVE_BOOKING);
    expect(on({ booking: bookingSeen({}, { at: SYNCED }) })).to.have.property('reason', 'in-sync');
  });

  it('waits for the calendar to show its last write, if it shows an older version, and then reads the event', () => {
    const map = (change = {}) => aMap({ lastSyncedAt: NOW - SECOND, eventUpdatedAt: NOW - SECOND, ...change });
    const shows = (updatedAt: number | null) => eventSeen(anEditedEvent({ ...LATER, updatedAt }), { at: NOW });
    const booking = bookingSeen({}, { at: NOW });
    const waits = { kind: 'wait', until: NOW - SECOND + echoWindowMs };
    expect(on({ map: map(), event: shows(NOW - SECOND - 1), booking })).to.deep.equal(waits);
    expect(on({ map: map(), event: shows(NOW - SECOND), booking })).to.have.property('reason', 'event-moved');
    expect(on({ map: map(), event: shows(null), booking })).to.have.property('reason', 'event-moved');
    expect(on({ map: map({ eventUpdatedAt: null }), event: shows(-1), booking })).to.have.property(
      'reason',
      'event-moved',
    );
    const old = map({ lastSyncedAt: NOW - echoWindowMs });
    const older = shows(NOW - SECOND - 1);
    expect(on({ map: old, event: older, booking })).to.deep.equal(OBSERVE_EVENT);
    expect(on({ map: old, event: { ...older, proven: true }, booking })).to.have.property('reason', 'conflict');
    const ahead = { ...old, eventUpdatedAt: NOW + SECOND };
    expect(on({ map: ahead, event: older, booking })).to.have.property('reason', 'event-moved');
  });

  it('in a calendar of no bay shows only what its booking says', () => {
    const map = aMap({ googleCalendarId: CLOSED });
    const event = eventSeen(anEditedEvent({ calendarId: CLOSED, ...LATER }));
    const dead = on({ map, event, booking: bookingSeen({ status: 'dead' }) });
    expect(dead).to.deep.include({ reason: 'booking-cancelled', action: { do: 'cancel-event', event: event.event } });
    const moved = on({ map, event, booking: bookingSeen() });
    expect(moved).to.have.nested.property('action.write').deep.include({ moveTo: BAY1.calendarId, ifMatch: '"2"' });
    expect(on({ map, event, booking: undefined })).to.deep.equal(OBSERVE_BOOKING);
    const unrouted = on({ map, event, booking: bookingSeen({ resourceUnitId: FOREIGN_UNIT }) });
    expect(unrouted).to.deep.include({ reason: 'no-route', action: { do: 'nothing' } });
  });
});

describe('a replayed dead letter', () => {
  const replayed = { replayed: true };
  const UNDO = anEdit({ state: 'undo', start: START - HOUR, end: END - HOUR });
  const LETTER = anEdit({ ...LATER, state: 'replay' });

  it('needs a reading of the booking if its event is alive', () => {
    expect(on({ ...replayed, event: eventSeen(anEvent()), edits: [LETTER] })).to.deep.equal(OBSERVE_BOOKING);
    const given = { ...replayed, event: eventSeen(anEvent()), booking: bookingSeen() };
    expect(on({ ...given, edits: [UNDO] })).to.have.property('reason', 'change-undone');
    expect(on({ ...given, edits: [LETTER] })).to.have.property('reason', 'event-moved');
    expect(on({ ...given, edits: [] })).to.have.property('reason', 'in-sync');
  });

  it('is no request of an edit if its event is deleted or was not read', () => {
    const gone = { ...replayed, event: eventSeen(aTombstone(), { proven: true }), booking: bookingSeen() };
    expect(on({ ...gone, edits: [LETTER] })).to.have.nested.property('action.do', 'record-edits');
    expect(on({ ...replayed, booking: bookingSeen(), edits: [LETTER] })).to.have.property('reason', 'in-sync');
  });

  it('of a refused edit is decided with a reading of the booking', () => {
    const refused = { refusal: REFUSAL, event: eventSeen(anEditedEvent(LATER)), slotHolder: null };
    expect(on(refused)).to.deep.equal(OBSERVE_BOOKING);
    expect(on({ ...refused, booking: bookingSeen() })).to.have.property('reason', 'edit-refused');
    const unmarked = { ...refused, event: eventSeen(anEditedEvent({ marks: NO_MARKS })), booking: bookingSeen() };
    expect(on(unmarked)).to.have.property('reason', 'metadata-removed');
  });
});

describe('row 26 · past: a visit that is over', () => {
  const past = { start: NOW - 2 * HOUR, end: NOW - HOUR };
  const map = aMap({ base: { ...aMap().base, ...past } });
  const booking = bookingSeen(past);
  const event = (change: Partial<CalendarEvent> = {}): CalendarEvent => anEditedEvent({ ...past, ...change });
  const over = (shown: CalendarEvent, change: Partial<Situation> = {}, proven = true): Verdict =>
    on({ map, booking, event: eventSeen(shown, { proven }), ...change });
  const quiet = { kind: 'decision', reason: 'past', action: { do: 'nothing' }, detail: null };

  it('keeps its booking if its event is deleted, and its texts', () => {
    expect(over(aTombstone())).to.deep.equal(quiet);
    expect(over(event({ title: 'Party of Ana' }))).to.deep.equal(quiet);
    expect(over(event({ marks: NO_MARKS, start: START, end: END }))).to.deep.equal(quiet);
  });

  it('agrees with a later change of the booking’s texts', () => {
    const noted = bookingSeen({ ...past, notes: 'Four players' });
    const { base } = map;
    expect(over(aTombstone(), { booking: noted })).to.deep.include({
      reason: 'past',
      action: { do: 'store-map', map: { ...map, base: { ...base, description: 'Four players' } } },
    });
    const written = over(event({ title: 'Party of Ana' }), { booking: noted });
    expect(written).to.have.nested.property('action.write.fields').deep.equal({ description: 'Four players' });
    const unmarked = over(event({ marks: NO_MARKS }), { booking: noted });
    expect(unmarked).to.deep.include({ reason: 'past' });
    expect(unmarked)
      .to.have.nested.property('action.map')
      .deep.include({
        base: { ...base, description: 'Four players' },
        flags: { unmarked: true },
      });
    expect(over(event({ title: 'x' }), { booking: noted, historyBefore: NOW })).to.deep.equal(quiet);
    expect(over(event({ title: 'x' }), { booking: undefined })).to.deep.equal(quiet);
  });

  it('has its moved event reverted, after the move is proven and the booking is read', () => {
    const moved = event({ start: START, end: END });
    expect(over(moved)).to.deep.include({ reason: 'past-edit' });
    expect(over(moved, { booking: undefined })).to.deep.equal(OBSERVE_BOOKING);
    const inBay2 = event({ calendarId: BAY2.calendarId });
    expect(over(inBay2, {}, false)).to.deep.equal(OBSERVE_EVENT);
    expect(over(inBay2)).to.have.property('reason', 'past-edit');
    expect(over(event({ start: past.start - MINUTE }), {}, false)).to.have.property('reason', 'past-edit');
  });

  it('has its moved event reverted to the state of the map if its booking has no bay any more', () => {
    const unrouted = bookingSeen({ ...past, resourceUnitId: FOREIGN_UNIT });
    const verdict = over(event({ start: START, end: END }), { booking: unrouted });
    expect(verdict).to.have.nested.property('action.write.base').deep.equal(map.base);
    const renoted = over(event({ start: START, end: END }), {
      booking: bookingSeen({ ...past, notes: 'Four players' }),
    });
    expect(renoted).to.have.nested.property('action.write.base.description', 'Four players');
  });

  it('is extended if the end of its event alone was moved into the future, within an hour', () => {
    const extended = (
      end: number | null,
      updatedAt: number | null = NOW,
      change: Partial<CalendarEvent> = {},
    ): Verdict => over(event({ end, updatedAt, ...change }));
    const carried = (verdict: Verdict): void => {
      expect(verdict).to.have.nested.property('action.do', 'record-edits');
    };
    carried(extended(NOW + HOUR));
    carried(extended(NOW + 1, null));
    carried(extended(NOW + HOUR, NOW + HOUR));
    const reverted = [
      extended(NOW),
      extended(null),
      extended(NOW + HOUR, NOW, { start: past.start + MINUTE }),
      extended(NOW + HOUR, NOW, { calendarId: BAY2.calendarId }),
    ];
    for (const verdict of reverted) expect(verdict).to.have.property('reason', 'past-edit');
    const late = { base: { ...map.base, start: past.start, end: NOW - HOUR - 1 } };
    const lately = { ...past, end: NOW - HOUR - 1 };
    const given = { map: aMap(late), booking: bookingSeen(lately) };
    expect(over(event({ end: NOW + HOUR, updatedAt: NOW }), given)).to.have.property('reason', 'past-edit');
    carried(over(event({ end: NOW + HOUR, updatedAt: NOW - 1 }), given));
  });

  it('is not cancelled in blind mode, because a hidden status proves nothing about it', () => {
    const dead = { map, booking: bookingSeen({ ...past, status: 'dead' }) };
    expect(on(dead)).to.have.property('reason', 'booking-cancelled');
    expect(on(dead, { uschedule: { status: 'blind' } })).to.deep.equal({
      ...quiet,
      detail: 'its booking is not there any more, but its time is over',
    });
    const later = { booking: bookingSeen({ status: 'dead' }) };
    expect(on(later, { uschedule: { status: 'blind' } })).to.have.property('reason', 'booking-cancelled');
  });

  it('is history before the window of the polls, unless its booking was moved out of it', () => {
    const history = aMap({ base: { ...aMap().base, start: HISTORY - HOUR, end: HISTORY } });
    expect(on({ map: history, booking: bookingSeen({ status: 'dead' }) })).to.deep.equal(quiet);
    expect(on({ map: history, booking: bookingUnknownToSystem() })).to.deep.equal(quiet);
    expect(on({ map: history, booking: bookingSeen() })).to.have.property('reason', 'booking-changed');
  });
});

describe('an event with the marks of another appointment', () => {
  const OTHER = '700999';
  const event = anEditedEvent({ marks: { ...anEvent().marks, appointmentId: OTHER } });
  const theirs = aMap({ uscheduleAppointmentId: OTHER });
  const decided = (
    markedFor: Partial<MarkedFor> | null,
    change: Partial<Situation> = {},
    map = aMap(),
    at = SEEN,
    seen = event,
  ): Verdict | null => {
    const whole = { appointmentId: OTHER, map: null, existence: 'exists', ...markedFor } as const;
    const situation = aSituation({ map, booking: bookingSeen(), ...(markedFor && { markedFor: whole }), ...change });
    return decideOtherMarks(
      situation,
      eventSeen(seen, { at, proven: seen.calendarId !== BAY2.calendarId }),
      map,
      RULES,
    );
  };
  const says = `its event carries the marks of ${OTHER}`;
  const unclear = { kind: 'decision', reason: 'orphan-unproven', action: { do: 'nothing' }, detail: says };

  it('is read again if it was read before the last write, which may have been that of our marks', () => {
    expect(decided({}, {}, aMap(), SYNCED - 1)).to.deep.equal(OBSERVE_EVENT);
    expect(decided({}, {}, aMap(), SYNCED)).to.have.property('reason', 'new-booking');
  });

  it('is decided with readings of both bookings after the last write', () => {
    expect(decided({}, { booking: undefined })).to.deep.equal(OBSERVE_BOOKING);
    expect(decided({}, { booking: bookingSeen({}, { at: SYNCED - 1 }) })).to.deep.equal(OBSERVE_BOOKING);
    expect(decided(null, { booking: bookingSeen({}, { at: SYNCED }) })).to.deep.equal({
      kind: 'observe',
      target: 'marked-for',
    });
  });

  it('belongs to the other appointment if ours is dead', () => {
    const superseded = { ...aMap(), status: 'CANCELED', supersededBy: OTHER, intent: null };
    const given = {
      kind: 'decision',
      reason: 'booking-cancelled',
      action: { do: 'store-map', map: superseded },
      detail: `its event is that of ${OTHER}`,
    };
    expect(decided({}, { booking: bookingUnknownToSystem() })).to.deep.equal(given);
    const unusual = { ...bookingUnknownToSystem(), status: 'live' as const };
    expect(decided({}, { booking: unusual })).to.deep.equal(given);
    expect(decided({ own: 'gone' })).to.deep.equal(given);
    expect(decided({ existence: 'gone' }, { booking: bookingUnknownToSystem() })).to.equal(null);
  });

  it('is ours if the other appointment is an earlier id of ours, although an outdated answer shows its booking', () => {
    const earlier = { ...theirs, status: 'CANCELED' as const, supersededBy: ID };
    expect(decided({ map: earlier }, { booking: bookingUnknownToSystem() })).to.equal(null);
    expect(decided({ map: earlier })).to.deep.equal(decided({ existence: 'gone' }));
    expect(decided({ map: { ...earlier, supersededBy: '700777' } })).to.deep.equal(unclear);
  });

  it('is read by its id first, if a list has shown it in another calendar: two events may have the same id', () => {
    const elsewhere = { ...event, calendarId: BAY2.calendarId };
    expect(decided({}, {}, aMap(), SEEN, elsewhere)).to.deep.equal({ kind: 'observe', target: 'event' });
    expect(decided({}, {}, aMap({ googleCalendarId: BAY2.calendarId }), SEEN, elsewhere)).to.have.property('reason');
  });

  it('is only reported while ours is unknown', () => {
    expect(decided({}, { booking: bookingSeen({ status: 'unknown' }) })).to.deep.equal(unclear);
  });

  it('is stamped again if the other appointment is dead, or has an event of its own', () => {
    const write = {
      calendarId: BAY1.calendarId,
      eventId: EVENT_ID,
      moveTo: null,
      fields: {},
      ifMatch: '"2"',
      assumed: { start: START, end: END },
      base: aMap().base,
      stamp: true,
    };
    const stamped = (verdict: Verdict | null, base: object = write.base): void => {
      expect(verdict).to.deep.equal({
        kind: 'decision',
        reason: 'booking-changed',
        action: { do: 'write-event', write: { ...write, base } },
        detail: `its event carried the marks of ${OTHER}`,
      });
    };
    stamped(decided({ existence: 'gone' }));
    stamped(decided({ map: { ...theirs, googleEventId: 'theirs' } }));
    stamped(decided({ existence: 'gone' }, { booking: bookingSeen(LATER) }));
    const closed = aMap({ googleCalendarId: CLOSED });
    stamped(decided({ existence: 'gone' }, {}, closed));
  });

  it('shows the booking at once if it was marked as cancelled for the other one, or if both were moved', () => {
    const written = (verdict: Verdict | null): unknown =>
      verdict?.kind === 'decision' && verdict.action.do === 'write-event' ? verdict.action.write : verdict;
    const gone = { existence: 'gone' } as const;
    const stamp = written(decided(gone)) as object;
    const base = { ...aMap().base, ...LATER };
    const canceled = { ...event, title: `${CANCELED_PREFIX}Ana R.`, free: true };
    const fields = { title: aMap().base.title, free: false };
    expect(written(decided(gone, {}, aMap(), SEEN, canceled))).to.deep.equal({ ...stamp, fields });
    const dragged = { ...event, start: START - HOUR, end: END - HOUR };
    const assumed = { start: dragged.start, end: dragged.end };
    expect(written(decided(gone, {}, aMap(), SEEN, dragged))).to.deep.equal({ ...stamp, assumed });
    const booking = bookingSeen(LATER);
    const shown = { ...stamp, assumed, base, fields: LATER };
    expect(written(decided(gone, { booking }, aMap(), SEEN, dragged))).to.deep.equal(shown);
    const closed = aMap({ googleCalendarId: CLOSED });
    expect(written(decided(gone, { booking }, closed))).to.deep.equal({ ...stamp, base, fields: LATER });
    // Within the echo window the reading of the booking may be outdated.
    const justWritten = aMap({ bookingWrittenAt: SEEN });
    expect(written(decided(gone, { booking }, justWritten, SEEN, dragged))).to.deep.equal({ ...stamp, assumed });
  });

  it('leaves ours without an event, which is created anew, if both exist and the other has no event', () => {
    const created = {
      kind: 'decision',
      reason: 'new-booking',
      action: { do: 'create-event', bay: BAY1, base: aMap().base },
      detail: `its event is that of ${OTHER}`,
    };
    expect(decided({})).to.deep.equal(created);
    expect(decided({ map: theirs })).to.deep.equal(created);
  });

  it('is only reported if the evidence does not show whether the other exists, or its map is canceled', () => {
    expect(decided({ existence: 'unclear' })).to.deep.equal(unclear);
    expect(decided({ existence: 'unclear', map: theirs })).to.deep.equal(unclear);
    const canceled = { ...theirs, status: 'CANCELED' as const };
    expect(decided({ map: canceled })).to.deep.equal(unclear);
    expect(decided({ map: { ...canceled, googleEventId: 'theirs' } })).to.deep.equal(unclear);
  });

  it('is left to the other appointment if ours is on a unit without a bay', () => {
    const booking = bookingSeen({ resourceUnitId: FOREIGN_UNIT });
    const canceled = { ...aMap(), status: 'CANCELED', base: { ...aMap().base, bay: null }, intent: null };
    expect(decided({}, { booking })).to.deep.equal({
      kind: 'decision',
      reason: 'booking-moved-bay',
      action: { do: 'store-map', map: canceled },
      detail: `its event is that of ${OTHER}`,
    });
    expect(decided({ existence: 'gone' }, { booking })).to.equal(null);
  });
});

describe('a CANCELED map', () => {
  const canceled = (change = {}) => aMap({ status: 'CANCELED', ...change });
  const decided = (change: Partial<Situation>, map = canceled()): Verdict =>
    decideCanceled(aSituation({ map, ...change }), map, RULES);

  it('is decided with a reading after the echo window of our own write', () => {
    const map = (closesAt: number) => canceled({ bookingWrittenAt: closesAt - echoWindowMs });
    const seen = { booking: bookingSeen(), event: eventSeen(aTombstone()) };
    expect(decided(seen, map(NOW + 5))).to.deep.equal({ kind: 'wait', until: NOW + 5 });
    expect(decided(seen, map(NOW))).to.deep.equal(OBSERVE_BOOKING);
    expect(decided(seen, map(SEEN))).to.have.property('reason', 'booking-revived');
    expect(decided(seen, map(SEEN + 1))).to.deep.equal(OBSERVE_BOOKING);
  });

  it('is revived by a sure reading that is not older than its last write', () => {
    const at = (instant: number): Verdict => decided({ booking: bookingSeen({}, { at: instant }) });
    expect(at(SYNCED)).to.have.property('reason', 'booking-revived');
    expect(at(SYNCED - 1)).to.deep.equal(OBSERVE_BOOKING);
  });

  it('of a booking that has another id now is revived likewise, by a reading by its id', () => {
    const map = (change = {}) => canceled({ supersededBy: '700999', ...change });
    const seen = (change = {}, reading = {}) => ({ booking: bookingSeen(change, reading) });
    const closes = (at: number) => map({ bookingWrittenAt: at - echoWindowMs });
    expect(decided(seen(), closes(NOW + 5))).to.deep.equal({ kind: 'wait', until: NOW + 5 });
    expect(decided(seen(), closes(NOW))).to.deep.equal(OBSERVE_BOOKING);
    expect(decided(seen(), closes(SEEN + 1))).to.deep.equal(OBSERVE_BOOKING);
    expect(decided(seen(), closes(SEEN))).to.have.nested.property('action.do', 'create-event');
    expect(decided(seen({}, { sure: false }), map())).to.deep.equal(OBSERVE_BOOKING);
    expect(decided(seen({}, { at: SYNCED - 1 }), map())).to.deep.equal(OBSERVE_BOOKING);
    expect(decided(seen({}, { at: SYNCED }), map())).to.have.property('reason', 'booking-revived');
    expect(decided(seen({ resourceUnitId: FOREIGN_UNIT }), map())).to.deep.include({
      reason: 'no-route',
      detail: `no bay is configured for unit ${FOREIGN_UNIT}`,
    });
  });

  it('is reported if its live booking is on a unit without a bay', () => {
    expect(decided({ booking: bookingSeen({ resourceUnitId: FOREIGN_UNIT }) })).to.deep.include({
      reason: 'no-route',
      detail: `no bay is configured for unit ${FOREIGN_UNIT}`,
    });
  });

  it('creates a new event if the former one belongs to another appointment', () => {
    const others = anEvent({ marks: { ...anEvent().marks, appointmentId: '9' } });
    expect(decided({ booking: bookingSeen(), event: eventSeen(others) })).to.deep.include({
      reason: 'booking-revived',
      action: { do: 'create-event', bay: BAY1, base: aMap().base },
    });
  });

  it('removes no event if too many would be removed at once', () => {
    const removals = { would: 9, of: 9, isAccountProven: true };
    const seen = { booking: bookingSeen({ status: 'dead' }), event: eventSeen(anEvent()), removals };
    expect(decided(seen)).to.deep.include({ reason: 'dead-stays-dead', action: { do: 'nothing' } });
  });
});

describe('the map of a begun write', () => {
  const begun = (write?: string): SyncIntent => ({
    kind: 'write-title',
    ...LATER,
    bay: '1',
    since: NOW,
    triedAt: NOW,
    successor: null,
    ...(write === undefined ? {} : { write }),
  });

  it('is compared with the booking’s text, also if its unit has no bay any more', () => {
    const event = eventSeen(anEditedEvent({ marks: { ...anEvent().marks, write: 'w1' }, ...LATER }));
    const unrouted = bookingSeen({ resourceUnitId: FOREIGN_UNIT });
    expect(on({ map: aMap({ intent: begun('w1') }), booking: unrouted, event })).to.have.nested.property(
      'action.do',
      'cancel-event',
    );
  });

  it('is unchanged by an event without the id of a write', () => {
    const event = eventSeen(anEditedEvent({ marks: { ...anEvent().marks, write: null } }));
    const verdict = on({ map: aMap({ intent: begun() }), booking: bookingSeen(), event });
    expect(verdict).to.have.nested.property('action.map.base').deep.equal(aMap().base);
  });
});

describe('the record of an edit with a time in the future, which a fast clock has stored', () => {
  const holder = { map: aMap({ uscheduleAppointmentId: '9' }) };
  const on = (at: number, others: readonly ReturnType<typeof anEdit>[] = []): Verdict =>
    decide(
      aSituation({
        map: aMap(),
        booking: bookingSeen(),
        event: eventSeen(anEditedEvent(LATER)),
        edits: [anEdit({ ...LATER, at, waitsFor: '9' }), ...others],
        slotHolder: holder,
      }),
      RULES,
    );

  it('waits for no slot any more: the edit is reverted', () => {
    expect(on(NOW)).to.deep.include({ reason: 'edit-refused', action: { do: 'nothing' } });
    expect(on(NOW + 1)).to.have.nested.property('action.do', 'write-event');
  });

  it('does not count for the guard, and no other record is changed by it', () => {
    const future = anEdit({ id: '8', appointmentId: '8', at: NOW + 1 });
    expect(on(NOW, [future])).to.deep.include({ reason: 'edit-refused', action: { do: 'nothing' } });
    expect(on(NOW - MINUTE, [future])).to.deep.equal({ kind: 'observe', target: 'slot-holder-event' });
  });
});

describe('the event of a past visit that was deleted', () => {
  const past = { start: NOW - 2 * HOUR, end: NOW - HOUR };
  const base = { ...aMap().base, ...past };
  const gone = eventSeen(aTombstone(past), { proven: true });

  it('ends a begun change, also if its booking is unchanged', () => {
    const intent = { kind: 'write-event', ...past, bay: '1', since: 0, triedAt: 0, successor: null } as const;
    const verdict = on({ map: aMap({ base, intent }), booking: bookingSeen(past), event: gone });
    expect(verdict).to.deep.include({ reason: 'past' });
    expect(verdict).to.have.nested.property('action.map.intent', null);
    expect(on({ map: aMap({ base }), booking: bookingSeen(past), event: gone })).to.have.nested.property(
      'action.do',
      'nothing',
    );
  });

  it('is settled as deleted although its tombstone still has our marks', () => {
    const marked = eventSeen(anEvent({ ...past, state: 'gone', etag: '"2"' }), { proven: true });
    const noted = bookingSeen({ ...past, notes: 'Four players' });
    expect(on({ map: aMap({ base }), booking: noted, event: marked })).to.have.nested.property(
      'action.do',
      'store-map',
    );
    const movedGone = eventSeen(anEvent({ ...LATER, state: 'gone', etag: '"2"' }), { proven: true });
    expect(on({ map: aMap({ base }), booking: bookingSeen(past), event: movedGone })).to.deep.include({
      reason: 'past',
      action: { do: 'nothing' },
    });
  });
});

describe('row 12 · event-moved: a booking whose record lacks its end', () => {
  it('is decided by its own rule, because a reschedule sends the length', () => {
    const event = eventSeen(anEditedEvent(LATER));
    const edits = [anEdit({ ...LATER, at: NOW - MINUTE })];
    const whole = on({ booking: bookingSeen(), event, edits });
    expect(whole).to.have.nested.property('action.do', 'reschedule-booking');
    const lacking = on({ booking: bookingSeen({ missing: { end: 'null' } }), event, edits });
    expect(lacking).not.to.have.nested.property('action.do', 'reschedule-booking');
  });
});
