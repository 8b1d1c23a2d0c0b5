import { ContainerModule } from 'inversify';
import { NodeClock } from '../clock/node-clock.js';
import { TOKENS } from './tokens.js';

export const clockModule: ContainerModule = new ContainerModule(({ bind }) => {
  bind(TOKENS.clock)
    .toResolvedValue(() => new NodeClock())
    .inSingletonScope();
});
