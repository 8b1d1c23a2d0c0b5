/**
 * The whole service with another booking system: HTTP, console, metrics and store as they are, and the adapter named in
 * the settings file. The club and Google are simulators here.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HOUR } from '@loft/sync-core';
import { startGoogleSimulator } from '@loft/sync-google/simulator';
import { loadSettings, readEnvironment, startService } from '@loft/sync-server';
import { openClub } from './tee-time-club/club-server.js';

const timeZone = 'America/Phoenix';
const calendars = { north: 'north@calendar.example', south: 'south@calendar.example' };
const club = await openClub(timeZone, 'club-key');
const google = await startGoogleSimulator({ calendars: Object.values(calendars) });
const folder = await mkdtemp(join(tmpdir(), 'loft-sync-club-'));

const settingsFile = {
  timeZone,
  bays: [
    { bay: 'N', name: 'North', resourceUnitId: 'north', calendarId: calendars.north },
    { bay: 'S', name: 'South', resourceUnitId: 'south', calendarId: calendars.south },
  ],
  adapters: {
    bookings: {
      module: fileURLToPath(new URL('tee-time-club/adapter.js', import.meta.url)),
      settings: { address: club.address },
    },
  },
  uschedule: { pollSeconds: 0.2, cancellationHours: 0 },
  google: { sweepSeconds: 0.2 },
};
await writeFile(join(folder, 'loft-sync.config.json'), JSON.stringify(settingsFile));
const environment = readEnvironment({
  PORT: '0',
  LOFT_SYNC_CONFIG: join(folder, 'loft-sync.config.json'),
  STORE_URL: `sqlite:${join(folder, 'store.db')}`,
  ADMIN_TOKEN: 'admin-token',
  GOOGLE_SERVICE_ACCOUNT_JSON: google.serviceAccountKey(),
  GOOGLE_API_ROOT_URL: google.rootUrl,
  ADAPTER_CLUB_KEY: 'club-key',
  LOG_LEVEL: 'silent',
});
const settings = await loadSettings(environment);
if (settings.err) throw new Error(settings.val);
const service = await startService(settings.val, { hostname: '127.0.0.1' });
if (service.err) throw new Error(service.val);

/** Waits until something is as it should be. */
async function until(what: () => boolean): Promise<void> {
  while (!what()) await new Promise((resolve) => setTimeout(resolve, 50));
}

const start = Math.ceil(Date.now() / HOUR) * HOUR + 48 * HOUR;
const ref = club.user.book({ unit: 'north', start, customerName: 'Ana R.' });
const eventsOf = (calendarId: string): readonly { readonly id: string; readonly summary?: string }[] =>
  google.events(calendarId).filter(({ status }) => status !== 'cancelled');
await until(() => eventsOf(calendars.north).length === 1);
const [event] = eventsOf(calendars.north);
console.log(`North shows ${event?.id}: ${event?.summary}`);

google.person.moveToCalendar(calendars.north, event?.id ?? '', calendars.south);
await until(() => club.user.booking(ref)?.unit === 'south');
console.log(`Reservation ${ref} is in the lane ${club.user.booking(ref)?.unit}`);

const address = `http://127.0.0.1:${service.val.port}`;
const metrics = await fetch(`${address}/metrics`, { headers: { authorization: 'Bearer admin-token' } });
const text = await metrics.text();
const clubIsCounted = text.includes('loft_sync_api_calls_total{system="tee-time-club"');
console.log(`the metrics ${clubIsCounted ? 'count' : 'do not count'} calls to tee-time-club`);

await service.val.stop();
await google.close();
await club.close();
await rm(folder, { recursive: true });
