import { expect } from 'chai';
import { DAY, HOUR } from '@loft/sync-core';
import type { EditRecord } from '#src/domain/event-record.js';
import { bookingSide } from '#src/rules/booking-side.js';
import { decideReplay, undoOf, whyReplayEnded } from '#src/rules/decide-replay.js';
import { quiet, type Verdict } from '#src/rules/decision.js';
import { createRules } from '#src/rules/rules.js';
import type { Situation } from '#src/rules/situation.js';
import { BAY1, BAY2, BAYS, settingsWith, type Overrides } from '../engine/world.js';
import { aMap, anEdit, anEvent, aSituation, bookingSeen, END, ID, NOW, START } from './situations.js';

const LATER = { start: START + HOUR, end: END + HOUR };
const DELIVERED = anEdit({ ...LATER, state: 'replay' });
const ONE_WAY = (bay: string): Overrides => ({
  bays: BAYS.map((it) => (it.bay === bay ? { ...it, direction: 'to-google' as const } : it)),
});

interface Given {
  readonly edits?: readonly EditRecord[];
  readonly map?: ReturnType<typeof aMap>;
  readonly booking?: ReturnType<typeof bookingSeen>;
  readonly settings?: Overrides;
  readonly change?: Partial<Situation>;
}

function replayOf({
  edits = [DELIVERED],
  map = aMap(),
  booking = bookingSeen(),
  settings = {},
  change = {},
}: Given): Verdict | null {
  const rules = createRules(settingsWith(settings));
  const situation = aSituation({ map, booking, replayed: true, edits, ...change });
  return decideReplay(anEvent(), map, bookingSide(booking, map, rules), situation, rules);
}

const ended = (verdict: Verdict, record: EditRecord = DELIVERED): object => ({
  ...verdict,
  record: { ...record, state: 'put-back' },
});

describe('row 21a · the replay of an edit that could not be delivered', () => {
  it('is decided with the records of the edits', () => {
    const { edits: _unread, ...situation } = aSituation({ map: aMap(), booking: bookingSeen(), replayed: true });
    const rules = createRules(settingsWith());
    const side = bookingSide(bookingSeen(), aMap(), rules);
    expect(decideReplay(anEvent(), aMap(), side, situation, rules)).to.deep.equal({ kind: 'observe', target: 'edits' });
  });

  it('is not attempted without a request, or without an edit of this appointment in a dead letter', () => {
    expect(replayOf({ change: { replayed: false } })).to.equal(null);
    expect(replayOf({ edits: [] })).to.equal(null);
    expect(replayOf({ edits: [{ ...DELIVERED, id: '9', appointmentId: '9' }] })).to.equal(null);
    for (const state of ['seen', 'carried', 'put-back', 'undelivered', 'dead-letter'] as const) {
      expect(replayOf({ edits: [{ ...DELIVERED, state }] }), state).to.equal(null);
    }
  });

  it('moves the booking to the time of the edit', () => {
    const other = { ...DELIVERED, id: '9', appointmentId: '9', state: 'seen' as const };
    expect(replayOf({ edits: [other, DELIVERED] })).to.deep.equal({
      kind: 'decision',
      reason: 'event-moved',
      action: { do: 'reschedule-booking', bay: BAY1, event: anEvent(), base: { ...aMap().base, ...LATER } },
      detail: null,
      record: { ...DELIVERED, state: 'carried' },
    });
  });

  it('moves the booking to the bay of the edit', () => {
    const record = { ...DELIVERED, toBay: '2' };
    const base = { ...aMap().base, ...LATER, bay: '2' };
    expect(replayOf({ edits: [record] })).to.deep.include({
      reason: 'event-moved-bay',
      action: { do: 'reschedule-booking', bay: BAY2, event: anEvent(), base },
      record: { ...record, state: 'carried' },
    });
  });

  it('cancels the booking if the edit was a deletion, also of an event at a past time', () => {
    const record = anEdit({ change: 'deleted', state: 'replay', start: NOW - 2 * HOUR, end: NOW - HOUR });
    expect(replayOf({ edits: [record] })).to.deep.equal({
      kind: 'decision',
      reason: 'event-deleted',
      action: { do: 'cancel-booking', appointmentId: ID, because: 'event-deleted', intent: null },
      detail: null,
      record: { ...record, state: 'carried' },
    });
  });

  it('ends if the booking has changed since the edit was made', () => {
    const verdict = ended(
      quiet('edit-undelivered', 'the booking has changed since the edit was made: it is not carried out'),
    );
    const moved = { start: START + DAY, end: END + DAY };
    expect(replayOf({ booking: bookingSeen(moved) })).to.deep.equal(verdict);
    expect(replayOf({ booking: bookingSeen(moved), map: aMap({ base: { ...aMap().base, ...moved } }) })).to.deep.equal(
      verdict,
    );
  });

  it('ends if the visit is over', () => {
    const past = { start: NOW - 2 * HOUR, end: NOW };
    const base = { ...past, bay: '1' };
    const record = { ...DELIVERED, base };
    const map = aMap({ base: { ...aMap().base, ...past } });
    expect(replayOf({ edits: [record], booking: bookingSeen(past), map })).to.deep.equal(
      ended(quiet('past', 'the visit is over: the edit is not carried out'), record),
    );
  });

  it('ends if one of its bays changes no booking any more', () => {
    const record = { ...DELIVERED, toBay: '2' };
    const verdict = ended(
      quiet('one-way', 'the calendars of this bay change no booking: the edit is not carried out'),
      record,
    );
    for (const bay of ['1', '2']) expect(replayOf({ edits: [record], settings: ONE_WAY(bay) })).to.deep.equal(verdict);
  });

  it('ends if the time to which the event was moved is over', () => {
    const record = { ...DELIVERED, start: NOW - HOUR, end: NOW };
    expect(replayOf({ edits: [record] })).to.deep.equal(
      ended(quiet('past', 'the time it was moved to is over: the edit is not carried out'), record),
    );
    expect(replayOf({ edits: [{ ...record, end: NOW + 1 }] })).to.have.property('reason', 'event-moved');
  });

  it('moves the booking also if its bay was renamed since', () => {
    const bays = [{ ...BAY1, bay: 'One' }, BAY2];
    const map = aMap({ base: { ...aMap().base, bay: 'One' } });
    const verdict = replayOf({ map, settings: { bays } });
    expect(verdict).to.deep.include({ reason: 'event-moved' });
    expect(verdict).to.have.nested.property('action.bay.bay', 'One');
    const oneWay = replayOf({
      map,
      settings: { bays: bays.map((bay) => ({ ...bay, direction: 'to-google' as const })) },
    });
    expect(oneWay).to.have.property('reason', 'one-way');
  });

  it('ends if its bay was removed from the settings', () => {
    const record = { ...DELIVERED, toBay: '7' };
    expect(replayOf({ edits: [record] })).to.deep.equal(
      ended(quiet('edit-undelivered', 'bay 7 is not configured any more'), record),
    );
  });
});

