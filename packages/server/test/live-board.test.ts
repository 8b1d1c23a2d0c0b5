import type { Reason } from '@loft/sync-core/rules';
import type { ActionEvent } from '@loft/sync-core/reports';
import { VirtualClock } from '@loft/sync-core/testing';
import { expect } from 'chai';
import { LiveBoard } from '#src/http/live-board.js';

const SLOT = { start: 1000, end: 2000, bay: '1' };

function failed(appointmentId: string): ActionEvent {
  return {
    type: 'action',
    at: 0,
    action: 'move',
    direction: 'GCAL_TO_USCHEDULE',
    outcome: 'retry',
    reason: 'event-moved',
    appointmentId,
    calendarId: 'bay-1',
    eventId: `loft${appointmentId}`,
    attempt: 1,
    durationMs: 5,
    trigger: 'sweep',
    propagationMs: null,
    changedAt: null,
    before: SLOT,
    after: { ...SLOT, start: 1500 },
    successor: null,
    error: null,
  };
}

describe('the board of pending changes', () => {
  it('has a change whose sync failed, until it succeeds', () => {
    const board = new LiveBoard(new VirtualClock());
    board.onEvent(failed('700001'));
    expect([...board.pending]).to.deep.equal(['700001']);
    board.onEvent({ ...failed('700001'), outcome: 'ok' });
    expect([...board.pending]).to.deep.equal([]);
  });

  const decided = (reason: Reason) =>
    ({ type: 'decision', at: 1, appointmentId: '700001', reason, quiet: true, detail: null }) as const;

  for (const reason of ['in-sync', 'converged', 'dead-on-arrival', 'past'] as const) {
    it(`does not have it any more after the decision ${reason}, which writes nothing`, () => {
      const board = new LiveBoard(new VirtualClock());
      board.onEvent(failed('700001'));
      board.onEvent(failed('700002'));
      board.onEvent(decided(reason));
      expect([...board.pending]).to.deep.equal(['700002']);
    });
  }

  it('keeps it after a decision that waits', () => {
    const board = new LiveBoard(new VirtualClock());
    board.onEvent(failed('700001'));
    board.onEvent(decided('edit-held'));
    expect(board.unfinished('700001')).to.deep.equal({
      direction: 'GCAL_TO_USCHEDULE',
      before: SLOT,
      after: { ...SLOT, start: 1500 },
    });
  });

  it('has a booking that an undo moved back, until its event has followed', () => {
    const board = new LiveBoard(new VirtualClock());
    board.onEvent({ ...failed('700001'), outcome: 'ok', reason: 'change-undone' });
    expect(board.unfinished('700001')).to.deep.equal({
      direction: 'USCHEDULE_TO_GCAL',
      before: SLOT,
      after: { ...SLOT, start: 1500 },
    });
    board.onEvent({
      ...failed('700001'),
      outcome: 'ok',
      reason: 'booking-changed',
      direction: 'USCHEDULE_TO_GCAL',
    });
    expect([...board.pending]).to.deep.equal([]);
  });

  it('does not have a booking that an undo moved back under another id', () => {
    const board = new LiveBoard(new VirtualClock());
    board.onEvent({ ...failed('700001'), outcome: 'ok', reason: 'change-undone', successor: '700002' });
    expect([...board.pending]).to.deep.equal([]);
  });
});
