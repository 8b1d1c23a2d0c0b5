import type { Clock } from '@loft/sync-core';
import type { HttpClient } from '@loft/sync-http';
import type { GoogleCalendarOptions } from '@loft/sync-google';
import type { UScheduleOptions } from '@loft/sync-uschedule';
import type { ServiceSettings, UScheduleAccess } from './service-settings.js';

/** Converts the settings to options of the Google adapter. */
export function googleOptionsOf(
  { google, callTimeoutMs, sync, timeZones }: ServiceSettings,
  clock: Clock,
  http: HttpClient,
): GoogleCalendarOptions {
  return {
    credentials: google.credentials,
    timeZone: sync.timeZone,
    timeZones,
    ...(google.apiRootUrl === null ? {} : { rootUrl: google.apiRootUrl }),
    callTimeoutMs,
    now: () => clock.now(),
    http,
  };
}

/** Converts the settings to options of the USchedule adapter. */
export function uscheduleOptionsOf(
  { callTimeoutMs, sync, timeZones }: ServiceSettings,
  uschedule: UScheduleAccess,
  clock: Clock,
  http: HttpClient,
): UScheduleOptions {
  return {
    baseUrl: uschedule.baseUrl,
    alias: uschedule.alias,
    applicationKey: uschedule.appKey,
    login: uschedule.login,
    timeZone: sync.timeZone,
    timeZones,
    status: sync.uschedule.status,
    locationId: uschedule.locationId,
    serviceId: uschedule.serviceId,
    unitServices: new Map(
      sync.bays.flatMap(({ resourceUnitId, serviceId }) =>
        serviceId === undefined ? [] : [[String(resourceUnitId), serviceId] as const],
      ),
    ),
    serviceLengthMinutes: uschedule.serviceLengthMinutes,
    callTimeoutMs,
    now: () => clock.now(),
    http,
  };
}
