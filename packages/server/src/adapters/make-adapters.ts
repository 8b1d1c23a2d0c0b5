import { Err, Ok, type BookingSystem, type CalendarSystem, type Clock, type Result } from '@loft/sync-core';
import { createGoogleCalendarSystem } from '@loft/sync-google';
import type { HttpClient } from '@loft/sync-http';
import { createUScheduleBookingSystem } from '@loft/sync-uschedule';
import { googleOptionsOf, uscheduleOptionsOf } from '../config/adapter-options.js';
import type { ServiceSettings } from '../config/service-settings.js';
import { StartFailure } from '../container/start-failure.js';
import { secretsOf } from '../observe/logger.js';
import { secretBlotter } from '../observe/redaction.js';
import { withoutSecrets } from '../observe/without-secrets.js';
import type { AdapterContext, ChosenAdapter } from './adapter-module.js';

/** Creates the booking system of the settings: USchedule, or the one of the named adapter. @throws `StartFailure` */
export async function makeBookings(settings: ServiceSettings, clock: Clock, http: HttpClient): Promise<BookingSystem> {
  const { uschedule, adapters } = settings;
  if (adapters.bookings) return makeChosen(adapters.bookings, settings, clock);
  if (uschedule === null) throw new StartFailure('No booking system is set: neither USchedule nor an adapter.');
  const made = createUScheduleBookingSystem(uscheduleOptionsOf(settings, uschedule, clock, http));
  return withoutSecrets(made, secretsOf(settings));
}

/** Creates the calendars of the settings: Google's, or those of the named adapter. @throws `StartFailure` */
export async function makeCalendars(
  settings: ServiceSettings,
  clock: Clock,
  http: HttpClient,
): Promise<CalendarSystem> {
  const { calendars } = settings.adapters;
  if (calendars) return makeChosen(calendars, settings, clock);
  return withoutSecrets(createGoogleCalendarSystem(googleOptionsOf(settings, clock, http)), secretsOf(settings));
}

/** Creates both systems. The error is one sentence. */
export async function tryToMake(
  settings: ServiceSettings,
  clock: Clock,
  http: HttpClient,
): Promise<Result<{ readonly bookings: BookingSystem; readonly calendars: CalendarSystem }, string>> {
  try {
    const bookings = await makeBookings(settings, clock, http);
    return Ok({ bookings, calendars: await makeCalendars(settings, clock, http) });
  } catch (thrown) {
    if (thrown instanceof StartFailure) return Err(thrown.message);
    throw thrown;
  }
}

async function makeChosen<Port extends object>(
  { name, settings: own, create }: ChosenAdapter<Port>,
  settings: ServiceSettings,
  clock: Clock,
): Promise<Port> {
  const { sync, timeZones, callTimeoutMs, adapterVariables } = settings;
  const context: AdapterContext = {
    settings: own,
    timeZone: sync.timeZone,
    timeZones,
    bays: sync.bays,
    callTimeoutMs,
    now: () => clock.now(),
    environment: adapterVariables,
  };
  try {
    return withoutSecrets(await create(context), secretsOf(settings));
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new StartFailure(secretBlotter(secretsOf(settings))(`The adapter "${name}" cannot be created: ${reason}`));
  }
}
