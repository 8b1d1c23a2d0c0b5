import { createUScheduleBookingSystem } from '@loft/sync-uschedule';
import { ContainerModule } from 'inversify';
import { uscheduleOptionsOf } from '../config/adapter-options.js';
import { secretsOf } from '../observe/logger.js';
import { withoutSecrets } from '../observe/without-secrets.js';
import { TOKENS } from './tokens.js';

export const uscheduleModule: ContainerModule = new ContainerModule(({ bind }) => {
  bind(TOKENS.bookings)
    .toResolvedValue(
      (settings, clock, http) =>
        withoutSecrets(createUScheduleBookingSystem(uscheduleOptionsOf(settings, clock, http)), secretsOf(settings)),
      [TOKENS.settings, TOKENS.clock, TOKENS.http],
    )
    .inSingletonScope();
});
