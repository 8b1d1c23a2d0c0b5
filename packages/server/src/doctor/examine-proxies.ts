import type { HttpClient } from '@loft/sync-http';
import type { ServiceSettings } from '../config/service-settings.js';
import { pass, type Finding } from './finding.js';

const GOOGLE = 'https://www.googleapis.com';

/** Reports the proxy of each system, if any proxy is set. */
export function examineProxies(
  { proxies, google, uschedule, adapters }: Pick<ServiceSettings, 'proxies' | 'google' | 'uschedule' | 'adapters'>,
  http: Pick<HttpClient, 'proxyFor'>,
): readonly Finding[] {
  if (proxies.https === undefined && proxies.http === undefined) return [];
  const systems = {
    ...(adapters.calendars === null ? { Google: google.apiRootUrl ?? GOOGLE } : {}),
    ...(uschedule === null ? {} : { USchedule: uschedule.baseUrl }),
  };
  return Object.entries(systems).map(([name, address]) => {
    const proxy = http.proxyFor(address);
    return pass(`the way to ${name}`, proxy === null ? 'direct, by NO_PROXY' : `through the proxy ${proxy}`);
  });
}
