import { MemoryBookings, MemoryCalendars } from '@loft/sync-core/testing';
import { systemClock, type BookingSystem, type CalendarSystem } from '@loft/sync-core';
import type { AdapterContext, AdapterSettingsSchema } from '@loft/sync-server';
import * as z from 'zod';

/** An adapter module for the settings file. Both systems are in memory; unit and calendars come from the context. */
export const settingsSchema: AdapterSettingsSchema = z.strictObject({
  refuse: z.boolean('"refuse" must be true or false').default(false),
});

const clock = systemClock();

export function createBookingSystem({ bays, settings, environment }: AdapterContext): BookingSystem {
  const bookings = new MemoryBookings({ clock, units: bays.map(({ resourceUnitId }) => resourceUnitId) });
  const start = Math.ceil(clock.now() / 3_600_000) * 3_600_000 + 30 * 3_600_000;
  bookings.user.book({ unit: bays[0]?.resourceUnitId ?? '', start, customerName: 'Ana R.' });
  if ((settings as { readonly refuse: boolean }).refuse)
    throw new Error(`no account for ${environment['ADAPTER_KEY']}`);
  return Object.assign(bookings, { system: 'club' });
}

export function createCalendarSystem({ bays }: AdapterContext): CalendarSystem {
  const calendars = new MemoryCalendars({ clock, calendars: bays.map(({ calendarId }) => calendarId) });
  return Object.assign(calendars, { system: 'wall-calendar' });
}
