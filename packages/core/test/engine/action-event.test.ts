import { expect } from 'chai';
import type { Booking } from '#src/domain/booking.js';
import { NO_MARKS, tombstone, type CalendarEvent } from '#src/domain/calendar-event.js';
import { HOUR, MINUTE, SECOND } from '#src/domain/instant.js';
import type { ClaimedTask, Trigger } from '#src/domain/task.js';
import { actionEvent } from '#src/engine/report/action-report.js';
import type { Attempt } from '#src/engine/reconcile/outcome.js';

const NOTICED = Date.UTC(2026, 10, 22, 12);
const WRITTEN = NOTICED + 2 * SECOND;
const bay = { bay: '1', name: 'Bay 1', resourceUnitId: 5523, calendarId: 'bay-1' };
const base = { start: NOTICED + HOUR, end: NOTICED + 2 * HOUR, bay: '1', title: 'Ana R.', description: '' };

function taskBy(trigger: Trigger): ClaimedTask {
  return {
    appointmentId: '700123',
    owner: 'a',
    fence: 1,
    leaseUntil: WRITTEN,
    mark: 1,
    trigger,
    event: null,
    attempts: 0,
    claims: 1,
    createdAt: NOTICED,
  };
}

function bookingMade(createdAt: number | null): Booking {
  const { start, end } = base;
  const named = { customerName: 'Ana R.', notes: '', customerId: null };
  return { appointmentId: '700123', status: 'live', resourceUnitId: 5523, start, end, ...named, createdAt };
}

const edited: CalendarEvent = {
  ...tombstone({ calendarId: 'bay-1', eventId: 'loft700123' }),
  etag: '"2"',
  updatedAt: NOTICED - 30 * SECOND,
  state: 'live',
  shape: 'timed',
  start: base.start,
  end: base.end,
  title: 'Ana R.',
  description: '',
  free: false,
  marks: { ...NO_MARKS, appointmentId: '700123', managed: true, bay: '1' },
};

function attemptOf(change: Partial<Attempt>, createdAt: number | null, event: CalendarEvent | null = null): Attempt {
  return {
    action: { do: 'create-event', bay, base },
    reason: 'new-booking',
    situation: {
      appointmentId: '700123',
      now: NOTICED,
      historyBefore: 0,
      map: null,
      booking: { at: NOTICED, booking: bookingMade(createdAt), status: 'live', sure: false },
      event: event ? { at: NOTICED, event, proven: false } : undefined,
      refusal: null,
    },
    map: null,
    durationMs: 10,
    ...change,
  };
}

function propagation(attempt: Attempt, trigger: Trigger = 'poll', outcome: 'ok' | 'retry' = 'ok'): number | null {
  return actionEvent(attempt, taskBy(trigger), { at: WRITTEN, outcome, error: null }).propagationMs;
}

describe('the latency of a change', () => {
  describe('of a new booking', () => {
    it('counts from its creation, when a poll or a hint found it', () => {
      const attempt = attemptOf({}, NOTICED - 40 * SECOND);
      expect(propagation(attempt, 'poll')).to.equal(42 * SECOND);
      expect(propagation(attempt, 'hint')).to.equal(42 * SECOND);
    });

    it('counts from its observation, if the record has no creation time', () => {
      expect(propagation(attemptOf({}, null))).to.equal(2 * SECOND);
    });

    it('counts from its observation, if it is more than an hour old by then, as in a backfill', () => {
      expect(propagation(attemptOf({}, NOTICED - HOUR))).to.equal(HOUR + 2 * SECOND);
      expect(propagation(attemptOf({}, NOTICED - HOUR - 1))).to.equal(2 * SECOND);
    });

    it('counts from its observation, if the other clock is ahead of ours', () => {
      expect(propagation(attemptOf({}, NOTICED + MINUTE))).to.equal(2 * SECOND);
    });

    it('counts from the replay of a dead letter', () => {
      expect(propagation(attemptOf({}, NOTICED - 40 * SECOND), 'replay')).to.equal(2 * SECOND);
    });
  });

  describe('of an edit in the calendar', () => {
    const cancel = {
      action: { do: 'cancel-booking', appointmentId: '700001', because: 'event-deleted', intent: null },
      reason: 'event-deleted',
    } as const;

    it("counts from the event's own time", () => {
      expect(propagation(attemptOf(cancel, null, edited), 'sweep')).to.equal(32 * SECOND);
    });

    it('counts from its observation, if the reading has no time', () => {
      expect(propagation(attemptOf(cancel, null, { ...edited, updatedAt: null }), 'sweep')).to.equal(2 * SECOND);
    });

    it('counts from the edit also if it was refused and reverted', () => {
      const write = { calendarId: 'bay-1', eventId: 'loft700123', moveTo: null, fields: {}, ifMatch: null, base };
      const restored = { action: { do: 'write-event', write }, reason: 'edit-refused' } as unknown as Partial<Attempt>;
      expect(propagation(attemptOf(restored, null, edited), 'sweep')).to.equal(32 * SECOND);
    });
  });

  it('of a changed booking counts from its observation: USchedule does not say when it changed', () => {
    const write = { calendarId: 'bay-1', eventId: 'loft700123', moveTo: null, fields: {}, ifMatch: null, base };
    const changed = { action: { do: 'write-event', write }, reason: 'booking-changed' } as unknown as Partial<Attempt>;
    expect(propagation(attemptOf(changed, NOTICED - MINUTE, edited))).to.equal(2 * SECOND);
  });

  it('is unknown for a failed write', () => {
    expect(propagation(attemptOf({}, null), 'poll', 'retry')).to.equal(null);
  });
});
