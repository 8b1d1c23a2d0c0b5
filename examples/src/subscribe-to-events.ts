/** The engine reports everything it does as one stream of typed events. This example prints and counts them. */
import {
  createSyncEngine,
  DEFAULT_SETTINGS,
  HOUR,
  MemoryStore,
  MINUTE,
  type SyncEvent,
  type SyncObserver,
  type SyncSettings,
} from '@loft/sync-core';
import { MemoryBookings, MemoryCalendars, VirtualClock } from '@loft/sync-core/testing';

/** One line for each event that a person wants to know of; null for the rest. */
function inWords(event: SyncEvent): string | null {
  switch (event.type) {
    case 'action':
      return `${event.direction}: ${event.action} for ${event.appointmentId} (${event.reason}): ${event.outcome}`;
    case 'feed':
      return event.outcome === 'ok' ? null : `feed ${event.feed} ${event.outcome}: ${event.detail ?? ''}`;
    case 'task':
      return `appointment ${event.appointmentId}: ${event.outcome}, ${event.error?.message ?? ''}`;
    case 'channel':
      return `watch channel on ${event.calendarId} ${event.outcome}`;
    case 'notice':
      return event.message;
    case 'decision':
    case 'call':
      return null;
  }
}

/** An observer is handed to the engine when it is made, so it misses nothing. It must not throw. */
class CallCounter implements SyncObserver {
  readonly counts = new Map<string, number>();

  onEvent(event: SyncEvent): void {
    if (event.type !== 'call' || event.system === 'store') return;
    const name = `${event.system} ${event.method}`;
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
  }
}

const bay = { bay: '1', name: 'Bay 1', resourceUnitId: 5523, calendarId: 'bay-1@calendar.example' };
const settings: SyncSettings = { ...DEFAULT_SETTINGS, timeZone: 'America/Phoenix', bays: [bay] };
const clock = new VirtualClock(Date.UTC(2026, 4, 8, 16));
const bookings = new MemoryBookings({ clock });
const calendars = new MemoryCalendars({ clock, calendars: [bay.calendarId] });
const calls = new CallCounter();

const engine = createSyncEngine({
  bookings,
  calendars,
  store: new MemoryStore(),
  clock,
  settings,
  observers: [calls],
}).unwrap();
// `events` is an rxjs Observable: it takes every rxjs operator, and completes when the engine has stopped.
engine.events.subscribe({
  next: (event) => {
    const words = inWords(event);
    if (words !== null) console.log(words);
  },
  complete: () => console.log('the engine has stopped'),
});

await engine.start();
const appointmentId = bookings.user.book({ unit: 5523, start: clock.now() + 26 * HOUR, customerName: 'Ana R.' });
await clock.advance(2 * MINUTE);
calendars.person.deleteEvent(bay.calendarId, `loft${appointmentId}`);
await clock.advance(6 * MINUTE);
await engine.stop();

for (const [name, count] of calls.counts) console.log(`${name}: ${count}`);
