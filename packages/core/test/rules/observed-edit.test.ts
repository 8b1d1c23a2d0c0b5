import { expect } from 'chai';
import { HOUR, MINUTE, type CalendarEvent } from '@loft/sync-core';
import { NO_MARKS } from '#src/domain/calendar-event.js';
import { mayBeCarried } from '#src/rules/decide-edit.js';
import { isEdit, isInPlace, withEarlierReverts } from '#src/rules/edit-record.js';
import { createRules } from '#src/rules/rules.js';
import { BAY2, BAYS, settingsWith } from '../engine/world.js';
import { aMap, anEdit, anEditedEvent, anEvent, aTombstone, END, NOW, START } from './situations.js';

const RULES = createRules(settingsWith());
const LATER = { start: START + HOUR, end: END + HOUR };

describe('a changed event', () => {
  it('is an edit if it was moved with our marks, or deleted in the calendar of its map', () => {
    const is = (event: CalendarEvent): boolean => isEdit(event, aMap());
    expect(is(anEditedEvent(LATER))).to.equal(true);
    expect(is(anEditedEvent({ title: 'A person’s title' }))).to.equal(false);
    expect(is(anEditedEvent({ ...LATER, marks: NO_MARKS }))).to.equal(false);
    expect(is(aTombstone())).to.equal(true);
    expect(is(aTombstone({ calendarId: BAY2.calendarId }))).to.equal(false);
  });

  it('shows that an earlier edit was undone if it is at the place of its map again', () => {
    const is = (event: CalendarEvent): boolean => isInPlace(event, aMap());
    expect(is(anEditedEvent())).to.equal(true);
    expect(is(anEditedEvent({ marks: NO_MARKS }))).to.equal(true);
    expect(is(anEvent())).to.equal(false);
    expect(is(anEditedEvent(LATER))).to.equal(false);
    expect(is(anEditedEvent({ calendarId: BAY2.calendarId }))).to.equal(false);
    expect(is(aTombstone({ start: START, end: END }))).to.equal(false);
  });
});

describe('an edit that may change its booking', () => {
  const may = (event: CalendarEvent, map = aMap(), rules = RULES): boolean => mayBeCarried(event, map, NOW, rules);
  const oneWay = (bay: string) =>
    createRules(settingsWith({ bays: BAYS.map((it) => (it.bay === bay ? { ...it, direction: 'to-google' } : it)) }));

  it('is a move to a future time in the calendar of a bay', () => {
    expect(may(anEditedEvent(LATER))).to.equal(true);
    expect(may(anEditedEvent({ start: NOW - HOUR, end: NOW + 1 }))).to.equal(true);
    expect(may(anEditedEvent({ start: NOW - HOUR, end: NOW }))).to.equal(false);
    expect(may(anEditedEvent({ shape: 'all-day' }))).to.equal(false);
    expect(may(anEditedEvent({ calendarId: 'elsewhere' }))).to.equal(false);
  });

  it('has times that the booking system can express, if it changes them', () => {
    const unsayable = { ...RULES, isSayable: (at: number) => at === START };
    expect(may(anEditedEvent({ calendarId: BAY2.calendarId }), aMap(), unsayable)).to.equal(true);
    expect(may(anEditedEvent({ end: END + HOUR }), aMap(), unsayable)).to.equal(false);
    expect(may(anEditedEvent({ start: START - HOUR }), aMap(), unsayable)).to.equal(false);
  });

  it('is a deletion before the end of the visit', () => {
    const visit = (end: number) => aMap({ base: { ...aMap().base, start: NOW - HOUR, end } });
    expect(may(aTombstone(), visit(NOW + 1))).to.equal(true);
    expect(may(aTombstone(), visit(NOW))).to.equal(false);
  });

  it('is none from or to a bay whose calendar changes no booking', () => {
    const toBay2 = anEditedEvent({ calendarId: BAY2.calendarId });
    expect(may(toBay2)).to.equal(true);
    expect(may(toBay2, aMap(), oneWay('1'))).to.equal(false);
    expect(may(toBay2, aMap(), oneWay('2'))).to.equal(false);
    expect(may(aTombstone(), aMap(), oneWay('1'))).to.equal(false);
    expect(may(aTombstone({ calendarId: 'elsewhere' }), aMap(), oneWay('2'))).to.equal(true);
  });
});

describe('row 21b · the reverts before an observed edit', () => {
  const REVERTED = { putBacks: 2, putBackAt: NOW - MINUTE + 1, putBacksInARow: 3 };
  const seen = anEdit(LATER);
  const after = (earlier: object): object => withEarlierReverts(seen, anEdit({ ...REVERTED, ...earlier }), NOW, RULES);

  it('are those of the same edit, with those in a row before it', () => {
    expect(withEarlierReverts(seen, null, NOW, RULES)).to.deep.equal(seen);
    expect(after({ ...LATER, putBackAt: NOW - HOUR })).to.deep.equal({ ...seen, ...REVERTED, putBackAt: NOW - HOUR });
    const alone = { ...LATER, putBacks: 2, putBackAt: NOW - HOUR, putBacksInARow: 2 };
    expect(after(alone)).to.deep.equal({ ...seen, putBacks: 2, putBackAt: NOW - HOUR });
  });

  it('are those of another edit of the event, if the last of them was less than a minute ago', () => {
    const inARow = { ...seen, putBackAt: REVERTED.putBackAt, putBacksInARow: 3 };
    for (const state of ['put-back', 'seen'] as const) expect(after({ state }), state).to.deep.equal(inARow);
    expect(after({ state: 'put-back', putBackAt: NOW - MINUTE })).to.deep.equal(seen);
    expect(after({ state: 'put-back', putBackAt: null })).to.deep.equal(seen);
  });

  it('are one more if the same edit was carried on the same base: its booking was moved back', () => {
    const carried = { ...LATER, state: 'carried', at: NOW - HOUR };
    expect(after(carried)).to.deep.equal({ ...seen, putBacks: 3, putBackAt: NOW - HOUR });
    const otherBase = { ...carried, base: { ...seen.base, end: END + 1 } };
    expect(after(otherBase)).to.deep.equal({ ...seen, ...REVERTED });
  });

  it('of an edit that was carried, held or kept in a dead letter do not count for the next one', () => {
    for (const state of ['carried', 'dead-letter'] as const) expect(after({ state }), state).to.deep.equal(seen);
    // Another edit of a held event stays held, unless its booking has changed (docs/decision-table.md#row-21d).
    expect(after({ state: 'held' })).to.deep.equal({ ...seen, state: 'held' });
    expect(after({ state: 'held', base: { ...seen.base, bay: '2' } })).to.deep.equal(seen);
  });
});
