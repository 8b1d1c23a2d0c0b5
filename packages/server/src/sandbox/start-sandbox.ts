import { constants } from 'node:fs';
import { access, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Err, HOUR, Ok, type Bay, type Instant, type Result, type SyncEvent, type TimeZones } from '@loft/sync-core';
import { startGoogleSimulator, type GoogleSimulator } from '@loft/sync-google/simulator';
import { startUScheduleSimulator, type UScheduleSimulator } from '@loft/sync-uschedule/simulator';
import { pino } from 'pino';
import { describeFaults } from '../config/configuration-fault.js';
import { readSettings } from '../config/read-settings.js';
import type { ServiceSettings } from '../config/service-settings.js';
import { freePort } from '../process/free-port.js';
import { startService, type RunningService } from '../process/start-service.js';
import { newestTimeZones } from '../time-zones/time-zone-sources.js';
import { sandboxUsers } from './users.js';
import { openSandboxReceiver, type ArrivedSignal, type SandboxReceiver } from './sandbox-receiver.js';
import { sandboxDay, seedDay } from './sandbox-day.js';
import {
  PLAIN_STUDIO,
  sandboxEnvironment,
  sandboxFile,
  SANDBOX_CALENDARS,
  SANDBOX_TIME_ZONE,
  type SandboxStudio,
} from './sandbox-settings.js';

export interface SandboxOptions {
  /** The preferred port. If it is in use, another free port is taken. */
  readonly port: number;
  readonly adminToken: string;
  /** Default: `PLAIN_STUDIO`. */
  readonly studio?: SandboxStudio;
  /** Default: the newest of this machine. */
  readonly timeZones?: TimeZones;
  /** Directory of database and log; null: a temporary directory, removed at the end. */
  readonly dataDirectory: string | null;
  /** Receives the signals of the sandbox's own webhook; without it there is no webhook. */
  readonly onSignal?: (signal: ArrivedSignal) => void;
  /** Creates an observer of the engine after the simulators have started. */
  readonly onEvent: (uschedule: UScheduleSimulator, bays: readonly Bay[], event: SyncEvent) => void;
}

/** The running service with simulated systems. */
export interface Sandbox {
  readonly google: GoogleSimulator;
  readonly uschedule: UScheduleSimulator;
  readonly service: RunningService;
  readonly bays: readonly Bay[];
  readonly timeZone: string;
  readonly timeZones: TimeZones;
  /** First instant of the day with bookings. */
  readonly day: Instant;
  readonly url: string;
  readonly logPath: string;
  /** Path of the key of the simulated service account, for another client of the simulated Google Calendar. */
  readonly googleKeyPath: string;
  /** Moves the clock of the simulated USchedule back by this number of milliseconds for the next actions. */
  earlier<T>(ms: number, act: () => T): T;
  close(): Promise<void>;
}

/** Creates the directory of database and log, and checks that it is writable. The error is one sentence. */
async function openDirectory(wanted: string | null): Promise<Result<string, string>> {
  if (wanted === null) return Ok(await mkdtemp(join(tmpdir(), 'loft-sync-sandbox-')));
  try {
    await mkdir(wanted, { recursive: true });
    await access(wanted, constants.W_OK);
    return Ok(wanted);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return Err(`The directory ${wanted} cannot be used: may this user create it and write to it? (${why})`);
  }
}

function settingsOf(
  google: GoogleSimulator,
  uschedule: UScheduleSimulator,
  options: {
    readonly port: number;
    readonly databasePath: string;
    readonly adminToken: string;
    readonly timeZones: TimeZones;
    readonly receiver: SandboxReceiver | null;
    readonly studio: SandboxStudio;
  },
): Result<ServiceSettings, string> {
  const { receiver, studio } = options;
  const environment = sandboxEnvironment(google, uschedule, { ...options, signalSecret: receiver?.secret ?? null });
  const settings = readSettings(
    environment,
    { text: sandboxFile(uschedule, receiver, studio) },
    null,
    options.timeZones,
  );
  return settings.ok ? settings : Err(describeFaults(settings.val, 'of the sandbox'));
}

/**
 * Starts both simulators on loopback, creates a day's bookings, and starts the service on them exactly as `serve` does:
 * from an environment and a settings file, over HTTP, on the embedded store, with push notifications.
 */
export async function startSandbox(options: SandboxOptions): Promise<Result<Sandbox, string>> {
  const { adminToken, dataDirectory, onEvent, onSignal, studio = PLAIN_STUDIO } = options;
  const { timeZones = newestTimeZones({}) } = options;
  const opened = await openDirectory(dataDirectory);
  if (opened.err) return opened;
  const directory = opened.val;
  // A database of an earlier run has bookings that this run's studio does not have.
  const run = new Date().toISOString().replaceAll(':', '-');
  const databasePath = join(directory, `sandbox-${run}.db`);
  const logPath = join(directory, `sandbox-${run}.log`);
  const googleKeyPath = join(directory, `sandbox-${run}.google-key.json`);
  const logFile = pino.destination({ dest: logPath, sync: true });
  let ended = false;
  // Events of the engine after the end are dropped.
  const logTo = { write: (line: string): void => void (ended || logFile.write(line)) };

  const calendars = SANDBOX_CALENDARS.map((id, index) => ({ id, summary: `Bay ${index + 1}` }));
  const google = await startGoogleSimulator({ calendars, timeZone: SANDBOX_TIME_ZONE });
  await writeFile(googleKeyPath, google.serviceAccountKey(), { mode: 0o600 });
  let ago = 0;
  const now = (): Instant => Date.now() - ago;
  const earlier = <T>(ms: number, act: () => T): T => {
    ago = ms;
    try {
      return act();
    } finally {
      ago = 0;
    }
  };
  const uschedule = await startUScheduleSimulator({
    timeZone: SANDBOX_TIME_ZONE,
    timeZones,
    now,
    ...studio.simulator,
  });
  const day = sandboxDay(Date.now(), SANDBOX_TIME_ZONE, timeZones);
  earlier(HOUR, () => seedDay(uschedule, day));
  const receiver = onSignal ? await openSandboxReceiver(onSignal) : null;
  const closeAround = async (): Promise<void> => {
    await receiver?.close();
    await uschedule.close();
    await google.close();
    ended = true;
    logFile.end();
    await rm(googleKeyPath, { force: true });
    if (dataDirectory === null) await rm(directory, { recursive: true, force: true });
  };

  const port = await freePort(options.port);
  const settings = settingsOf(google, uschedule, { port, databasePath, adminToken, timeZones, receiver, studio });
  const bays = settings.ok ? settings.val.sync.bays : [];
  const observer = { onEvent: (event: SyncEvent): void => onEvent(uschedule, bays, event) };
  const service = settings.ok
    ? await startService(settings.val, {
        hostname: '127.0.0.1',
        logTo,
        observers: [observer],
        consoleAccess: 'open',
        sandbox: sandboxUsers(uschedule, google, bays),
      })
    : settings;
  if (service.err) {
    await closeAround();
    return service;
  }
  return Ok({
    google,
    uschedule,
    service: service.val,
    bays,
    timeZone: SANDBOX_TIME_ZONE,
    timeZones,
    day,
    url: `http://127.0.0.1:${service.val.port}`,
    logPath,
    googleKeyPath,
    earlier,
    close: async () => {
      await service.val.stop();
      await closeAround();
    },
  });
}
