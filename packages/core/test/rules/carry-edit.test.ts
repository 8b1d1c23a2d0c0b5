import { expect } from 'chai';
import { HOUR, MINUTE, SECOND } from '@loft/sync-core';
import { NO_MARKS } from '#src/domain/calendar-event.js';
import type { EditRecord } from '#src/domain/event-record.js';
import { bookingSide } from '#src/rules/booking-side.js';
import { carryEdit, pauseEndsAt, revertEdit } from '#src/rules/carry-edit.js';
import { quiet, type Reason, type Verdict } from '#src/rules/decision.js';
import { editOf, hasSameBase, isEdit, isSameEdit } from '#src/rules/edit-record.js';
import { createRules } from '#src/rules/rules.js';
import type { Situation } from '#src/rules/situation.js';
import { BAY1, BAY2, settingsWith, type Overrides } from '../engine/world.js';
import {
  aMap,
  anEdit,
  anEditedEvent,
  aSituation,
  aTombstone,
  bookingSeen,
  END,
  ID,
  NOW,
  REFUSAL,
  START,
} from './situations.js';

const LATER = { start: START + HOUR, end: END + HOUR };
const MOVED = anEditedEvent(LATER);
const RECORD = anEdit({ ...LATER, at: NOW - MINUTE });
const DELETED = anEdit({ change: 'deleted', at: NOW - MINUTE });
const RULES = createRules(settingsWith());

interface Given extends Partial<Omit<Situation, 'event'>> {
  readonly event?: typeof MOVED;
  readonly settings?: Overrides;
  readonly unread?: true;
}

/** What becomes of the edit of an event whose booking is unchanged, or (`unread`) was not read. */
function carried(reason: 'event-moved' | 'event-deleted', given: Given): Verdict {
  const { event = MOVED, settings = {}, unread, ...change } = given;
  const rules = createRules(settingsWith(settings));
  const situation = aSituation({ map: aMap(), booking: bookingSeen(), ...change });
  const { booking } = situation;
  const side = unread || booking === undefined ? null : bookingSide(booking, aMap(), rules);
  return carryEdit(reason, event, aMap(), side, situation, rules);
}

const moved = (given: Given): Verdict => carried('event-moved', given);
const deleted = (given: Given): Verdict => carried('event-deleted', { event: aTombstone(), ...given });
const recorded = (edits: readonly EditRecord[], reason: Reason = 'event-moved'): object => ({
  kind: 'decision',
  reason,
  action: { do: 'record-edits', edits },
  detail: null,
});
const rescheduled = {
  kind: 'decision',
  reason: 'event-moved',
  action: { do: 'reschedule-booking', bay: BAY1, event: MOVED, base: { ...aMap().base, ...LATER } },
  detail: null,
  record: { ...RECORD, state: 'carried' },
};

