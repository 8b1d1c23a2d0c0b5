import { expect } from 'chai';
import { HOUR, MINUTE, type CalendarEvent } from '@loft/sync-core';
import { NO_MARKS } from '#src/domain/calendar-event.js';
import { bookingSide } from '#src/rules/booking-side.js';
import {
  decideDuplicates,
  decideLeftEvent,
  decideOtherEvent,
  decideReplacement,
  isOfEarlierAppointment,
} from '#src/rules/decide-copies.js';
import { reasonToKeep } from '#src/rules/reason-to-keep.js';
import { decideCopyOfCanceled } from '#src/rules/decide-copies-of-canceled.js';
import type { Verdict } from '#src/rules/decision.js';
import { insertWriteId, textDigest } from '#src/rules/event-marks.js';
import { createRules } from '#src/rules/rules.js';
import type { EventReading, MarkedFor, Situation } from '#src/rules/situation.js';
import { BAY1, BAY2, settingsWith } from '../engine/world.js';
import {
  aMap,
  anEditedEvent,
  anEvent,
  aSituation,
  aTombstone,
  bookingSeen,
  END,
  EVENT_ID,
  eventSeen,
  FOREIGN_UNIT,
  ID,
  NOW,
  START,
  SYNCED,
} from './situations.js';

const RULES = createRules(settingsWith());
const PERSON = 'person@example.com';
const SECOND_GENERATION = `${EVENT_ID}g1`;
const elsewhere = { calendarId: BAY2.calendarId };
const later = { start: START + HOUR, end: END + HOUR };

const copied = (verdict: Verdict | null): unknown =>
  verdict?.kind === 'decision' ? { reason: verdict.reason, ...verdict.action } : verdict;
const removes = (event: CalendarEvent): object => ({ reason: 'copy', do: 'remove-copy', event, mirrorMap: null });
const records = (copy: CalendarEvent): object => ({ reason: 'copy', do: 'record-copy', copy });
const ignored = { reason: 'not-managed', do: 'nothing' };

