import { Err, type Result, type SyncError } from '@loft/sync-core';
import { secretBlotter } from './redaction.js';

type Call = (...args: readonly unknown[]) => Promise<Result<unknown, SyncError>>;
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
  return new Proxy(port, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      const call: Call = async (...args) => {
        const result = await (Reflect.apply(member, target, args) as ReturnType<Call>);
        return result.err ? Err(clean(result.val)) : result;
      };
      return call;
    },
  });
}
