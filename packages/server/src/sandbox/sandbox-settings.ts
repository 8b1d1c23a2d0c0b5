import { randomBytes } from 'node:crypto';
import type { GoogleSimulator } from '@loft/sync-google/simulator';
import type { UScheduleSimulator } from '@loft/sync-uschedule/simulator';
import type { Environment } from '../config/environment.js';
import type { SignalDesk } from './signal-desk.js';

/** The sandbox's own admin token: it guards made-up data on this machine only, so that anybody may know it. */
export const SANDBOX_ADMIN_TOKEN = 'sandbox';

export const SANDBOX_TIME_ZONE = 'America/Phoenix';

export const SANDBOX_CALENDARS: readonly string[] = ['bay-1@calendars.example', 'bay-2@calendars.example'];

const SIGNAL_SECRET = 'SIGNAL_SECRET';

/** The settings file of the sandbox: everything at its default, but polled and swept every second. */
export function sandboxFile(uschedule: UScheduleSimulator, desk: Pick<SignalDesk, 'url'> | null = null): string {
  const bays = uschedule.units.map(({ id }, index) => ({
    bay: String(index + 1),
    name: `Bay ${index + 1}`,
    resourceUnitId: id,
    calendarId: SANDBOX_CALENDARS[index],
  }));
  const { locationId, serviceId, serviceLengthMinutes, timeZone } = uschedule.connection;
  return JSON.stringify({
    timeZone,
    bays,
    uschedule: { locationId, serviceId, serviceLengthMinutes, pollSeconds: 1 },
    google: { sweepSeconds: 1 },
    ...(desk && { signals: [{ url: desk.url, secretEnv: SIGNAL_SECRET }] }),
  });
}

/** The environment of the sandbox. Every secret in it was made for this run. */
export function sandboxEnvironment(
  google: GoogleSimulator,
  uschedule: UScheduleSimulator,
  options: {
    readonly port: number;
    readonly databasePath: string;
    readonly adminToken: string;
    readonly signalSecret: string | null;
  },
): Environment {
  const { connection } = uschedule;
  return {
    PORT: String(options.port),
    STORE_URL: `sqlite:${options.databasePath}`,
    PUBLIC_URL: `http://127.0.0.1:${options.port}`,
    ADMIN_TOKEN: options.adminToken,
    GOOGLE_SERVICE_ACCOUNT_JSON: google.serviceAccountKey(),
    GOOGLE_API_ROOT_URL: google.rootUrl,
    GOOGLE_CHANNEL_SECRET: randomBytes(24).toString('hex'),
    USCHEDULE_BASE_URL: connection.baseUrl,
    USCHEDULE_ALIAS: connection.alias,
    USCHEDULE_APP_KEY: connection.applicationKey,
    USCHEDULE_USERNAME: connection.username,
    USCHEDULE_PASSWORD: connection.password,
    USCHEDULE_WEBHOOK_SECRET: randomBytes(24).toString('hex'),
    otherVariable: (name) => (name === SIGNAL_SECRET ? (options.signalSecret ?? undefined) : undefined),
  };
}
