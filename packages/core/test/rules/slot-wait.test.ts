import { expect } from 'chai';
import { DAY, HOUR, MINUTE, SECOND, type SyncError } from '@loft/sync-core';
import type { EditRecord } from '#src/domain/event-record.js';
import { bookingSide } from '#src/rules/booking-side.js';
import { decide } from '#src/rules/decide.js';
import { decideRefusedEdit } from '#src/rules/decide-refused-edit.js';
import { decideSlotWait, isCircle, keepsWaitingUntil, mayLeave, waitsForSlot } from '#src/rules/decide-slot-wait.js';
import { quiet, type Verdict } from '#src/rules/decision.js';
import { createRules } from '#src/rules/rules.js';
import type { Situation, SlotHolder } from '#src/rules/situation.js';
import { settingsWith, type Overrides } from '../engine/world.js';
import {
  aMap,
  anEdit,
  anEditedEvent,
  anEvent,
  aSituation,
  bookingSeen,
  END,
  eventSeen,
  ID,
  NOW,
  REFUSAL,
  START,
} from './situations.js';

const HOLDER = '700300';
const RULES = createRules(settingsWith());
const WANTED = { start: START + HOUR, end: END + HOUR };

/** The refused edit, first observed `ago` milliseconds before. */
function waiting(ago: number, change: Partial<EditRecord> = {}): EditRecord {
  return anEdit({ ...WANTED, at: NOW - ago, waitsFor: HOLDER, ...change });
}

/** The edit of the appointment that holds the slot. */
function ofHolder(change: Partial<EditRecord> = {}): EditRecord {
  const base = { ...WANTED, bay: '1' };
  return anEdit({ id: HOLDER, appointmentId: HOLDER, base, ...change });
}

const map = aMap({
  uscheduleAppointmentId: HOLDER,
  googleEventId: `loft${HOLDER}`,
  base: { ...aMap().base, ...WANTED },
});
const inPlace = anEvent({ eventId: map.googleEventId, ...WANTED });
const leaving: SlotHolder = { map, event: { ...inPlace, start: START + 5 * HOUR, end: END + 5 * HOUR } };
const staying: SlotHolder = { map, event: inPlace };

describe('row 21 · edit-refused: an edit that waits until another appointment has left its slot', () => {
  function decided(record: EditRecord, edits: readonly EditRecord[], change: Partial<Situation>): Verdict | null {
    return decideSlotWait(record, edits, aSituation(change), (why) => quiet(why, 'reverted'));
  }
  const reverted = quiet('edit-refused', 'reverted');
  const waits = (ms: number): Verdict => ({
    ...quiet('edit-refused', `waits until ${HOLDER} has left the slot`),
    recheckAt: NOW + ms,
  });

  it('reads the holder of the slot first', () => {
    const { slotHolder: _unread, ...situation } = aSituation();
    const verdict = decideSlotWait(waiting(0), [], situation, () => reverted);
    expect(verdict).to.deep.equal({ kind: 'observe', target: 'slot-holder' });
  });

  it('is tried again once the slot is free', () => {
    expect(decided(waiting(MINUTE), [], { slotHolder: null })).to.equal(null);
  });

  it('is held together with the edit that it waits for', () => {
    const record = waiting(MINUTE);
    const held = { do: 'record-edits', edits: [{ ...record, state: 'held' }] };
    expect(decided(record, [record, ofHolder({ state: 'held' })], { slotHolder: leaving })).to.deep.include({
      reason: 'edit-held',
      action: held,
    });
    const another = ofHolder({ id: '9', appointmentId: '9', state: 'held' });
    expect(decided(record, [another, ofHolder()], { slotHolder: leaving })).to.deep.equal(waits(2 * SECOND));
  });

  it('is checked every two seconds while it is new, or while the other edit is in progress', () => {
    expect(decided(waiting(5 * SECOND - 1), [], { slotHolder: staying })).to.deep.equal(waits(2 * SECOND));
    for (const state of ['seen'] as const) {
      const edits = [ofHolder({ state })];
      expect(decided(waiting(MINUTE), edits, { slotHolder: leaving })).to.deep.equal(waits(2 * SECOND));
    }
  });

  it('is checked every five seconds if the edit of the holder has no record, or is applied', () => {
    expect(decided(waiting(5 * SECOND), [], { slotHolder: leaving })).to.deep.equal(waits(5 * SECOND));
    const carried = [ofHolder({ state: 'carried' })];
    expect(decided(waiting(MINUTE), carried, { slotHolder: leaving })).to.deep.equal(waits(5 * SECOND));
  });

  it('is reverted after five seconds if the holder stays', () => {
    expect(decided(waiting(5 * SECOND), [], { slotHolder: staying })).to.deep.equal(reverted);
    expect(mayLeave(waiting(5 * SECOND - 1), [], { slotHolder: staying, now: NOW })).to.equal(true);
  });

  it('is reverted after five seconds only after the event of the holder was read', () => {
    const read = { kind: 'observe', target: 'slot-holder-event' };
    expect(decided(waiting(5 * SECOND - 1), [], { slotHolder: { map } })).to.deep.equal(waits(2 * SECOND));
    expect(decided(waiting(5 * SECOND), [], { slotHolder: { map } })).to.deep.equal(read);
    expect(decided(waiting(5 * SECOND), [ofHolder({ state: 'put-back' })], { slotHolder: { map } })).to.deep.equal(
      reverted,
    );
    for (const event of [
      { ...inPlace, state: 'gone' as const },
      { ...inPlace, calendarId: 'another' },
      { ...inPlace, end: inPlace.end! + HOUR },
    ]) {
      expect(decided(waiting(5 * SECOND), [], { slotHolder: { map, event } })).to.deep.equal(waits(5 * SECOND));
    }
  });

  it('is reverted if it was recorded while the clock was ahead', () => {
    const situation = aSituation({
      map: aMap(),
      booking: bookingSeen(),
      event: eventSeen(anEditedEvent(WANTED)),
      edits: [waiting(-DAY)],
      slotHolder: { map },
    });
    expect(decide(situation, RULES)).to.have.nested.property('action.do', 'write-event');
  });

  it('is reverted after ten minutes', () => {
    expect(decided(waiting(10 * MINUTE - 1), [], { slotHolder: leaving })).to.deep.equal(waits(5 * SECOND));
    expect(decided(waiting(10 * MINUTE), [], { slotHolder: leaving })).to.deep.equal(reverted);
  });

  it('is reverted if the two edits wait for each other', () => {
    const record = waiting(MINUTE);
    const edits = [record, ofHolder({ waitsFor: ID })];
    expect(decided(record, edits, { slotHolder: leaving })).to.deep.equal(reverted);
  });
});

