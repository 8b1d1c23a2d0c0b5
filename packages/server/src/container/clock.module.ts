import { systemClock, type Clock } from '@loft/sync-core';
import { ContainerModule } from 'inversify';
import { TOKENS } from './tokens.js';

/** @param clock null: the system's clock */
export function clockModule(clock: Clock | null): ContainerModule {
  return new ContainerModule(({ bind }) => {
    bind(TOKENS.clock)
      .toResolvedValue(() => clock ?? systemClock())
      .inSingletonScope();
  });
}