describe('row 25 · copy: another event than the mirror was observed', () => {
  const on = (event: CalendarEvent, change: Partial<Situation> = {}, map = aMap()): Verdict =>
    decideOtherEvent(
      aSituation({ map, mirror: eventSeen(anEvent(), { proven: true }), ...change }),
      eventSeen(event, { proven: true }),
      map,
      RULES,
    );
  const double = anEvent({ eventId: SECOND_GENERATION, ...elsewhere });

  it('is ignored if it is deleted or has no marks', () => {
    expect(copied(on(anEvent({ eventId: 'copy1', state: 'gone' })))).to.deep.equal(ignored);
    expect(copied(on(anEvent({ eventId: 'copy1', marks: NO_MARKS })))).to.deep.equal(ignored);
  });

  it('is recorded and reported, and nothing is removed, if its id is not derived or a person made it', () => {
    const copy = anEvent({ eventId: 'copy1' });
    expect(on(copy)).to.deep.equal({
      kind: 'decision',
      reason: 'copy',
      action: { do: 'record-copy', copy },
      detail: `event copy1 of ${BAY1.calendarId} is a copy of ${EVENT_ID}`,
    });
    const persons = { ...double, creatorEmail: PERSON };
    expect(copied(on(persons))).to.deep.equal(records(persons));
    const focus = { ...double, eventType: 'focusTime' };
    expect(copied(on(focus))).to.deep.equal(records(focus));
    const marked = { ...double, title: 'CANCELED: Ana R.', free: true };
    expect(copied(on(marked))).to.deep.equal(records(marked));
  });

  it('is removed after a reading of the mirror, if our account made it under a derived id', () => {
    const { mirror: _unread, ...unread } = aSituation({ map: aMap() });
    expect(decideOtherEvent(unread, eventSeen(double), aMap(), RULES)).to.deep.equal({
      kind: 'observe',
      target: 'mirror',
    });
    expect(on(double)).to.deep.equal({
      kind: 'decision',
      reason: 'copy',
      action: { do: 'remove-copy', event: double, mirrorMap: null },
      detail: `event ${SECOND_GENERATION} of ${BAY2.calendarId} is a duplicate of ${EVENT_ID} of ${BAY1.calendarId}`,
    });
  });

  it('is recorded if the mirror is deleted: then it may replace the mirror', () => {
    expect(copied(on(double, { mirror: eventSeen(aTombstone()) }))).to.deep.equal(records(double));
  });

  describe('that is better than the mirror: of a higher generation, in the bay of the booking', () => {
    const better = anEvent({
      eventId: SECOND_GENERATION,
      etag: '"7"',
      updatedAt: NOW - 7,
      htmlLink: 'https://calendars.example/7',
      ...later,
    });
    const intent = { kind: 'write-event', ...later, bay: '1', since: NOW, triedAt: NOW, successor: null } as const;
    const map = aMap({ intent });
    const place = {
      googleCalendarId: BAY1.calendarId,
      googleEventId: SECOND_GENERATION,
      etag: '"7"',
      eventUpdatedAt: NOW - 7,
      eventLink: 'https://calendars.example/7',
      intent: null,
    };

    it('becomes the mirror with its own times, and the old mirror is removed', () => {
      expect(on(better, {}, map)).to.deep.equal({
        kind: 'decision',
        reason: 'copy',
        action: {
          do: 'remove-copy',
          event: anEvent(),
          mirrorMap: { ...map, ...place, base: { ...map.base, ...later } },
        },
        detail: `event ${EVENT_ID} of ${BAY1.calendarId} is a duplicate of ${SECOND_GENERATION} of ${BAY1.calendarId}`,
      });
    });

    it('is read again before it becomes the mirror, if only a list or an earlier reading has shown it', () => {
      const mirror = eventSeen(anEvent(), { proven: true });
      const situation = aSituation({ map, mirror });
      const reads = { kind: 'observe', target: 'others' };
      const listed = eventSeen(better);
      expect(decideOtherEvent(situation, listed, map, RULES)).to.deep.equal(reads);
      const earlier = { ...listed, at: mirror.at - 1, proven: true };
      expect(decideOtherEvent(situation, earlier, map, RULES)).to.deep.equal(reads);
      const gone = eventSeen(anEvent({ eventId: SECOND_GENERATION, state: 'gone' }), { proven: true });
      expect(copied(decideOtherEvent(situation, gone, map, RULES))).to.deep.equal(ignored);
    });

    it('has the times of the map if it has none itself, and an outdated text of ours', () => {
      const base = (event: CalendarEvent, expected: object): void => {
        expect(on(event, {}, map))
          .to.have.nested.property('action.mirrorMap.base')
          .deep.equal(expected);
      };
      base({ ...better, start: null }, map.base);
      base({ ...better, end: null }, map.base);
      base({ ...better, start: null, end: null }, map.base);
      const marks = { ...better.marks, titleDigest: textDigest('Ana') };
      base({ ...better, title: 'Ana', marks }, { ...map.base, ...later, title: 'Ana' });
    });

    it('is not better if it is in another bay, or the mirror is of the same generation', () => {
      expect(copied(on({ ...better, ...elsewhere }))).to.deep.equal(removes({ ...better, ...elsewhere }));
      const sameGeneration = anEvent(elsewhere);
      const inBay2 = { mirror: eventSeen(anEvent({ ...elsewhere, eventId: EVENT_ID }), { proven: true }) };
      expect(copied(on(sameGeneration, inBay2))).to.deep.equal(removes(sameGeneration));
      const mirror = eventSeen(anEvent({ eventId: `${EVENT_ID}g2` }), { proven: true });
      expect(copied(on(better, { mirror }))).to.deep.equal(removes(better));
    });

    it('is better than any mirror whose id is not derived', () => {
      const mirror = eventSeen(anEvent({ eventId: 'copy1' }), { proven: true });
      expect(on(anEvent(), { mirror })).to.have.nested.property('action.mirrorMap.googleEventId', EVENT_ID);
      const earlier = eventSeen(anEvent({ eventId: 'loft700100' }), { proven: true });
      expect(on(anEvent(), { mirror: earlier })).to.have.nested.property('action.mirrorMap.googleEventId', EVENT_ID);
    });

    it('is compared with the calendar of the map if the bay has no calendar any more', () => {
      const unnamed = (bay: string | null) => aMap({ base: { ...aMap().base, bay } });
      for (const bay of ['7', null]) {
        expect(on(better, {}, unnamed(bay)), String(bay))
          .to.have.nested.property('action.event')
          .deep.equal(anEvent());
        expect(copied(on({ ...better, ...elsewhere }, {}, unnamed(bay)))).to.deep.equal(
          removes({ ...better, ...elsewhere }),
        );
      }
    });

    it('is measured by the bay of the booking, not by the calendar of the map', () => {
      const moved = aMap({ base: { ...aMap().base, bay: '2' } });
      const event = { ...better, ...elsewhere };
      expect(on(event, {}, moved))
        .to.have.nested.property('action.event')
        .deep.equal(anEvent());
    });
  });

  describe('if a user’s copy has become the mirror', () => {
    const mirror = (change: Partial<CalendarEvent> = {}) => ({
      mirror: eventSeen(anEvent({ eventId: 'copy1', creatorEmail: PERSON, ...change }), { proven: true }),
    });
    const inserted = (task: number, change: Partial<CalendarEvent> = {}): CalendarEvent => {
      const event = anEvent(change);
      return { ...event, marks: { ...event.marks, write: insertWriteId({ start: START, end: END, task }) } };
    };

    it('is removed if it was made, or restored and written, after the copy', () => {
      const event = inserted(SYNCED + 1, { createdAt: SYNCED - 1 });
      expect(copied(on(event, mirror()))).to.deep.equal(removes(event));
      const young = inserted(SYNCED - 1, { createdAt: SYNCED + 1 });
      expect(copied(on(young, mirror()))).to.deep.equal(removes(young));
    });

    it('is only recorded if it is not younger, or its age or the copy’s is unknown', () => {
      const same = anEvent({ createdAt: SYNCED });
      expect(copied(on(same, mirror()))).to.deep.equal(records(same));
      const unknown = anEvent({ createdAt: null });
      expect(copied(on(unknown, mirror()))).to.deep.equal(records(unknown));
      expect(copied(on(unknown, mirror({ createdAt: -1 })))).to.deep.equal(records(unknown));
      const young = anEvent({ createdAt: SYNCED + 1 });
      expect(copied(on(young, mirror({ createdAt: null })))).to.deep.equal(records(young));
    });

    it('is only recorded while the copy has no marks: another installation would take its removal for a deletion', () => {
      const young = anEvent({ createdAt: SYNCED + 1 });
      expect(copied(on(young, mirror({ marks: NO_MARKS })))).to.deep.equal(records(young));
    });
  });
});

