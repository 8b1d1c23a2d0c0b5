import { expect } from 'chai';
import { HOUR, MINUTE, SECOND, type BookingEventMap, type CalendarEvent } from '@loft/sync-core';
import { NO_MARKS } from '#src/domain/calendar-event.js';
import type { Decision, Verdict } from '#src/rules/decision.js';
import {
  decideAdoption,
  decideCreation,
  decideOwnInsert,
  isContested,
  isMirrorOf,
} from '#src/rules/decide-mirroring.js';
import { decideUnmapped } from '#src/rules/decide-unmapped.js';
import { calendarDigest, insertWriteId } from '#src/rules/event-marks.js';
import { createRules } from '#src/rules/rules.js';
import type { Original, Situation } from '#src/rules/situation.js';
import { BAY1, BAY2, settingsWith, type Overrides } from '../engine/world.js';
import {
  aMap,
  anEvent,
  aSituation,
  aTombstone,
  bookingSeen,
  bookingUnknownToSystem,
  END,
  EVENT_ID,
  eventSeen,
  FOREIGN_UNIT,
  ID,
  NOW,
  REFUSAL,
  START,
} from './situations.js';

const RULES = createRules(settingsWith());
const BASE = { start: START, end: END, bay: '1', title: 'Ana R.', description: 'Two players' };
const TARGET = { bay: BAY1, base: BASE };
const CREATED: Verdict = {
  kind: 'decision',
  reason: 'new-booking',
  action: { do: 'create-event', bay: BAY1, base: BASE },
  detail: null,
};
const UNMARKED = anEvent({ marks: NO_MARKS });

/** A situation in which one thing was not read. */
function without(key: 'derived' | 'contested' | 'original', change: Partial<Situation>): Situation {
  const { [key]: _unread, ...rest } = aSituation({ booking: bookingSeen(), ...change });
  return rest;
}

function created(change: Partial<Situation>, settings: Overrides = {}): Verdict {
  const situation = aSituation({ booking: bookingSeen(), ...change });
  return decideCreation(situation, TARGET, createRules(settingsWith(settings)));
}

describe('row 1 · new-booking: before the first event is created', () => {
  it('creates the event if no check prevents it', () => {
    expect(created({})).to.deep.equal(CREATED);
  });

  it('searches the event of an earlier attempt in every calendar, if the task was claimed before', () => {
    const reads = { kind: 'observe', target: 'derived' };
    const on = (change: Partial<Situation>): Verdict => decideCreation(without('derived', change), TARGET, RULES);
    expect(on({ retried: true })).to.deep.equal(reads);
    expect(on({})).to.deep.equal(CREATED);
    expect(on({ retried: false })).to.deep.equal(CREATED);
    expect(on({ retried: true, event: eventSeen(aTombstone()) })).to.deep.equal(CREATED);
    expect(created({ retried: true, derived: null })).to.deep.equal(CREATED);
  });

  it('adopts the event of an earlier attempt', () => {
    const derived = eventSeen(anEvent({ calendarId: BAY2.calendarId }), { proven: true });
    expect(created({ retried: true, derived })).to.have.property('reason', 'adopt');
    const gone = eventSeen(aTombstone(), { proven: true });
    expect(created({ retried: true, derived: gone })).to.deep.equal(CREATED);
  });

  it('waits while another booking is being moved into its slot: this may be the new booking', () => {
    expect(created({ contested: true })).to.deep.equal({ kind: 'wait', until: NOW + SECOND });
    expect(decideCreation(without('contested', {}), TARGET, RULES)).to.deep.equal({
      kind: 'observe',
      target: 'contest',
    });
  });

  it('waits for no reschedule where the engine makes none', () => {
    const off = { uschedule: { reschedule: 'off' } } as const;
    const rules = createRules(settingsWith(off));
    expect(created({ contested: true }, off)).to.deep.equal(CREATED);
    expect(decideCreation(without('contested', {}), TARGET, rules)).to.deep.equal(CREATED);
  });
});