describe('edits that wait for each other’s slots', () => {
  const edit = (id: string, waitsFor: string | null, state: EditRecord['state'] = 'seen'): EditRecord =>
    anEdit({ id, appointmentId: id, waitsFor, state });

  it('are a circle if the edit waits for itself through others', () => {
    expect(isCircle(edit('1', '2'), [edit('3', '9'), edit('2', '1')])).to.equal(true);
    expect(isCircle(edit('1', '2'), [edit('2', '3'), edit('3', '1')])).to.equal(true);
  });

  it('are no circle if the chain ends, or leads into a circle of others', () => {
    expect(isCircle(edit('1', null), [])).to.equal(false);
    expect(isCircle(edit('1', '2'), [])).to.equal(false);
    expect(isCircle(edit('1', '2'), [edit('2', null)])).to.equal(false);
    expect(isCircle(edit('1', '2'), [edit('2', '3'), edit('3', '2')])).to.equal(false);
  });

  it('waits if it is not applied yet and names the holder of its slot', () => {
    expect(waitsForSlot(waiting(0))).to.equal(true);
    expect(waitsForSlot(waiting(0, { waitsFor: null }))).to.equal(false);
    expect(waitsForSlot(waiting(0, { state: 'held' }))).to.equal(false);
  });

  it('keep waiting without a new observation while the edit of the holder is in progress', () => {
    const until = (ago: number, ...edits: readonly EditRecord[]): number | null =>
      keepsWaitingUntil(waiting(ago), edits, NOW);
    const soon = NOW + 2 * SECOND;
    expect(until(9 * MINUTE, ofHolder())).to.equal(soon);
    expect(until(10 * MINUTE, ofHolder())).to.equal(null);
    for (const state of ['held', 'carried', 'released', 'put-back'] as const) {
      expect(until(MINUTE, ofHolder({ state })), state).to.equal(null);
    }
    expect(until(MINUTE, ofHolder({ waitsFor: ID })), 'a circle').to.equal(null);
    expect(until(5 * SECOND - 1), 'without an edit of the holder').to.equal(soon);
    expect(until(5 * SECOND, ofHolder({ appointmentId: '700999' }))).to.equal(null);
  });

  it('are no circle if one of them is applied already', () => {
    expect(isCircle(edit('1', '2'), [edit('2', '1', 'carried')])).to.equal(false);
    expect(isCircle(edit('1', '2'), [edit('2', '1', 'held')])).to.equal(true);
  });
});

