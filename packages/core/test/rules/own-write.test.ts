import { expect } from 'chai';
import { HOUR } from '@loft/sync-core';
import { createRules } from '#src/rules/rules.js';
import { withOwnWrite } from '#src/rules/event-write.js';
import { textDigest } from '#src/rules/event-marks.js';
import { BAY2, settingsWith } from '../engine/world.js';
import { aMap, anEditedEvent, anEvent, aTombstone, END, NOW, START } from './situations.js';

const RULES = createRules(settingsWith());
const LATER = { start: START + 2 * HOUR, end: END + 2 * HOUR };
const BEGUN = { since: NOW - 1000, triedAt: NOW - 1000, successor: null, write: 'w1' } as const;
const MAP = aMap({ intent: { kind: 'write-event', ...LATER, bay: '1', ...BEGUN } });

function marked(write: string | null, change: Parameters<typeof anEditedEvent>[0] = {}) {
  const event = anEditedEvent(change);
  return { ...event, marks: { ...event.marks, write, ...change.marks } };
}

describe('the map with our interrupted write applied', () => {
  it('contains the write if the event has its id, whatever a user did since', () => {
    for (const shown of [LATER, { start: START + 5 * HOUR, end: END + 5 * HOUR }]) {
      const map = withOwnWrite(MAP, marked('w1', shown), null, RULES);
      expect(map.base).to.include(LATER);
    }
  });

  it('is unchanged if the event has another id or none, is deleted, or was not observed', () => {
    for (const event of [marked('w0', LATER), marked(null, LATER), aTombstone(), null]) {
      expect(withOwnWrite(MAP, event, null, RULES)).to.equal(MAP);
    }
  });

  it('is unchanged without an intent, or with a reschedule', () => {
    const event = marked('w1', LATER);
    for (const map of [aMap(), aMap({ intent: { kind: 'reschedule', ...LATER, bay: '1', ...BEGUN } })]) {
      expect(withOwnWrite(map, event, null, RULES)).to.equal(map);
    }
  });

  it('contains the other bay if our move arrived there, although a move cannot stamp', () => {
    const map = aMap({ intent: { kind: 'write-event', start: START, end: END, bay: '2', ...BEGUN } });
    const moved = withOwnWrite(map, anEvent({ calendarId: BAY2.calendarId }), null, RULES);
    expect(moved).to.include({ googleCalendarId: BAY2.calendarId });
    expect(moved.base).to.include({ bay: '2', start: START });
  });

  it('contains the bay of the write, also if a user has moved or deleted the event since', () => {
    const map = aMap({ intent: { kind: 'write-event', ...LATER, bay: '2', ...BEGUN } });
    const back = marked('w1', LATER);
    const gone = { ...marked('w1', LATER), calendarId: BAY2.calendarId, state: 'gone' as const };
    for (const event of [back, gone]) {
      const written = withOwnWrite(map, event, null, RULES);
      expect(written).to.include({ googleCalendarId: BAY2.calendarId });
      expect(written.base).to.include({ ...LATER, bay: '2' });
    }
  });

  it('contains the texts whose digests the event has', () => {
    const map = aMap({ intent: { kind: 'write-title', start: START, end: END, bay: '1', ...BEGUN } });
    const wanted = { title: 'Ana Ruiz', description: 'Two players' };
    const event = marked('w1', { title: 'Ana (late)' });
    const written = { ...event, marks: { ...event.marks, titleDigest: textDigest('Ana Ruiz') } };
    expect(withOwnWrite(map, written, wanted, RULES).base).to.include(wanted);
    const before = { ...event, marks: { ...event.marks, titleDigest: textDigest('Ana R.') } };
    expect(withOwnWrite(map, before, wanted, RULES).base).to.include({ title: 'Ana R.' });
  });

  it('is unchanged if a user deleted the event in the bay to which our write was to move it', () => {
    const map = aMap({ intent: { kind: 'write-event', start: START, end: END, bay: '2', ...BEGUN } });
    const gone = aTombstone({ calendarId: BAY2.calendarId });
    expect(withOwnWrite(map, gone, null, RULES)).to.equal(map);
  });

  it('stays in its calendar if the bay of the write was removed from the settings', () => {
    const map = aMap({ intent: { kind: 'write-event', ...LATER, bay: '7', ...BEGUN } });
    const written = withOwnWrite(map, marked('w1', LATER), null, RULES);
    expect(written).to.include({ googleCalendarId: map.googleCalendarId });
    expect(written.base).to.include({ ...LATER, bay: '7' });
  });
});
