import type { Environment } from '../../config/environment.js';
import { newestTimeZones } from '../../time-zones/time-zone-sources.js';
import { zonedFormatter } from '../../time-zones/zoned-formatter.js';

/** Formats instants in the studio's zone, by the newest zone rules of this machine: `Thu 26 Nov 14:02`. */
export function studioTime(timeZone: string, environment: Pick<Environment, 'TZDIR'>): (iso: unknown) => string {
  // Created at the first use, because it takes as long as the rest of a command.
  let format: ReturnType<typeof zonedFormatter> | null = null;
  const write = (iso: string): string =>
    (format ??= formatOf(timeZone, environment))(Date.parse(iso)).replaceAll(',', '');
  return (iso) => (typeof iso === 'string' ? write(iso) : '');
}

function formatOf(timeZone: string, environment: Pick<Environment, 'TZDIR'>): ReturnType<typeof zonedFormatter> {
  return zonedFormatter({ timeZone, timeZones: newestTimeZones(environment) }, 'en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  });
}
