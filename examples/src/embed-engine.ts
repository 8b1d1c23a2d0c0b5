/** The engine inside another program: no container, no HTTP, no database; virtual time, so that it ends at once. */
import { createSyncEngine, DEFAULT_SETTINGS, HOUR, MemoryStore, MINUTE, type SyncSettings } from '@loft/sync-core';
import { MemoryBookings, MemoryCalendars, VirtualClock } from '@loft/sync-core/testing';

const bay1 = { bay: '1', name: 'Bay 1', resourceUnitId: 5523, calendarId: 'bay-1@calendar.example' };
const bay2 = { bay: '2', name: 'Bay 2', resourceUnitId: 5524, calendarId: 'bay-2@calendar.example' };
const settings: SyncSettings = { ...DEFAULT_SETTINGS, timeZone: 'America/Phoenix', bays: [bay1, bay2] };

// Four ports. Replace any of them by your own adapter.
const clock = new VirtualClock(Date.UTC(2026, 4, 8, 16));
const bookings = new MemoryBookings({ clock });
const calendars = new MemoryCalendars({ clock, calendars: [bay1.calendarId, bay2.calendarId] });
const store = new MemoryStore();

const engine = createSyncEngine({ bookings, calendars, store, clock, settings }).unwrap();
await engine.start();

// A customer books: the next poll finds it, and the event appears on the calendar of that bay.
const start = clock.now() + 26 * HOUR;
const appointmentId = bookings.user.book({ unit: bay1.resourceUnitId, start, customerName: 'Ana R.' });
await clock.advance(2 * MINUTE);
for (const { eventId, title, start: at } of calendars.events(bay1.calendarId)) {
  console.log(`Bay 1 shows ${eventId}: ${title}, ${new Date(at ?? 0).toISOString()}`);
}

// A person drags that event: the next sweep finds it, and the booking follows.
calendars.person.dragEvent(bay1.calendarId, `loft${appointmentId}`, { start: start + 2 * HOUR });
await clock.advance(6 * MINUTE);
const moved = bookings.user.booking(appointmentId);
console.log(`Booking ${appointmentId} is now at ${new Date(moved?.start ?? 0).toISOString()}`);

await engine.stop();