describe('row 21a · the edit of a dead letter whose appointment was synced', () => {
  const why = (map: ReturnType<typeof aMap> | null, now = NOW, record = DELIVERED, settings: Overrides = {}) =>
    whyReplayEnded(record, map, now, createRules(settingsWith(settings)));

  it('can still be executed while its booking is unchanged', () => {
    expect(why(aMap())).to.equal(null);
    expect(why(aMap(), END - 1)).to.equal(null);
    const renamed = aMap({ base: { ...aMap().base, bay: 'One' } });
    expect(why(renamed, NOW, DELIVERED, { bays: [{ ...BAY1, bay: 'One' }, BAY2] })).to.equal(null);
  });

  it('ends if the booking was cancelled, got another id, changed, or is over', () => {
    for (const map of [null, aMap({ status: 'CANCELED' }), aMap({ supersededBy: '9' })]) {
      expect(why(map)).to.match(/^the booking is cancelled or has another id/);
    }
    expect(why(aMap({ base: { ...aMap().base, start: START + 1 } }))).to.match(/^the booking has changed/);
    expect(why(aMap(), END)).to.match(/^the visit is over/);
  });
});

describe('row 21e · the request to undo a change', () => {
  const PLACE = { start: START, end: END, bay: '1' };
  const BEFORE = { start: START - HOUR, end: END - HOUR, bay: '2' };
  const NONE = { edits: [], hasDeadLetter: false };
  const of = (map: ReturnType<typeof aMap> | null, leftAt = PLACE, open: Parameters<typeof undoOf>[3] = NONE) =>
    undoOf(map, leftAt, BEFORE, open, NOW);

  it('is stored like an edit to the earlier place', () => {
    const place = { start: BEFORE.start, end: BEFORE.end, toBay: '2' };
    expect(of(aMap())).to.deep.equal(anEdit({ ...place, state: 'undo', base: PLACE }));
  });

  it('of a booking that had no bay before names none', () => {
    const undo = undoOf(aMap(), PLACE, { ...BEFORE, bay: null }, NONE, NOW);
    expect(undo).to.have.property('toBay', '');
  });

  it('is refused if the booking is not at the place to which the change moved it', () => {
    expect(of(null)).to.equal('changed');
    expect(of(aMap({ status: 'CANCELED' }))).to.equal('changed');
    expect(of(aMap({ supersededBy: '700200' }))).to.equal('changed');
    expect(of(aMap(), { ...PLACE, start: START + 1 })).to.equal('changed');
    expect(of(aMap(), { ...PLACE, end: END + 1 })).to.equal('changed');
    expect(of(aMap(), { ...PLACE, bay: '2' })).to.equal('changed');
  });

  it('is refused while a change is in progress or a dead letter or an edit has to be resolved', () => {
    const intent = { kind: 'reschedule', ...PLACE, since: NOW, triedAt: NOW, successor: null } as const;
    expect(of(aMap({ intent }))).to.equal('busy');
    expect(of(aMap(), PLACE, { ...NONE, hasDeadLetter: true })).to.equal('busy');
    const withEdit = (state: EditRecord['state']) => of(aMap(), PLACE, { ...NONE, edits: [anEdit({ state })] });
    for (const state of ['held', 'released', 'reverted', 'undelivered', 'dead-letter', 'replay'] as const) {
      expect(withEdit(state), state).to.equal('busy');
    }
    for (const state of ['seen', 'carried', 'put-back', 'undo'] as const) {
      expect(withEdit(state), state).to.have.property('state', 'undo');
    }
  });
});
