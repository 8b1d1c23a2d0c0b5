import { systemClock } from '@loft/sync-core';
import { ContainerModule } from 'inversify';
import { TOKENS } from './tokens.js';

export const clockModule: ContainerModule = new ContainerModule(({ bind }) => {
  bind(TOKENS.clock)
    .toResolvedValue(() => systemClock())
    .inSingletonScope();
});
