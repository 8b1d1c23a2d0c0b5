import type { Bay, Instant, SyncError, SyncSettings } from '@loft/sync-core';
import { DAY } from '@loft/sync-core';
import type { ResourceUnit, UScheduleBookingSystem } from '@loft/sync-uschedule';
import { fail, pass, skipped, warn, type Finding } from './finding.js';

export interface USchedulePatient {
  readonly bookings: UScheduleBookingSystem;
  readonly settings: SyncSettings;
  readonly now: Instant;
}

/** Period ahead in which the check reads records. */
const AHEAD_MS: number = 7 * DAY;

const LOGIN = 'USchedule login';
const UNITS = 'USchedule units';
const SERVICES = 'USchedule services';
const RECORDS = 'USchedule bookings';

/** Checks the login, that every bay is a unit of the account, and that bookings can be read and have a status. */
export async function* examineUSchedule(patient: USchedulePatient): AsyncGenerator<Finding> {
  const { bookings, settings, now } = patient;
  const units = await bookings.listResourceUnits();
  const broken = units.err ? loginFault(units.val) : null;
  if (broken) {
    yield broken;
    yield skipped(UNITS, 'a login');
    yield skipped(SERVICES, 'a login');
    yield skipped(RECORDS, 'a login');
    return;
  }
  yield pass(LOGIN, 'accepted');
  yield units.ok
    ? unitsFinding(units.val, settings.bays)
    : warn(
        UNITS,
        `cannot be listed: ${units.val.message}`,
        'Compare the resourceUnitId of each bay with USchedule by hand.',
      );
  yield await servicesFinding(bookings, settings.bays);

  const list = await bookings.listBookings({ from: now - DAY, to: now + AHEAD_MS });
  if (list.err) {
    yield fail(RECORDS, list.val.message, 'Check that the user may read the appointments of the whole location.');
    return;
  }
  const { bookings: read, unreadable } = list.val;
  if (unreadable.length > 0) {
    const [first] = unreadable;
    const found = `${unreadable.length} of ${read.length + unreadable.length} records cannot be read: ${first?.problem}`;
    yield warn(
      RECORDS,
      found,
      `They are not synced. Check appointment ${first?.appointmentId ?? '(no id)'} in USchedule.`,
    );
    return;
  }
  const silent = read.length > 0 && read.every(({ status }) => status === 'unknown');
  if (silent && settings.uschedule.status === 'trusted') {
    const cure = 'Set uschedule.status to "blind": the status of a booking is then inferred from availability.';
    yield fail(RECORDS, `none of ${read.length} records has a status: this deployment hides it`, cure);
    return;
  }
  yield pass(RECORDS, read.length === 0 ? 'can be listed (there are none this week)' : `${read.length} can be read`);
}

/** @returns null if the login was accepted, even if the call failed for another reason */
function loginFault(error: SyncError): Finding | null {
  const { kind, status, message } = error;
  if (kind === 'transient' && status === undefined) {
    return fail(LOGIN, message, 'Check USCHEDULE_BASE_URL, and that this machine reaches it (DNS, firewall, proxy).');
  }
  if (status === 404 || error.reason === 'unknown-method') {
    return fail(
      LOGIN,
      message,
      'Compare USCHEDULE_BASE_URL and USCHEDULE_ALIAS with the address at which the studio signs in.',
    );
  }
  if (kind === 'unauthorized') {
    const cure =
      'Correct USCHEDULE_USERNAME and USCHEDULE_PASSWORD (or USCHEDULE_IMPERSONATE), and compare USCHEDULE_APP_KEY with the ' +
      'application key of the account.';
    return fail(LOGIN, message, cure);
  }
  return kind === 'transient' ? fail(LOGIN, message, 'USchedule reports an internal error. Try again later.') : null;
}

function unitsFinding(units: readonly ResourceUnit[], bays: readonly Bay[]): Finding {
  const unitNames = new Map(units.map(({ resourceUnitId, description }) => [String(resourceUnitId), description]));
  const missing = bays.filter(({ resourceUnitId }) => !unitNames.has(String(resourceUnitId)));
  if (missing.length === 0) {
    const pairs = bays.map(({ name, resourceUnitId }) => `${name} is "${unitNames.get(String(resourceUnitId))}"`);
    return pass(UNITS, pairs.join(', '));
  }
  const found = missing
    .map(({ name, resourceUnitId }) => `${name} has unit ${resourceUnitId}, which does not exist`)
    .join('; ');
  const there = units.map(({ resourceUnitId, description }) => `${resourceUnitId} (${description})`).join(', ');
  return fail(
    UNITS,
    found,
    `Correct resourceUnitId in the settings file. The units of the account are: ${there || 'none'}.`,
  );
}

/** Checks which units offer the services of the bays: with a wrong service, a unit looks fully booked. */
async function servicesFinding(bookings: UScheduleBookingSystem, bays: readonly Bay[]): Promise<Finding> {
  const offeredBy = new Map<number, ReadonlySet<string>>();
  for (const service of new Set(bays.map(({ resourceUnitId }) => bookings.serviceOf(resourceUnitId)))) {
    const units = await bookings.listUnitsOfService(service);
    if (units.err) {
      const cure = 'Compare the serviceId of each bay with USchedule by hand.';
      return warn(SERVICES, `cannot be listed: ${units.val.message}`, cure);
    }
    offeredBy.set(service, new Set(units.val.map(String)));
  }
  const faults = bays.filter(
    ({ resourceUnitId }) => !offeredBy.get(bookings.serviceOf(resourceUnitId))?.has(String(resourceUnitId)),
  );
  if (faults.length === 0) {
    const pairs = bays.map(({ name, resourceUnitId }) => `${name} offers ${bookings.serviceOf(resourceUnitId)}`);
    return pass(SERVICES, pairs.join(', '));
  }
  const found = faults
    .map(
      ({ name, resourceUnitId }) =>
        `unit ${resourceUnitId} of ${name} does not offer service ${bookings.serviceOf(resourceUnitId)}`,
    )
    .join('; ');
  const offered = [...offeredBy].map(([service, units]) => `${service} by ${[...units].join(', ') || 'no unit'}`);
  const cure = `Set serviceId of the bay to a service that its unit offers. Offered are: ${offered.join('; ')}.`;
  return fail(SERVICES, found, cure);
}
