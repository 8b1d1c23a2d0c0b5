import { expect } from 'chai';
import type { SyncIntent } from '#src/domain/booking-event-map.js';
import { intentAfterFailure } from '#src/rules/decide-rebooking.js';
import { END, NOW, REFUSAL, START } from './situations.js';

const BEGUN: SyncIntent = {
  kind: 'reschedule',
  start: START,
  end: END,
  bay: '2',
  since: NOW,
  triedAt: NOW,
  successor: null,
};
const EARLIER: SyncIntent = { ...BEGUN, since: NOW - 9, triedAt: NOW - 5, successor: '700200' };

describe('the intent that remains after a failed reschedule', () => {
  it('is the begun one if the call may have had an effect', () => {
    expect(intentAfterFailure(BEGUN, EARLIER, { ...REFUSAL, kind: 'transient' })).to.equal(BEGUN);
    expect(intentAfterFailure(BEGUN, null, { ...REFUSAL, kind: 'transient' })).to.equal(BEGUN);
  });

  it('is none if the call had no effect and nothing was tried before', () => {
    expect(intentAfterFailure(BEGUN, null, REFUSAL)).to.equal(null);
    expect(intentAfterFailure(null, EARLIER, REFUSAL)).to.equal(null);
    expect(intentAfterFailure(null, null, REFUSAL)).to.equal(null);
    expect(intentAfterFailure(BEGUN, { ...EARLIER, triedAt: 0 }, REFUSAL)).to.equal(null);
  });

  it('is that of an earlier attempt at the same change, whose result is not known', () => {
    expect(intentAfterFailure(BEGUN, EARLIER, REFUSAL)).to.equal(EARLIER);
    expect(intentAfterFailure(BEGUN, EARLIER, { ...REFUSAL, kind: 'transient', unsent: true })).to.equal(EARLIER);
  });

  it('is none if the earlier attempt was at another change', () => {
    const differing: readonly Partial<SyncIntent>[] = [
      { kind: 'write-event' },
      { start: START + 1 },
      { end: END + 1 },
      { bay: '1' },
    ];
    for (const change of differing) {
      expect(intentAfterFailure(BEGUN, { ...EARLIER, ...change }, REFUSAL), JSON.stringify(change)).to.equal(null);
    }
  });
});
