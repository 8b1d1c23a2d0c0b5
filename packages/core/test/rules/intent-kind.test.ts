import { expect } from 'chai';
import { INTENT_KINDS, type SyncIntent } from '@loft/sync-core/store';
import { textsOf, writeKind } from '#src/rules/event-write.js';

const BEGUN: Omit<SyncIntent, 'kind'> = { start: 1, end: 2, bay: '1', since: 0, triedAt: 0, successor: null };
const NONE = { title: false, description: false };

describe('the kind of a started change', () => {
  it('names the written texts', () => {
    expect(INTENT_KINDS.map((kind) => [kind, textsOf(kind)])).to.deep.equal([
      ['reschedule', NONE],
      ['write-event', NONE],
      ['write-title', { ...NONE, title: true }],
      ['write-description', { ...NONE, description: true }],
      ['write-text', { title: true, description: true }],
    ]);
  });

  it('is derived from the texts it writes', () => {
    for (const kind of INTENT_KINDS) {
      expect(writeKind(textsOf(kind), null)).to.equal(kind === 'reschedule' ? 'write-event' : kind);
    }
  });

  it('includes the texts of an earlier one', () => {
    for (const kind of INTENT_KINDS) {
      expect(writeKind(textsOf(kind), { ...BEGUN, kind: 'write-title' })).to.equal(
        textsOf(kind).description ? 'write-text' : 'write-title',
      );
      expect(writeKind(NONE, { ...BEGUN, kind })).to.equal(kind === 'reschedule' ? 'write-event' : kind);
    }
  });
});