describe('row 25 · copy: an event that is named for an earlier id of the booking', () => {
  const OLD = '700100';
  const { marks } = anEvent({ marks: { ...anEvent().marks, appointmentId: OLD } });
  const superseded = aMap({ uscheduleAppointmentId: OLD, status: 'CANCELED', supersededBy: ID });
  const markedFor: MarkedFor = { appointmentId: OLD, map: superseded, existence: 'gone' };
  const is = (change: Partial<Situation>): boolean => isOfEarlierAppointment(anEvent({ marks }), aSituation(change));

  it('is one if that record is dead and was superseded', () => {
    expect(is({ markedFor })).to.equal(true);
  });

  it('is none if the other appointment was not read, is another one, exists, or was not superseded', () => {
    expect(is({})).to.equal(false);
    expect(is({ markedFor: { ...markedFor, appointmentId: '9' } })).to.equal(false);
    expect(is({ markedFor: { ...markedFor, existence: 'unclear' } })).to.equal(false);
    expect(is({ markedFor: { ...markedFor, map: { ...superseded, supersededBy: null } } })).to.equal(false);
    expect(is({ markedFor: { ...markedFor, map: null } })).to.equal(false);
  });

  it('ranks below the mirror of the present id, also in the bay of the booking', () => {
    const event = anEvent({ eventId: `loft${OLD}`, marks });
    const situation = aSituation({ map: aMap(), markedFor, mirror: eventSeen(anEvent(), { proven: true }) });
    expect(copied(decideOtherEvent(situation, eventSeen(event), aMap(), RULES))).to.deep.equal(removes(event));
    const other = { ...event, eventId: 'copy1' };
    expect(copied(decideOtherEvent(situation, eventSeen(other), aMap(), RULES))).to.deep.equal(records(other));
  });
});

