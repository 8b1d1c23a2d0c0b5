import { Err, type Result, type SyncError } from '@loft/sync-core';
import { secretBlotter } from './redaction.js';

type Call = (...args: readonly unknown[]) => Promise<Result<unknown, SyncError>>;
type Words = Pick<SyncError, 'message' | 'reason' | 'payload'>;

/**
 * A port whose errors hold none of the secrets, whatever the other side echoes. Adapters keep their own out of what
 * they say; here the others go, before anything of an error is kept (journal, dead letters), told or logged.
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
