import type { Instant } from '../../domain/instant.js';
import type { SyncError, SyncSystem } from '../../domain/sync-error.js';
import { Err, type Result } from '../../result.js';
import type { Faults } from './faults.js';
import type { Clock } from '../../ports/clock.js';
import type { ReplicaClock } from './replica-clock.js';

/** A call that was carried out, whatever becomes of its answer. */
export interface DoneCall {
  readonly method: string;
  readonly args: readonly unknown[];
  readonly result: Result<unknown, SyncError>;
  readonly sentAt: Instant;
  /** Who sent it has died since: nobody waits for its answer. */
  readonly orphaned: boolean;
}

export interface FaultyPortOptions {
  readonly system: SyncSystem;
  readonly clock: ReplicaClock;
  /** The world's clock: requests travel by it. */
  readonly network: Clock;
  readonly faults: Faults;
  /** Told of each call, before it is made. */
  readonly onCall: (method: string, args: readonly unknown[]) => void;
  /** Told of what took effect, in the moment it did. */
  readonly onDone?: (call: DoneCall) => void;
}

/** A port whose calls take time, fail, lose their answers, and never answer a dead process. */
export function faultyPort<T extends object>(port: T, options: FaultyPortOptions): T {
  const { system, clock, network, faults, onCall, onDone } = options;
  return new Proxy(port, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof name !== 'string' || typeof member !== 'function') return member;
      return async (...args: readonly unknown[]): Promise<unknown> => {
        const fate = faults.fateOf(system, name, args);
        const sentAt = clock.now();
        onCall(name, args);
        // Once sent, a request is on its way, whatever becomes of its sender.
        await new Promise<void>((resolve) => network.setTimer(fate.there, resolve));
        const result = fate.refusal
          ? Err(fate.refusal)
          : ((await Reflect.apply(member, target, args)) as Result<unknown, SyncError>);
        if (!fate.refusal) onDone?.({ method: name, args, result, sentAt, orphaned: !clock.alive });
        // An answer reaches only who lives, and who stalls only later.
        await clock.sleep(fate.back);
        return fate.lost ? Err(fate.lost) : result;
      };
    },
  });
}