describe('row 25 · copy: the other live events of an appointment', () => {
  const on = (others: readonly EventReading[], change: Partial<Situation> = {}): Verdict | null =>
    decideDuplicates(aSituation({ map: aMap(), others, ...change }), aMap(), RULES);
  const double = eventSeen(anEvent({ eventId: SECOND_GENERATION, ...elsewhere }));
  const mirror = eventSeen(anEvent(), { proven: true });

  it('are no duplicates without a derived id, or at the place of the mirror', () => {
    expect(on([])).to.equal(null);
    expect(on([eventSeen(anEvent({ eventId: 'copy1' }))], { event: mirror })).to.equal(null);
    expect(on([mirror], { event: mirror })).to.equal(null);
  });

  it('are removed after the mirror was read with certainty', () => {
    const reads = { kind: 'observe', target: 'mirror' };
    expect(on([double])).to.deep.equal(reads);
    expect(on([double], { event: eventSeen(anEvent()) })).to.deep.equal(reads);
    const otherEvent = eventSeen(anEvent({ eventId: 'copy1' }), { proven: true });
    expect(on([double], { event: otherEvent })).to.deep.equal(reads);
    expect(copied(on([double], { event: mirror }))).to.deep.equal(removes(double.event));
    expect(copied(on([double], { mirror }))).to.deep.equal(removes(double.event));
  });

  it('are looked through until one is to be removed', () => {
    const persons = { event: eventSeen(anEvent({ eventId: 'copy1', creatorEmail: PERSON }), { proven: true }) };
    const map = aMap({ googleEventId: 'copy1' });
    const situation = aSituation({ map, others: [eventSeen(anEvent({ createdAt: 1 })), double], ...persons });
    const young = eventSeen(anEvent({ eventId: SECOND_GENERATION, createdAt: SYNCED + 1 }));
    expect(decideDuplicates(situation, map, RULES)).to.equal(null);
    const both = { ...situation, others: [eventSeen(anEvent({ createdAt: 1 })), young] };
    expect(copied(decideDuplicates(both, map, RULES))).to.deep.equal(removes(young.event));
  });
});

describe('row 25a · an event that remains from a move in a calendar system without moves', () => {
  const unmovable = { ...RULES, canMoveEvents: false };
  const left = eventSeen(anEvent({ eventId: SECOND_GENERATION, ...elsewhere }));
  const mirror = eventSeen(anEvent(), { proven: true });
  const on = (change: Partial<Situation>, rules = unmovable): Verdict | null =>
    decideLeftEvent(aSituation({ map: aMap(), retried: true, mirror, ...change }), aMap(), rules);

  it('is removed', () => {
    const persons = eventSeen(anEvent({ eventId: 'copy1' }));
    expect(copied(on({ copies: [persons, left] }))).to.deep.equal(removes(left.event));
  });

  it('is removed after a reading of the copies and of the mirror', () => {
    const { copies: _copies, mirror: _mirror, ...unread } = aSituation({ map: aMap(), retried: true });
    expect(decideLeftEvent(unread, aMap(), unmovable)).to.deep.equal({ kind: 'observe', target: 'copies' });
    const read = { ...unread, copies: [left] };
    expect(decideLeftEvent(read, aMap(), unmovable)).to.deep.equal({ kind: 'observe', target: 'mirror' });
  });

  it('is none if there are only copies, in a first attempt, or where events are moved', () => {
    expect(on({ copies: [eventSeen(anEvent({ eventId: 'copy1' }))] })).to.equal(null);
    expect(on({ copies: [left], retried: false })).to.equal(null);
    expect(on({ copies: [left] }, RULES)).to.equal(null);
  });
});

