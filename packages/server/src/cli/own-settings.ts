import type { Environment } from '../config/environment.js';

/**
 * Adds to a fault of the settings that this command has settings of its own, if the environment names a running service: a
 * user may expect that the command asks that service.
 */
export function ownSettingsFault(command: string, fault: string, { LOFT_SYNC_URL }: Environment): string {
  if (LOFT_SYNC_URL === undefined) return fault;
  return (
    `${fault}\n\nloft-sync ${command} reads settings of its own and ignores LOFT_SYNC_URL: run it with the environment and ` +
    'the settings file of the service.'
  );
}
