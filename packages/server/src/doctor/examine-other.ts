import { DAY, type BookingSystem, type CalendarSystem, type Instant, type SyncSettings } from '@loft/sync-core';
import { fail, pass, type Finding } from './finding.js';

/**
 * Checks a booking system of another adapter through its port: whether it can be read, and whether it has the units.
 */
export async function* examineBookings({
  bookings,
  settings,
  now,
}: {
  readonly bookings: BookingSystem;
  readonly settings: SyncSettings;
  readonly now: Instant;
}): AsyncIterable<Finding> {
  const name = bookings.system ?? 'bookings';
  const list = await bookings.listBookings({ from: now, to: now + DAY });
  if (list.err)
    yield fail(`${name}: reading`, list.val.message, 'Compare the settings of the adapter with the account.');
  else yield pass(`${name}: reading`, `${list.val.bookings.length} bookings within a day`);
  for (const { name: bay, resourceUnitId } of settings.bays) {
    const slots = await bookings.listFreeSlots(resourceUnitId, now);
    const check = `${name}: ${bay}`;
    if (slots.err) yield fail(check, slots.val.message, `Is ${resourceUnitId} the id of its unit?`);
    else yield pass(check, `unit ${resourceUnitId} answers`);
  }
}

/** Checks calendars of another adapter: whether each can be read and written. */
export async function* examineCalendars({
  calendars,
  settings,
}: {
  readonly calendars: CalendarSystem;
  readonly settings: SyncSettings;
}): AsyncIterable<Finding> {
  const name = calendars.system ?? 'calendars';
  for (const { name: bay, calendarId } of settings.bays) {
    const page = await calendars.listEvents(calendarId, { syncToken: null, pageToken: null });
    const check = `${name}: ${bay}`;
    if (page.err)
      yield fail(check, page.val.message, `Is ${calendarId} the id of its calendar, and is it shared with us?`);
    else if (page.val.writable === false)
      yield fail(check, 'it may be read, but not changed', 'Grant the service write access.');
    else yield pass(check, 'it can be read');
  }
}