describe('row 13a · event-replaced: a deleted mirror with copies', () => {
  const goneAt = NOW - MINUTE;
  const gone = eventSeen(aTombstone({ updatedAt: goneAt }), { proven: true });
  const copy = (change: Partial<CalendarEvent> = {}): EventReading =>
    eventSeen(anEditedEvent({ eventId: 'copy1', creatorEmail: PERSON, createdAt: goneAt, ...later, ...change }), {
      proven: true,
    });
  const on = (
    change: Partial<Situation>,
    { map = aMap(), booking = bookingSeen(), reading = gone } = {},
  ): Verdict | null =>
    decideReplacement(reading, map, bookingSide(booking, map, RULES), aSituation({ map, booking, ...change }), RULES);

  it('is replaced by a copy of the moment of the deletion', () => {
    expect(on({ copies: [copy()] })).to.have.property('reason', 'event-replaced');
    const undated = eventSeen(aTombstone({ updatedAt: null }), { proven: true, at: goneAt });
    expect(on({ copies: [copy()] }, { reading: undated })).to.have.property('reason', 'event-replaced');
    const early = eventSeen(aTombstone({ updatedAt: null }), { proven: true, at: goneAt - 1 });
    expect(on({ copies: [copy()] }, { reading: early })).to.have.property('reason', 'copy-adopted');
  });

  it('is replaced by a copy without times, which is not over', () => {
    const allDay = copy({ shape: 'all-day', start: null, end: null });
    expect(on({ copies: [allDay] })).to.have.property('reason', 'event-replaced');
  });

  it('says that the version of the copy is unknown if it has no time of its change', () => {
    expect(on({ copies: [copy({ updatedAt: null })] })).to.have.property(
      'detail',
      `event copy1 of ${BAY1.calendarId}, version "2" of an unknown time`,
    );
  });

  it('is not replaced by a copy of another type', () => {
    expect(on({ copies: [copy({ eventType: 'focusTime' })] })).to.equal(null);
  });

  it('is not replaced if the booking has no bay: the event is removed', () => {
    const booking = bookingSeen({ resourceUnitId: FOREIGN_UNIT });
    expect(on({ copies: [copy()] }, { booking })).to.equal(null);
  });

  it('gets the marks of the appointment if it was made before the booking got its present id', () => {
    const made = { createdAt: SYNCED, start: START, end: END };
    const marks = { ...anEvent().marks, appointmentId: '700100' };
    expect(on({ copies: [copy({ ...made, marks })] })).to.have.nested.include({
      reason: 'copy-adopted',
      'action.write.stamp': true,
    });
    expect(on({ copies: [copy(made)] })).to.have.nested.include({ reason: 'copy-adopted', 'action.write': null });
  });

  it('is searched under the derived id if the deleted one had another id, and counts once', () => {
    const map = aMap({ googleEventId: 'copy2' });
    const derived = eventSeen(anEvent(), { proven: true });
    expect(on({ derived, copies: [derived] }, { map })).to.deep.include({ reason: 'copy-adopted' });
    // Twice the same copy of a person is one copy, and replaces the mirror.
    const persons = eventSeen(anEvent({ creatorEmail: PERSON, createdAt: goneAt }), { proven: true });
    expect(on({ derived: persons, copies: [persons] }, { map })).to.have.property('reason', 'event-replaced');
    const { derived: _unread, ...unread } = aSituation({ map, booking: bookingSeen() });
    const side = bookingSide(bookingSeen(), map, RULES);
    expect(decideReplacement(gone, map, side, unread, RULES)).to.deep.equal({ kind: 'observe', target: 'derived' });
    expect(decideReplacement(gone, aMap(), side, { ...unread, map: aMap() }, RULES)).to.equal(null);
  });

  it('is searched under the next derived id if it was deleted within ten minutes after our write', () => {
    const after = (ms: number, derived?: Situation['derived']): Verdict | null => {
      const map = aMap({ lastSyncedAt: goneAt - ms });
      const { derived: _unread, ...unread } = aSituation({ map, booking: bookingSeen(), copies: [] });
      const side = bookingSide(bookingSeen(), map, RULES);
      return decideReplacement(gone, map, side, { ...unread, ...(derived === undefined ? {} : { derived }) }, RULES);
    };
    expect(after(10 * MINUTE - 1)).to.deep.equal({ kind: 'observe', target: 'derived' });
    expect(after(10 * MINUTE)).to.equal(null);
    const next = eventSeen(anEvent({ eventId: `${EVENT_ID}g1` }), { proven: true });
    expect(after(0, next)).to.deep.include({ reason: 'copy-adopted' });
    expect(after(0, null)).to.equal(null);
  });

  it('is replaced by the event of the next derived id, also without marks, if a list has shown that event: the store is older', () => {
    const unmarked = eventSeen(anEvent({ eventId: SECOND_GENERATION, marks: NO_MARKS }), { proven: true });
    const moved = eventSeen(anEvent({ eventId: SECOND_GENERATION, state: 'gone', ...elsewhere }));
    const { derived: _unread, ...unread } = aSituation({ map: aMap(), booking: bookingSeen(), copies: [] });
    const side = bookingSide(bookingSeen(), aMap(), RULES);
    const after = (listed: readonly EventReading[], derived?: EventReading): Verdict | null =>
      decideReplacement(gone, aMap(), side, { ...unread, listed, ...(derived ? { derived } : {}) }, RULES);
    for (const listed of [[unmarked], [moved]]) {
      expect(after(listed)).to.deep.equal({ kind: 'observe', target: 'derived' });
      expect(after(listed, unmarked)).to.have.nested.include({ reason: 'copy-adopted', 'action.write.stamp': true });
      const others = eventSeen(anEvent({ marks: { ...anEvent().marks, appointmentId: '9' } }), { proven: true });
      expect(after(listed, others)).to.equal(null);
    }
    expect(after([eventSeen(anEvent())], unmarked)).to.equal(null);
  });

  it('is not replaced by an event under the derived id that is no event of the appointment', () => {
    const map = aMap({ googleEventId: 'copy2' });
    const others = [aTombstone(), anEvent({ marks: NO_MARKS }), anEvent({ title: 'CANCELED: Ana R.', free: true })];
    for (const event of others) expect(on({ derived: eventSeen(event, { proven: true }) }, { map })).to.equal(null);
  });
});

