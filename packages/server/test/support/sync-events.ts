import type { SyncError } from '@loft/sync-core';
import type { ActionEvent, CallEvent, DecisionEvent, FeedEvent, TaskEvent } from '@loft/sync-core/reports';

const AT = Date.UTC(2026, 10, 22, 12);

export const anError: SyncError = {
  kind: 'refused',
  system: 'uschedule',
  method: 'cancelappointment',
  message: 'The appointment is inside the cancellation window.',
  status: 400,
  payload: { Message: 'Too late', 'X-US-AuthToken': 'a-secret-auth-key', headers: { Authorization: 'Bearer abc.def' } },
};

export function anAction(change: Partial<ActionEvent> = {}): ActionEvent {
  return {
    type: 'action',
    at: AT,
    action: 'create',
    direction: 'USCHEDULE_TO_GCAL',
    outcome: 'ok',
    reason: 'new-booking',
    appointmentId: '700123',
    calendarId: 'bay-1@group.calendar.google.com',
    eventId: 'loft700123',
    attempt: 1,
    durationMs: 42,
    trigger: 'poll',
    propagationMs: 1500,
    changedAt: null,
    before: null,
    after: null,
    successor: null,
    error: null,
    ...change,
  };
}

export function aDecision(change: Partial<DecisionEvent> = {}): DecisionEvent {
  return { type: 'decision', at: AT, appointmentId: '700123', reason: 'in-sync', quiet: true, detail: null, ...change };
}

export function aCall(change: Partial<CallEvent> = {}): CallEvent {
  return {
    type: 'call',
    at: AT,
    system: 'google',
    method: 'events.insert',
    outcome: 'ok',
    durationMs: 120,
    error: null,
    ...change,
  };
}

export function aFeedRun(change: Partial<FeedEvent> = {}): FeedEvent {
  return {
    type: 'feed',
    at: AT,
    feed: 'bookings',
    outcome: 'ok',
    read: 10,
    tasks: 1,
    durationMs: 80,
    detail: null,
    error: null,
    ...change,
  };
}

export function aTaskEvent(outcome: TaskEvent['outcome']): TaskEvent {
  return { type: 'task', at: AT, appointmentId: '700123', outcome, attempt: 1, dueAt: AT + 500, error: anError };
}
