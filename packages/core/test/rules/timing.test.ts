import { expect } from 'chai';
import { DEFAULT_SETTINGS, MINUTE, SECOND } from '@loft/sync-core';
import { timingOf } from '#src/rules/timing.js';

/** The delays with a call timeout in seconds and an echo window of ten. */
function timing(callTimeoutSeconds: number) {
  return timingOf({ ...DEFAULT_SETTINGS, retry: { ...DEFAULT_SETTINGS.retry, callTimeoutSeconds } });
}

describe('the delays that safety depends on', () => {
  it('have these values with the default call timeout of 15 s', () => {
    expect(timing(15)).to.deep.equal({
      longestCallMs: 15 * SECOND,
      portSettlesMs: 5 * MINUTE,
      rescheduleShowsMs: 25 * SECOND,
      rebookingShowsMs: 40 * SECOND,
      writeArrivesMs: MINUTE,
      intentHoldsMs: 15 * MINUTE,
      unprovenAgainMs: 5 * MINUTE,
      listShowsMs: 2 * MINUTE,
      readAgainMs: 2 * SECOND,
      recordTimeSlackMs: MINUTE,
      firstListPatienceMs: 5 * SECOND,
      longestWaitMs: 45 * MINUTE + 20 * SECOND,
      leaseMs: 30 * SECOND,
    });
  });

  it('grow with the call timeout, the default lease included', () => {
    const slow = timing(60);
    expect(slow).to.include({ longestCallMs: MINUTE, rescheduleShowsMs: 70 * SECOND, rebookingShowsMs: 130 * SECOND });
    expect(slow).to.include({ writeArrivesMs: 4 * MINUTE, intentHoldsMs: 60 * MINUTE, leaseMs: 2 * MINUTE });
  });
});
