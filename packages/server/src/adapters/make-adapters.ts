import { Err, Ok, type BookingSystem, type CalendarSystem, type Clock, type Result } from '@loft/sync-core';
import {
  BOOKING_PORT,
  CALENDAR_PORT,
  decoratePort,
  guardedCalls,
  thrownText,
  type PortDescription,
} from '@loft/sync-core/adapters';
import { createGoogleCalendarSystem } from '@loft/sync-google';
import type { HttpClient } from '@loft/sync-http';
import { createUScheduleBookingSystem } from '@loft/sync-uschedule';
import { googleOptionsOf, uscheduleOptionsOf } from '../config/adapter-options.js';
import type { ServiceSettings } from '../config/service-settings.js';
import { withDeadline } from '../process/with-deadline.js';
import { StartFailure } from '../container/start-failure.js';
import { secretsOf } from '../observe/logger.js';
import { secretBlotter } from '../observe/redaction.js';
import { withoutSecrets } from '../observe/without-secrets.js';
import type { AdapterContext, ChosenAdapter } from './adapter-module.js';

/** Maximum duration of a call of an adapter, in calls of `callTimeoutMs`: a list may need several. */
const SETTLES_WITHIN_CALLS = 20;

/** Creates the booking system of the settings: USchedule, or the one of the named adapter. @throws `StartFailure` */
export async function makeBookings(settings: ServiceSettings, clock: Clock, http: HttpClient): Promise<BookingSystem> {
  const { uschedule, adapters } = settings;
  if (adapters.bookings) return makeChosen(adapters.bookings, BOOKING_PORT, settings, clock);
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
  if (calendars) return makeChosen(calendars, CALENDAR_PORT, settings, clock);
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
  chosen: ChosenAdapter<Port>,
  description: PortDescription<Port>,
  settings: ServiceSettings,
  clock: Clock,
): Promise<Port> {
  const secrets = secretsOf(settings);
  const port = await createdBy(chosen, settings, clock).catch((thrown: unknown) => {
    const reason = thrown instanceof Error ? thrown.message : thrownText(thrown);
    throw new StartFailure(secretBlotter(secrets)(`The adapter "${chosen.name}" cannot be created: ${reason}`));
  });
  const guarded = decoratePort(port, description, guardedCalls(clock, SETTLES_WITHIN_CALLS * settings.callTimeoutMs));
  return withoutSecrets(guarded, secrets);
}

/** Calls the factory of the module. It may be plain JavaScript, which answers anything, or never. */
async function createdBy<Port extends object>(
  { settings: own, create }: ChosenAdapter<Port>,
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
  const created = Promise.resolve(create(context));
  if (!(await withDeadline(created, callTimeoutMs))) {
    throw new Error(`its factory did not answer within ${callTimeoutMs} ms`);
  }
  const port: unknown = await created;
  if (typeof port !== 'object' || port === null)
    throw new Error(`its factory answered ${String(port)}, not an adapter`);
  return port as Port;
}
