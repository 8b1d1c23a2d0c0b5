import { expect } from 'chai';
import { HOUR, type BookingEventMap, type CalendarEvent } from '@loft/sync-core';
import type { EditRecord } from '@loft/sync-core/store';
import { NO_MARKS } from '#src/domain/calendar-event.js';
import { decide } from '#src/rules/decide.js';
import { createRules } from '#src/rules/rules.js';
import {
  endedDecision,
  hasHoldEnded,
  hasSameBase,
  isSameEdit,
  newEdits,
  withoutReplaced,
  withPresentBay,
} from '#src/rules/edit-record.js';
import { BAY1, BAY2, settingsWith } from '../engine/world.js';
import { aMap, anEdit, anEvent, aSituation, bookingSeen, END, eventSeen, ID, NOW, START } from './situations.js';

const RULES = createRules(settingsWith());
/** Bay 1 was renamed in the settings. */
const RENAMED = createRules(settingsWith({ bays: [{ ...BAY1, bay: 'A' }, BAY2] }));

describe('two records of an edit', () => {
  const same = (change: Partial<EditRecord>, rules = RULES): boolean => isSameEdit(anEdit(), anEdit(change), rules);

  it('are of the same edit if change, time and target bay are the same', () => {
    expect(same({ at: 1, state: 'held', base: { start: 0, end: 1, bay: '2' } })).to.equal(true);
    expect(same({ change: 'deleted' })).to.equal(false);
    expect(same({ start: START + 1 })).to.equal(false);
    expect(same({ end: END + 1 })).to.equal(false);
    expect(same({ toBay: '2' })).to.equal(false);
  });

  it('are of the same edit if one of them contains the former name of a renamed bay', () => {
    expect(same({ toBay: 'A' }, RENAMED)).to.equal(true);
    expect(isSameEdit(anEdit({ toBay: 'A' }), anEdit(), RENAMED)).to.equal(true);
    expect(isSameEdit(anEdit({ toBay: 'A' }), anEdit({ toBay: '2' }), RENAMED)).to.equal(false);
  });

  it('have the same base if its time and bay are the same: no bay differs from every name', () => {
    const base = { start: START, end: END, bay: '1' };
    const hasBase = (change: object, rules = RULES): boolean =>
      hasSameBase({ base }, { base: { ...base, ...change } }, rules);
    expect(hasBase({})).to.equal(true);
    expect(hasBase({ start: START + 1 })).to.equal(false);
    expect(hasBase({ end: END + 1 })).to.equal(false);
    expect(hasBase({ bay: '2' })).to.equal(false);
    expect(hasBase({ bay: 'A' }, RENAMED)).to.equal(true);
    expect(hasBase({ bay: null }, RENAMED)).to.equal(false);
    expect(hasSameBase({ base: { ...base, bay: null } }, { base }, RENAMED)).to.equal(false);
    expect(hasSameBase({ base: { ...base, bay: null } }, { base: { ...base, bay: null } }, RULES)).to.equal(true);
  });
});

describe('the changed records of edits', () => {
  const OTHER = { id: '700999', appointmentId: '700999' };
  const held = (edit: EditRecord): EditRecord => ({ ...edit, state: 'held' });

  it('are stored, and the other current records are kept', () => {
    const [own, other, third] = [anEdit(), anEdit(OTHER), anEdit({ id: '701000' })];
    const edits = [own, other, third];
    const changed = [held(own), held(other)];
    expect(withoutReplaced(changed, edits, edits, ID)).to.deep.equal({ changed, others: [third] });
    expect(withoutReplaced(changed, [], [], ID)).to.deep.equal({ changed, others: [] });
  });

  it('are without those that another task has replaced, removed or added since', () => {
    const own = anEdit();
    const other = anEdit(OTHER);
    const result = (observed: readonly EditRecord[], current: readonly EditRecord[]) =>
      withoutReplaced([held(own), held(other)], observed, current, ID);
    for (const change of [{ at: other.at + 1 }, { state: 'carried' as const }]) {
      const replaced = { ...other, ...change };
      expect(result([own, other], [own, replaced])).to.deep.equal({ changed: [held(own)], others: [replaced] });
    }
    expect(result([own, other], [own])).to.deep.equal({ changed: [held(own)], others: [] });
    expect(result([own], [own, other])).to.deep.equal({ changed: [held(own)], others: [other] });
  });

  it('always contain the record of the own appointment', () => {
    const own = anEdit();
    const replaced = anEdit({ at: own.at + 1 });
    expect(withoutReplaced([held(own)], [own], [replaced], ID)).to.deep.equal({ changed: [held(own)], others: [] });
  });
});

