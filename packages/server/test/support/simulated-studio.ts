import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HOUR, type Bay, type Instant } from '@loft/sync-core';
import {
  startGoogleSimulator,
  type EventResource,
  type GoogleSimulator,
  type LoggedCall,
  type SimulatorOptions,
} from '@loft/sync-google/simulator';
import {
  startUScheduleSimulator,
  type SimulatorOptions as UScheduleSimulatorOptions,
  type UScheduleSimulator,
} from '@loft/sync-uschedule/simulator';
import { readEnvironment } from '#src/config/environment.js';
import { loadSettings } from '#src/config/load-settings.js';
import { signHint } from '#src/http/hint-signature.js';
import { startService, type RunningService } from '#src/process/start-service.js';
import { PublicAddress } from './public-address.js';
import { minimalFile } from './settings-fixture.js';
import { ServiceProcess, type LogLine } from './service-process.js';
import { SkippingClock } from './skipping-clock.js';
import { skipWaitsOf, waitFor } from './wait-for.js';

/** Intervals that are longer than any test: each feed runs once. */
export const NEVER_AGAIN = { uschedule: { pollSeconds: 1e6 }, google: { sweepSeconds: 1e6 } };
const EVERY_SECOND = { uschedule: { pollSeconds: 1 }, google: { sweepSeconds: 1 } };

interface Intervals {
  readonly uschedule: { readonly pollSeconds: number };
  readonly google: { readonly sweepSeconds: number };
}

/** Short delays, for a service in the test's own process. */
export const QUICK = {
  uschedule: { pollSeconds: 0.15 },
  google: { sweepSeconds: 0.15, quotaPerMinute: 60_000 },
  rules: { echoWindowSeconds: 0.3 },
  retry: { baseMs: 20, maxMs: 400 },
} as const satisfies Partial<SettingsGroups>;

type Group = 'uschedule' | 'google' | 'rules' | 'retry' | 'replicas';
type SettingsGroups = Readonly<Record<Group, Readonly<Record<string, unknown>>>>;

export interface StudioOptions {
  readonly intervals?: Intervals;
  /** Settings of the file, group by group, over the defaults (and over the intervals). */
  readonly settings?: Partial<SettingsGroups>;
  readonly environment?: Readonly<Record<string, string>>;
  /** Replaces the built command. */
  readonly program?: string;
  /** Options of the Google simulator. */
  readonly google?: SimulatorOptions;
  /** Options of the USchedule simulator. Its units may differ from those of the bays. */
  readonly uschedule?: UScheduleSimulatorOptions;
  /** Default: the two bays of the minimal settings file. */
  readonly bays?: readonly Bay[];
  /** Webhooks that signals go to, as the settings file names them. */
  readonly signals?: readonly unknown[];
  /** Skips delays of a service in the test's own process while the test waits for a condition (see `waitFor`). */
  readonly skipWaits?: boolean;
}

function merged(file: Readonly<Record<string, unknown>>, groups: Partial<SettingsGroups>): object {
  const changed = Object.entries(groups).map(([name, group]) => [name, { ...(file[name] as object), ...group }]);
  return { ...file, ...(Object.fromEntries(changed) as object) };
}

/** Both simulators on real ports, a directory, and the settings of a service on them. */
export class SimulatedStudio {
  readonly google: GoogleSimulator;
  readonly uschedule: UScheduleSimulator;
  readonly bays: readonly Bay[];
  readonly environment: Readonly<Record<string, string>>;
  readonly directory: string;
  readonly #address: PublicAddress;
  readonly #processes: ServiceProcess[] = [];
  readonly #program: string | undefined;
  /** Log lines of services in the test's own process. */
  readonly log: LogLine[] = [];
  #service: RunningService | null = null;
  /** The clock of a service in the test's own process, and of both simulators. */
  readonly #clock: SkippingClock;
  readonly #skipWaits: boolean;
  readonly #openedAt: Instant = Date.now();
  #skipNoMore: () => void = () => {};

