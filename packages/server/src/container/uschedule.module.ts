import { createUScheduleBookingSystem } from '@loft/sync-uschedule';
import { ContainerModule } from 'inversify';
import type { Clock } from '@loft/sync-core';
import type { ServiceSettings } from '../config/service-settings.js';
import { TOKENS } from './tokens.js';

export const uscheduleModule: ContainerModule = new ContainerModule(({ bind }) => {
  bind(TOKENS.bookings)
    .toResolvedValue(
      ({ uschedule, callTimeoutMs, sync }: ServiceSettings, clock: Clock) =>
        createUScheduleBookingSystem({
          baseUrl: uschedule.baseUrl,
          alias: uschedule.alias,
          applicationKey: uschedule.appKey,
          login: uschedule.login,
          timeZone: sync.timeZone,
          status: sync.uschedule.status,
          locationId: uschedule.locationId,
          serviceId: uschedule.serviceId,
          serviceLengthMinutes: uschedule.serviceLengthMinutes,
          callTimeoutMs,
          now: () => clock.now(),
        }),
      [TOKENS.settings, TOKENS.clock],
    )
    .inSingletonScope();
});