describe('row 12 · event-moved: an edit of an event, before it is applied to the booking', () => {
  it('is decided with the records of the edits', () => {
    const { edits: _unread, ...situation } = aSituation({ map: aMap(), booking: bookingSeen() });
    const side = bookingSide(bookingSeen(), aMap(), RULES);
    const verdict = carryEdit('event-moved', MOVED, aMap(), side, situation, RULES);
    expect(verdict).to.deep.equal({ kind: 'observe', target: 'edits' });
  });

  it('is recorded first', () => {
    expect(moved({ edits: [] })).to.deep.equal(recorded([anEdit(LATER)]));
    const another = { ...RECORD, id: '9', appointmentId: '9' };
    expect(moved({ edits: [another] })).to.deep.equal(recorded([anEdit(LATER)]));
  });

  it('is recorded anew if the earlier record is of another edit, or was made on another content', () => {
    const reverted = { putBacks: 3, putBackAt: NOW - HOUR };
    const other = { ...RECORD, ...reverted, start: START + MINUTE };
    expect(moved({ edits: [other] })).to.deep.equal(recorded([anEdit(LATER)]));
    const earlierBase = { ...RECORD, ...reverted, base: { ...RECORD.base, end: END - MINUTE } };
    expect(moved({ edits: [earlierBase] })).to.deep.equal(recorded([anEdit({ ...LATER, ...reverted })]));
  });

  it('is recorded anew if it was reverted before, and keeps the number of reverts', () => {
    const reverts = { putBacks: 1, putBackAt: NOW - HOUR };
    const ended = { ...RECORD, state: 'put-back' as const, ...reverts };
    expect(moved({ edits: [ended] })).to.deep.equal(recorded([anEdit({ ...LATER, ...reverts })]));
  });

  it('is recorded anew if it was applied before, and the booking was moved back: that is one more revert', () => {
    const ended = { ...RECORD, state: 'carried' as const, putBacks: 1, putBackAt: NOW - HOUR };
    const again = anEdit({ ...LATER, putBacks: 2, putBackAt: RECORD.at });
    expect(moved({ edits: [ended] })).to.deep.equal(recorded([again]));
  });

  it('is recorded anew ten minutes after its first observation, unless it waits for a slot or a decision was made', () => {
    const old = { ...RECORD, at: NOW - 10 * MINUTE };
    expect(moved({ edits: [old] })).to.deep.equal(recorded([anEdit(LATER)]));
    expect(moved({ edits: [{ ...old, at: old.at + 1 }] })).to.have.nested.property('action.do', 'reschedule-booking');
    const waiting = { ...old, waitsFor: '700300' };
    expect(moved({ edits: [waiting] })).to.have.nested.property('action.do', 'reschedule-booking');
    const released = { ...old, state: 'released' as const };
    expect(moved({ edits: [released] })).to.have.nested.property('action.do', 'reschedule-booking');
  });

  it('moves the booking, and its record ends', () => {
    expect(moved({ edits: [RECORD] })).to.deep.equal(rescheduled);
    expect(moved({ edits: [{ ...RECORD, id: '9', appointmentId: '9' }, RECORD] })).to.deep.equal(rescheduled);
  });

  it('is reverted if an administrator decided so', () => {
    const reverted = moved({ edits: [{ ...RECORD, state: 'reverted' }] });
    expect(reverted).to.deep.include({ reason: 'edit-held' });
    expect(reverted).to.have.nested.property('action.do', 'write-event');
  });

  it('is reverted if it could not be delivered, with the refusal of this round or of its record', () => {
    const undelivered = { ...RECORD, state: 'undelivered' as const };
    const of = (given: Given): Verdict => moved({ edits: [undelivered], ...given });
    expect(of({})).to.deep.include({ reason: 'edit-undelivered' }).and.not.have.property('refusal');
    expect(of({ refusal: REFUSAL })).to.have.property('refusal', REFUSAL);
    const earlier = { ...REFUSAL, message: 'Earlier.' };
    expect(of({ edits: [{ ...undelivered, refusal: earlier }] })).to.have.property('refusal', earlier);
    expect(of({ edits: [{ ...undelivered, refusal: earlier }], refusal: REFUSAL })).to.have.property(
      'refusal',
      REFUSAL,
    );
  });

  it('needs a reading of the booking to be reverted or applied', () => {
    const reads = { kind: 'observe', target: 'booking' };
    expect(moved({ edits: [{ ...RECORD, state: 'undelivered' }], unread: true })).to.deep.equal(reads);
    expect(moved({ edits: [RECORD], unread: true })).to.deep.equal(reads);
  });

  it('waits while another appointment is about to leave its slot', () => {
    const waiting = { ...RECORD, waitsFor: '700300' };
    const holder = { map: aMap({ uscheduleAppointmentId: '700300' }), event: aTombstone() };
    expect(moved({ edits: [waiting], slotHolder: holder })).to.have.property('reason', 'edit-refused');
    expect(moved({ edits: [waiting], slotHolder: null })).to.have.property('reason', 'event-moved');
    expect(moved({ edits: [RECORD], slotHolder: holder })).to.have.property('reason', 'event-moved');
  });

  it('is reverted if the event is no booking, or is in the calendar of no bay', () => {
    const empty = anEditedEvent({ start: START + HOUR, end: START + HOUR });
    const record = { ...RECORD, end: START + HOUR };
    expect(moved({ event: empty, edits: [record] })).to.have.nested.property('action.do', 'write-event');
    const elsewhere = anEditedEvent({ ...LATER, calendarId: 'elsewhere' });
    expect(moved({ event: elsewhere, edits: [RECORD] })).to.have.nested.property('action.do', 'write-event');
  });

  it('keeps an outdated text of ours in the base of the move, so that the booking’s text is still written', () => {
    const { base } = aMap();
    const event = { ...MOVED, description: '' };
    expect(moved({ event, edits: [RECORD] }))
      .to.have.nested.property('action.base')
      .deep.equal({
        ...base,
        ...LATER,
        description: '',
      });
  });
});