  private constructor(
    google: GoogleSimulator,
    uschedule: UScheduleSimulator,
    address: PublicAddress,
    directory: string,
    clock: SkippingClock,
    { environment = {}, program, bays = minimalFile.bays, skipWaits = false }: StudioOptions,
  ) {
    this.#clock = clock;
    this.#skipWaits = skipWaits;
    this.bays = bays;
    this.google = google;
    this.uschedule = uschedule;
    this.#address = address;
    this.directory = directory;
    this.#program = program;
    const { connection } = uschedule;
    this.environment = {
      PORT: '0',
      LOFT_SYNC_CONFIG: join(directory, 'settings.json'),
      STORE_URL: `sqlite:${join(directory, 'store.db')}`,
      PUBLIC_URL: address.url,
      ADMIN_TOKEN: 'the-admin-token',
      GOOGLE_SERVICE_ACCOUNT_JSON: google.serviceAccountKey(),
      GOOGLE_API_ROOT_URL: google.rootUrl,
      GOOGLE_CHANNEL_SECRET: 'the-channel-secret',
      USCHEDULE_BASE_URL: connection.baseUrl,
      USCHEDULE_ALIAS: connection.alias,
      USCHEDULE_APP_KEY: connection.applicationKey,
      USCHEDULE_USERNAME: connection.username,
      USCHEDULE_PASSWORD: connection.password,
      USCHEDULE_WEBHOOK_SECRET: 'the-webhook-secret',
      ...environment,
    };
  }

  static async open(options: StudioOptions = {}): Promise<SimulatedStudio> {
    const directory = await mkdtemp(join(tmpdir(), 'loft-sync-test-'));
    const { bays = minimalFile.bays } = options;
    const calendars = bays.map(({ calendarId }) => calendarId);
    const clock = new SkippingClock();
    const now = (): Instant => clock.now();
    const google = await startGoogleSimulator({ calendars, timeZone: minimalFile.timeZone, now, ...options.google });
    const uschedule = await startUScheduleSimulator({ now, ...options.uschedule });
    const address = await PublicAddress.open();
    const file = merged(
      {
        ...minimalFile,
        bays,
        ...(options.intervals ?? EVERY_SECOND),
        ...(options.signals && { signals: options.signals }),
      },
      options.settings ?? {},
    );
    await writeFile(join(directory, 'settings.json'), JSON.stringify(file));
    return new SimulatedStudio(google, uschedule, address, directory, clock, options);
  }

