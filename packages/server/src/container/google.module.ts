import { createGoogleCalendarSystem } from '@loft/sync-google';
import { ContainerModule } from 'inversify';
import { googleOptionsOf } from '../config/adapter-options.js';
import { secretsOf } from '../observe/logger.js';
import { withoutSecrets } from '../observe/without-secrets.js';
import { TOKENS } from './tokens.js';

export const googleModule: ContainerModule = new ContainerModule(({ bind }) => {
  bind(TOKENS.calendars)
    .toResolvedValue(
      (settings, clock, http) =>
        withoutSecrets(createGoogleCalendarSystem(googleOptionsOf(settings, clock, http)), secretsOf(settings)),
      [TOKENS.settings, TOKENS.clock, TOKENS.http],
    )
    .inSingletonScope();
});