describe('row 21d · a held edit', () => {
  const ended = (record: Partial<EditRecord>, map: Partial<BookingEventMap> = {}): boolean =>
    hasHoldEnded(anEdit({ state: 'held', start: START + HOUR, end: END + HOUR, ...record }), aMap(map), RULES);

  it('ends if its booking was cancelled or moved since', () => {
    expect(ended({})).to.equal(false);
    expect(ended({}, { status: 'CANCELED' })).to.equal(true);
    expect(ended({ base: { start: START - HOUR, end: END, bay: '1' } })).to.equal(true);
    expect(ended({ base: { start: START, end: END, bay: '2' } })).to.equal(true);
  });

  it('is not one that a person has released or reverted', () => {
    for (const state of ['seen', 'released', 'reverted', 'put-back', 'dead-letter'] as const) {
      expect(ended({ state }, { status: 'CANCELED' }), state).to.equal(false);
    }
  });
});

describe('row 21d · the decision of a person about a held edit', () => {
  const ended = (event: Partial<CalendarEvent>, record: Partial<EditRecord> = {}): EditRecord | null => {
    const decided = anEdit({ state: 'released', ...record });
    const seen = eventSeen(anEvent({ etag: 'restored', ...event }));
    return endedDecision(aSituation({ decided, event: seen }), aMap(), RULES);
  };

  it('ends when the event is back in its place', () => {
    expect(ended({})).to.deep.equal(anEdit({ state: 'put-back' }));
    expect(ended({}, { state: 'reverted', change: 'deleted' })).to.include({ state: 'put-back', change: 'deleted' });
  });

  it('stays while the event is not in its place, or is another one, or the booking has moved', () => {
    expect(ended({ start: START + HOUR })).to.equal(null);
    expect(ended({ calendarId: BAY2.calendarId })).to.equal(null);
    expect(ended({ state: 'gone' })).to.equal(null);
    expect(ended({ eventId: 'copy' })).to.equal(null);
    expect(ended({ marks: NO_MARKS })).to.equal(null);
    expect(ended({}, { base: { start: START + HOUR, end: END + HOUR, bay: '1' } })).to.equal(null);
    expect(endedDecision(aSituation({ event: eventSeen(anEvent()) }), aMap(), RULES)).to.equal(null);
    expect(endedDecision(aSituation({ decided: anEdit({ state: 'released' }) }), aMap(), RULES)).to.equal(null);
  });

  it('is stored as ended with the decision of that moment, and not over its own record', () => {
    const decided = anEdit({ state: 'released' });
    const seen = { map: aMap(), booking: bookingSeen(), decided };
    const verdict = decide(aSituation({ ...seen, event: eventSeen(anEvent()) }), RULES);
    expect(verdict).to.include({ reason: 'in-sync' }).and.to.have.nested.property('record.state', 'put-back');
    const moved = anEvent({ etag: 'dragged', start: START + HOUR, end: END + HOUR });
    const edits = [{ ...decided, start: START + HOUR, end: END + HOUR }];
    const carried = decide(aSituation({ ...seen, edits, event: eventSeen(moved) }), RULES);
    expect(carried).to.have.nested.property('record.state', 'carried');
  });
});

describe('row 21d · a held edit whose bay has another calendar now', () => {
  const closed = 'closed@calendars.example';

  it('ends, unless the bay is not in the settings any more', () => {
    const ended = (record: Partial<EditRecord>, googleCalendarId: string): boolean =>
      hasHoldEnded(anEdit({ state: 'held', ...record }), aMap({ googleCalendarId }), RULES);
    expect(ended({}, closed)).to.equal(true);
    expect(ended({}, BAY1.calendarId)).to.equal(false);
    expect(ended({ bay: 'removed', base: { start: START, end: END, bay: '1' } }, closed)).to.equal(false);
  });
});

