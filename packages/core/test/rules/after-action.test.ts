import { expect } from 'chai';
import { END, START, aMap, anEdit, anEvent, aSituation, bookingSeen, eventSeen, ID, REFUSAL } from './situations.js';
import type { SyncError } from '@loft/sync-core';
import {
  isStep,
  isWrite,
  outdatedBy,
  supersederAfter,
  undeliveredEdit,
  warningAfter,
  withEventOutdated,
  withRecord,
  withRefusal,
} from '#src/rules/after-action.js';
import { CHANGES, type Action, type Reason } from '#src/rules/decision.js';
import { createRules } from '#src/rules/rules.js';
import type { Situation } from '#src/rules/situation.js';
import { BAY1, settingsWith } from '../engine/world.js';

const RULES = createRules(settingsWith());
const NEW_ID = '700200';
const base = { start: START, end: END, bay: '1', title: 'Ana R.', description: '' };

const CREATE: Action = { do: 'create-event', bay: BAY1, base };
const CANCEL: Extract<Action, { do: 'cancel-booking' }> = {
  do: 'cancel-booking',
  appointmentId: ID,
  because: 'event-deleted',
  intent: null,
};
const FINISH: Action = { do: 'finish-reschedule', appointmentId: NEW_ID, base };
const STORE: Action = { do: 'store-map', map: aMap() };
const NOTHING: Action = { do: 'nothing' };
const NOTE: Action = { do: 'note', map: aMap() };
const RECORD: Action = { do: 'record-edits', edits: [anEdit()] };

function taken(action: Action, change: Partial<Situation> = {}) {
  return { action, situation: aSituation(change) };
}

describe('an action', () => {
  it('is a write if it changes the event or the booking', () => {
    const names = Object.keys(CHANGES).filter((name) => isWrite({ do: name } as Action));
    expect(names).to.deep.equal([
      'create-event',
      'adopt-event',
      'write-event',
      'restore-event',
      'cancel-event',
      'remove-copy',
      'reschedule-booking',
      'finish-reschedule',
      'cancel-booking',
    ]);
  });

  it('is a step, which is reported with the final decision, if it records something and the round continues', () => {
    const step = (action: Action, reason: Reason): boolean => isStep({ action, reason });
    expect(step(NOTE, 'in-sync')).to.equal(true);
    expect(step(RECORD, 'event-moved')).to.equal(true);
    expect(step(STORE, 'in-sync')).to.equal(false);
    for (const reason of ['event-replaced', 'edit-held', 'change-undone'] as const) {
      expect(step(NOTE, reason), reason).to.equal(false);
      expect(step(RECORD, reason), reason).to.equal(false);
    }
  });
});

describe('after a failed action', () => {
  const outdated = (change: Partial<SyncError>, situation: Partial<Situation> = {}) =>
    outdatedBy({ ...REFUSAL, ...change }, aSituation(situation), RULES);

  it('the event is observed again if it has changed or is gone', () => {
    for (const kind of ['conflict', 'not-found', 'gone'] as const) {
      expect(outdated({ system: 'google', kind }), kind).to.equal('event');
      expect(outdated({ system: 'google', kind }, { refusal: REFUSAL }), kind).to.equal('event');
    }
    for (const kind of ['refused', 'transient', 'invalid'] as const)
      expect(outdated({ system: 'google', kind }), kind).to.equal(null);
  });

  it('the booking is observed again after its first refused change', () => {
    for (const kind of ['refused', 'not-found'] as const) {
      expect(outdated({ kind }), kind).to.equal('booking');
      expect(outdated({ kind }, { refusal: REFUSAL }), kind).to.equal(null);
      const refused = { change: 'cancellation', error: REFUSAL } as const;
      expect(outdated({ kind }, { refused }), kind).to.equal(null);
    }
    for (const kind of ['conflict', 'gone', 'transient'] as const) expect(outdated({ kind }), kind).to.equal(null);
  });

  it('nothing is observed again if the store failed', () => {
    for (const kind of ['conflict', 'not-found', 'refused'] as const)
      expect(outdated({ system: 'store', kind }), kind).to.equal(null);
  });

  it("the map's event is read again, else the observed one, else the one to be created", () => {
    const reread = (action: Action, change: Partial<Situation>, map = change.map ?? null) =>
      withEventOutdated(taken(action, change), map).reread;
    const event = eventSeen(anEvent({ eventId: 'other' }));
    const map = aMap();
    const ref = { calendarId: map.googleCalendarId, eventId: map.googleEventId };
    expect(reread(CREATE, { map, event })).to.deep.equal({ event: ref, booking: false });
    expect(reread(CREATE, { event })).to.deep.equal({ event: event.event, booking: false });
    const derived = { calendarId: BAY1.calendarId, eventId: `loft${ID}` };
    expect(reread(CREATE, {})).to.deep.equal({ event: derived, booking: false });
    expect(reread(CANCEL, {})).to.deep.equal({ event: null, booking: false });
    const situation = aSituation({ event, retried: true });
    expect(withEventOutdated({ action: CREATE, situation }, map)).to.deep.equal({
      ...situation,
      map,
      reread: { event: ref, booking: false },
    });
  });

  it('the next situation has the refused change, and neither the booking nor the edits', () => {
    const map = aMap();
    const situation = aSituation({ map: null, booking: bookingSeen(), edits: [anEdit()], retried: true });
    const { edits: _edits, ...rest } = situation;
    const of = (action: Action) => withRefusal({ action, situation }, map, REFUSAL);
    const cancellation = { change: 'cancellation', error: REFUSAL };
    expect(of(CANCEL)).to.deep.equal({ ...rest, map, booking: undefined, refused: cancellation });
    const move: Action = { do: 'reschedule-booking', bay: BAY1, event: anEvent(), base };
    expect(of(move).refused).to.deep.equal({ change: 'reschedule', error: REFUSAL });
  });
});

