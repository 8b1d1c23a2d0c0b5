import { expect } from 'chai';
import { HOUR, MINUTE, type BookingEventMap, type CalendarEvent } from '@loft/sync-core';
import { bookingSide } from '#src/rules/booking-side.js';
import { decideEdit } from '#src/rules/decide-edit.js';
import { OBSERVE_EVENT, type Verdict } from '#src/rules/decision.js';
import { createRules } from '#src/rules/rules.js';
import type { EventReading, Situation } from '#src/rules/situation.js';
import { settingsWith } from '../engine/world.js';
import {
  aMap,
  anEdit,
  anEvent,
  anEditedEvent,
  aSituation,
  aTombstone,
  bookingSeen,
  eventSeen,
  NOW,
} from './situations.js';

const RULES = createRules(settingsWith());
const LONG_AGO = NOW - 5 * MINUTE;
const DELETED = anEdit({ change: 'deleted', at: LONG_AGO });
const GONE = aTombstone({ marks: anEvent().marks });

function decided(reading: EventReading, change: Partial<Situation>, map: BookingEventMap = aMap()): Verdict {
  const booking = bookingSeen();
  const situation = aSituation({ map, booking, copies: [], derived: null, taskCreatedAt: LONG_AGO, ...change });
  return decideEdit(reading, map, bookingSide(booking, map, RULES), situation, RULES);
}

describe('row 14 · event-deleted: the tombstone of a mirror that is not proven to be deleted', () => {
  const moved = anEdit({ change: 'moved', toBay: '2', at: LONG_AGO });
  const on = (...edits: readonly ReturnType<typeof anEdit>[]): Verdict => decided(eventSeen(GONE), { edits });

  it('proves nothing while an edit of it to another bay is open: the move has left it', () => {
    expect(on(moved)).to.deep.equal(OBSERVE_EVENT);
    expect(on({ ...moved, state: 'held' })).to.deep.equal(OBSERVE_EVENT);
  });

  it('is recorded as a deletion otherwise', () => {
    const another = { ...moved, id: '700200', appointmentId: '700200' };
    for (const edits of [[], [another], [{ ...moved, toBay: '1' }], [{ ...moved, state: 'carried' as const }]]) {
      expect(on(...edits)).to.have.nested.property('action.do', 'record-edits');
    }
  });
});

describe('row 14 · event-deleted: a mirror that may have been moved to a calendar that was closed', () => {
  const proven = eventSeen(GONE, { proven: true });

  it('is restored, and its booking stays', () => {
    expect(decided(proven, { edits: [DELETED] })).to.have.nested.property('action.do', 'cancel-booking');
    const verdict = decided({ ...proven, unsearched: true }, { edits: [DELETED] });
    expect(verdict).to.deep.include({ reason: 'unsupported-edit' });
    expect(verdict).to.have.nested.property('action.do', 'restore-event');
    expect(verdict).to.have.nested.property('record.state', 'put-back');
  });
});

describe('row 15 · a mirror whose marks name another bay', () => {
  const marked = (bay: string | null, change: Partial<CalendarEvent> = {}): CalendarEvent =>
    anEditedEvent({ marks: { ...anEvent().marks, bay }, ...change });
  const on = (event: CalendarEvent, map?: BookingEventMap): Verdict => decided(eventSeen(event), {}, map);

  it('gets the marks of its own bay', () => {
    const verdict = on(marked('2'));
    expect(verdict).to.deep.include({ reason: 'booking-changed', detail: 'its marks named bay 2' });
    expect(verdict).to.have.nested.property('action.do', 'write-event');
    expect(verdict).to.have.deep.nested.property('action.write.fields', {});
    expect(verdict).to.have.nested.property('action.write.base.bay', '1');
  });

  it('keeps marks that name its bay, no bay of ours, or none', () => {
    for (const bay of ['1', 'of another installation', null])
      expect(on(marked(bay)), String(bay)).to.not.have.nested.property('action.do', 'write-event');
  });

  it('keeps them while a change of it is in progress', () => {
    const place = { start: NOW, end: NOW + HOUR, bay: '1' };
    const intent = { kind: 'write-event', ...place, since: NOW, triedAt: NOW, successor: null } as const;
    expect(on(marked('2'), aMap({ intent }))).to.not.have.nested.property('action.do', 'write-event');
  });
});