describe('the record of an edit in a bay that was renamed', () => {
  it('gets the present name, by the calendar of the mirror', () => {
    const record = anEdit({ toBay: '1' });
    const base = { ...record.base, bay: 'A' };
    expect(withPresentBay(record, aMap(), RENAMED)).to.deep.equal({ ...record, bay: 'A', toBay: 'A', base });
  });

  it('keeps the name of the other bay to which the event was moved', () => {
    const base = { ...anEdit().base, bay: null };
    const present = withPresentBay(anEdit({ toBay: '2', base }), aMap(), RENAMED);
    expect(present).to.deep.include({ bay: 'A', toBay: '2', base });
  });

  it('is left alone if its bay still has that name, or if the calendar belongs to no bay', () => {
    expect(withPresentBay(anEdit(), aMap(), RULES)).to.equal(null);
    expect(withPresentBay(anEdit({ bay: '2' }), aMap(), RENAMED)).to.equal(null);
    const elsewhere = aMap({ googleCalendarId: 'closed@calendars.example' });
    expect(withPresentBay(anEdit(), elsewhere, RENAMED)).to.equal(null);
  });
});

describe('the edits of a list that are recorded', () => {
  const fresh = (edit: EditRecord, ...stored: readonly EditRecord[]): readonly EditRecord[] =>
    newEdits([edit], stored, NOW, RULES);
  const moved = anEdit({ at: NOW });

  it('are those without a record, or with a record of another edit or another base', () => {
    expect(fresh(moved)).to.deep.equal([moved]);
    expect(fresh(moved, anEdit({ id: '700999' }))).to.deep.equal([moved]);
    expect(fresh(moved, anEdit({ at: NOW, start: moved.start + HOUR }))).to.deep.equal([moved]);
    const base = { ...moved.base, start: START - HOUR };
    expect(fresh(moved, anEdit({ at: NOW, base }))).to.deep.equal([moved]);
    expect(newEdits([], [moved], NOW, RULES)).to.deep.equal([]);
  });

  it('are not those whose record is current', () => {
    expect(fresh(moved, anEdit({ at: NOW - 1 }))).to.deep.equal([]);
    expect(fresh(moved, anEdit({ at: NOW - HOUR }))).to.deep.equal([moved]);
    expect(fresh(moved, anEdit({ at: NOW - 1, state: 'carried' }))).to.have.length(1);
  });

  it('are no deletions of events that were moved to another bay: the move has left a tombstone', () => {
    const deleted = anEdit({ at: NOW, change: 'deleted' });
    const toBay = anEdit({ at: NOW - 1, change: 'moved', toBay: '2' });
    expect(fresh(deleted, toBay)).to.deep.equal([]);
    expect(fresh(deleted, { ...toBay, state: 'carried' })).to.deep.equal([deleted]);
    expect(fresh(deleted, { ...toBay, toBay: '1' })).to.deep.equal([deleted]);
    expect(fresh(deleted, { ...toBay, change: 'deleted', at: NOW - HOUR })).to.have.length(1);
    expect(fresh({ ...moved, start: START }, toBay)).to.have.length(1);
  });

  it('are no edits of an event that is to be reverted on request', () => {
    const reverted = anEdit({ at: NOW - HOUR, state: 'reverted', start: START + HOUR });
    expect(fresh(moved, reverted)).to.deep.equal([]);
    expect(fresh(moved, { ...reverted, state: 'held' })).to.have.length(1);
  });

  it('keep the reverts of the same edit', () => {
    const reverted = anEdit({ at: NOW - HOUR, state: 'put-back', putBacks: 2, putBackAt: NOW - 1 });
    expect(fresh(moved, reverted)).to.deep.equal([{ ...moved, putBacks: 2, putBackAt: NOW - 1 }]);
  });
});
