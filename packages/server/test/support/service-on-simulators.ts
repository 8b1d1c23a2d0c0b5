import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HOUR, MINUTE, type Instant, type SyncEngine, type SyncEvent, type TimeZones } from '@loft/sync-core';
import { startOfDay } from '@loft/sync-core/adapters';
import type { CallEvent } from '@loft/sync-core/reports';
import { startGoogleSimulator, type EventResource, type GoogleSimulator } from '@loft/sync-google/simulator';
import {
  startUScheduleSimulator,
  type SimulatorOptions,
  type UScheduleSimulator,
} from '@loft/sync-uschedule/simulator';
import { describeFaults } from '#src/config/configuration-fault.js';
import { readSettings } from '#src/config/read-settings.js';
import { signHint } from '#src/http/hint-signature.js';
import { startService, type RunningService } from '#src/process/start-service.js';
import { newestTimeZones } from '#src/time-zones/time-zone-sources.js';
import { minimalFile } from './settings-fixture.js';
import { SkippingClock } from './skipping-clock.js';
import { skipWaitsOf, waitFor } from './wait-for.js';

const WEBHOOK_SECRET = 'the-webhook-secret';
/** The service's zone rules, also for the simulators: those of the runtime can be old. */
const TIME_ZONES = newestTimeZones({});
const ADMIN_TOKEN = 'the-admin-token';
/** Feeds run at the start and on request only. */
const WHEN_TOLD = 1e6;
/** The longest delay of the service that `settle` skips: slightly more than the grace of a deletion. */
const LONGEST_SKIP_MS = 15_000;

type Group = Readonly<Record<string, unknown>>;

/** The clock of the service, and the age of the users' acts. */
interface Clocks {
  ago: number;
  readonly service: SkippingClock;
}

export interface ServiceOptions {
  /** Groups of the settings file. Other settings have their default, and feeds run by `tick` alone. */
  readonly uschedule?: Group;
  readonly google?: Group;
  readonly retry?: Group;
  readonly rules?: Group;
  /** The direction of each bay, in their order. Default: the direction of the rules. */
  readonly directions?: readonly (string | undefined)[];
  readonly timeZone?: string;
  /** The service of each bay, in their order. Default: the account's one service. */
  readonly services?: readonly number[];
  /** Zone rules of the service at each start. Default: the newest rules, which the simulators always have. */
  readonly timeZones?: () => TimeZones;
  readonly simulator?: SimulatorOptions;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Waits of the service take no time while the test waits for a condition (see `waitFor`). */
  readonly skipWaits?: boolean;
}

/** The answer of `/ready`. */
export interface ReadyAnswer {
  readonly status: number;
  readonly reasons: readonly string[];
}

/** The answer of `/tasks/tick`. */
export interface TickAnswer {
  readonly polled: boolean;
  readonly tasksDone: number;
}

/**
 * The service in this process, exactly as `serve` makes it from an environment and a settings file, on both simulators
 * over real HTTP and the embedded store. The users' clock can be set back, so that their acts are as old as a test needs.
 */
export class ServiceOnSimulators {
  readonly google: GoogleSimulator;
  readonly uschedule: UScheduleSimulator;
  readonly bays = minimalFile.bays;
  /** The engine's events since the start of the first service. */
  readonly events: SyncEvent[] = [];
  /** The log, line by line. */
  readonly log: Readonly<Record<string, unknown>>[] = [];
  #options: ServiceOptions;
  readonly #directory: string;
  readonly #clock: Clocks;
  /** Hours are counted from this time, independent of the duration of a test. */
  readonly #now: Instant = Date.now();
  #service: RunningService | null = null;
  #skipNoMore: () => void = () => {};

  private constructor(
    systems: { readonly google: GoogleSimulator; readonly uschedule: UScheduleSimulator },
    options: ServiceOptions,
    directory: string,
    clock: Clocks,
  ) {
    this.google = systems.google;
    this.uschedule = systems.uschedule;
    this.#options = options;
    this.#directory = directory;
    this.#clock = clock;
  }

