import { expect } from 'chai';
import { DAY, HOUR, MINUTE, type SyncError, type SyncErrorKind } from '@loft/sync-core';
import { REMEDIES, automaticRetryDelayMs, isWithoutEffect, remedyOf, retryDelayMs } from '#src/rules/retry-policy.js';

const RETRY = { baseMs: 500, maxMs: 60_000, maxAttempts: 8 };

function error(kind: SyncErrorKind, extra: Partial<SyncError> = {}): SyncError {
  return { kind, system: 'google', method: 'events.patch', message: kind, ...extra };
}

describe('the remedy', () => {
  it('of every kind of error is that of the policy', () => {
    expect(REMEDIES).to.deep.equal({
      transient: 'retry',
      'rate-limited': 'retry',
      conflict: 'retry',
      'not-found': 'retry',
      gone: 'retry',
      'token-expired': 'retry',
      unauthorized: 'wait',
      forbidden: 'wait',
      refused: 'dead-letter',
      invalid: 'dead-letter',
    });
    for (const kind of Object.keys(REMEDIES) as SyncErrorKind[]) {
      expect(remedyOf(error(kind)), kind).to.equal(REMEDIES[kind]);
    }
  });

  it('of a call that was never sent is a wait', () => {
    expect(remedyOf(error('transient', { unsent: true }))).to.equal('wait');
    expect(remedyOf(error('invalid', { unsent: true }))).to.equal('wait');
  });

  it('of a single refused event is a retry, because its calendar accepts other calls', () => {
    expect(remedyOf(error('forbidden', { scope: 'event' }))).to.equal('retry');
  });

  it('of a long exhausted quota is a wait, and of a short rate limit a retry', () => {
    for (const reason of ['quotaExceeded', 'dailyLimitExceeded']) {
      expect(remedyOf(error('rate-limited', { reason })), reason).to.equal('wait');
    }
    expect(remedyOf(error('rate-limited', { reason: 'userRateLimitExceeded' }))).to.equal('retry');
  });
});

describe('the delay before the next attempt', () => {
  const most = (attempts: number): number => retryDelayMs(attempts, null, RETRY, () => 1);

  it('doubles its upper limit after each failure, up to the maximum', () => {
    const delays = [1, 2, 3, 4, 7, 8, 9, 100].map(most);
    expect(delays).to.deep.equal([500, 1000, 2000, 4000, 32_000, 60_000, 60_000, 60_000]);
    const unbounded = { ...RETRY, maxMs: Infinity };
    expect(retryDelayMs(31, null, unbounded, () => 1)).to.equal(500 * 2 ** 30);
    expect(retryDelayMs(1000, null, unbounded, () => 1)).to.equal(500 * 2 ** 30);
  });

  it('is a random value up to that limit', () => {
    expect(retryDelayMs(3, null, RETRY, () => 0)).to.equal(0);
    expect(retryDelayMs(3, null, RETRY, () => 0.5)).to.equal(1000);
    expect(retryDelayMs(1, null, RETRY, () => 0.0001)).to.equal(1);
  });

  it('is never shorter than the other side asked for', () => {
    const limited = error('rate-limited', { retryAfterMs: 30_000 });
    expect(retryDelayMs(1, limited, RETRY, () => 1)).to.equal(30_000);
    expect(retryDelayMs(20, limited, RETRY, () => 1)).to.equal(60_000);
    expect(retryDelayMs(1, error('transient'), RETRY, () => 1)).to.equal(500);
  });

  it('ignores a wait that is no number, or negative', () => {
    for (const retryAfterMs of [Number.NaN, -5])
      expect(retryDelayMs(1, error('rate-limited', { retryAfterMs }), RETRY, () => 0)).to.equal(0);
  });
});

describe('the automatic retry of a dead letter of a temporary fault', () => {
  it('happens after ten minutes, an hour, six hours, then daily', () => {
    const delays = Array.from({ length: 10 }, (_, revivals) =>
      automaticRetryDelayMs(error('transient'), revivals, false),
    );
    expect(delays).to.deep.equal([10 * MINUTE, HOUR, 6 * HOUR, ...Array.from({ length: 7 }, () => DAY)]);
  });

  it('happens at most ten times', () => {
    expect(automaticRetryDelayMs(error('transient'), 9, false)).to.equal(DAY);
    expect(automaticRetryDelayMs(error('transient'), 10, false)).to.equal(null);
    expect(automaticRetryDelayMs(error('transient'), 11, false)).to.equal(null);
  });

  it('never happens while it keeps an edit whose event shows the booking again', () => {
    expect(automaticRetryDelayMs(error('transient'), 0, true)).to.equal(null);
  });

  it('never happens for a permanent fault', () => {
    expect(automaticRetryDelayMs(error('invalid'), 0, false)).to.equal(null);
    expect(automaticRetryDelayMs(error('refused'), 0, false)).to.equal(null);
    expect(automaticRetryDelayMs(error('forbidden'), 0, false)).to.equal(10 * MINUTE);
  });
});

describe('a failed call', () => {
  it('had certainly no effect, unless it was a temporary fault that may have followed the write', () => {
    for (const kind of ['refused', 'invalid', 'conflict', 'rate-limited'] as const) {
      expect(isWithoutEffect(error(kind)), kind).to.equal(true);
    }
    expect(isWithoutEffect(error('transient'))).to.equal(false);
    expect(isWithoutEffect(error('transient', { unsent: true }))).to.equal(true);
    for (const status of [408, 503])
      expect(isWithoutEffect(error('transient', { status })), `${status}`).to.equal(true);
    for (const status of [200, 204, 500, 502, 504])
      expect(isWithoutEffect(error('transient', { status })), `${status}`).to.equal(false);
  });
});
