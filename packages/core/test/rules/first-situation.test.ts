import { expect } from 'chai';
import { HOUR } from '@loft/sync-core';
import {
  candidatesToRead,
  decidedOf,
  firstSituation,
  isElsewhere,
  isRequested,
  supersederOf,
  unobserved,
  type FirstFacts,
} from '#src/rules/first-situation.js';
import { createRules } from '#src/rules/rules.js';
import type { Observation } from '#src/rules/situation.js';
import { BAY1, BAY2, settingsWith } from '../engine/world.js';
import { aMap, anEdit, anEvent, bookingSeen, EVENT_ID, eventSeen, HISTORY, ID, NOW } from './situations.js';

const RULES = createRules(settingsWith());
const BLIND = createRules(settingsWith({ uschedule: { status: 'blind' } }));
const REF = { calendarId: BAY1.calendarId, eventId: EVENT_ID };
const OTHER = { calendarId: BAY2.calendarId, eventId: 'other' };
const TASK = { appointmentId: ID, claims: 1, createdAt: NOW - HOUR, event: null, trigger: 'poll' } as const;
const OBSERVED: Observation = {
  booking: null,
  changedAt: -Infinity,
  events: [],
  mustReread: false,
  missingFromList: false,
};

function first(change: Partial<FirstFacts>) {
  return firstSituation(
    {
      task: TASK,
      now: NOW,
      historyBefore: HISTORY,
      accounts: ['sync@calendars.example'],
      map: null,
      observation: OBSERVED,
      events: [],
      listed: null,
      isRequested: false,
      ...change,
    },
    RULES,
  );
}

describe('the first situation of a task', () => {
  it('contains what was observed before it', () => {
    const booking = bookingSeen();
    const event = eventSeen(anEvent());
    const copy = eventSeen(anEvent({ eventId: 'copy' }));
    const observation = { ...OBSERVED, booking, events: [event], missingFromList: true };
    expect(first({ map: aMap(), observation, events: [event, copy] })).to.deep.equal({
      appointmentId: ID,
      now: NOW,
      historyBefore: HISTORY,
      map: aMap(),
      booking,
      event,
      listed: [event],
      others: [copy],
      refusal: null,
      missingFromList: true,
      retried: false,
      accounts: ['sync@calendars.example'],
      taskCreatedAt: NOW - HOUR,
      replayed: false,
      contested: undefined,
      edits: undefined,
    });
  });

  it('contains no reading if nothing was observed', () => {
    const situation = first({ observation: null });
    expect(situation).to.include({ booking: undefined, event: undefined, missingFromList: false });
    expect(situation.listed).to.deep.equal([]);
  });

  it('reads both sides again if the observation is lost, or an earlier attempt may have been interrupted', () => {
    const map = aMap();
    const again = { event: REF, booking: true };
    expect(first({ map }).reread).to.equal(undefined);
    expect(first({ map, observation: null }).reread).to.deep.equal(again);
    expect(first({ map, observation: { ...OBSERVED, mustReread: true } }).reread).to.deep.equal(again);
    expect(first({ map, isRequested: true }).reread).to.deep.equal(again);
    const retried = first({ map, task: { ...TASK, claims: 2 } });
    expect(retried.reread).to.deep.equal(again);
    expect(retried.retried).to.equal(true);
    const observation = { ...OBSERVED, mustReread: true, booking: bookingSeen() };
    expect(first({ map, observation }).reread).to.deep.equal({ event: REF, booking: false });
  });

  it('reads the event of the task again if it was not observed', () => {
    const task = { ...TASK, event: OTHER };
    const observed = { observation: { ...OBSERVED, booking: bookingSeen() }, events: [eventSeen(anEvent())] };
    expect(first({ task }).reread).to.deep.equal({ event: OTHER, booking: true });
    expect(first({ task, map: aMap(), ...observed }).reread).to.deep.equal({ event: REF, booking: false });
    expect(first({ task: { ...TASK, event: REF }, map: aMap(), ...observed }).reread).to.equal(undefined);
    expect(first({ ...observed, task }).reread).to.deep.equal({ event: REF, booking: false });
  });

  it('reads the event that a list has shown again, if there is no map', () => {
    expect(first({ listed: OTHER }).reread).to.deep.equal({ event: OTHER, booking: true });
    expect(first({ listed: OTHER, task: { ...TASK, event: REF } }).reread?.event).to.deep.equal(REF);
  });

  it('reads nothing again without a place of an event', () => {
    expect(first({ observation: null }).reread).to.equal(undefined);
    expect(first({ isRequested: true }).reread).to.equal(undefined);
  });

  it('drops a reading of the booking that may be older than the map, and reads it again', () => {
    const ahead = aMap({ lastSyncedAt: NOW + 1 });
    const observation = { ...OBSERVED, booking: bookingSeen() };
    const dropped = first({ map: ahead, observation });
    expect(dropped.booking).to.equal(undefined);
    expect(dropped.reread).to.deep.equal({ event: null, booking: true });
    const both = first({ map: ahead, observation: { ...observation, mustReread: true } });
    expect(both.reread).to.deep.equal({ event: REF, booking: true });
    expect(first({ observation: { ...OBSERVED, booking: bookingSeen({}, { at: NOW + 1 }) } }).booking).to.not.equal(
      undefined,
    );
  });

  it('takes an event without our marks only if the booking was not observed', () => {
    const events = [eventSeen(anEvent({ eventId: 'copy', marks: { ...anEvent().marks, appointmentId: '700200' } }))];
    expect(first({ events }).event).to.equal(events[0]);
    expect(first({ events, observation: { ...OBSERVED, booking: bookingSeen() } }).event).to.equal(undefined);
  });

  it('is a replay if its trigger or a stored request asks for one', () => {
    expect(first({ task: { ...TASK, trigger: 'replay' } }).replayed).to.equal(true);
    expect(first({ isRequested: true }).replayed).to.equal(true);
    expect(isRequested([anEdit({ state: 'undo' })])).to.equal(true);
    expect(isRequested([anEdit(), anEdit({ state: 'replay' })])).to.equal(true);
    expect(isRequested([anEdit(), anEdit({ state: 'put-back' })])).to.equal(false);
    expect(isRequested([])).to.equal(false);
  });

  it('has the edit that a person has released or reverted', () => {
    const decided = anEdit({ state: 'released' });
    expect(first({ decided }).decided).to.equal(decided);
    expect(first({})).not.to.have.property('decided');
    expect(decidedOf([anEdit(), decided])).to.equal(decided);
    expect(decidedOf([anEdit({ state: 'reverted' })])).to.include({ state: 'reverted' });
    expect(decidedOf([anEdit({ state: 'held' }), anEdit({ state: 'put-back' })])).to.equal(undefined);
  });
});