  /** Opens both simulators; the service is not started yet. */
  static async open(options: ServiceOptions = {}): Promise<ServiceOnSimulators> {
    const directory = await mkdtemp(join(tmpdir(), 'loft-sync-test-'));
    const clock = { ago: 0, service: new SkippingClock() };
    const { timeZone = minimalFile.timeZone } = options;
    const calendars = minimalFile.bays.map(({ calendarId }) => calendarId);
    const google = await startGoogleSimulator({
      calendars,
      timeZone,
      zoneOffset: (zone, at) => TIME_ZONES.offsetAt(at, zone) / MINUTE,
      now: () => clock.service.now(),
    });
    const now = (): Instant => clock.service.now() - clock.ago;
    const uschedule = await startUScheduleSimulator({ timeZone, timeZones: TIME_ZONES, now, ...options.simulator });
    return new ServiceOnSimulators({ google, uschedule }, options, directory, clock);
  }

  /** The same for a USchedule that hides the booking status. */
  static openBlind({ uschedule, simulator, ...rest }: ServiceOptions = {}): Promise<ServiceOnSimulators> {
    return ServiceOnSimulators.open({
      ...rest,
      uschedule: { status: 'blind', ...uschedule },
      simulator: { status: 'blind', ...simulator },
    });
  }

