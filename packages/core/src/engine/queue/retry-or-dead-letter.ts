import type { Instant } from '../../domain/instant.js';
import type { SyncError } from '../../domain/sync-error.js';
import type { ClaimedTask, DeadLetter } from '../../domain/task.js';
import { undeliveredEdit } from '../../rules/after-action.js';
import { automaticRetryDelayMs, remedyOf, retryDelayMs } from '../../rules/retry-policy.js';
import type { EngineParts } from '../engine-parts.js';
import { actionEvent, eventOf } from '../report/action-report.js';
import type { Outcome } from '../reconcile/outcome.js';
import type { AppointmentStates } from './appointment-states.js';

/** A failed outcome. */
export type Failure = Extract<Outcome, { kind: 'failed' }>;

/** The result of a failed task. `wait`: no call to its calendar or system can succeed now. */
export type AfterFailure =
  | { readonly kind: 'wait'; readonly until: Instant }
  | { readonly kind: 'retry'; readonly dueAt: Instant; readonly attempts: number }
  | { readonly kind: 'dead-letter'; readonly letter: DeadLetter };

/** Maximum wait for a calendar or system that refuses us, as a multiple of the maximum delay of a retry. */
export const LONGEST_WAIT = 5;

/** Applies `rules/retry-policy.ts` to a failed task, and reports the result. Stores nothing. */
export async function afterFailure(
  task: ClaimedTask,
  failure: Failure,
  states: AppointmentStates,
  parts: EngineParts,
): Promise<AfterFailure> {
  const { clock, settings, random, emit } = parts;
  const { error, attempt } = failure;
  const { appointmentId } = task;
  const now = clock.now();
  const remedy = remedyOf(error);
  if (remedy === 'wait') {
    const { baseMs, maxMs } = settings.retry;
    const delay = retryDelayMs(task.claims, error, { ...settings.retry, maxMs: LONGEST_WAIT * maxMs }, random);
    const until = now + Math.max(delay, baseMs) + Math.ceil(random() * baseMs);
    emit({ type: 'task', at: now, appointmentId, outcome: 'wait', attempt: task.attempts, dueAt: until, error });
    return { kind: 'wait', until };
  }
  const isOwnFault = hasSystemWorked(task, error, states, parts);
  // Only an outage allows more attempts than the maximum. It has ended, and they do not count.
  const isAfterOutage = isOwnFault && task.attempts >= settings.retry.maxAttempts;
  if (isAfterOutage) states.noteSuccesses(appointmentId, error.system, parts.circuits.successes(error.system));
  const attempts = isAfterOutage ? 1 : task.attempts + 1;
  const isLast = remedy === 'dead-letter' || (isOwnFault && attempts >= settings.retry.maxAttempts);
  const outcome = isLast ? 'dead-letter' : 'retry';
  const dueAt = isLast ? null : now + retryDelayMs(attempts, error, settings.retry, random);
  emit({ type: 'task', at: now, appointmentId, outcome, attempt: attempts, dueAt, error });
  if (attempt) emit(actionEvent(attempt, task, { at: now, outcome, error }));
  if (dueAt !== null) return { kind: 'retry', dueAt, attempts };
  return { kind: 'dead-letter', letter: await letterOf(task, failure, attempts, parts) };
}

/**
 * Has any other call to the system succeeded since the task first failed there? If not, it is an outage, and the task does
 * not become a dead letter.
 */
function hasSystemWorked(
  { appointmentId, attempts }: ClaimedTask,
  { system }: SyncError,
  states: AppointmentStates,
  { circuits }: EngineParts,
): boolean {
  if (system === 'store') return true;
  const successes = circuits.successes(system);
  const before = attempts === 0 ? undefined : states.get(appointmentId).successesBefore[system];
  if (before === undefined) states.noteSuccesses(appointmentId, system, successes);
  return before !== undefined && successes > before;
}

async function letterOf(
  task: ClaimedTask,
  { error, attempt, map, fingerprint }: Failure,
  attempts: number,
  parts: EngineParts,
): Promise<DeadLetter> {
  const { appointmentId } = task;
  const at = parts.clock.now();
  const keepsEdit = attempt !== null && undeliveredEdit(attempt) !== null;
  // The place of the event. For an event that could not be created: its intended place.
  const wanted = attempt && eventOf(attempt, appointmentId);
  return {
    appointmentId,
    calendarId: map?.googleCalendarId ?? task.event?.calendarId ?? wanted?.calendarId ?? null,
    eventId: map?.googleEventId ?? task.event?.eventId ?? wanted?.eventId ?? null,
    reason: attempt?.reason ?? null,
    attempts,
    error,
    at,
    fingerprint,
    ...(await automaticRetryOf(task, error, keepsEdit, parts)),
  };
}

/** Returns the time of the automatic retry of a temporary fault, and the number of retries so far. */
async function automaticRetryOf(
  { appointmentId, trigger }: ClaimedTask,
  error: SyncError,
  keepsEdit: boolean,
  { store, clock }: EngineParts,
): Promise<Pick<DeadLetter, 'retryAt' | 'revivals'>> {
  const earlier = await store.getDeadLetter(appointmentId);
  const revivals = earlier.ok && earlier.val && trigger === 'replay' ? earlier.val.revivals + 1 : 0;
  const delay = automaticRetryDelayMs(error, revivals, keepsEdit);
  return { revivals, retryAt: delay === null ? null : clock.now() + delay };
}
