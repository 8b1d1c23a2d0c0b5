/**
 * The engine with the real adapters and the SQLite store, as a host of your own would wire them. The two servers it
 * talks to are simulators here: for real ones, change the addresses and the credentials and nothing else.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSyncEngine, DEFAULT_SETTINGS, HOUR, systemClock, type SyncSettings } from '@loft/sync-core';
import { createGoogleCalendarSystem } from '@loft/sync-google';
import { startGoogleSimulator } from '@loft/sync-google/simulator';
import { openSqliteStore } from '@loft/sync-store-sqlite';
import { createUScheduleBookingSystem } from '@loft/sync-uschedule';
import { startUScheduleSimulator } from '@loft/sync-uschedule/simulator';

const timeZone = 'America/Phoenix';
const bay = { bay: '1', name: 'Bay 1', resourceUnitId: 5523, calendarId: 'bay-1@calendar.example' };
const google = await startGoogleSimulator({ calendars: [bay.calendarId] });
const uschedule = await startUScheduleSimulator({ timeZone });
const folder = await mkdtemp(join(tmpdir(), 'loft-sync-example-'));

const { baseUrl, alias, applicationKey, username, password } = uschedule.connection;
const bookings = createUScheduleBookingSystem({
  baseUrl,
  alias,
  applicationKey,
  login: { kind: 'password', username, password },
  timeZone,
});
const calendars = createGoogleCalendarSystem({
  rootUrl: google.rootUrl,
  credentials: { kind: 'key', json: google.serviceAccountKey() },
  timeZone,
});
const store = await openSqliteStore(join(folder, 'loft-sync.db'));
if (store.err) throw new Error(store.val.message);

const settings: SyncSettings = { ...DEFAULT_SETTINGS, timeZone, bays: [bay] };
const engine = createSyncEngine({ bookings, calendars, store: store.val, clock: systemClock(), settings }).unwrap();

/** Resolves when a booking's event was made. */
const mirrored = new Promise<string>((resolve, reject) => {
  engine.events.subscribe((event) => {
    if (event.type !== 'action') return;
    if (event.outcome === 'ok') resolve(`${event.action}: ${event.eventId}`);
    else reject(new Error(event.error?.message ?? event.outcome));
  });
});

await engine.start();
const slot = Math.ceil(Date.now() / HOUR) * HOUR + 26 * HOUR;
const appointmentId = uschedule.book({ unit: bay.resourceUnitId, start: slot, customerName: 'Ana R.' });
// A program that knows of a change can report it, without waiting for the next poll.
const stored = await engine.hint(appointmentId);
if (stored.err) throw new Error(stored.val.message);
console.log(await mirrored);
console.log(google.events(bay.calendarId).map((event) => event.summary));

// In this order: the engine finishes what is under way, then the store may be closed.
await engine.stop();
await store.val.close();
await Promise.all([google.close(), uschedule.close()]);
await rm(folder, { recursive: true });
