import { randomBytes } from 'node:crypto';
import type { GoogleSimulator } from '@loft/sync-google/simulator';
import { PRODUCTION, type SimulatorOptions, type UScheduleSimulator } from '@loft/sync-uschedule/simulator';
import type { Environment } from '../config/environment.js';
import type { SandboxReceiver } from './sandbox-receiver.js';

/** The sandbox's admin token. It is public, because it protects only fictitious data on this machine. */
export const SANDBOX_ADMIN_TOKEN = 'sandbox';

export const SANDBOX_TIME_ZONE = 'America/Phoenix';

export const SANDBOX_CALENDARS: readonly string[] = ['bay-1@calendars.example', 'bay-2@calendars.example'];

const SIGNAL_SECRET = 'SIGNAL_SECRET';

/** The traits of the studio of a sandbox, and the matching settings. */
export interface SandboxStudio {
  readonly simulator: SimulatorOptions;
  /** The service that a unit offers; undefined: the account's only service. */
  readonly serviceOf: (unit: number) => number | undefined;
  readonly uschedule: Readonly<Record<string, unknown>>;
  readonly google: Readonly<Record<string, unknown>>;
  readonly rules: Readonly<Record<string, unknown>>;
}

/** A studio where USchedule reports the status of its records, with default settings. */
export const PLAIN_STUDIO: SandboxStudio = {
  simulator: {},
  serviceOf: () => undefined,
  uschedule: {},
  google: {},
  rules: {},
};

/**
 * A studio with all known traits of production (docs/uschedule.md) and the settings of `examples/loft`, in both
 * directions.
 */
export const PRODUCTION_STUDIO: SandboxStudio = {
  simulator: PRODUCTION,
  serviceOf: (unit) => PRODUCTION.services?.[unit]?.[0],
  uschedule: { status: 'blind', reschedule: 'rebook', rebookPaid: true },
  google: {
    title: '{customerName|Customer}',
    description: 'Loft-managed booking\nuSchedule appointmentId: {appointmentId}[[\nNotes: {notes}]]',
  },
  // The checklist moves one event several times within minutes, which the guard of edits would hold.
  rules: { massChangeMinimum: 20 },
};

/**
 * Creates the settings file of the sandbox: intervals of a second, a short grace period of deletions, and the settings
 * of its studio.
 */
export function sandboxFile(
  uschedule: UScheduleSimulator,
  receiver: Pick<SandboxReceiver, 'url'> | null = null,
  studio: SandboxStudio = PLAIN_STUDIO,
): string {
  const bays = uschedule.units.map(({ id }, index) => ({
    bay: String(index + 1),
    name: `Bay ${index + 1}`,
    resourceUnitId: id,
    serviceId: studio.serviceOf(id),
    calendarId: SANDBOX_CALENDARS[index],
  }));
  const { locationId, serviceId, serviceLengthMinutes, timeZone } = uschedule.connection;
  return JSON.stringify({
    timeZone,
    bays,
    uschedule: { locationId, serviceId, serviceLengthMinutes, pollSeconds: 1, ...studio.uschedule },
    google: { sweepSeconds: 1, deleteGraceSeconds: 2, ...studio.google },
    rules: studio.rules,
    ...(receiver && { signals: [{ url: receiver.url, secretEnv: SIGNAL_SECRET }] }),
  });
}

/** Creates the environment of the sandbox. All its secrets are created for this run. */
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