  /** Ends every process and everything else. */
  async close(): Promise<void> {
    for (const service of this.#processes) if (service.ending === null) await service.stop('SIGKILL');
    await this.stopHere();
    await this.#address.close();
    await this.uschedule.close();
    await this.google.close();
    await rm(this.directory, { recursive: true, force: true });
  }

  /** Runs a command of the program. */
  run(command: readonly string[], change: Readonly<Record<string, string>> = {}): ServiceProcess {
    const service = new ServiceProcess(command, { ...this.environment, ...change }, this.#program);
    this.#processes.push(service);
    return service;
  }

  /** Starts the service and waits until it is ready. */
  async serve(change: Readonly<Record<string, string>> = {}): Promise<ServiceProcess> {
    const service = this.run(['serve'], change);
    this.#address.targets = [await service.listening()];
    await waitFor('the service to be ready', async () => (await fetch(`${this.url}/ready`)).ok);
    return service;
  }

  /** Sets the ports that requests to the service's address are passed to, in turn. */
  route(services: readonly number[]): void {
    this.#address.targets = services;
  }

  /** Starts the service in the test's own process, which is quicker, and waits until it is ready. */
  async serveHere({ ready = true }: { readonly ready?: boolean } = {}): Promise<RunningService> {
    const settings = await loadSettings(readEnvironment(this.environment));
    if (settings.err) throw new Error(settings.val);
    const logTo = { write: (line: string): void => void this.log.push(JSON.parse(line) as LogLine) };
    const started = await startService(settings.val, { hostname: '127.0.0.1', logTo, clock: this.#clock });
    if (started.err) throw new Error(started.val);
    this.#service = started.val;
    if (this.#skipWaits) this.#skipNoMore = skipWaitsOf(this.#clock);
    this.#address.targets = [started.val.port];
    if (ready) await waitFor('the service to be ready', async () => (await fetch(`${this.url}/ready`)).ok);
    return started.val;
  }

  /** Stops that service. */
  async stopHere(): Promise<void> {
    this.#address.targets = [];
    this.#skipNoMore();
    await this.#service?.stop();
    this.#service = null;
  }

  /** The time of the service and of both systems. */
  now(): Instant {
    return this.#clock.now();
  }

  /** Deletes the store of the service, which must not be running. */
  async loseStore(): Promise<void> {
    for (const end of ['', '-wal', '-shm', '-journal']) {
      await rm(join(this.directory, `store.db${end}`), { force: true });
    }
  }

  /** The answer of `/ready`. */
  async readiness(): Promise<{
    readonly status: number;
    readonly reasons: readonly string[];
    readonly warnings: readonly string[];
  }> {
    const answer = await fetch(`${this.url}/ready`);
    const { reasons, warnings } = (await answer.json()) as Record<'reasons' | 'warnings', string[]>;
    return { status: answer.status, reasons, warnings };
  }

  /** The address of the service. */
  get url(): string {
    return this.#address.url;
  }

  /** Sends a signed hint to the service's address, or to another one. @returns the status */
  async hint(appointmentId: string, url: string = this.url): Promise<number> {
    const body = JSON.stringify({ appointmentId });
    const timestamp = String(Math.floor(this.#clock.now() / 1000));
    const signature = signHint('the-webhook-secret', timestamp, body);
    const headers = { 'X-Loft-Timestamp': timestamp, 'X-Loft-Signature': signature };
    return (await fetch(`${url}/webhook/uschedule`, { method: 'POST', headers, body })).status;
  }

  /** The answer of `/admin` or `/metrics`. */
  async admin(path: string): Promise<string> {
    const answer = await fetch(`${this.url}${path}`, { headers: { Authorization: 'Bearer the-admin-token' } });
    return answer.text();
  }

  /** The value of a sample in `/metrics`; null if there is none. */
  async metric(sample: string): Promise<number | null> {
    const line = (await this.admin('/metrics')).split('\n').find((it) => it.startsWith(`${sample} `));
    return line === undefined ? null : Number(line.slice(sample.length + 1));
  }

  /** Books the first bay, `hours` hours from now. */
  book(hours: number, customerName = 'Ana R.', unit = 5523): string {
    return this.uschedule.book({ unit, start: this.hour(hours), customerName });
  }

  /** The full hour, `hours` hours after the studio was opened. */
  hour(hours: number): number {
    return (Math.floor(this.#openedAt / HOUR) + hours) * HOUR;
  }

  /** The live events of all calendars. */
  get events(): readonly EventResource[] {
    return this.bays.flatMap(({ calendarId }) => this.google.events(calendarId));
  }

  eventOf(appointmentId: string): EventResource | null {
    const isMirror = (event: EventResource): boolean =>
      event.extendedProperties?.private?.['uscheduleAppointmentId'] === appointmentId;
    return this.events.find(isMirror) ?? null;
  }

  /** Writes of the service to Google so far. */
  get googleWrites(): number {
    return this.google.writes.filter(({ by, done }) => by === 'service' && done).length;
  }

  /** Calls of the service to Google so far, without those for an access token. */
  get googleCalls(): readonly LoggedCall[] {
    return this.google.calls.filter(({ by, method }) => by === 'service' && method !== 'oauth2.token');
  }

  /** Whether every live booking has its event in its calendar at its time, and there is no other event of ours. */
  inStep(): boolean {
    const shown = this.bays.flatMap(({ calendarId, resourceUnitId: unit }) =>
      this.google.events(calendarId).flatMap(({ extendedProperties, start, end }) => {
        const id = extendedProperties?.private?.['uscheduleAppointmentId'];
        const times = [Date.parse(start?.dateTime ?? ''), Date.parse(end?.dateTime ?? '')];
        return id === undefined ? [] : [[id, unit, ...times].join(' ')];
      }),
    );
    const wanted = this.uschedule.liveBookings().map(({ id, unit, start, end }) => [id, unit, start, end].join(' '));
    return shown.sort().join('\n') === wanted.sort().join('\n');
  }

  /** Number of polls so far. */
  get polls(): number {
    return this.uschedule.calls.filter(({ method }) => method === 'getapiappointments').length;
  }

  /** Number of lists of this calendar so far. */
  sweeps(calendarId: string): number {
    return this.googleCalls.filter((call) => call.method === 'events.list' && call.calendarId === calendarId).length;
  }

  /** Number of tasks that are due or running. */
  async tasksLeft(): Promise<number> {
    const { tasks } = JSON.parse(await this.admin('/admin/status')) as { tasks: { due: number; claimed: number } };
    return tasks.due + tasks.claimed;
  }

  /** Waits until both sides are in sync, and the service has read both again without a change. */
  async settled(withinMs = 120_000): Promise<void> {
    await waitFor('both sides to be in sync', () => this.inStep(), withinMs);
    const polls = this.polls;
    const sweeps = this.bays.map(({ calendarId }) => this.sweeps(calendarId));
    await waitFor(
      'another poll and sweep',
      () =>
        this.polls > polls + 1 &&
        this.bays.every(({ calendarId }, i) => this.sweeps(calendarId) > (sweeps[i] ?? 0) + 1),
      withinMs,
    );
    await waitFor('no task to be left', async () => (await this.tasksLeft()) === 0, withinMs);
    await waitFor('both sides to be still in sync', () => this.inStep(), withinMs);
  }

  /** Waits until the service has polled `times` more times. */
  async morePolls(times: number): Promise<void> {
    const from = this.polls;
    await waitFor(`${times} more polls`, () => this.polls >= from + times);
  }
}
