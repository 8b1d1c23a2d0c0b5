import type { Logger } from 'pino';
import { ContainerModule } from 'inversify';
import type { ServiceSettings } from '../config/service-settings.js';
import { CalendarOffsets } from '../time-zones/calendar-offsets.js';
import { ZoneNotices } from '../time-zones/zone-notices.js';
import { TOKENS } from './tokens.js';

/** Binds the checks of the zone's rules. */
export const timeZonesModule: ContainerModule = new ContainerModule(({ bind }) => {
  bind(TOKENS.offsets)
    .toResolvedValue(
      ({ sync: { timeZone }, timeZones }: ServiceSettings, log: Logger) =>
        new CalendarOffsets({ timeZone, timeZones }, (warning) => log.warn({ timeZone }, warning)),
      [TOKENS.settings, TOKENS.log],
    )
    .inSingletonScope();
  bind(TOKENS.zoneNotices)
    .toResolvedValue(
      ({ sync, timeZones }: ServiceSettings, offsets: CalendarOffsets) =>
        new ZoneNotices({ timeZone: sync.timeZone, timeZones }, sync.uschedule, offsets),
      [TOKENS.settings, TOKENS.offsets],
    )
    .inSingletonScope();
});
