import { createUScheduleBookingSystem } from '@loft/sync-uschedule';
import { ContainerModule } from 'inversify';
import { uscheduleOptionsOf } from '../config/adapter-options.js';
import { TOKENS } from './tokens.js';

export const uscheduleModule: ContainerModule = new ContainerModule(({ bind }) => {
  bind(TOKENS.bookings)
    .toResolvedValue(
      (settings, clock) => createUScheduleBookingSystem(uscheduleOptionsOf(settings, clock)),
      [TOKENS.settings, TOKENS.clock],
    )
    .inSingletonScope();
});