describe('row 23 · dead-stays-dead: an event with the marks of a canceled appointment', () => {
  const map = aMap({ status: 'CANCELED' });
  const event = anEvent({ eventId: 'copy1' });
  const dead = bookingSeen({ status: 'dead' });
  const on = (copy: CalendarEvent, change: Partial<Situation> = {}): Verdict =>
    decideCopyOfCanceled(aSituation({ map, booking: dead, ...change }), copy, map, RULES);

  it('is removed at the time of the booking, in any bay', () => {
    expect(copied(on(event))).to.deep.equal({ ...removes(event), reason: 'dead-stays-dead' });
    expect(copied(on({ ...event, ...elsewhere }))).to.have.property('do', 'remove-copy');
  });

  it('is recorded at another time, or if it is of another type', () => {
    for (const copy of [
      { ...event, start: START + 1 },
      { ...event, end: END + 1 },
    ]) {
      expect(copied(on(copy))).to.deep.equal(records(copy));
      expect(on(copy)).to.have.property('detail', 'a copy of a canceled booking, at another time');
    }
    const focus = { ...event, eventType: 'focusTime' };
    expect(copied(on(focus))).to.deep.equal(records(focus));
    expect(on(focus)).to.have.property('detail', 'a copy of a canceled booking, of another type');
  });

  it('is ignored if it is not active, or has no marks', () => {
    expect(copied(on({ ...event, state: 'gone' }))).to.deep.equal(ignored);
    expect(copied(on({ ...event, marks: NO_MARKS }))).to.deep.equal(ignored);
  });

  it('of an earlier id is removed only if it is our insert for a booking that is dead', () => {
    const earlier = '700099';
    const theirs = aMap({ uscheduleAppointmentId: earlier, status: 'CANCELED', supersededBy: ID });
    const markedFor: MarkedFor = { appointmentId: earlier, map: theirs, existence: 'gone' };
    const insert = { ...event, eventId: `loft${earlier}`, marks: { ...event.marks, appointmentId: earlier } };
    expect(on(insert)).to.deep.equal({ kind: 'observe', target: 'marked-for' });
    expect(copied(on(insert, { markedFor }))).to.deep.equal({ ...removes(insert), reason: 'dead-stays-dead' });
    for (const existence of ['exists', 'unclear'] as const)
      expect(copied(on(insert, { markedFor: { ...markedFor, existence } }))).to.deep.equal(ignored);
    for (const map of [null, { ...theirs, supersededBy: null }])
      expect(copied(on(insert, { markedFor: { ...markedFor, map } }))).to.deep.equal(ignored);
    for (const other of [{ eventId: 'copy1' }, { eventType: 'focusTime' }, { creatorEmail: PERSON }])
      expect(copied(on({ ...insert, ...other }, { markedFor }))).to.deep.equal(ignored);
    const removals = { would: 9, of: 9, isAccountProven: true };
    expect(on(insert, { markedFor, removals })).to.deep.include({ action: { do: 'nothing' } });
  });

  it('of an earlier id is removed if it was transferred to that id from a still earlier one, and is at its time', () => {
    const earlier = '700099';
    const theirs = aMap({ uscheduleAppointmentId: earlier, status: 'CANCELED', supersededBy: ID });
    const markedFor: MarkedFor = { appointmentId: earlier, map: theirs, existence: 'gone' };
    const marks = { ...event.marks, appointmentId: earlier };
    const transferred = { ...event, eventId: 'loft700098', marks };
    const removed = { ...removes(transferred), reason: 'dead-stays-dead' };
    expect(copied(on(transferred, { markedFor }))).to.deep.equal(removed);
    for (const other of [{ start: START + 1 }, { end: END + 1 }, { creatorEmail: PERSON }])
      expect(copied(on({ ...transferred, ...other }, { markedFor }))).to.deep.equal(ignored);
  });

  it('is removed only if the booking was read after the last write, and is dead', () => {
    const reads = { kind: 'observe', target: 'booking' };
    expect(on(event, { booking: undefined })).to.deep.equal(reads);
    expect(on(event, { booking: { ...dead, at: SYNCED - 1 } })).to.deep.equal(reads);
    expect(copied(on(event, { booking: { ...dead, at: SYNCED } }))).to.have.property('do', 'remove-copy');
    for (const booking of [bookingSeen(), bookingSeen({ status: 'unknown' })]) {
      expect(copied(on(event, { booking }))).to.deep.equal(records(event));
    }
  });

  it('is not removed if too many would be removed at once', () => {
    const removals = { would: 9, of: 9, isAccountProven: true };
    expect(on(event, { removals })).to.deep.include({ reason: 'dead-stays-dead', action: { do: 'nothing' } });
    const { removals: _uncounted, ...uncounted } = aSituation({ map, booking: dead });
    expect(decideCopyOfCanceled(uncounted, event, map, RULES)).to.deep.equal({ kind: 'observe', target: 'removals' });
  });
});

