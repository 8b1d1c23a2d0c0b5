import { createGoogleCalendarSystem } from '@loft/sync-google';
import { ContainerModule } from 'inversify';
import { googleOptionsOf } from '../config/adapter-options.js';
import { TOKENS } from './tokens.js';

export const googleModule: ContainerModule = new ContainerModule(({ bind }) => {
  bind(TOKENS.calendars)
    .toResolvedValue(
      (settings, clock) => createGoogleCalendarSystem(googleOptionsOf(settings, clock)),
      [TOKENS.settings, TOKENS.clock],
    )
    .inSingletonScope();
});