describe('row 21 · edit-refused: an edit whose slot is taken', () => {
  const edited = anEditedEvent(WANTED);

  function refusedEdit(
    change: Partial<Situation>,
    {
      event = edited,
      settings = {},
      refusal = REFUSAL,
    }: { readonly event?: typeof edited; readonly settings?: Overrides; readonly refusal?: SyncError } = {},
  ): Verdict {
    const rules = createRules(settingsWith(settings));
    const booking = change.booking ?? bookingSeen();
    const given = { ...aSituation({ map: aMap(), booking, slotHolder: null, ...change }), refusal };
    return decideRefusedEdit(eventSeen(event), aMap(), bookingSide(booking, aMap(), rules), given, rules);
  }
  const revert = (verdict: Verdict): void => {
    expect(verdict).to.deep.include({ reason: 'edit-refused', refusal: REFUSAL });
    expect(verdict).to.have.nested.property('record.state', 'put-back');
  };

  it('is reverted if no appointment of ours holds the slot', () => {
    revert(refusedEdit({}));
    revert(refusedEdit({ edits: [waiting(MINUTE, { waitsFor: null })] }));
  });

  it('is decided with the records of the edits and the holder of the slot', () => {
    const { edits: _edits, slotHolder: _holder, ...unread } = aSituation({ booking: bookingSeen() });
    const side = bookingSide(bookingSeen(), aMap(), RULES);
    const decided = (situation: Situation): Verdict =>
      decideRefusedEdit(eventSeen(edited), aMap(), side, { ...situation, refusal: REFUSAL }, RULES);
    expect(decided(unread)).to.deep.equal({ kind: 'observe', target: 'edits' });
    expect(decided({ ...unread, edits: [] })).to.deep.equal({ kind: 'observe', target: 'slot-holder' });
  });

  it('waits for an appointment that may leave the slot, and stores the refusal with a payload as text', () => {
    const stored = (refusal: SyncError, slotHolder = leaving): unknown => {
      const verdict = refusedEdit({ slotHolder, edits: [] }, { refusal });
      expect(verdict).to.deep.include({ kind: 'decision', reason: 'edit-refused' });
      return (verdict as { readonly action: object }).action;
    };
    const recorded = (refusal: SyncError): object => ({
      do: 'record-edits',
      edits: [anEdit({ ...WANTED, waitsFor: HOLDER, refusal })],
    });
    expect(stored(REFUSAL)).to.deep.equal(recorded(REFUSAL));
    expect(stored({ ...REFUSAL, payload: { 'a.b': 1 } })).to.deep.equal(recorded({ ...REFUSAL, payload: '{"a.b":1}' }));
    expect(stored({ ...REFUSAL, payload: 'taken' })).to.deep.equal(recorded({ ...REFUSAL, payload: 'taken' }));
    expect(stored(REFUSAL, staying)).to.deep.equal(recorded(REFUSAL));
  });

  it('waits for another appointment than before, and not longer than ten minutes in all', () => {
    const before = waiting(MINUTE, { waitsFor: '9' });
    const other = anEdit({ id: '8', appointmentId: '8', waitsFor: '7' });
    expect(refusedEdit({ slotHolder: leaving, edits: [other, before] }))
      .to.have.nested.property('action.edits')
      .deep.equal([{ ...before, waitsFor: HOLDER, refusal: REFUSAL }]);
    revert(refusedEdit({ slotHolder: leaving, edits: [waiting(10 * MINUTE)] }));
  });

  it('keeps waiting if it waits for the holder already', () => {
    expect(refusedEdit({ slotHolder: leaving, edits: [waiting(MINUTE)] })).to.deep.equal({
      ...quiet('edit-refused', `waits until ${HOLDER} has left the slot`),
      recheckAt: NOW + 5 * SECOND,
    });
  });

  it('is a new edit if the recorded one had another target', () => {
    const elsewhere = waiting(MINUTE, { start: START + 2 * HOUR, end: END + 2 * HOUR });
    expect(refusedEdit({ slotHolder: leaving, edits: [elsewhere] }))
      .to.have.nested.property('action.edits')
      .deep.equal([anEdit({ ...WANTED, waitsFor: HOLDER, refusal: REFUSAL })]);
  });

  it('is reverted if the holder has stayed for five seconds', () => {
    revert(refusedEdit({ slotHolder: staying, edits: [waiting(5 * SECOND, { waitsFor: null })] }));
  });

  it('is reverted at once if the event is no booking, the booking has moved, or a rebooking was undone', () => {
    revert(refusedEdit({ slotHolder: leaving }, { event: anEditedEvent({ start: START, end: START }) }));
    revert(refusedEdit({ slotHolder: leaving, booking: bookingSeen({ start: START + HOUR / 2 }) }));
    revert(refusedEdit({ slotHolder: leaving, rebooking: { phase: 'first', undone: true } }));
  });

  it('leads to a search for the successor that another installation has made, where bookings are rebooked', () => {
    const settings = { uschedule: { reschedule: 'rebook' } } as const;
    const { inSlot: _unread, ...unread } = aSituation({ booking: bookingSeen(), slotHolder: null });
    const decided = (overrides: Overrides): Verdict => {
      const rules = createRules(settingsWith(overrides));
      const side = bookingSide(bookingSeen(), aMap(), rules);
      return decideRefusedEdit(eventSeen(edited), aMap(), side, { ...unread, refusal: REFUSAL }, rules);
    };
    expect(decided(settings)).to.deep.include({ reason: 'event-moved' });
    expect(decided(settings)).to.have.nested.property('action.map.intent.kind', 'reschedule');
    revert(decided({}));
  });

  describe('that another edit has just left', () => {
    const tried = { ...quiet('edit-refused', 'its slot was left in that moment'), recheckAt: NOW + 2 * SECOND };
    const own = waiting(10 * SECOND - 1, { waitsFor: null });

    it('is tried again two seconds later, for ten seconds', () => {
      for (const state of ['carried', 'seen', 'released'] as const) {
        expect(refusedEdit({ edits: [own, ofHolder({ state })] }), state).to.deep.equal(tried);
      }
      revert(refusedEdit({ edits: [{ ...own, at: NOW - 10 * SECOND }, ofHolder({ state: 'carried' })] }));
    });

    it('is not tried again for the replay of an edit, which is none of this moment', () => {
      revert(refusedEdit({ edits: [own, ofHolder({ state: 'carried' })], replayed: true }));
    });

    it('is reverted if no other edit has left the slot', () => {
      const base = { ...WANTED, bay: '1' };
      const left = (change: Partial<EditRecord>): void => revert(refusedEdit({ edits: [own, ofHolder(change)] }));
      left({ state: 'put-back' });
      left({ appointmentId: ID, state: 'carried' });
      left({ state: 'carried', base: { ...base, bay: '2' } });
      left({ state: 'carried', base: { ...base, start: WANTED.start - HOUR, end: WANTED.start } });
      left({ state: 'carried', base: { ...base, start: WANTED.end, end: WANTED.end + HOUR } });
    });
  });
});

