import type { Instant } from '../../domain/instant.js';
import type { SyncError, SyncSystem } from '../../domain/sync-error.js';
import { Err, type Result } from '../../result.js';
import type { Faults } from './faults.js';
import type { Clock } from '../../ports/clock.js';
import { decoratePort } from '../../ports/decorate-port.js';
import type { PortDescription } from '../../ports/port-methods.js';
import type { ReplicaClock } from './replica-clock.js';

/** A call that took effect, with or without its answer. */
export interface DoneCall {
  readonly method: string;
  readonly args: readonly unknown[];
  readonly result: Result<unknown, SyncError>;
  readonly sentAt: Instant;
  /** The sender has died since, so the answer is lost. */
  readonly orphaned: boolean;
}

export interface FaultyPortOptions {
  readonly clock: ReplicaClock;
  /** The clock of the world, for the duration of requests. */
  readonly network: Clock;
  readonly faults: Faults;
  /** Called before each call. */
  readonly onCall: (system: SyncSystem, method: string, args: readonly unknown[]) => void;
  /** Called when a call takes effect. */
  readonly onDone?: (system: SyncSystem, call: DoneCall) => void;
}

/** A port whose calls take time, fail, lose their answers, and never answer a dead process. */
export function faultyPort<P extends object>(port: P, description: PortDescription<P>, options: FaultyPortOptions): P {
  const { clock, network, faults, onCall, onDone } = options;
  return decoratePort(port, description, async ({ system, method, args }, send) => {
    const fate = faults.fateOf(system, method, args);
    const sentAt = network.now();
    onCall(system, method, args);
    // A sent request arrives even after its sender has died.
    await new Promise<void>((resolve) => network.setTimer(fate.there, resolve));
    const result = fate.refusal ? Err(fate.refusal) : await send();
    if (!fate.refusal) onDone?.(system, { method, args, result, sentAt, orphaned: !clock.alive });
    // A dead process gets no answer, and a paused one gets it later.
    await clock.sleep(fate.back);
    return fate.lost ? Err(fate.lost) : result;
  });
}