describe('row 18a · a booking whose marker names another booking', () => {
  const OLD = '700100';
  const booking = bookingSeen({ notes: `[loft:${OLD}] Two players` });
  const active = aMap({ uscheduleAppointmentId: OLD });
  const { intentHoldsMs } = RULES.timing;

  function on(original: Partial<Original> | null, change: Partial<Situation> = {}, settings: Overrides = {}): Verdict {
    const whole = original && { appointmentId: OLD, map: active, ...original };
    return created({ booking, original: whole, ...change }, settings);
  }
  const moving = (triedAt: number): BookingEventMap =>
    aMap({
      uscheduleAppointmentId: OLD,
      intent: { kind: 'reschedule', start: START, end: END, bay: '1', since: triedAt, triedAt, successor: null },
    });
  const reported = (message: string): object => ({ ...CREATED, notice: { level: 'error', message } });
  const both = `${OLD}, and ${ID}, its replacement`;

  it('is decided with a reading of the other booking', () => {
    const situation = without('original', { booking });
    expect(decideCreation(situation, TARGET, RULES)).to.deep.equal({ kind: 'observe', target: 'original' });
    expect(decideCreation(without('original', {}), TARGET, RULES)).to.deep.equal(CREATED);
    expect(decideCreation(without('original', { booking: undefined }), TARGET, RULES)).to.deep.equal(CREATED);
  });

  it('is mirrored if the other booking is unknown, has no active mirror, or is gone', () => {
    expect(on(null)).to.deep.equal(CREATED);
    for (const existence of ['gone', 'unclear'] as const) {
      expect(on({ map: null, existence, isGivenUp: true }), existence).to.deep.equal(CREATED);
    }
    expect(on({ map: aMap({ status: 'CANCELED' }), existence: 'exists', isGivenUp: true })).to.deep.equal(CREATED);
    expect(on({ existence: 'gone', isGivenUp: true })).to.deep.equal(CREATED);
  });

  it('is mirrored if the other booking has another customer: a person has copied its note', () => {
    expect(on({ existence: 'exists', isOfOther: true, isGivenUp: true })).to.deep.equal(CREATED);
  });

  it('waits while the rebooking of the other one is in progress, and is then mirrored with a report', () => {
    const isGivenUp = { existence: 'exists', isGivenUp: true } as const;
    expect(on({ map: moving(NOW - intentHoldsMs + 1), ...isGivenUp })).to.deep.equal({
      kind: 'wait',
      until: NOW + SECOND,
    });
    expect(on({ map: moving(NOW - intentHoldsMs), ...isGivenUp })).to.deep.equal(
      reported(`two bookings may exist: ${both}`),
    );
    // A search for this booking has no attempt.
    const { intent } = moving(NOW - SECOND);
    const searched = { ...active, intent: intent && { ...intent, triedAt: 0 } };
    expect(on({ map: searched, ...isGivenUp })).to.have.property('kind', 'wait');
  });

  it('is mirrored with a report if it cannot be cancelled, or the evidence does not show whether the other one exists', () => {
    expect(on({ existence: 'exists', isGivenUp: true, refusal: REFUSAL })).to.deep.equal(
      reported(`two bookings exist: ${both}: ${REFUSAL.message}`),
    );
    expect(on({ existence: 'unclear', isGivenUp: true })).to.deep.equal(reported(`two bookings may exist: ${both}`));
    expect(on({ isGivenUp: true })).to.deep.equal(reported(`two bookings may exist: ${both}`));
  });

  it('is cancelled if the other one exists and no rebooking can be in progress', () => {
    const message = `booking ${ID}, made in place of ${OLD}, was cancelled since that one exists`;
    const canceled = {
      kind: 'decision',
      reason: 'rebook-leftover',
      action: { do: 'cancel-booking', appointmentId: ID, because: 'leftover', intent: null },
      detail: null,
      notice: { level: 'warn', message },
    };
    const exists = { existence: 'exists' } as const;
    expect(on({ ...exists, isGivenUp: true })).to.deep.equal(canceled);
    const lost = { ...exists, map: null, isGivenUp: true };
    expect(on(lost)).to.deep.equal(canceled);
    // After a loss of the store only a trusted status shows that the other one exists.
    expect(on(lost, {}, { uschedule: { status: 'blind' } })).to.deep.equal(CREATED);
    expect(on(exists, { taskCreatedAt: NOW - intentHoldsMs })).to.deep.equal(canceled);
    const waits = (until: number): object => ({ kind: 'wait', until });
    expect(on(exists, { taskCreatedAt: NOW - intentHoldsMs + 1 })).to.deep.equal(waits(NOW + 1));
    expect(on({ ...exists, isGivenUp: false }, { taskCreatedAt: NOW })).to.deep.equal(waits(NOW + intentHoldsMs));
    expect(on(exists)).to.deep.equal(waits(NOW + intentHoldsMs));
  });
});

