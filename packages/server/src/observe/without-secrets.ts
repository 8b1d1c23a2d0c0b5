import { Err, type Result, type SyncError } from '@loft/sync-core';
import { wrapPort } from '@loft/sync-core/adapters';
import { secretBlotter } from './redaction.js';

type AnyMethod = (...args: readonly unknown[]) => unknown;
type Answer = Result<unknown, SyncError>;
type Words = Pick<SyncError, 'message' | 'reason' | 'payload'>;

/**
 * Wraps a port and removes all secrets from its errors, also if the other system echoes them. Adapters remove their own
 * secrets; this removes those of other systems before an error is stored (journal, dead letters), shown or logged.
 */
export function withoutSecrets<T extends object>(port: T, secrets: readonly string[]): T {
  const blot = secretBlotter(secrets);
  const clean = (error: SyncError): SyncError => {
    const { message, reason, payload } = error;
    return { ...error, ...(JSON.parse(blot(JSON.stringify({ message, reason, payload }))) as Words) };
  };
  const cleanAnswer = (answer: Answer): Answer => (answer.err ? Err(clean(answer.val)) : answer);
  return wrapPort(port, (_, original) => {
    const member = original();
    if (typeof member !== 'function') return member;
    return (...args: readonly unknown[]): unknown => {
      const answer = (member as AnyMethod)(...args);
      // A method without a Result, such as isAppointmentId, answers at once and has no error.
      return answer instanceof Promise ? answer.then(cleanAnswer) : answer;
    };
  });
}
