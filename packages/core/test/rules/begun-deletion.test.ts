import { expect } from 'chai';
import { HOUR } from '@loft/sync-core';
import { decide } from '#src/rules/decide.js';
import { bookingAttention } from '#src/rules/needs-attention.js';
import { createRules } from '#src/rules/rules.js';
import type { Situation } from '#src/rules/situation.js';
import { settingsWith } from '../engine/world.js';
import {
  aMap,
  anEvent,
  aSituation,
  aTombstone,
  bookingSeen,
  END,
  eventSeen,
  HISTORY,
  ID,
  NOW,
  START,
} from './situations.js';

const RULES = createRules(settingsWith());
const ARRIVES_AFTER = RULES.timing.writeArrivesMs;

describe('row 19 · a deletion of ours was begun, and the mirror is unchanged', () => {
  const begun = (lastSyncedAt: number, change: Partial<Situation> = {}) => {
    const map = aMap({ flags: { deleting: true, ownTitle: true }, lastSyncedAt });
    return decide(aSituation({ map, booking: bookingSeen(), ...change }), RULES);
  };
  const exists = { event: eventSeen(anEvent(), { proven: true }) };

  it('is left to a later poll until the deletion must have arrived, and then the event is read', () => {
    const detail = 'a deletion of ours was begun a moment ago';
    const left = { reason: 'in-sync', detail, action: { do: 'nothing' } };
    expect(begun(NOW - ARRIVES_AFTER + 1)).to.deep.include(left);
    expect(begun(NOW - ARRIVES_AFTER + 1, exists)).to.deep.include(left);
    expect(begun(NOW - ARRIVES_AFTER)).to.deep.equal({ kind: 'observe', target: 'event' });
    expect(begun(NOW - ARRIVES_AFTER, { event: eventSeen(anEvent()) })).to.include({ target: 'event' });
  });

  it('needs attention in a poll only after that', () => {
    const attention = (lastSyncedAt: number) =>
      bookingAttention(
        ID,
        bookingSeen(),
        aMap({ flags: { deleting: true }, lastSyncedAt }),
        { now: NOW, historyBefore: HISTORY },
        RULES,
      );
    expect(attention(NOW - ARRIVES_AFTER + 1)).to.equal('none');
    expect(attention(NOW - ARRIVES_AFTER)).to.equal('changed');
  });

  it('has ended then, if the event exists', () => {
    const lastSyncedAt = NOW - ARRIVES_AFTER;
    const ended = aMap({ flags: { ownTitle: true }, lastSyncedAt });
    expect(begun(lastSyncedAt, exists)).to.deep.include({
      reason: 'in-sync',
      action: { do: 'store-map', map: ended },
    });
    const map = aMap({ flags: { deleting: true }, lastSyncedAt });
    const verdict = decide(aSituation({ map, booking: bookingSeen(), ...exists }), RULES);
    expect(verdict).to.have.nested.property('action.map').which.does.not.have.property('flags');
  });

  it('ends with the next write of the event', () => {
    const moved = bookingSeen({ start: START + HOUR, end: END + HOUR });
    expect(begun(NOW - ARRIVES_AFTER, { booking: moved })).to.have.nested.property('action.do', 'write-event');
  });

  for (const tombstone of [aTombstone(), { ...anEvent(), state: 'gone' as const }]) {
    it(`takes no missing event for a deletion by a person: ${tombstone.marks.managed ? 'with' : 'without'} marks`, () => {
      const event = eventSeen(tombstone, { proven: true });
      expect(begun(NOW - HOUR, { event, copies: [], derived: null })).to.deep.include({ reason: 'metadata-removed' });
    });
  }
});