  /** Starts the service. Resolves when the first sweep and the first poll have ended, also if they failed. */
  async start(): Promise<this> {
    const before = this.events.length;
    const timeZones = this.#options.timeZones?.() ?? TIME_ZONES;
    const settings = readSettings(this.#environment(), { text: JSON.stringify(this.#file()) }, null, timeZones);
    if (settings.err) throw new Error(describeFaults(settings.val, 'of the test'));
    const service = await startService(settings.val, {
      hostname: '127.0.0.1',
      logTo: { write: (line: string) => void this.log.push(JSON.parse(line) as Record<string, unknown>) },
      clock: this.#clock.service,
      observers: [{ onEvent: (event) => void this.events.push(event) }],
    });
    if (service.err) throw new Error(service.val);
    this.#service = service.val;
    if (this.#options.skipWaits) this.#skipNoMore = skipWaitsOf(this.#clock.service);
    await waitFor('the first poll', () => this.events.slice(before).some(isPoll));
    return this;
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  async stop(): Promise<void> {
    await this.#service?.stop();
    this.#service = null;
  }

  /** Replaces groups of the settings file from the next start on. */
  change(options: Pick<ServiceOptions, 'rules' | 'directions'>): void {
    this.#options = { ...this.#options, ...options };
  }

  get engine(): SyncEngine {
    if (!this.#service) throw new Error('the service does not run');
    return this.#service.engine;
  }

  /** Writes the settings file. @returns the environment of a command that uses it */
  async commandEnvironment(): Promise<Readonly<Record<string, string | undefined>>> {
    const path = join(this.#directory, 'settings.json');
    await writeFile(path, JSON.stringify(this.#file()));
    return { ...this.#environment(), LOFT_SYNC_CONFIG: path };
  }

  /** Makes delays take real time again, for example while a call hangs. */
  waitInRealTime(): void {
    this.#skipNoMore();
  }

  async close(): Promise<void> {
    this.#skipNoMore();
    await this.#service?.stop();
    await this.uschedule.close();
    await this.google.close();
    await rm(this.#directory, { recursive: true, force: true });
  }

  get url(): string {
    return `http://127.0.0.1:${this.#service?.port ?? 0}`;
  }

  /** Runs one poll, one sweep, and all due tasks. */
  async tick(times = 1): Promise<TickAnswer> {
    let answer: TickAnswer = { polled: false, tasksDone: 0 };
    for (let time = 0; time < times; time++)
      answer = (await (await this.admin('POST', '/tasks/tick')).json()) as TickAnswer;
    return answer;
  }

  /** Puts all clocks forward to the service's next timer, if it is due within `withinMs`. */
  skip(withinMs: number): void {
    this.#clock.service.skip(withinMs);
  }

  /** Runs `ticks` ticks, and all tasks that waited for the echo of an earlier write. */
  async settle(ticks = 1): Promise<void> {
    await this.tick(ticks);
    await waitFor('no task is left', async () => {
      const { running, waiting } = await this.#taskCounts();
      // No task runs, so the tasks wait for their due time.
      if (running === 0 && waiting > 0) this.#clock.service.skip(LONGEST_SKIP_MS);
      return running + waiting === 0;
    });
  }

  async ready(): Promise<ReadyAnswer> {
    const answer = await fetch(`${this.url}/ready`, { headers: { Connection: 'close' } });
    const { reasons } = (await answer.json()) as { reasons: readonly string[] };
    return { status: answer.status, reasons };
  }

  admin(method: string, path: string): Promise<Response> {
    return fetch(`${this.url}${path}`, {
      method,
      headers: { Authorization: `Bearer ${ADMIN_TOKEN}`, Connection: 'close' },
    });
  }

  /** Sends a signed hint. @returns the status */
  async hint(appointmentId: string): Promise<number> {
    const body = JSON.stringify({ appointmentId });
    const timestamp = String(Math.floor(this.#clock.service.now() / 1000));
    const headers = {
      Connection: 'close',
      'X-Loft-Timestamp': timestamp,
      'X-Loft-Signature': signHint(WEBHOOK_SECRET, timestamp, body),
    };
    return (await fetch(`${this.url}/webhook/uschedule`, { method: 'POST', headers, body })).status;
  }

  /** Waits until the service has polled `times` more times by itself. */
  async morePolls(times: number): Promise<void> {
    const from = this.timesCalled('getapiappointments');
    await waitFor(`${times} more polls`, () => this.timesCalled('getapiappointments') >= from + times);
  }

  // -- users ----------------------------------------------------------------------------------------------------
  /** Makes users act `ms` ago. */
  ago<T>(ms: number, act: () => T): T {
    this.#clock.ago = ms;
    const done = act();
    this.#clock.ago = 0;
    return done;
  }

  /** Books the first bay in `hours` hours; the booking is an hour old. */
  book(hours: number, customerName = 'Ana R.', unit = 5523): string {
    return this.ago(HOUR, () => this.uschedule.book({ unit, start: this.hour(hours), customerName }));
  }

  /** The full hour, `hours` hours after the test began. */
  hour(hours: number): Instant {
    return (Math.floor(this.#now / HOUR) + hours) * HOUR;
  }

  /** The number of hours until an hour of the studio's local day, `days` days from today. */
  hoursTo(day: number, hourOfDay: number): number {
    const { timeZone = minimalFile.timeZone } = this.#options;
    return (startOfDay(this.hour(0), timeZone, TIME_ZONES, day) - this.hour(0)) / HOUR + hourOfDay;
  }

  /** The full minute, `minutes` minutes from now. */
  inMinutes(minutes: number): Instant {
    return (Math.floor(this.#clock.service.now() / MINUTE) + minutes) * MINUTE;
  }

  dragEvent(appointmentId: string, start: Instant): void {
    const { calendarId, id } = this.#placeOf(appointmentId);
    this.google.person.dragEvent(calendarId, id, { start });
  }

  deleteEvent(appointmentId: string): void {
    const { calendarId, id } = this.#placeOf(appointmentId);
    this.google.person.deleteEvent(calendarId, id);
  }

  // -- observations ---------------------------------------------------------------------------------------------
  /** The live events of all calendars. */
  get calendarEvents(): readonly EventResource[] {
    return this.bays.flatMap(({ calendarId }) => this.google.events(calendarId));
  }

  /** The appointment ids of the live events. */
  get mirrored(): readonly string[] {
    return this.calendarEvents.map(appointmentOf);
  }

  eventOf(appointmentId: string): EventResource | null {
    return this.calendarEvents.find((event) => appointmentOf(event) === appointmentId) ?? null;
  }

  /** Start of an appointment's event. @returns null if it has none */
  startOf(appointmentId: string): Instant | null {
    const text = this.eventOf(appointmentId)?.start?.dateTime;
    return typeof text === 'string' ? Date.parse(text) : null;
  }

  /** Writes of the service to Google so far. */
  get googleWrites(): number {
    return this.google.writes.filter(({ by, done }) => by === 'service' && done).length;
  }

  /** Number of calls of a method of USchedule so far. */
  timesCalled(method: string): number {
    return this.uschedule.calls.filter((call) => call.method === method).length;
  }

  /** Number of tasks that are due, waiting or running. */
  async tasks(): Promise<number> {
    const { running, waiting } = await this.#taskCounts();
    return running + waiting;
  }

  async #taskCounts(): Promise<{ readonly running: number; readonly waiting: number }> {
    const answer = await (await this.admin('GET', '/admin/status')).json();
    const { due, waiting, claimed } = (answer as { tasks: Record<'due' | 'waiting' | 'claimed', number> }).tasks;
    return { running: due + claimed, waiting };
  }

  /** The size and time of every file of the store, one line each. */
  async storeFiles(): Promise<readonly string[]> {
    const files = (await readdir(this.#directory)).filter(
      (name) => name.startsWith('store.db') && !name.endsWith('-shm'),
    );
    const stats = await Promise.all(files.map((name) => stat(join(this.#directory, name))));
    return stats.map(({ size, mtimeMs }, index) => `${files[index] ?? ''}: ${size} bytes, ${mtimeMs}`);
  }

  /** Calls of the engine through its ports, from the given event on. */
  portCalls(system: CallEvent['system'], since = 0): readonly string[] {
    return this.events
      .slice(since)
      .flatMap((event) => (event.type === 'call' && event.system === system ? [event.method] : []));
  }

  #placeOf(appointmentId: string): { readonly calendarId: string; readonly id: string } {
    for (const { calendarId } of this.bays) {
      const event = this.google.events(calendarId).find((it) => appointmentOf(it) === appointmentId);
      if (event?.id) return { calendarId, id: event.id };
    }
    throw new Error(`appointment ${appointmentId} has no event`);
  }

  #environment(): Readonly<Record<string, string | undefined>> {
    const { connection } = this.uschedule;
    return {
      PORT: '0',
      STORE_URL: `sqlite:${join(this.#directory, 'store.db')}`,
      ADMIN_TOKEN,
      GOOGLE_SERVICE_ACCOUNT_JSON: this.google.serviceAccountKey(),
      GOOGLE_API_ROOT_URL: this.google.rootUrl,
      USCHEDULE_BASE_URL: connection.baseUrl,
      USCHEDULE_ALIAS: connection.alias,
      USCHEDULE_APP_KEY: connection.applicationKey,
      USCHEDULE_USERNAME: connection.username,
      USCHEDULE_PASSWORD: connection.password,
      USCHEDULE_WEBHOOK_SECRET: WEBHOOK_SECRET,
      LOG_LEVEL: 'debug',
      ...this.#options.environment,
    };
  }

  #file(): Group {
    const { uschedule, google, retry, rules, services = [], directions = [] } = this.#options;
    const { timeZone = minimalFile.timeZone } = this.#options;
    return {
      ...minimalFile,
      bays: minimalFile.bays.map((bay, index) => ({
        ...bay,
        serviceId: services[index],
        direction: directions[index],
      })),
      timeZone,
      uschedule: { pollSeconds: WHEN_TOLD, ...uschedule },
      google: { sweepSeconds: WHEN_TOLD, quotaPerMinute: 1e6, deleteGraceSeconds: 0, ...google },
      retry: { baseMs: 20, maxMs: 500, ...retry },
      rules: { echoWindowSeconds: 0.2, ...rules },
    };
  }
}

function isPoll(event: SyncEvent): boolean {
  return event.type === 'feed' && event.feed === 'bookings';
}

function appointmentOf(event: EventResource): string {
  return event.extendedProperties?.private?.['uscheduleAppointmentId'] ?? '';
}
