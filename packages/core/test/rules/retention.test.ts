import { expect } from 'chai';
import { DAY } from '@loft/sync-core';
import type { CopyRecord } from '#src/domain/event-record.js';
import { isForgettableEdit, isOldCopy, keepMapsMs, mayBeForgotten } from '#src/rules/retention.js';
import { createRules } from '#src/rules/rules.js';
import { BAY1, settingsWith } from '../engine/world.js';
import { anEdit, ID, NOW } from './situations.js';

const RULES = createRules(settingsWith());
const KEPT = RULES.keepMapsMs;

describe('retention (docs/decision-table.md#retention)', () => {
  it('keeps maps for 180 days beyond the window of the polls', () => {
    expect(keepMapsMs({ pastDays: 2, futureDays: 30 })).to.equal(212 * DAY);
  });

  it('removes the record of an ended edit 30 days after its last change', () => {
    for (const state of ['seen', 'carried', 'put-back'] as const) {
      expect(isForgettableEdit(anEdit({ state, at: NOW - 30 * DAY - 1 }), NOW), state).to.equal(true);
      expect(isForgettableEdit(anEdit({ state, at: NOW - 30 * DAY }), NOW), state).to.equal(false);
    }
    const revertedLater = anEdit({ state: 'put-back', at: NOW - 40 * DAY, putBackAt: NOW - 30 * DAY });
    expect(isForgettableEdit(revertedLater, NOW)).to.equal(false);
    expect(isForgettableEdit({ ...revertedLater, putBackAt: NOW - 31 * DAY }, NOW)).to.equal(true);
  });

  it('never removes the record of an edit that is still to be decided or delivered', () => {
    for (const state of ['held', 'released', 'reverted', 'undelivered', 'dead-letter', 'replay', 'undo'] as const) {
      expect(isForgettableEdit(anEdit({ state, at: NOW - 900 * DAY }), NOW), state).to.equal(false);
    }
  });

  it('removes the record of a copy when it, its start and its end are as old as a removed map', () => {
    const old = NOW - KEPT - 1;
    const copy: CopyRecord = {
      kind: 'copy',
      id: 'copy',
      appointmentId: ID,
      at: old,
      calendarId: BAY1.calendarId,
      eventId: 'copy',
      start: old,
      end: old,
      title: '',
      description: '',
      creatorEmail: null,
      createdAt: null,
    };
    expect(isOldCopy(copy, NOW, RULES)).to.equal(true);
    expect(isOldCopy({ ...copy, start: null, end: null }, NOW, RULES)).to.equal(true);
    for (const field of ['at', 'start', 'end'] as const) {
      expect(isOldCopy({ ...copy, [field]: NOW - KEPT }, NOW, RULES), field).to.equal(false);
    }
  });

  it('takes the map of an event for removed only if the event is older than all maps', () => {
    expect(mayBeForgotten({ createdAt: NOW - KEPT - 1 }, NOW, RULES)).to.equal(true);
    expect(mayBeForgotten({ createdAt: NOW - KEPT }, NOW, RULES)).to.equal(false);
    expect(mayBeForgotten({ createdAt: null }, NOW, RULES)).to.equal(false);
  });
});
