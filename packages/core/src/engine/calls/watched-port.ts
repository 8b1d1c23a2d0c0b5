import type { SyncError, SyncSystem } from '../../domain/sync-error.js';
import type { CallEvent } from '../../domain/sync-event.js';
import type { Clock } from '../../ports/clock.js';
import { Err, type Result } from '../../result.js';
import type { CircuitCall, Circuits } from './circuits.js';

type Call = (...args: readonly unknown[]) => Promise<Result<unknown, SyncError>>;

export interface WatchedPortOptions {
  readonly system: SyncSystem;
  readonly clock: Clock;
  readonly emit: (event: CallEvent) => void;
  readonly circuits: Circuits | null;
  /** What circuits have to know of a call. */
  readonly describe: (method: string, args: readonly unknown[]) => Omit<CircuitCall, 'system'>;
  /** Turns an error into what it means for the caller. */
  readonly mapError?: (method: string, error: SyncError) => SyncError;
}

/**
 * A port, seen through: every call is timed and told, and answered by an open circuit instead of being sent. The
 * methods keep their types; only those that answer a promise of a `Result` go through here, which is all a port has.
 */
export function watchedPort<T extends object>(
  port: T,
  methods: readonly (keyof T & string)[],
  options: WatchedPortOptions,
): T {
  const watched = new Set<string>(methods);
  const wrappers = new Map<string, Call>();
  return new Proxy(port, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof name !== 'string' || typeof member !== 'function') return member;
      if (!watched.has(name)) return member.bind(target) as unknown;
      let wrapper = wrappers.get(name);
      if (!wrapper) {
        wrapper = watchedCall(name, (...args) => Reflect.apply(member, target, args) as ReturnType<Call>, options);
        wrappers.set(name, wrapper);
      }
      return wrapper;
    },
  });
}

function watchedCall(method: string, call: Call, options: WatchedPortOptions): Call {
  const { system, clock, emit, circuits } = options;
  return async (...args) => {
    const about: CircuitCall = { system, ...options.describe(method, args) };
    const refusal = circuits?.check(about);
    if (refusal) return Err(refusal);
    const startedAt = clock.now();
    const answer = await call(...args);
    const result = answer.err && options.mapError ? Err(options.mapError(method, answer.val)) : answer;
    const at = clock.now();
    const error = result.err ? result.val : null;
    circuits?.learn(about, error, startedAt);
    emit({ type: 'call', at, system, method, outcome: error?.kind ?? 'ok', durationMs: at - startedAt, error });
    return result;
  };
}
