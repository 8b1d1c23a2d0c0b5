/**
 * The whole service with CalDAV calendars instead of Google's: the settings file names the adapter. USchedule is a
 * simulator. The CalDAV server is yours and has two empty calendars; environment variables contain its address.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HOUR, intlTimeZones, type CalendarEvent } from '@loft/sync-core';
import { loadSettings, readEnvironment, startService } from '@loft/sync-server';
import { startUScheduleSimulator } from '@loft/sync-uschedule/simulator';
import { CalDavCalendarSystem } from './caldav/caldav-calendar-system.js';

const { CALDAV_HOME: home = '', CALDAV_USERNAME: username = '', CALDAV_PASSWORD: password = '' } = process.env;
const timeZone = 'America/Phoenix';
const uschedule = await startUScheduleSimulator({ timeZone });
const folder = await mkdtemp(join(tmpdir(), 'loft-sync-caldav-'));

const settingsFile = {
  timeZone,
  bays: [
    { bay: '1', name: 'Bay 1', resourceUnitId: 5523, calendarId: 'bay-1' },
    { bay: '2', name: 'Bay 2', resourceUnitId: 5524, calendarId: 'bay-2' },
  ],
  adapters: {
    calendars: {
      module: fileURLToPath(new URL('caldav/adapter.js', import.meta.url)),
      settings: { home, username },
    },
  },
  uschedule: { pollSeconds: 0.2, cancellationHours: 0 },
  google: { sweepSeconds: 0.3, deleteGraceSeconds: 0 },
};
await writeFile(join(folder, 'loft-sync.config.json'), JSON.stringify(settingsFile));
const { connection } = uschedule;
const environment = readEnvironment({
  PORT: '0',
  LOFT_SYNC_CONFIG: join(folder, 'loft-sync.config.json'),
  STORE_URL: `sqlite:${join(folder, 'store.db')}`,
  ADMIN_TOKEN: 'admin-token',
  USCHEDULE_BASE_URL: connection.baseUrl,
  USCHEDULE_ALIAS: connection.alias,
  USCHEDULE_APP_KEY: connection.applicationKey,
  USCHEDULE_USERNAME: connection.username,
  USCHEDULE_PASSWORD: connection.password,
  ADAPTER_CALDAV_PASSWORD: password,
  LOG_LEVEL: 'silent',
});
const settings = await loadSettings(environment);
if (settings.err) throw new Error(settings.val);
const service = await startService(settings.val, { hostname: '127.0.0.1' });
if (service.err) throw new Error(service.val);

// The calendar app of a user: this example uses the adapter instead.
const account = { home, username, password };
const timeZones = intlTimeZones();
const app = new CalDavCalendarSystem({ account, timeZone, timeZones, callTimeoutMs: 10_000, now: Date.now });
async function eventOf(calendarId: string, appointmentId: string): Promise<CalendarEvent | undefined> {
  const list = await app.listEvents(calendarId, { syncToken: null, pageToken: null });
  if (list.err) throw new Error(list.val.message);
  return list.val.events.find(({ marks }) => marks.appointmentId === appointmentId);
}

/** Waits until something is there. */
async function waitFor<T>(what: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await what();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const start = Math.ceil(Date.now() / HOUR) * HOUR + 48 * HOUR;
const id = uschedule.book({ unit: 5523, start, minutes: 60, customerName: 'Ana R.' });
const event = await waitFor(() => eventOf('bay-1', id));
console.log(`Bay 1 shows ${event.eventId}: ${event.title}`);

uschedule.move(id, { unit: 5524 });
const moved = await waitFor(() => eventOf('bay-2', id));
console.log(`Bay 2 shows ${moved.eventId}: ${moved.title}`);

const deleted = await app.deleteEvent('bay-2', moved.eventId);
if (deleted.err) throw new Error(deleted.val.message);
await waitFor(() => uschedule.booking(id)?.state === 'canceled' || undefined);
console.log(`Booking ${id} is canceled`);

const address = `http://127.0.0.1:${service.val.port}`;
const metrics = await fetch(`${address}/metrics`, { headers: { authorization: 'Bearer admin-token' } });
const isCounted = (await metrics.text()).includes('loft_sync_api_calls_total{system="caldav"');
console.log(`the metrics ${isCounted ? 'count' : 'do not count'} calls to caldav`);

await service.val.stop();
await uschedule.close();
await rm(folder, { recursive: true });
