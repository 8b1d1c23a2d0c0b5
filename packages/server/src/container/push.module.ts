import { ContainerModule, type ServiceIdentifier } from 'inversify';
import { PushMonitor } from '../http/push-monitor.js';
import { TOKENS } from './tokens.js';

export const PUSH_MONITOR: ServiceIdentifier<PushMonitor> = Symbol.for('loft-sync/push-monitor');

/** Binds the monitor of push notifications. */
export const pushModule: ContainerModule = new ContainerModule(({ bind }) => {
  bind(PUSH_MONITOR)
    .toResolvedValue(
      (clock, engine) => {
        const monitor = new PushMonitor(clock);
        // Ends with the engine's events.
        engine.events.subscribe((event) => monitor.onEvent(event));
        return monitor;
      },
      [TOKENS.clock, TOKENS.engine],
    )
    .inSingletonScope();
});