describe('a copy that is to be removed on request', () => {
  const COPY = anEvent({ eventId: 'copy' });
  const why = (change: Partial<CalendarEvent>, mirror: Partial<CalendarEvent> = {}, rules = RULES): string | null =>
    reasonToKeep({ ...COPY, ...change }, anEvent(mirror), ID, [COPY.creatorEmail ?? ''], rules);

  it('is removed if it is an exact duplicate that our own or a former account made', () => {
    expect(why({})).to.equal(null);
    expect(why({ creatorEmail: null })).to.equal(null);
    const former = createRules(settingsWith({ google: { formerAccounts: [PERSON] } }));
    expect(why({ creatorEmail: PERSON }, {}, former)).to.equal(null);
    // The id of the mirror, in another calendar: the copy in a calendar of no bay any more.
    expect(why({ eventId: EVENT_ID, calendarId: 'closed@calendars.example' })).to.equal(null);
  });

  it('is kept if it is the mirror, or the mirror is not in the calendar', () => {
    expect(why({ eventId: EVENT_ID })).to.equal('it is the mirror');
    expect(why({}, { state: 'gone' })).to.contain('not in the calendar');
    expect(why({}, { title: 'CANCELED: Ana R.', free: true })).to.contain('not in the calendar');
  });

  it('is kept if it lost its marks, or a person made it', () => {
    expect(why({ marks: NO_MARKS })).to.contain('marks');
    expect(why({ creatorEmail: PERSON })).to.equal(`${PERSON} made it`);
  });

  it('is kept if it differs from its mirror', () => {
    const place = 'it is at another time or on another bay than its mirror';
    expect(why(elsewhere)).to.equal(place);
    expect(why({ start: START + 1 })).to.equal(place);
    expect(why({ end: END + 1 })).to.equal(place);
    const text = 'it has another title or description than its mirror';
    expect(why({ title: 'Ana R., and a friend' })).to.equal(text);
    expect(why({ description: 'Three players' })).to.equal(text);
  });
});