describe('row 21d · edit-held: the guard of edits', () => {
  const deletions = (count: number, change: Partial<EditRecord> = {}): EditRecord[] =>
    Array.from({ length: count }, (_, index) =>
      anEdit({ id: `7${index}`, appointmentId: `7${index}`, change: 'deleted', ...change }),
    );
  const mirrors = new Map([
    ['1', 4],
    ['2', 8],
  ]);

  it('holds an edit until a person decides', () => {
    expect(moved({ edits: [{ ...RECORD, state: 'held' }] })).to.deep.equal(
      quiet('edit-held', 'a person decides about it'),
    );
  });

  it('counts the mirrors if there are enough edits for a decision', () => {
    const { mirrors: _unread, ...situation } = aSituation({ map: aMap(), booking: bookingSeen() });
    const side = bookingSide(bookingSeen(), aMap(), RULES);
    const on = (count: number): Verdict =>
      carryEdit('event-moved', MOVED, aMap(), side, { ...situation, edits: [RECORD, ...deletions(count)] }, RULES);
    expect(on(3)).to.deep.equal({ kind: 'observe', target: 'mirrors' });
    expect(on(2)).to.deep.equal(rescheduled);
  });

  it('holds every open edit of its bays, and no other', () => {
    const others = [
      ...deletions(5, { at: NOW - MINUTE }),
      anEdit({ id: '8', appointmentId: '8', state: 'carried' }),
      anEdit({ id: '9', appointmentId: '9', bay: '2' }),
    ];
    const edits = [RECORD, ...others];
    const held = edits.filter(({ state, bay }) => state === 'seen' && bay === '1');
    const message =
      '6 edits are held: more events were deleted or moved within ten minutes than rules.massChangeLimit allows';
    expect(moved({ edits, mirrors: new Map([...mirrors, ['2', 80]]) })).to.deep.equal({
      ...recorded(
        held.map((edit) => ({ ...edit, state: 'held' })),
        'edit-held',
      ),
      detail: message,
      notice: { level: 'error', message },
    });
  });

  it('does not hold an edit of another bay, or one that a person has released', () => {
    const all = deletions(4, { bay: '2' });
    expect(moved({ edits: [RECORD, ...all], mirrors: new Map([['2', 4]]) })).to.deep.equal(rescheduled);
    const released = { ...RECORD, state: 'released' as const };
    expect(moved({ edits: [released, ...deletions(6)], mirrors })).to.have.property('reason', 'event-moved');
  });
});

describe('row 14 · event-deleted: the delay before the booking is cancelled', () => {
  const settings = { google: { deleteGraceSeconds: 90 } };
  const at = NOW - 60 * SECOND;
  const canceled = (record: EditRecord): object => ({
    kind: 'decision',
    reason: 'event-deleted',
    action: { do: 'cancel-booking', appointmentId: ID, because: 'event-deleted', intent: null },
    detail: null,
    record: { ...record, state: 'carried' },
  });

  it('starts at the first observation of the deletion', () => {
    const record = { ...DELETED, at };
    expect(deleted({ edits: [record], settings })).to.deep.equal({ kind: 'wait', until: at + 90 * SECOND });
    const over = { ...DELETED, at: NOW - 90 * SECOND };
    expect(deleted({ edits: [over], settings })).to.deep.equal(canceled(over));
  });

  it('starts again if the deletion was undone and repeated: with the task of the repetition', () => {
    const record = { ...DELETED, at };
    const taskCreatedAt = NOW - 30 * SECOND;
    expect(deleted({ edits: [record], taskCreatedAt, settings })).to.deep.equal({
      kind: 'wait',
      until: taskCreatedAt + 90 * SECOND,
    });
    expect(deleted({ edits: [record], taskCreatedAt: NOW, settings })).to.deep.equal({
      kind: 'wait',
      until: NOW + 90 * SECOND,
    });
  });

  it('does not start at a time in the future, which a fast clock stored', () => {
    const record = { ...DELETED, at };
    expect(deleted({ edits: [record], taskCreatedAt: NOW + 1, settings })).to.deep.equal({
      kind: 'wait',
      until: at + 90 * SECOND,
    });
    const ahead = { ...DELETED, at: NOW + 1 };
    expect(deleted({ edits: [ahead], settings })).to.deep.equal(canceled(ahead));
  });
});