describe('row 4 · adopt: which event is the mirror of a booking without a map', () => {
  const copy = anEvent({ eventId: 'copy1' });
  const adopted = (verdict: Verdict): CalendarEvent | null => {
    const { action } = verdict as Decision;
    return action.do === 'adopt-event' ? action.event : null;
  };

  it('is the event with the derived id, if the observed one may be a copy of it', () => {
    const unread = decideAdoption(without('derived', {}), copy, TARGET, RULES);
    expect(unread).to.deep.equal({ kind: 'observe', target: 'derived' });
    const derived = eventSeen(anEvent(), { proven: true });
    expect(adopted(decideAdoption(aSituation({ derived }), copy, TARGET, RULES))).to.equal(derived.event);
    expect(adopted(decideAdoption(aSituation({ derived: null }), copy, TARGET, RULES))).to.equal(copy);
  });

  it('is the observed event if its id is derived: no other is read', () => {
    const event = anEvent();
    expect(adopted(decideAdoption(without('derived', {}), event, TARGET, RULES))).to.equal(event);
  });

  it('is active, and has the marks of the appointment, or an id of it and no marks', () => {
    const is = (event: CalendarEvent): boolean => isMirrorOf(eventSeen(event), ID);
    expect(is(anEvent())).to.equal(true);
    expect(is(copy)).to.equal(true);
    expect(is(UNMARKED)).to.equal(true);
    expect(is({ ...UNMARKED, eventId: 'copy1' })).to.equal(false);
    expect(is(anEvent({ marks: { ...anEvent().marks, appointmentId: '9' } }))).to.equal(false);
    expect(is(aTombstone())).to.equal(false);
    expect([isMirrorOf(null, ID), isMirrorOf(undefined, ID)]).to.deep.equal([false, false]);
  });

  it('keeps its length if the record of the booking has no end', () => {
    const booking = bookingSeen({ missing: { end: 'null' } });
    const long = anEvent({ end: START + 3 * HOUR });
    const verdict = decideAdoption(aSituation({ booking }), long, TARGET, RULES);
    expect(verdict).to.deep.include({
      action: { do: 'adopt-event', event: long, write: null, base: { ...BASE, end: START + 3 * HOUR } },
    });
    const whole = decideAdoption(aSituation({ booking: bookingSeen() }), long, TARGET, RULES);
    expect(whole).to.have.nested.property('action.write.fields').deep.equal({ start: START, end: END });
    expect(whole).to.have.nested.property('action.base').deep.equal(BASE);
    const unread = decideAdoption(aSituation({ booking: undefined }), long, TARGET, RULES);
    expect(unread).to.have.nested.property('action.base').deep.equal(BASE);
  });
});

