import { expect } from 'chai';
import { DAY, HOUR, SECOND } from '@loft/sync-core';
import { createRules } from '#src/rules/rules.js';
import { decide } from '#src/rules/decide.js';
import type { Verdict } from '#src/rules/decision.js';
import type { Situation } from '#src/rules/situation.js';
import { settingsWith } from '../engine/world.js';
import {
  aMap,
  anEdit,
  anEditedEvent,
  anEvent,
  aSituation,
  bookingSeen,
  eventSeen,
  END,
  NOW,
  START,
} from './situations.js';

const OTHER = '700999';
const LATER = { start: START + HOUR, end: END + HOUR };

const holderMap = aMap({
  uscheduleAppointmentId: OTHER,
  googleEventId: `loft${OTHER}`,
  base: { ...aMap().base, ...LATER },
});

/** An edit whose slot is held by the booking 700999, since `at`. */
function waiting(at: number, change: Partial<Situation> = {}): Verdict {
  const edit = anEdit({ ...LATER, at, waitsFor: OTHER });
  const situation = aSituation({
    map: aMap(),
    booking: bookingSeen(),
    event: eventSeen(anEditedEvent(LATER)),
    edits: [edit],
    slotHolder: { map: holderMap },
    ...change,
  });
  return decide(situation, createRules(settingsWith()));
}

describe('an edit whose slot is held by another booking (docs/decision-table.md#row-21)', () => {
  it('asks who holds the slot', () => {
    const { slotHolder: _unknown, ...unread } = aSituation({
      map: aMap(),
      booking: bookingSeen(),
      event: eventSeen(anEditedEvent(LATER)),
      edits: [anEdit({ ...LATER, waitsFor: OTHER })],
    });
    expect(decide(unread, createRules(settingsWith()))).to.deep.equal({ kind: 'observe', target: 'slot-holder' });
  });

  it('waits five seconds for the holder without reading its event', () => {
    expect(waiting(NOW - SECOND)).to.include({ reason: 'edit-refused', recheckAt: NOW + 2 * SECOND });
  });

  it('is reverted after that only if the event of the holder was read and is in place', () => {
    expect(waiting(NOW - 5 * SECOND)).to.deep.equal({ kind: 'observe', target: 'slot-holder-event' });
    const event = anEvent({ eventId: `loft${OTHER}`, ...LATER });
    const inPlace = waiting(NOW - 5 * SECOND, { slotHolder: { map: holderMap, event } });
    expect(inPlace).to.have.nested.property('action.do', 'write-event');
    const moved = { ...event, start: START + 5 * HOUR, end: END + 5 * HOUR };
    expect(waiting(NOW - 5 * SECOND, { slotHolder: { map: holderMap, event: moved } })).to.include({
      recheckAt: NOW + 5 * SECOND,
    });
  });

  it('waits for the edit of the holder, for ten minutes', () => {
    const theirs = anEdit({ id: OTHER, appointmentId: OTHER, base: { ...LATER, bay: '1' }, start: START + 5 * HOUR });
    const since = (at: number): Verdict =>
      waiting(at, { edits: [anEdit({ ...LATER, at, waitsFor: OTHER }), { ...theirs, at }] });
    expect(since(NOW - 60 * SECOND)).to.include({ recheckAt: NOW + 2 * SECOND });
    expect(since(NOW - 600 * SECOND)).to.have.nested.property('action.do', 'write-event');
  });

  it('waits no longer if it was recorded while the clock was ahead', () => {
    expect(waiting(NOW + DAY)).to.have.nested.property('action.do', 'write-event');
  });

  it('is carried out when the slot is free', () => {
    expect(waiting(NOW - SECOND, { slotHolder: null })).to.include({ reason: 'event-moved' });
  });
});