describe('the events that are read before the first decision', () => {
  const recorded = { calendarId: BAY1.calendarId, eventId: 'recorded' };
  const observed = [eventSeen(anEvent())];

  it('are those that were not observed, each once', () => {
    const again = { ...OTHER, calendarId: BAY1.calendarId };
    expect(unobserved([REF, OTHER, again], observed)).to.deep.equal([OTHER]);
    expect(unobserved([], observed)).to.deep.equal([]);
  });

  it('are, without a map, the event of the task, the listed one and the recorded candidates', () => {
    expect(candidatesToRead(REF, OTHER, [recorded], [])).to.deep.equal([REF, OTHER, recorded]);
    expect(candidatesToRead(null, OTHER, [recorded], observed)).to.deep.equal([OTHER, recorded]);
    expect(candidatesToRead(REF, null, [recorded], observed)).to.deep.equal([recorded]);
    expect(candidatesToRead(OTHER, null, [], observed)).to.deep.equal([OTHER]);
    expect(candidatesToRead(null, REF, [], [])).to.deep.equal([REF]);
  });

  it('are none if only the event of the task is known: the first decision reads it', () => {
    expect(candidatesToRead(REF, null, [], [])).to.deep.equal([]);
    expect(candidatesToRead(REF, REF, [], [])).to.deep.equal([]);
    expect(candidatesToRead(null, null, [], [])).to.deep.equal([]);
  });

  it("contain the map's event in another bay, where it was reported and not observed", () => {
    const elsewhere = { ...REF, calendarId: BAY2.calendarId };
    const there = eventSeen(anEvent({ calendarId: BAY2.calendarId }));
    const another = eventSeen(anEvent({ calendarId: BAY2.calendarId, eventId: 'other' }));
    expect(isElsewhere(elsewhere, aMap(), [], RULES)).to.equal(true);
    expect(isElsewhere(elsewhere, aMap(), [...observed, another], RULES)).to.equal(true);
    expect(isElsewhere(elsewhere, aMap(), [there], RULES)).to.equal(false);
    expect(isElsewhere(REF, aMap(), [], RULES)).to.equal(false);
    expect(isElsewhere({ ...REF, calendarId: 'of no bay' }, aMap(), [], RULES)).to.equal(false);
  });
});

describe('a task of an appointment that has another id now', () => {
  it('continues with that id, unless its own booking is certainly live again', () => {
    const NEW_ID = '700200';
    const superseded = aMap({ supersededBy: NEW_ID });
    expect(supersederOf(superseded, null, RULES)).to.equal(NEW_ID);
    expect(supersederOf(superseded, bookingSeen({ status: 'dead' }), RULES)).to.equal(NEW_ID);
    expect(supersederOf(superseded, bookingSeen(), RULES)).to.equal(null);
    expect(supersederOf(superseded, bookingSeen(), BLIND)).to.equal(NEW_ID);
    expect(supersederOf(aMap(), null, RULES)).to.equal(null);
    expect(supersederOf(null, null, RULES)).to.equal(null);
  });
});