describe('row 12 · event-moved: a move that may be our own write, in a task that was interrupted', () => {
  const { echoWindowMs } = RULES;
  const at = NOW - SECOND;
  const retried = { retried: true, edits: [RECORD], booking: bookingSeen({}, { at }) };
  const updated = (updatedAt: number | null) => anEditedEvent({ ...LATER, updatedAt });
  const waits = (until: number): object => ({ kind: 'wait', until });

  it('waits until the reading of the booking would show it', () => {
    expect(moved({ ...retried, event: updated(at) })).to.deep.equal(waits(at + echoWindowMs));
    expect(moved({ ...retried, event: updated(NOW) })).to.deep.equal(waits(NOW + echoWindowMs));
  });

  it('is applied once the echo window is over, or the booking was read after it', () => {
    const isApplied = (given: Given): void => {
      expect(moved(given)).to.have.nested.property('action.do', 'reschedule-booking');
    };
    isApplied({ ...retried, event: updated(NOW - echoWindowMs) });
    isApplied({ ...retried, event: updated(at - echoWindowMs) });
    const lately = { booking: bookingSeen({}, { at: NOW + 5 }) };
    isApplied({ ...retried, ...lately, event: updated(NOW + 5 - echoWindowMs) });
    isApplied({ ...retried, event: updated(null) });
    isApplied({ ...retried, retried: false, event: updated(at) });
  });

  it('counts from the time of its task if our clock is slow', () => {
    const ahead = updated(NOW + 1);
    const taskCreatedAt = NOW - 3 * SECOND;
    expect(moved({ ...retried, taskCreatedAt, event: ahead })).to.deep.equal(waits(taskCreatedAt + echoWindowMs));
    expect(moved({ ...retried, taskCreatedAt: NOW + HOUR, event: ahead })).to.deep.equal(waits(NOW + echoWindowMs));
    expect(moved({ ...retried, event: ahead })).to.deep.equal(waits(NOW + echoWindowMs));
    expect(moved({ ...retried, taskCreatedAt, event: updated(NOW) })).to.deep.equal(waits(NOW + echoWindowMs));
  });
});

describe('row 21b · edit-war: the same edit is made again after each revert', () => {
  const { baseMs, maxMs } = RULES.retry;
  const warOf = (putBacks: number, putBackAt: number | null): EditRecord => ({ ...RECORD, putBacks, putBackAt });
  const again = (putBacks: number, until: number): object => ({
    ...quiet('edit-war', `the same edit was reverted ${putBacks} times`),
    recheckAt: until,
  });

  it('begins with the second revert, and each pause is twice as long as the one before, up to ten retries', () => {
    expect(pauseEndsAt(warOf(1, NOW), NOW, RULES)).to.equal(null);
    expect(pauseEndsAt(warOf(2, null), NOW, RULES)).to.equal(null);
    expect(pauseEndsAt(warOf(2, NOW), NOW, RULES)).to.equal(NOW + 4 * baseMs);
    expect(pauseEndsAt(warOf(3, NOW), NOW, RULES)).to.equal(NOW + 8 * baseMs);
    expect(pauseEndsAt(warOf(2000, NOW), NOW, RULES)).to.equal(NOW + 10 * maxMs);
  });

  it('has no pause after a clock that was ahead by more than it', () => {
    expect(pauseEndsAt(warOf(2, NOW + 4 * baseMs), NOW, RULES)).to.equal(NOW + 8 * baseMs);
    expect(pauseEndsAt(warOf(2, NOW + 4 * baseMs + 1), NOW, RULES)).to.equal(null);
  });

  it('delays the edit until the pause ends', () => {
    const ends = NOW - SECOND + 4 * baseMs;
    expect(moved({ edits: [warOf(2, NOW - SECOND)] })).to.deep.equal(again(2, ends));
    expect(moved({ edits: [warOf(2, NOW - 4 * baseMs)] })).to.have.property('reason', 'event-moved');
  });

  it('delays the next revert until the pause ends', () => {
    const target = RULES.routed(bookingSeen().booking!);
    const revert = (edits: readonly EditRecord[]): Verdict =>
      revertEdit('unsupported-edit', MOVED, aMap(), target, aSituation({ map: aMap(), edits }), RULES);
    expect(revert([warOf(2, NOW - SECOND)])).to.deep.equal(again(2, NOW - SECOND + 4 * baseMs));
    const another = { ...warOf(2, NOW - SECOND), id: '9', appointmentId: '9' };
    expect(revert([another])).to.have.property('reason', 'unsupported-edit');
    expect(revert([{ ...warOf(2, NOW - SECOND), start: START + MINUTE }])).to.have.nested.property(
      'record.putBacks',
      1,
    );
    const next = revert([another, warOf(2, NOW - 4 * baseMs)]);
    expect(next).to.have.property('reason', 'unsupported-edit');
    expect(next)
      .to.have.property('record')
      .deep.equal({
        ...RECORD,
        state: 'put-back',
        putBacks: 3,
        putBackAt: NOW,
      });
  });

  it('is decided with the records of the edits', () => {
    const { edits: _unread, ...situation } = aSituation({ map: aMap() });
    const verdict = revertEdit('unsupported-edit', MOVED, aMap(), null, situation, RULES);
    expect(verdict).to.deep.equal({ kind: 'observe', target: 'edits' });
  });
});

