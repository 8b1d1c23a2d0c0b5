import { createGoogleCalendarSystem } from '@loft/sync-google';
import { ContainerModule } from 'inversify';
import type { Clock } from '@loft/sync-core';
import type { ServiceSettings } from '../config/service-settings.js';
import { TOKENS } from './tokens.js';

export const googleModule: ContainerModule = new ContainerModule(({ bind }) => {
  bind(TOKENS.calendars)
    .toResolvedValue(
      ({ google, callTimeoutMs, sync }: ServiceSettings, clock: Clock) =>
        createGoogleCalendarSystem({
          credentials: google.credentials,
          timeZone: sync.timeZone,
          ...(google.apiRootUrl === null ? {} : { rootUrl: google.apiRootUrl }),
          callTimeoutMs,
          now: () => clock.now(),
        }),
      [TOKENS.settings, TOKENS.clock],
    )
    .inSingletonScope();
});