describe('the appointment that holds the slot of an edit', () => {
  const old = waiting(MINUTE);
  const may = (slotHolder: SlotHolder | null, edits: readonly EditRecord[] = []): boolean | null =>
    mayLeave(old, edits, { slotHolder, now: NOW });

  it('may leave it if its event has another place than its booking, or is deleted', () => {
    expect(may(staying)).to.equal(false);
    const { base } = map;
    for (const change of [
      { start: base.start - 1 },
      { end: base.end + 1 },
      { calendarId: 'elsewhere' },
      { state: 'gone' as const },
    ]) {
      expect(may({ map, event: { ...inPlace, ...change } }), JSON.stringify(change)).to.equal(true);
    }
  });

  it('is judged by its event only after that was read, and not without a holder', () => {
    expect(may({ map })).to.equal(null);
    expect(may(null)).to.equal(false);
    expect(mayLeave(waiting(0), [], { slotHolder: null, now: NOW })).to.equal(false);
  });

  it('may leave it while its own edit is open or released, whatever its event shows', () => {
    for (const state of ['seen', 'held', 'released'] as const)
      expect(may(staying, [ofHolder({ state })]), state).to.equal(true);
    for (const state of ['put-back', 'dead-letter', 'undelivered'] as const) {
      expect(may(leaving, [ofHolder({ state })]), state).to.equal(false);
    }
    expect(may(leaving, [ofHolder({ state: 'carried' })])).to.equal(true);
    expect(may(staying, [ofHolder({ state: 'carried' })])).to.equal(false);
  });

  it('is read before a refused edit is reverted', () => {
    const booking = bookingSeen();
    const situation = { ...aSituation({ map: aMap(), booking, slotHolder: { map }, edits: [old] }), refusal: REFUSAL };
    const side = bookingSide(booking, aMap(), RULES);
    const event = eventSeen(anEditedEvent(WANTED));
    expect(decideRefusedEdit(event, aMap(), side, situation, RULES)).to.deep.equal({
      kind: 'observe',
      target: 'slot-holder-event',
    });
  });
});