describe('the record of an edit', () => {
  const of = (event: typeof MOVED, change: Partial<Situation> = {}, map = aMap()): EditRecord =>
    editOf(event, map, aSituation({ map, booking: bookingSeen(), ...change }), RULES);

  it('contains the place of the event and the content of the map', () => {
    const event = anEditedEvent({ ...LATER, calendarId: BAY2.calendarId });
    expect(of(event)).to.deep.equal(anEdit({ ...LATER, toBay: '2' }));
  });

  it('contains the last place of a deleted event, whatever its tombstone shows', () => {
    const gone = aTombstone({ ...LATER, calendarId: BAY2.calendarId });
    expect(of(gone)).to.deep.equal(anEdit({ change: 'deleted' }));
  });

  it('contains the place of the base if the event has no times, or is in the calendar of no bay', () => {
    const allDay = anEditedEvent({ shape: 'all-day', start: null, end: null, calendarId: 'elsewhere' });
    expect(of(allDay)).to.deep.equal(anEdit());
  });

  it('contains no bay if the base has none', () => {
    const map = aMap({ base: { ...aMap().base, bay: null } });
    const event = anEditedEvent({ calendarId: 'elsewhere' });
    const base = { start: START, end: END, bay: null };
    expect(of(event, {}, map)).to.deep.equal(anEdit({ bay: '', toBay: '', base }));
  });

  it('names the customer of the booking, or the title of the base if the booking was not read', () => {
    const map = aMap({ base: { ...aMap().base, title: 'Ana (VIP)' } });
    expect(of(MOVED, {}, map)).to.have.property('customerName', 'Ana R.');
    expect(of(MOVED, { booking: undefined }, map)).to.have.property('customerName', 'Ana (VIP)');
    expect(of(MOVED, { booking: { ...bookingSeen(), booking: null } }, map)).to.have.property(
      'customerName',
      'Ana (VIP)',
    );
  });

  it('is made for an event that was deleted at its place, or moved with its marks', () => {
    const map = aMap();
    expect(isEdit(anEditedEvent({}), map)).to.equal(false);
    for (const place of [{ start: START + 1 }, { end: END + 1 }, { calendarId: BAY2.calendarId }]) {
      expect(isEdit(anEditedEvent(place), map), JSON.stringify(place)).to.equal(true);
      expect(isEdit(anEditedEvent({ ...place, marks: NO_MARKS }), map), JSON.stringify(place)).to.equal(false);
    }
    expect(isEdit(aTombstone(), map)).to.equal(true);
    expect(isEdit(aTombstone({ calendarId: BAY2.calendarId }), map)).to.equal(false);
  });

  it('is of the same edit if kind and place are the same', () => {
    expect(isSameEdit(RECORD, { ...RECORD, at: 0, putBacks: 9, state: 'held' }, RULES)).to.equal(true);
    for (const other of [{ change: 'deleted' }, { start: 1 }, { end: 1 }, { toBay: '2' }] as const) {
      expect(isSameEdit(RECORD, { ...RECORD, ...other }, RULES), JSON.stringify(other)).to.equal(false);
    }
  });

  it('has the same base if the base’s place is the same', () => {
    const moved = { ...RECORD, start: 1 };
    expect(hasSameBase(RECORD, moved, RULES)).to.equal(true);
    for (const other of [{ start: 1 }, { end: 1 }, { bay: '2' }]) {
      const record = { ...RECORD, base: { ...RECORD.base, ...other } };
      expect(hasSameBase(RECORD, record, RULES), JSON.stringify(other)).to.equal(false);
    }
  });

  it('is the same under a name that its bay had before it was renamed', () => {
    const former = { ...RECORD, toBay: 'former', base: { ...RECORD.base, bay: 'former' } };
    expect(isSameEdit(former, RECORD, RULES) && isSameEdit(RECORD, former, RULES)).to.equal(true);
    expect(hasSameBase(former, RECORD, RULES) && hasSameBase(RECORD, former, RULES)).to.equal(true);
    expect(hasSameBase({ base: { ...RECORD.base, bay: null } }, RECORD, RULES)).to.equal(false);
  });
});
