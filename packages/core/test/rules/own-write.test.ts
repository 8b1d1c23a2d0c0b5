import { expect } from 'chai';
import { HOUR, type CalendarEvent } from '@loft/sync-core';
import { createRules } from '#src/rules/rules.js';
import { isLeavingByOwnMove, mayBeMovedBack, withOwnWrite } from '#src/rules/own-write.js';
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

  it('has stayed in its calendar if it did not change the bay and the bay has another calendar since: a user has not moved it', () => {
    const { bays, ...settings } = settingsWith();
    const [first, second, ...rest] = bays;
    const exchanged = [
      { ...first!, calendarId: second!.calendarId },
      { ...second!, calendarId: first!.calendarId },
    ];
    const rules = createRules({ ...settings, bays: [...exchanged, ...rest] });
    const written = withOwnWrite(MAP, marked('w1', LATER), null, rules);
    expect(written).to.include({ googleCalendarId: MAP.googleCalendarId });
    expect(written.base).to.include({ ...LATER, bay: '1' });
    const elsewhere = withOwnWrite(MAP, { ...marked('w1', LATER), calendarId: BAY2.calendarId }, null, rules);
    expect(elsewhere).to.include({ googleCalendarId: BAY2.calendarId });
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

  describe('whose event is a tombstone in the bay to which the write was to move it', () => {
    const map = aMap({
      eventUpdatedAt: NOW - HOUR,
      intent: { kind: 'write-event', start: START, end: END, bay: '2', ...BEGUN },
    });
    const event = anEditedEvent();
    const trace = { ...event, calendarId: BAY2.calendarId, state: 'gone' as const, updatedAt: NOW };

    it('contains that bay if the tombstone is later and the event was not written since our move', () => {
      for (const moved of [withOwnWrite(map, trace, null, RULES), withOwnWrite(map, event, null, RULES, trace)]) {
        expect(moved).to.include({ googleCalendarId: BAY2.calendarId });
        expect(moved.base).to.include({ bay: '2', start: START });
      }
    });

    it('is unchanged if the tombstone proves no move of ours', () => {
      const others = [
        aTombstone({ calendarId: BAY2.calendarId }),
        { ...trace, updatedAt: NOW - HOUR },
        { ...trace, updatedAt: null },
        { ...trace, marks: { ...trace.marks, bay: '2' } },
        { ...trace, marks: { ...trace.marks, appointmentId: '700999' } },
      ];
      for (const other of others) {
        expect(withOwnWrite(map, other, null, RULES)).to.equal(map);
        expect(withOwnWrite(map, event, null, RULES, other)).to.equal(map);
      }
      const written = { ...event, marks: { ...event.marks, write: 'w9' } };
      expect(withOwnWrite(map, written, null, RULES, trace)).to.equal(map);
      const live = { ...trace, state: 'live' as const };
      expect(withOwnWrite(map, event, null, RULES, live)).to.equal(map);
    });

    it('is read only if the event is in its former bay and has changed', () => {
      expect(mayBeMovedBack(event, map, RULES)).to.equal(true);
      const { intent: _none, ...rest } = map;
      expect(mayBeMovedBack(event, aMap(), RULES)).to.equal(false);
      expect(mayBeMovedBack({ ...event, etag: map.etag }, map, RULES)).to.equal(false);
      expect(mayBeMovedBack(trace, map, RULES)).to.equal(false);
      expect(mayBeMovedBack(marked('w1'), map, RULES)).to.equal(false);
      expect(mayBeMovedBack(event, { ...rest, intent: MAP.intent }, RULES)).to.equal(false);
    });
  });

  it('stays in its calendar if the bay of the write was removed from the settings', () => {
    const map = aMap({ intent: { kind: 'write-event', ...LATER, bay: '7', ...BEGUN } });
    const written = withOwnWrite(map, marked('w1', LATER), null, RULES);
    expect(written).to.include({ googleCalendarId: map.googleCalendarId });
    expect(written.base).to.include({ ...LATER, bay: '7' });
  });
});

describe('a tombstone in a calendar', () => {
  const leaves = (bay: string, change: Partial<CalendarEvent> = {}, intent: object = {}): boolean => {
    const map = aMap({ intent: { kind: 'write-event', ...LATER, bay, ...BEGUN, ...intent } });
    return isLeavingByOwnMove({ ...aTombstone(), ...change }, map, RULES);
  };

  it('is no edit while our own write moves the event to another one', () => {
    expect(leaves('2')).to.equal(true);
    expect(leaves('1')).to.equal(false);
    expect(leaves('2', { calendarId: BAY2.calendarId })).to.equal(false);
    expect(leaves('2', { state: 'live' })).to.equal(false);
    expect(leaves('removed')).to.equal(false);
    expect(leaves('2', {}, { write: undefined })).to.equal(false);
    expect(isLeavingByOwnMove(aTombstone(), aMap(), RULES)).to.equal(false);
  });
});