describe('the undelivered edit of a failed action', () => {
  const other = anEdit({ id: NEW_ID, appointmentId: NEW_ID });
  const move: Action = { do: 'reschedule-booking', bay: BAY1, event: anEvent(), base };
  const edits = [other, anEdit()];

  it('is the edit of the appointment that had to be applied to the booking', () => {
    expect(undeliveredEdit(taken(move, { edits }))).to.equal(edits[1]);
    expect(undeliveredEdit(taken(CANCEL, { edits }))).to.equal(edits[1]);
    expect(undeliveredEdit(taken(CANCEL, { edits: [other] }))).to.equal(null);
    expect(undeliveredEdit(taken(CANCEL))).to.equal(null);
  });

  it('is none for another action, or for a request to undo a change', () => {
    expect(undeliveredEdit(taken({ ...CANCEL, because: 'undo' }, { edits }))).to.equal(null);
    expect(undeliveredEdit(taken(FINISH, { edits }))).to.equal(null);
    expect(undeliveredEdit(taken(CANCEL, { edits: [anEdit({ state: 'undo' })] }))).to.equal(null);
  });
});

describe('an appointment that has another id now', () => {
  const superseded = aMap({ supersededBy: NEW_ID });

  it('continues with that id after the action that stored it, unless the same round made the new booking', () => {
    expect(supersederAfter(taken(FINISH), superseded)).to.equal(NEW_ID);
    expect(supersederAfter(taken(FINISH, { rebooking: { phase: 'resumed' } }), superseded)).to.equal(NEW_ID);
    expect(supersederAfter(taken(FINISH, { rebooking: { phase: 'first' } }), superseded)).to.equal(null);
    expect(supersederAfter(taken(STORE, { rebooking: { phase: 'first' } }), superseded)).to.equal(NEW_ID);
    expect(supersederAfter(taken(STORE), superseded)).to.equal(NEW_ID);
    for (const action of [CREATE, CANCEL, NOTHING, NOTE])
      expect(supersederAfter(taken(action), superseded), action.do).to.equal(null);
    expect(supersederAfter(taken(STORE), aMap())).to.equal(null);
    expect(supersederAfter(taken(STORE), null)).to.equal(null);
  });
});

describe('the warning of `/ready` after a decision', () => {
  const warning = (
    reason: Reason,
    detail: string | null,
    {
      wrote = false,
      map = aMap(),
      earlier,
    }: { wrote?: boolean; map?: ReturnType<typeof aMap> | null; earlier?: string },
  ): string | null => warningAfter({ reason, detail }, { map, wrote }, earlier);
  const unmarked = aMap({ flags: { unmarked: true } });
  const notKept = warning('booking-changed', null, { wrote: true, map: unmarked }) ?? '';

  it('names the reason and the detail of rows that a person has to see', () => {
    for (const reason of ['orphan-foreign', 'orphan-unproven', 'metadata-removed', 'dead-stays-dead'] as const) {
      expect(warning(reason, 'why', {}), reason).to.equal(`${reason}: why`);
      expect(warning(reason, null, { earlier: 'former' }), reason).to.equal(null);
    }
    expect(warning('in-sync', 'why', { earlier: 'former' })).to.equal(null);
  });

  it('says that the calendar has not kept the marks of a write, until a later decision finds them', () => {
    expect(notKept).to.match(/^metadata-removed: the calendar has not kept the marks of our write/);
    expect(warning('in-sync', null, { map: unmarked })).to.equal(null);
    expect(warning('in-sync', null, { map: unmarked, earlier: 'former' })).to.equal(null);
    expect(warning('in-sync', null, { map: unmarked, earlier: notKept })).to.equal(notKept);
    expect(warning('in-sync', null, { earlier: notKept })).to.equal(null);
    expect(warning('in-sync', null, { wrote: true, map: null, earlier: notKept })).to.equal(null);
    const canceled = aMap({ status: 'CANCELED', flags: { unmarked: true } });
    expect(warning('in-sync', null, { wrote: true, map: canceled, earlier: notKept })).to.equal(null);
    expect(warning('in-sync', null, { wrote: true, map: aMap({ flags: { ownTitle: true } }) })).to.equal(null);
  });
});

describe('the situation after an action with a record', () => {
  it('has that record instead of the earlier one', () => {
    const other = anEdit({ id: '700200', appointmentId: '700200' });
    const record = anEdit({ state: 'carried' });
    const next = aSituation({ edits: [anEdit(), other] });
    expect(withRecord(next, { record }).edits).to.deep.equal([record, other]);
    expect(withRecord(next, {})).to.equal(next);
  });

  it('is unchanged if no edits were observed, or while a rebooking may still be refused', () => {
    const record = anEdit({ state: 'carried' });
    const unread = aSituation({ edits: undefined });
    expect(withRecord(unread, { record })).to.equal(unread);
    const begun = aSituation({ edits: [anEdit()], rebooking: { phase: 'first' } });
    expect(withRecord(begun, { record })).to.equal(begun);
  });
});
