import { expect } from 'chai';
import { DAY, HOUR, MINUTE, SECOND, type SyncError, type SyncErrorKind } from '@loft/sync-core';
import { VirtualClock } from '@loft/sync-core/testing';
import { Circuits, type CircuitCall } from '#src/engine/ports/circuit-breakers.js';

const RETRY = { baseMs: 500, maxMs: 60_000, maxAttempts: 8, callTimeoutSeconds: 15 };

function call(target: string, change: Partial<CircuitCall> = {}): CircuitCall {
  return { system: 'google', calendarId: 'bay-1', writes: true, target, ...change };
}

/** A call that concerns no calendar. */
const OF_ACCOUNT = { calendarId: null, writes: false } as const;

function error(kind: SyncErrorKind, extra: Partial<SyncError> = {}): SyncError {
  return { kind, system: 'google', method: 'events.patch', message: kind, ...extra };
}

const read = call('bay-1', { writes: false });

/** Reports a result of a call that, by default, was sent after all previous results. */
class LateCircuits extends Circuits {
  override learn(about: CircuitCall, answer: SyncError | null, sentAt: number = Infinity): SyncError | null {
    return super.learn(about, answer, sentAt);
  }
}

describe('a circuit', () => {
  function made(): { readonly clock: VirtualClock; readonly circuits: LateCircuits; readonly closed: string[] } {
    const clock = new VirtualClock();
    const circuits = new LateCircuits(clock, RETRY);
    const closed: string[] = [];
    circuits.onClosed = () => closed.push('closed');
    return { clock, circuits, closed };
  }

  const keys = (circuits: Circuits): readonly string[] => circuits.list().map(({ key }) => key);

  it('passes all calls while they succeed', () => {
    const { circuits } = made();
    for (const kind of ['not-found', 'gone', 'conflict', 'refused', 'invalid', 'token-expired'] as const) {
      for (let time = 0; time < 10; time++) circuits.learn(call('a'), error(kind));
      expect(circuits.check(call('a')), kind).to.equal(null);
    }
    expect(circuits.list()).to.deep.equal([]);
    expect(circuits.shutUntil(['google', 'uschedule'])).to.equal(null);
  });

  it('opens for a system when five different targets fail in a row', () => {
    const { circuits, clock } = made();
    for (const target of ['a', 'b', 'c', 'd']) circuits.learn(call(target), error('transient'));
    expect(circuits.list()).to.deep.equal([]);
    circuits.learn(call('e'), error('transient', { message: 'the last' }));
    expect(keys(circuits)).to.deep.equal(['google']);
    expect(circuits.shutUntil(['google', 'uschedule'])).to.equal(clock.now() + SECOND);
    expect(circuits.check(call('z'))).to.deep.include({ message: 'the last', unsent: true, retryAfterMs: SECOND });
    expect(circuits.check({ ...call('z'), system: 'uschedule', calendarId: null })).to.equal(null);
  });

  it('stays closed while only one target fails, or another succeeds in between', () => {
    const { circuits } = made();
    for (let time = 0; time < 100; time++) circuits.learn(call('poison'), error('transient'));
    for (const target of ['a', 'b', 'c']) circuits.learn(call(target), error('transient'));
    circuits.learn(read, null);
    for (const target of ['a', 'b', 'c', 'poison']) circuits.learn(call(target), error('transient'));
    expect(circuits.list()).to.deep.equal([]);
  });

  it('does not count a target that is known to fail alone, until it has succeeded', () => {
    const { circuits } = made();
    const poison = ['a', 'b', 'c', 'd', 'e', 'f'];
    for (const target of poison) circuits.learn(call(target), error('transient'));
    expect(keys(circuits)).to.deep.equal(['google']);
    circuits.learn(call('healthy'), null);
    expect(circuits.list()).to.deep.equal([]);
    for (const target of poison) circuits.learn(call(target), error('transient'));
    expect(circuits.list()).to.deep.equal([]);
    for (const target of poison) circuits.learn(call(target), null);
    for (const target of poison) circuits.learn(call(target), error('transient'));
    expect(keys(circuits)).to.deep.equal(['google']);
  });

  it('passes one probe after its delay, which doubles up to the maximum', () => {
    const { circuits, clock } = made();
    circuits.learn(call('a', OF_ACCOUNT), error('rate-limited'));
    const gaps: number[] = [];
    for (let probe = 0; probe < 9; probe++) {
      const probeAt = circuits.shutUntil(['google'])!;
      gaps.push(probeAt - clock.now());
      moveTo(clock, probeAt);
      expect(circuits.check(call('a'))).to.equal(null);
      expect(circuits.check(call('b'))).to.include({ unsent: true });
      circuits.learn(call('a', OF_ACCOUNT), error('rate-limited'));
    }
    expect(gaps.map((gap) => gap / SECOND)).to.deep.equal([1, 2, 4, 8, 16, 32, 60, 60, 60]);
  });

  it('passes an announced probe once, counts it once, and passes no other call meanwhile', () => {
    const { circuits, clock } = made();
    const other = call('a', { calendarId: 'bay-2', writes: false });
    expect(circuits.announce(call('a'))).to.equal(null);
    circuits.learn(call('a'), error('forbidden'));
    expect(circuits.announce(call('a'))).to.include({ kind: 'forbidden', unsent: true });
    moveTo(clock, clock.now() + SECOND);
    expect(circuits.announce(call('a'))).to.equal(null);
    const [probe] = circuits.list();
    expect(circuits.announce(call('b'))).to.include({ unsent: true });
    expect(circuits.check(call('b'))).to.include({ unsent: true });
    // Probes are sent by another caller.
    expect(circuits.check(other)).to.equal(null);
    circuits.learn(other, error('not-found'));
    expect(circuits.check(call('a'))).to.equal(null);
    expect(circuits.list()).to.deep.equal([probe]);
    expect(circuits.check(call('a'))).to.include({ unsent: true });
  });

  it('drops the announcement of a probe after a refusal', () => {
    const { circuits, clock } = made();
    circuits.learn(call('a'), error('forbidden'));
    moveTo(clock, clock.now() + SECOND);
    expect(circuits.announce(call('a'))).to.equal(null);
    circuits.learn(call('b'), error('forbidden'));
    expect(circuits.check(call('a'))).to.include({ unsent: true });
  });

  it('that opened while the clock was ahead passes a probe when the clock is corrected, and closes with its answer', () => {
    const clock = new VirtualClock();
    let ahead = 40 * DAY;
    const circuits = new Circuits({ now: () => clock.now() + ahead, setTimer: () => () => {} }, RETRY);
    const refused = call('one', { calendarId: 'bay-1' });
    circuits.learn(refused, error('unauthorized'), clock.now() + ahead);
    expect(circuits.check(refused)).to.include({ unsent: true });
    ahead = 0;
    expect(circuits.shutUntil(keys(circuits))).to.equal(clock.now());
    expect(circuits.check(refused)).to.equal(null);
    circuits.learn(refused, null, clock.now());
    expect(circuits.list()).to.deep.equal([]);
  });

  it('that was probed while the clock was ahead passes a probe when the clock is corrected', () => {
    const clock = new VirtualClock();
    let ahead = 0;
    const circuits = new Circuits({ now: () => clock.now() + ahead, setTimer: () => () => {} }, RETRY);
    const refused = call('one', { calendarId: 'bay-1' });
    circuits.learn(refused, error('unauthorized'), clock.now());
    ahead = 40 * DAY;
    expect(circuits.check(refused)).to.equal(null);
    expect(circuits.check(refused)).to.include({ unsent: true });
    ahead = 0;
    expect(circuits.shutUntil(keys(circuits))).to.equal(clock.now());
    expect(circuits.check(refused)).to.equal(null);
  });

  it('waits for the requested time', () => {
    const { circuits, clock } = made();
    circuits.learn(call('a', OF_ACCOUNT), error('rate-limited', { retryAfterMs: 5 * MINUTE }));
    expect(circuits.shutUntil(['google'])).to.equal(clock.now() + 5 * MINUTE);
    // The answer to an earlier call gives no new information, and shortens no delay.
    circuits.learn(call('b', OF_ACCOUNT), error('rate-limited'));
    expect(circuits.shutUntil(['google'])).to.equal(clock.now() + 5 * MINUTE);
    expect(circuits.check(read)).to.include({ retryAfterMs: 5 * MINUTE });
  });

  it('closes with the first answer of any kind, and reports that', () => {
    for (const answer of [null, error('not-found'), error('gone'), error('refused'), error('forbidden')]) {
      const { circuits, closed } = made();
      circuits.learn(call('a', OF_ACCOUNT), error('rate-limited'));
      circuits.learn(call('a'), answer);
      expect(keys(circuits)).to.not.include('google');
      expect(closed).to.deep.equal(['closed']);
    }
  });

  it('is not closed by the answer to a call that was sent before it opened', () => {
    const { circuits, clock, closed } = made();
    const sentAt = clock.now();
    circuits.learn(call('a', OF_ACCOUNT), error('rate-limited', { retryAfterMs: 4 * SECOND }), sentAt);
    for (const answer of [null, error('not-found'), error('conflict')]) circuits.learn(call('b'), answer, sentAt);
    expect(circuits.check(call('c'))).to.include({ unsent: true, retryAfterMs: 4 * SECOND });
    expect(closed).to.deep.equal([]);
    moveTo(clock, sentAt + 4 * SECOND);
    expect(circuits.check(call('c'))).to.equal(null);
    circuits.learn(call('c'), null, clock.now());
    expect(keys(circuits)).to.deep.equal([]);
    expect(closed).to.deep.equal(['closed']);
  });

  it('of a system opens when our credentials are refused', () => {
    const { circuits } = made();
    circuits.learn(call('a'), error('unauthorized'));
    expect(keys(circuits)).to.deep.equal(['google']);
  });

  it('of a calendar opens when it is not shared, and leaves the others alone', () => {
    const { circuits } = made();
    circuits.learn(read, error('forbidden'));
    expect(keys(circuits)).to.deep.equal(['bay-1']);
    expect(circuits.check(read)).to.include({ kind: 'forbidden', unsent: true });
    expect(circuits.check(call('a'))).to.include({ kind: 'forbidden', unsent: true });
    expect(circuits.check(call('b', { calendarId: 'bay-2' }))).to.equal(null);
    expect(circuits.shutUntil(['google', 'uschedule'])).to.equal(null);
  });

  it('of a calendar is closed only by an answer that proves access', () => {
    for (const kind of ['not-found', 'transient', 'rate-limited'] as const) {
      const { circuits } = made();
      circuits.learn(read, error('forbidden'));
      circuits.learn(read, error(kind));
      expect(keys(circuits), kind).to.include('bay-1');
    }
    for (const kind of ['conflict', 'gone', 'token-expired', 'invalid', 'refused'] as const) {
      const { circuits } = made();
      circuits.learn(read, error('forbidden'));
      circuits.learn(read, error(kind));
      expect(keys(circuits), kind).to.not.include('bay-1');
    }
  });

  it('of a calendar that was not available is closed by "not found", too: a deleted calendar answers nothing else', () => {
    for (const kind of ['transient', 'rate-limited'] as const) {
      const { circuits, clock } = made();
      for (let time = 0; time < 3; time++) {
        circuits.learn(read, error(kind));
        circuits.learn(call('bay-2', { calendarId: 'bay-2' }), null);
      }
      expect(keys(circuits), kind).to.deep.equal(['bay-1']);
      moveTo(clock, clock.now() + MINUTE);
      expect(circuits.check(read)).to.equal(null);
      circuits.learn(read, error('not-found', { method: 'events.get' }));
      expect(circuits.check(call('a', { writes: false }))).to.equal(null);
    }
  });

  it('of writes to a calendar allows reads, and is not closed by them', () => {
    const { circuits, closed } = made();
    circuits.learn(call('a'), error('forbidden'));
    expect(keys(circuits)).to.deep.equal(['bay-1']);
    expect(circuits.check(read)).to.equal(null);
    expect(circuits.check(call('b'))).to.include({ unsent: true });
    circuits.learn(read, null);
    expect(keys(circuits)).to.deep.equal(['bay-1']);
    circuits.learn(call('a'), null);
    expect(keys(circuits)).to.deep.equal([]);
    expect(closed).to.deep.equal(['closed']);
  });

  it('does not open for one event that is refused while its calendar takes other writes', () => {
    const { circuits } = made();
    circuits.learn(call('a'), null);
    for (let time = 0; time < 3; time++) {
      expect(circuits.learn(call('refused'), error('forbidden'))).to.include({ kind: 'forbidden', scope: 'event' });
      expect(circuits.list()).to.deep.equal([]);
    }
    circuits.learn(call('b'), null);
    expect(circuits.learn(call('refused'), error('forbidden'))).to.include({ scope: 'event' });
    expect(circuits.learn(call('other'), error('forbidden'))).to.include({ scope: 'event' });
    expect(circuits.list()).to.deep.equal([]);
  });

  it('closes if a write of another event succeeds that was sent before the refusal', () => {
    const { circuits, clock } = made();
    expect(circuits.check(call('b'))).to.equal(null);
    expect(circuits.learn(call('a'), error('forbidden'), clock.now())).not.to.have.property('scope');
    circuits.learn(call('b'), null, clock.now());
    expect(keys(circuits)).to.deep.equal([]);
    expect(circuits.learn(call('a'), error('forbidden'), clock.now())).to.include({ scope: 'event' });
    expect(keys(circuits)).to.deep.equal([]);
  });

  it('does not open for the first write if a list says that we may write, and opens for the second refused event', () => {
    const { circuits } = made();
    circuits.noteWritable('bay-1', true);
    expect(circuits.learn(call('a'), error('forbidden'))).to.include({ scope: 'event' });
    circuits.noteWritable('bay-1', true);
    expect(circuits.learn(call('b'), error('forbidden'))).not.to.have.property('scope');
    expect(keys(circuits)).to.deep.equal(['bay-1']);
    circuits.noteWritable('bay-1', true);
    expect(circuits.learn(call('a'), error('forbidden'))).not.to.have.property('scope');
  });

  it('opens for the first refused event if the last list says that we may not write, also for one that was refused before', () => {
    const { circuits } = made();
    circuits.learn(call('a'), null);
    expect(circuits.learn(call('b'), error('forbidden'))).to.include({ scope: 'event' });
    circuits.noteWritable('bay-1', false);
    expect(circuits.learn(call('b'), error('forbidden'))).not.to.have.property('scope');
    expect(keys(circuits)).to.deep.equal(['bay-1']);
    const second = made().circuits;
    second.learn(call('a'), null);
    second.noteWritable('bay-1', false);
    expect(second.learn(call('b'), error('forbidden'))).not.to.have.property('scope');
    expect(keys(second)).to.deep.equal(['bay-1']);
  });

  it('opens for a calendar that refuses a second event, or the first event if it has never accepted one', () => {
    const { circuits } = made();
    expect(circuits.learn(call('a'), error('forbidden'))).to.not.have.property('scope');
    expect(keys(circuits)).to.deep.equal(['bay-1']);
    const second = made().circuits;
    second.learn(call('a'), null);
    expect(second.learn(call('b'), error('forbidden'))).to.include({ scope: 'event' });
    expect(second.learn(call('c'), error('forbidden'))).to.not.have.property('scope');
    expect(keys(second)).to.deep.equal(['bay-1']);
    expect(second.learn(call('b'), error('forbidden'))).to.not.have.property('scope');
  });

  it('of a calendar opens when three lists of it fail in a row, and leaves the others alone', () => {
    const { circuits } = made();
    for (let time = 0; time < 3; time++) {
      expect(circuits.list()).to.deep.equal([]);
      circuits.learn(read, error('transient'));
      circuits.learn(call('bay-2', { calendarId: 'bay-2', writes: false }), null);
    }
    expect(keys(circuits)).to.deep.equal(['bay-1']);
    expect(circuits.check(call('a'))).to.include({ kind: 'transient', unsent: true });
    circuits.learn(read, null);
    expect(circuits.list()).to.deep.equal([]);
  });

  it('of a calendar opens when it alone answers "too many calls"', () => {
    const { circuits } = made();
    const other = call('bay-2', { calendarId: 'bay-2', writes: false });
    circuits.learn(read, null);
    circuits.learn(read, error('rate-limited'));
    expect(keys(circuits)).to.deep.equal(['google']);
    circuits.learn(other, null);
    circuits.learn(read, error('rate-limited'));
    expect(keys(circuits)).to.deep.equal(['bay-1']);
    expect(circuits.check(other)).to.equal(null);
    circuits.learn(read, null);
    circuits.learn(read, error('rate-limited'));
    expect(keys(circuits)).to.deep.equal(['google']);
  });

  it('of a calendar opens for "too many calls" before its first answer, until a second one is limited', () => {
    const { circuits } = made();
    const other = call('bay-2', { calendarId: 'bay-2', writes: false });
    for (let time = 0; time < 2; time++) circuits.learn(read, error('rate-limited', { retryAfterMs: 5 * MINUTE }));
    expect(keys(circuits)).to.deep.equal(['bay-1']);
    expect(circuits.check(other)).to.equal(null);
    circuits.learn(other, error('rate-limited'));
    expect(keys(circuits)).to.deep.equal(['bay-1', 'google']);
  });

  it('of a calendar that belongs to no bay opens alone for "too many calls"', () => {
    const { circuits } = made();
    const closed = call('bay-9', { calendarId: 'bay-9', isClosed: true });
    for (const it of [read, closed]) circuits.learn(it, null);
    circuits.learn(closed, error('rate-limited'));
    expect(keys(circuits)).to.deep.equal(['bay-9']);
  });

  it('uses a Retry-After of up to ten minutes', () => {
    const { circuits, clock } = made();
    circuits.learn(call('a', OF_ACCOUNT), error('rate-limited', { retryAfterMs: 365 * 24 * 60 * MINUTE }));
    expect(circuits.shutUntil(['google'])).to.equal(clock.now() + 10 * MINUTE);
  });

  it('does not open for a refused watch channel, for any reason', () => {
    const { circuits } = made();
    const watch = call('watch bay-1', { writes: false, watches: true });
    const limits = [error('rate-limited', { reason: 'quotaExceeded' }), error('rate-limited', { retryAfterMs: HOUR })];
    for (const refusal of [error('forbidden'), ...limits, error('invalid')]) {
      circuits.learn(watch, refusal);
      expect(circuits.list()).to.deep.equal([]);
    }
    // A limit of the channels does not prove either that the account is not limited.
    circuits.learn(call('a', OF_ACCOUNT), error('rate-limited'));
    circuits.learn(watch, error('rate-limited'));
    expect(keys(circuits)).to.deep.equal(['google']);
    circuits.learn(call('a'), null);
    circuits.learn(watch, error('unauthorized'));
    expect(keys(circuits)).to.deep.equal(['google']);
  });

  it('of a calendar opens when its quota is used up', () => {
    const { circuits } = made();
    circuits.learn(call('a'), error('rate-limited', { reason: 'quotaExceeded' }));
    expect(keys(circuits)).to.deep.equal(['bay-1']);
    // The calendar is still readable, and a successful read does not close the circuit for writes.
    expect(circuits.check(read)).to.equal(null);
    circuits.learn(read, null);
    expect(circuits.check(call('b'))).to.include({ unsent: true });
  });

  it('counts successful calls', () => {
    const { circuits } = made();
    circuits.learn(call('a'), null);
    circuits.learn(call('a'), error('not-found'));
    circuits.learn(call('a'), error('transient'));
    circuits.learn(call('a'), error('unauthorized'));
    expect(circuits.successes('google')).to.equal(2);
    expect(circuits.successes('uschedule')).to.equal(0);
  });
});

/** A clock without timers. */
function moveTo(clock: VirtualClock, at: number): void {
  clock.setTimer(at - clock.now(), () => {});
  clock.fireNext();
}