describe('row 4 · adopt: an insert of this task whose map was not stored', () => {
  const taskCreatedAt = NOW - MINUTE;
  const write = insertWriteId({ start: START, end: END, task: taskCreatedAt });
  const inserted = (change: Partial<CalendarEvent> = {}, bay: string | null = '1'): CalendarEvent => {
    const event = anEvent(change);
    return { ...event, marks: { ...event.marks, write, bay } };
  };
  const own = (event: CalendarEvent, target = TARGET): Verdict | null =>
    decideOwnInsert(aSituation({ taskCreatedAt }), event, target, RULES);
  const later = { start: START + HOUR, end: END + HOUR };

  it('is adopted like any other event if it was not edited since', () => {
    expect(own(inserted())).to.equal(null);
    expect(own(inserted({}, null))).to.equal(null);
  });

  it('is adopted as inserted if it was moved since, so that the move is an edit', () => {
    const event = inserted(later);
    const shown = { ...event, etag: '' };
    expect(own(event)).to.deep.equal({
      kind: 'decision',
      reason: 'adopt',
      action: { do: 'adopt-event', event: shown, write: null, base: BASE },
      detail: null,
    });
  });

  it('is adopted in the bay of its marks if it is in another calendar', () => {
    const event = inserted({ calendarId: BAY1.calendarId }, '2');
    const verdict = own(event);
    expect(verdict).to.have.nested.property('action.event.calendarId', BAY2.calendarId);
    expect(verdict).to.have.nested.property('action.base.bay', '2');
    const unnamed = inserted({ calendarId: BAY2.calendarId }, null);
    expect(own(unnamed)).to.have.nested.property('action.event.calendarId', BAY1.calendarId);
    expect(own(inserted({ calendarId: BAY2.calendarId }, '7'))).to.have.nested.property('action.base.bay', '1');
  });

  it('is not moved if its bay has another calendar since: it is where it was inserted', () => {
    const calendar = calendarDigest(BAY1.calendarId);
    const id = insertWriteId({ start: START, end: END, task: taskCreatedAt, calendar });
    const into = (calendarId: string): CalendarEvent => {
      const event = inserted({ calendarId }, '2');
      return { ...event, marks: { ...event.marks, write: id } };
    };
    expect(own(into(BAY1.calendarId))).to.equal(null);
    expect(own(into(BAY2.calendarId))).to.have.nested.property('action.event.calendarId', BAY1.calendarId);
  });

  it('is adopted with the booking’s texts if it was deleted since', () => {
    const gone = inserted({ state: 'gone', title: '', description: '' });
    const verdict = own(gone);
    expect(verdict).to.have.nested.property('action.event').deep.include({ title: BASE.title, state: 'gone' });
    expect(verdict).to.have.nested.property('action.base').deep.equal(BASE);
    const edited = own(inserted({ ...later, description: '' }));
    expect(edited).to.have.nested.property('action.event.description', '');
    expect(edited).to.have.nested.property('action.base.description', '');
  });

  it('is none if another task or no insert wrote the event, or its id is not derived', () => {
    const event = inserted(later);
    expect(decideOwnInsert(aSituation({ taskCreatedAt: NOW }), event, TARGET, RULES)).to.equal(null);
    expect(decideOwnInsert(aSituation(), event, TARGET, RULES)).to.equal(null);
    expect(own({ ...event, eventId: 'copy1' })).to.equal(null);
    expect(own({ ...event, marks: { ...event.marks, appointmentId: '9' } })).to.equal(null);
  });

  it('is decided with the event of an unmapped booking, if it was deleted', () => {
    const gone = inserted({ state: 'gone' });
    const on = (event: CalendarEvent): Verdict =>
      decideUnmapped(aSituation({ booking: bookingSeen(), event: eventSeen(event), taskCreatedAt }), RULES);
    expect(on(gone)).to.have.property('reason', 'adopt');
    expect(on(aTombstone())).to.have.property('reason', 'new-booking');
  });
});

