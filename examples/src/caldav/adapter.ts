/**
 * CalDAV as an adapter of the service: `"adapters": { "calendars": { "module": "…/adapter.js", "settings": … } }` in the
 * settings file loads this module.
 */
import type { AdapterContext } from '@loft/sync-server';
import * as z from 'zod';
import { CalDavCalendarSystem } from './caldav-calendar-system.js';

interface CalDavSettings {
  /** Address of the calendar home, such as https://dav.example/calendars/loft/ */
  readonly home: string;
  readonly username: string;
}

export const settingsSchema: z.ZodType<CalDavSettings> = z.strictObject({
  home: z
    .url({
      protocol: /^https?$/,
      error: '"home" must be the address of the calendar home, such as https://dav.example/calendars/loft/',
    })
    .refine((address) => address.endsWith('/'), '"home" must end with /'),
  username: z.string('"username" must be the name of the account'),
});

export function createCalendarSystem(context: AdapterContext): CalDavCalendarSystem {
  const { home, username } = settingsSchema.parse(context.settings);
  const { timeZone, timeZones, callTimeoutMs, now, environment } = context;
  const password = environment['ADAPTER_CALDAV_PASSWORD'];
  if (password === undefined) throw new Error('ADAPTER_CALDAV_PASSWORD is not set');
  return new CalDavCalendarSystem({
    account: { home, username, password },
    timeZone,
    timeZones,
    callTimeoutMs,
    now,
  });
}
