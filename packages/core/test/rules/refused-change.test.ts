import { expect } from 'chai';
import { HOUR, SECOND, type SyncError } from '@loft/sync-core';
import { decideRefused } from '#src/rules/decide.js';
import type { Verdict } from '#src/rules/decision.js';
import { createRules } from '#src/rules/rules.js';
import type { RefusedChange, Situation } from '#src/rules/situation.js';
import { settingsWith } from '../engine/world.js';
import { aMap, aSituation, bookingSeen, bookingUnknownToSystem, NOW, REFUSAL, SEEN, START } from './situations.js';

const RULES = createRules(settingsWith());
const NEXT: Verdict = { kind: 'wait', until: null };
const NOT_FOUND: SyncError = { ...REFUSAL, kind: 'not-found' };
const CREATED = NOW - 30 * SECOND;

/** The situation that the other rows decide about, or the verdict before them. */
function afterRefusal(change: Partial<Situation>, refused: Partial<RefusedChange> = {}): Situation | Verdict {
  const whole: RefusedChange = { change: 'cancellation', error: REFUSAL, ...refused };
  const situation = aSituation({ map: aMap(), booking: bookingSeen(), refused: whole, ...change });
  const rest: Situation[] = [];
  const verdict = decideRefused(situation, whole, RULES, (given) => {
    rest.push(given);
    return NEXT;
  });
  return rest[0] ?? verdict;
}

describe('a change that the booking system has refused in this round', () => {
  const OBSERVE_BOOKING = { kind: 'observe', target: 'booking' };

  it('is decided with a reading of the booking after the refusal', () => {
    expect(afterRefusal({ booking: undefined })).to.deep.equal(OBSERVE_BOOKING);
  });

  it('counts as refused if the booking exists, once', () => {
    const rest = afterRefusal({}, { change: 'reschedule' });
    expect(rest).to.have.property('refusal', REFUSAL);
    expect(rest).not.to.have.property('refused');
  });

  it('counts as refused, whatever the kind of the error, if the booking exists', () => {
    expect(afterRefusal({}, { change: 'reschedule', error: NOT_FOUND })).to.have.property('refusal', NOT_FOUND);
    const canceled = { error: NOT_FOUND, existence: 'exists' } as const;
    expect(afterRefusal({}, canceled)).to.have.property('refusal', NOT_FOUND);
  });

  it('was not refused if the call did not find a booking that is gone', () => {
    for (const booking of [bookingUnknownToSystem(), bookingSeen({ status: 'dead' })]) {
      for (const change of ['reschedule', 'cancellation'] as const) {
        expect(afterRefusal({ booking }, { change, error: NOT_FOUND })).to.deep.include({ booking, refusal: null });
        expect(afterRefusal({ booking }, { change })).to.deep.include({ booking, refusal: REFUSAL });
      }
    }
  });

  it('leads to a check whether the booking exists, if it was a cancellation', () => {
    expect(afterRefusal({})).to.deep.equal({ kind: 'observe', target: 'existence' });
  });

  it('was a repeated cancellation if the booking is gone', () => {
    const rest = afterRefusal({}, { existence: 'gone' });
    expect(rest).to.deep.include({ booking: { ...bookingSeen(), status: 'dead', sure: true }, refusal: REFUSAL });
    expect(afterRefusal({}, { existence: 'gone', error: NOT_FOUND })).to.have.property('refusal', null);
    for (const existence of ['exists', 'unclear'] as const) {
      const kept = afterRefusal({}, { existence });
      expect(kept).to.deep.include({ booking: bookingSeen(), refusal: REFUSAL });
    }
  });
});

describe('a refused change whose booking may not show our last write yet', () => {
  const echoEnds = SEEN + 1;
  const recent = aMap({ bookingWrittenAt: echoEnds - RULES.echoWindowMs });
  const rescheduled = { change: 'reschedule' } as const;
  const elsewhere = bookingSeen({ start: START + HOUR, end: START + 2 * HOUR });

  it('waits for the end of the echo window if the reading differs from our write', () => {
    expect(afterRefusal({ map: recent, booking: elsewhere }, rescheduled)).to.deep.equal({
      kind: 'wait',
      until: echoEnds,
    });
  });

  it('counts at once if the reading shows our write, or is not older than the echo window', () => {
    expect(afterRefusal({ map: recent }, rescheduled)).to.have.property('refusal', REFUSAL);
    const later = bookingSeen({ start: START + HOUR, end: START + 2 * HOUR }, { at: echoEnds });
    expect(afterRefusal({ map: recent, booking: later }, rescheduled)).to.have.property('refusal', REFUSAL);
    expect(afterRefusal({ map: null, booking: elsewhere }, rescheduled)).to.have.property('refusal', REFUSAL);
  });
});

describe('a cancellation that an earlier attempt of its task may have made', () => {
  const refused = { change: 'cancellation', existence: 'exists' } as const;
  const retried = { retried: true, taskCreatedAt: CREATED };

  it('is recorded as a write of ours once, so that an outdated reading does not count', () => {
    const noted = { kind: 'decision', reason: 'event-deleted', detail: null };
    for (const bookingWrittenAt of [null, CREATED - 1]) {
      const map = aMap({ bookingWrittenAt });
      const action = { do: 'note', map: { ...map, bookingWrittenAt: NOW } };
      expect(afterRefusal({ ...retried, map }, refused)).to.deep.equal({ ...noted, action });
    }
  });

  it('waits for the end of the echo window even if the reading shows the booking as we wrote it', () => {
    const bookingWrittenAt = SEEN - RULES.echoWindowMs + 1;
    const map = aMap({ bookingWrittenAt });
    const waits = { kind: 'wait', until: SEEN + 1 };
    expect(afterRefusal({ ...retried, taskCreatedAt: bookingWrittenAt, map }, refused)).to.deep.equal(waits);
    const { taskCreatedAt: _unknown, ...undated } = retried;
    expect(afterRefusal({ ...undated, map }, refused)).to.deep.equal(waits);
  });

  it('counts as refused after the echo window', () => {
    const map = aMap({ bookingWrittenAt: SEEN - RULES.echoWindowMs });
    expect(afterRefusal({ ...retried, taskCreatedAt: NOW - HOUR, map }, refused)).to.have.property('refusal', REFUSAL);
  });

  it('is not assumed in a first attempt, or for a reschedule', () => {
    expect(afterRefusal({ taskCreatedAt: CREATED }, refused)).to.have.property('refusal', REFUSAL);
    expect(afterRefusal({ ...retried, retried: false }, refused)).to.have.property('refusal', REFUSAL);
    expect(afterRefusal(retried, { change: 'reschedule' })).to.have.property('refusal', REFUSAL);
  });
});