describe('row 5 · orphan: an event without a map', () => {
  const event = eventSeen(anEvent());
  const on = (change: Partial<Situation>, settings: Overrides = {}): Verdict =>
    decideUnmapped(aSituation({ event, ...change }), createRules(settingsWith(settings)));

  it('is reported without a reading of the booking if its marks name no possible appointment', () => {
    const rules = { ...RULES, isAppointmentId: () => false };
    const verdict = decideUnmapped(aSituation({ event }), rules);
    expect(verdict).to.deep.equal({
      kind: 'decision',
      reason: 'orphan-foreign',
      action: { do: 'nothing' },
      detail: `event ${EVENT_ID} names ${ID}, which can be no appointment`,
    });
    const reads = { kind: 'observe', target: 'booking' };
    expect(on({})).to.deep.equal(reads);
    expect(decideUnmapped(aSituation({ event: eventSeen(UNMARKED) }), rules)).to.deep.equal(reads);
    expect(decideUnmapped(aSituation({ event: eventSeen(anEvent({ state: 'gone' })) }), rules)).to.deep.equal(reads);
    expect(decideUnmapped(aSituation({}), rules)).to.deep.equal(reads);
    const known = decideUnmapped(aSituation({ event, booking: bookingSeen() }), rules);
    expect(known).to.have.property('reason', 'adopt');
  });

  it('is not removed if it is of a type that no mirror has', () => {
    const focus = eventSeen(anEvent({ eventType: 'focusTime' }));
    const dead = bookingSeen({ status: 'dead' });
    expect(on({ event: focus, booking: dead })).to.deep.equal({
      kind: 'decision',
      reason: 'orphan-foreign',
      action: { do: 'nothing' },
      detail: `event ${EVENT_ID} is of the type focusTime, which no mirror is`,
    });
    const foreign = eventSeen(anEvent({ eventType: 'focusTime', marks: { ...anEvent().marks, appointmentId: '9' } }));
    expect(on({ event: foreign, booking: dead })).to.have.property('reason', 'dead-on-arrival');
    expect(on({ event: undefined, booking: dead })).to.have.property('reason', 'dead-on-arrival');
  });

  it('is removed after a count of the events that would be removed', () => {
    const { removals: _unread, ...rest } = aSituation({ event, booking: bookingUnknownToSystem() });
    expect(decideUnmapped(rest, RULES)).to.deep.equal({ kind: 'observe', target: 'removals' });
    expect(on({ booking: bookingUnknownToSystem() })).to.have.property('reason', 'orphan');
  });

  it('is removed if it has no times: it is not known to be over', () => {
    const allDay = eventSeen(anEvent({ shape: 'all-day', start: null, end: null }));
    expect(on({ event: allDay, booking: bookingUnknownToSystem() })).to.have.property('reason', 'orphan');
  });

  it('is checked again in blind mode, if its booking is neither live nor dead', () => {
    const unknown = { booking: bookingSeen({ status: 'unknown' }) };
    const unproven = {
      kind: 'decision',
      reason: 'orphan-unproven',
      action: { do: 'nothing' },
      detail: 'the event carries our marks, but nothing proves its booking live or dead',
    };
    expect(on(unknown)).to.deep.equal(unproven);
    const recheckAt = NOW + RULES.timing.unprovenAgainMs;
    expect(on(unknown, { uschedule: { status: 'blind' } })).to.deep.equal({ ...unproven, recheckAt });
  });

  it('of a booking that the system does not know is never adopted', () => {
    const unknown = { at: NOW, booking: null, status: 'unknown', sure: true } as const;
    expect(on({ booking: unknown })).to.have.property('reason', 'orphan');
  });
});

describe('the slot of a new booking', () => {
  const { intentHoldsMs } = RULES.timing;
  const intent = {
    kind: 'reschedule',
    start: START,
    end: END,
    bay: '1',
    since: NOW,
    triedAt: NOW,
    successor: null,
  } as const;
  const other = aMap({ uscheduleAppointmentId: '700100', intent });
  const contested = (maps: readonly BookingEventMap[], booking = bookingSeen()): boolean =>
    isContested(maps, aSituation({ booking }), RULES);

  it('is contested while another booking is being moved into it, which this one may replace', () => {
    expect(contested([other])).to.equal(true);
    expect(contested([{ ...other, intent: { ...intent, start: START + 1 } }, other])).to.equal(true);
    expect(contested([])).to.equal(false);
  });

  it('is not contested by its own change, by another kind of change, or by one to another slot', () => {
    expect(contested([{ ...other, uscheduleAppointmentId: ID }])).to.equal(false);
    expect(contested([{ ...other, intent: null }])).to.equal(false);
    expect(contested([{ ...other, intent: { ...intent, kind: 'write-event' } }])).to.equal(false);
    expect(contested([{ ...other, intent: { ...intent, start: START + 1 } }])).to.equal(false);
    expect(contested([{ ...other, intent: { ...intent, bay: '2' } }])).to.equal(false);
  });

  it('is no longer contested by a change that has been begun too long ago to be completed', () => {
    const since = (ms: number): readonly BookingEventMap[] => [{ ...other, intent: { ...intent, since: NOW - ms } }];
    expect(contested(since(intentHoldsMs - 1))).to.equal(true);
    expect(contested(since(intentHoldsMs))).to.equal(false);
  });

  it('is none if the booking is unknown or its unit has no bay', () => {
    expect(contested([other], bookingUnknownToSystem())).to.equal(false);
    expect(contested([other], bookingSeen({ resourceUnitId: FOREIGN_UNIT }))).to.equal(false);
  });
});
