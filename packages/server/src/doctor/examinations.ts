import type { BookingSystem, CalendarSystem, Clock } from '@loft/sync-core';
import { createGoogleAccessCheck } from '@loft/sync-google';
import type { HttpClient } from '@loft/sync-http';
import { createUScheduleBookingSystem } from '@loft/sync-uschedule';
import { googleOptionsOf, uscheduleOptionsOf } from '../config/adapter-options.js';
import type { ServiceSettings } from '../config/service-settings.js';
import { examineGoogle } from './examine-google.js';
import { examineBookings, examineCalendars } from './examine-other.js';
import { examineProxies } from './examine-proxies.js';
import { examineUSchedule } from './examine-uschedule.js';
import type { Finding } from './finding.js';
import type { SyncMessages } from './sync-message.js';

/** All checks of the settings: USchedule and Google in detail, other adapters through their ports. */
export function examinationsOf(
  settings: ServiceSettings,
  { bookings, calendars }: { readonly bookings: BookingSystem; readonly calendars: CalendarSystem },
  clock: Clock,
  http: HttpClient,
  messages: SyncMessages | null,
): readonly (AsyncIterable<Finding> | Iterable<Finding>)[] {
  const { adapters, uschedule, sync, push } = settings;
  const google = (): AsyncIterable<Finding> => {
    const access = createGoogleAccessCheck(googleOptionsOf(settings, clock, http));
    return examineGoogle({ access, calendars, bays: sync.bays, push, messages });
  };
  return [
    examineProxies(settings, http),
    adapters.calendars === null ? google() : examineCalendars({ calendars, settings: sync }),
    uschedule === null
      ? examineBookings({ bookings, settings: sync, now: clock.now() })
      : examineUSchedule({
          bookings: createUScheduleBookingSystem(uscheduleOptionsOf(settings, uschedule, clock, http)),
          settings: sync,
          now: clock.now(),
        }),
  ];
}
