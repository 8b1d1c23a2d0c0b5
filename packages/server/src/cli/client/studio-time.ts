import type { CommandContext } from '../command.js';
import type { AdminClient } from './admin-client.js';

/**
 * Formats the instants of a service's answers in the studio's zone: `Thu 26 Nov 14:02`. A service of an older version does
 * not send these texts; then the newest zone rules of this machine apply.
 */
export async function studioTime(
  { clock }: Pick<AdminClient, 'clock'>,
  timeZone: string,
  { environment }: Pick<CommandContext, 'environment'>,
): Promise<(iso: unknown) => string> {
  const local = clock.size === 0 ? await localTime(timeZone, environment) : () => '';
  return (iso) => (typeof iso === 'string' ? (clock.get(iso) ?? local(iso)) : '');
}

/** Loaded for an older service only: the search for zone rules takes a sixth of a command's processor time. */
async function localTime(
  timeZone: string,
  environment: CommandContext['environment'],
): Promise<(iso: string) => string> {
  const { newestTimeZones } = await import('../../time-zones/time-zone-sources.js');
  const { clockText } = await import('../../time-zones/clock-text.js');
  const timeZones = newestTimeZones(environment);
  return (iso) => clockText(Date.parse(iso) + timeZones.offsetAt(Date.parse(iso), timeZone));
}
