import { expect } from 'chai';
import { MINUTE, type SyncError } from '@loft/sync-core';
import { NO_MARKS, tombstone } from '#src/domain/calendar-event.js';
import { firstActive, isInconclusive, isMirrorThere, mayHaveMovedTo, searchResult } from '#src/rules/event-search.js';
import { createRules } from '#src/rules/rules.js';
import { BAY1, BAY2, settingsWith } from '../engine/world.js';
import { aMap, anEvent, aTombstone, EVENT_ID, eventSeen, ID, NOW, REFUSAL } from './situations.js';

const RULES = createRules(settingsWith());
const REF = { calendarId: BAY1.calendarId, eventId: EVENT_ID };
const HERE = anEvent();
const ELSEWHERE = anEvent({ calendarId: BAY2.calendarId });
const STRUCK = anEvent({ title: 'CANCELED: Ana R.', free: true });

describe('the search of an event by its id', () => {
  const gone = (updatedAt: number | null) => aTombstone({ updatedAt });

  it('finds it in its own calendar, even if it is marked as cancelled there', () => {
    expect(searchResult(REF, HERE, [ELSEWHERE])).to.equal(HERE);
    expect(searchResult(REF, STRUCK, [ELSEWHERE])).to.equal(STRUCK);
  });

  it('finds it else in the calendar of another bay, if it is active there', () => {
    expect(searchResult(REF, null, [null, STRUCK, ELSEWHERE])).to.equal(ELSEWHERE);
    expect(searchResult(REF, gone(NOW), [ELSEWHERE])).to.equal(ELSEWHERE);
    expect(firstActive([null, gone(NOW), STRUCK])).to.equal(null);
    expect(firstActive([])).to.equal(null);
  });

  it('returns else the latest tombstone: the state of the event at its deletion', () => {
    const [early, late, untimed] = [gone(NOW - 1), gone(NOW), gone(null)];
    expect(searchResult(REF, early, [null, late])).to.equal(late);
    expect(searchResult(REF, late, [early, STRUCK])).to.equal(late);
    expect(searchResult(REF, null, [untimed, early])).to.equal(early);
    expect(searchResult(REF, untimed, [gone(null)])).to.equal(untimed);
  });

  it('returns else a tombstone without content', () => {
    expect(searchResult(REF, null, [null, STRUCK])).to.deep.equal(tombstone(REF));
    expect(searchResult(REF, null, [])).to.deep.equal(tombstone(REF));
  });
});

describe('an error of another calendar', () => {
  const inconclusive = (change: Partial<SyncError>, calendarId = 'closed') =>
    isInconclusive({ ...REFUSAL, system: 'google', kind: 'transient', ...change }, calendarId, RULES);

  it('leaves the search of a mirror in the calendar of a bay inconclusive', () => {
    for (const kind of ['transient', 'forbidden', 'not-found'] as const)
      expect(inconclusive({ kind }, BAY1.calendarId), kind).to.equal(true);
    expect(inconclusive({ unsent: true }, BAY1.calendarId)).to.equal(true);
  });

  it('does not matter for a mirror in a closed calendar if that calendar is known to be unreadable', () => {
    expect(inconclusive({ kind: 'forbidden' })).to.equal(false);
    expect(inconclusive({ kind: 'not-found' })).to.equal(false);
    expect(inconclusive({ unsent: true })).to.equal(false);
    expect(inconclusive({})).to.equal(true);
    expect(inconclusive({ kind: 'gone' })).to.equal(true);
  });
});

describe('a deleted mirror and a calendar that was closed', () => {
  const { recordTimeSlackMs: slack } = RULES.timing;
  const deleted = eventSeen(aTombstone({ updatedAt: NOW }));

  it('may have been moved there if the calendar still belonged to a bay then, or at an unknown time', () => {
    expect(mayHaveMovedTo(NOW - slack, deleted, 0, RULES)).to.equal(true);
    expect(mayHaveMovedTo(NOW - slack - 1, deleted, 0, RULES)).to.equal(false);
    expect(mayHaveMovedTo(null, deleted, 0, RULES)).to.equal(true);
  });

  it('counts as deleted ten minutes before it was first seen, if its deletion has no time', () => {
    const untimed = eventSeen(aTombstone({ updatedAt: null }));
    expect(mayHaveMovedTo(NOW - slack - 10 * MINUTE, untimed, NOW, RULES)).to.equal(true);
    expect(mayHaveMovedTo(NOW - slack - 10 * MINUTE - 1, untimed, NOW, RULES)).to.equal(false);
  });

  it('is there if its event is active and has no marks of another appointment', () => {
    expect(isMirrorThere(HERE, aMap())).to.equal(true);
    expect(isMirrorThere(anEvent({ marks: NO_MARKS }), aMap())).to.equal(true);
    expect(isMirrorThere(anEvent({ marks: { ...HERE.marks, appointmentId: `${ID}0` } }), aMap())).to.equal(false);
    expect(isMirrorThere(STRUCK, aMap())).to.equal(false);
    expect(isMirrorThere(aTombstone({ marks: HERE.marks }), aMap())).to.equal(false);
  });
});
