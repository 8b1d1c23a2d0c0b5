import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HOUR, MINUTE, type Bay, type Instant, type SyncEngine, type SyncEvent } from '@loft/sync-core';
import {
  startGoogleSimulator,
  type EventResource,
  type GoogleSimulator,
  type SimulatorOptions as GoogleOptions,
} from '@loft/sync-google/simulator';
import {
  startUScheduleSimulator,
  type SimulatorOptions,
  type UScheduleSimulator,
} from '@loft/sync-uschedule/simulator';
import { describeFaults } from '#src/config/configuration-fault.js';
import { readSettings } from '#src/config/read-settings.js';
import { startService, type RunningService } from '#src/process/start-service.js';
import { newestTimeZones } from '#src/time-zones/time-zone-sources.js';
import { minimalFile } from './settings-fixture.js';
import { SkippingClock } from './skipping-clock.js';
import { waitFor } from './wait-for.js';

const TIME_ZONES = newestTimeZones({});
/** Feeds run at the start and on request only. */
const WHEN_TOLD = 1e6;
/** The longest delay of a service that `settle` skips. */
const LONGEST_SKIP_MS = 30_000;

type Group = Readonly<Record<string, unknown>>;

export interface InstallationOptions {
  readonly bays?: readonly Bay[];
  readonly uschedule?: Group;
  readonly google?: Group;
  readonly rules?: Group;
  /** Replaces the studio's own account. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** One studio on both simulators over real HTTP, and any number of installations of the service, each with its store. */
export class Studio {
  readonly google: GoogleSimulator;
  readonly uschedule: UScheduleSimulator;
  readonly clock: SkippingClock;
  /** The calendars that the test reads. */
  readonly calendars: string[] = minimalFile.bays.map(({ calendarId }) => calendarId);
  readonly #installations: Installation[] = [];
  readonly #openedAt: Instant = Date.now();

  private constructor(google: GoogleSimulator, uschedule: UScheduleSimulator, clock: SkippingClock) {
    this.google = google;
    this.uschedule = uschedule;
    this.clock = clock;
  }

  static async open(uschedule: SimulatorOptions = {}, google: GoogleOptions = {}): Promise<Studio> {
    const clock = new SkippingClock();
    const now = (): Instant => clock.now();
    const { timeZone } = minimalFile;
    const calendars = minimalFile.bays.map(({ calendarId }) => calendarId);
    return new Studio(
      await startGoogleSimulator({
        calendars,
        timeZone,
        zoneOffset: (zone, at) => TIME_ZONES.offsetAt(at, zone) / MINUTE,
        now,
        ...google,
      }),
      await startUScheduleSimulator({ timeZone, timeZones: TIME_ZONES, now, ...uschedule }),
      clock,
    );
  }

  /** Creates another installation of the service, with an empty store; it is not started. */
  async install(options: InstallationOptions = {}): Promise<Installation> {
    const directory = await mkdtemp(join(tmpdir(), 'loft-sync-test-'));
    const installation = new Installation(this, directory, options);
    this.#installations.push(installation);
    return installation;
  }

  async close(): Promise<void> {
    for (const installation of this.#installations) await installation.remove();
    await this.uschedule.close();
    await this.google.close();
  }

  /** The full hour, `hours` hours after the studio was opened. */
  hour(hours: number): Instant {
    return (Math.floor(this.#openedAt / HOUR) + hours) * HOUR;
  }

  /** Makes one booking at each of these hours. */
  book(hours: readonly number[], unit = 5523): readonly string[] {
    return hours.map((hour, index) =>
      this.uschedule.book({ unit, start: this.hour(hour), customerName: `Customer ${index + 1}` }),
    );
  }

  /** The live events of all calendars that have an appointment's properties. */
  eventsOf(appointmentId: string): readonly (EventResource & { readonly calendarId: string })[] {
    return this.calendars.flatMap((calendarId) =>
      this.google
        .events(calendarId)
        .filter((event) => event.extendedProperties?.private?.['uscheduleAppointmentId'] === appointmentId)
        .map((event) => ({ ...event, calendarId })),
    );
  }

  /** The one event of an appointment. */
  eventOf(appointmentId: string): EventResource & { readonly calendarId: string } {
    const [event, ...others] = this.eventsOf(appointmentId);
    if (!event || others.length > 0)
      throw new Error(`appointment ${appointmentId} has ${others.length + (event ? 1 : 0)} events`);
    return event;
  }

  drag(appointmentId: string, start: Instant): void {
    const { calendarId, id } = this.eventOf(appointmentId);
    this.google.person.dragEvent(calendarId, id, { start });
  }

  delete(appointmentId: string): void {
    const { calendarId, id } = this.eventOf(appointmentId);
    this.google.person.deleteEvent(calendarId, id);
  }

  startOfEvent(appointmentId: string): Instant {
    return Date.parse(this.eventOf(appointmentId).start?.dateTime ?? '');
  }

  /** The live bookings and the live events with our properties, one line each; both lists must be equal. */
  sides(): { readonly bookings: readonly string[]; readonly events: readonly string[] } {
    const line = (id: string, unit: number | string, start: Instant, end: Instant): string =>
      `${id} ${unit} ${new Date(start).toISOString()} ${new Date(end).toISOString()}`;
    const bookings = this.uschedule.liveBookings().map(({ id, unit, start, end }) => line(id, unit, start, end));
    const events = minimalFile.bays.flatMap(({ calendarId, resourceUnitId }) =>
      this.google.events(calendarId).map(({ extendedProperties, start, end }) => {
        const id = extendedProperties?.private?.['uscheduleAppointmentId'] ?? 'unmarked';
        return line(id, resourceUnitId, Date.parse(start?.dateTime ?? ''), Date.parse(end?.dateTime ?? ''));
      }),
    );
    return { bookings: bookings.toSorted(), events: events.toSorted() };
  }
}

/** The service in this process, as `serve` makes it, with a store of its own. */
export class Installation {
  readonly events: SyncEvent[] = [];
  readonly #studio: Studio;
  readonly #directory: string;
  #options: InstallationOptions;
  #service: RunningService | null = null;

  constructor(studio: Studio, directory: string, options: InstallationOptions) {
    this.#studio = studio;
    this.#directory = directory;
    this.#options = options;
  }

  get engine(): SyncEngine {
    if (!this.#service) throw new Error('the service does not run');
    return this.#service.engine;
  }

  /** Starts the service, and waits for its first poll. */
  async start(change: InstallationOptions = {}): Promise<this> {
    this.#options = { ...this.#options, ...change };
    const before = this.events.length;
    const text = JSON.stringify(this.#file());
    const settings = readSettings(this.#environment(), { text }, null, TIME_ZONES);
    if (settings.err) throw new Error(describeFaults(settings.val, 'of the test'));
    const service = await startService(settings.val, {
      hostname: '127.0.0.1',
      logTo: { write: () => {} },
      clock: this.#studio.clock,
      observers: [{ onEvent: (event) => void this.events.push(event) }],
    });
    if (service.err) throw new Error(service.val);
    this.#service = service.val;
    await waitFor('the first poll', () =>
      this.events.slice(before).some((event) => event.type === 'feed' && event.feed === 'bookings'),
    );
    return this;
  }

  async stop(): Promise<void> {
    await this.#service?.stop();
    this.#service = null;
  }

  async remove(): Promise<void> {
    await this.stop();
    for (const end of ['', '-backup']) await rm(`${this.#directory}${end}`, { recursive: true, force: true });
  }

  /** Copies the store of the stopped service. */
  backUp(): Promise<void> {
    return cp(this.#directory, `${this.#directory}-backup`, { recursive: true });
  }

  /** Restores the copy as the store of the stopped service. */
  async restore(): Promise<void> {
    await this.loseStore();
    await cp(`${this.#directory}-backup`, this.#directory, { recursive: true });
  }

  async loseStore(): Promise<void> {
    await rm(this.#directory, { recursive: true, force: true });
  }

  /** Waits until no task is due or claimed, and this number of tasks waits. */
  async untilWaiting(count: number): Promise<void> {
    await waitFor(
      `${count} tasks to wait`,
      async () => {
        const { due, claimed, waiting } = (await this.engine.status()).expect('the status').tasks;
        return due + claimed === 0 && waiting === count;
      },
      20_000,
    );
  }

  /** Runs `rounds` rounds of one poll, one sweep and all deferred tasks, with delays skipped. */
  async settle(rounds = 2): Promise<void> {
    for (let round = 0; round < rounds; round++) {
      await this.engine.tick();
      await waitFor(
        'no task to be left',
        async () => {
          const { due, claimed, waiting } = (await this.engine.status()).expect('the status').tasks;
          if (due + claimed === 0 && waiting > 0) this.#studio.clock.skip(LONGEST_SKIP_MS);
          return due + claimed + waiting === 0;
        },
        20_000,
      );
    }
  }

  /** The answer of `/ready`. */
  async ready(): Promise<{
    readonly status: number;
    readonly reasons: readonly string[];
    readonly warnings: readonly string[];
  }> {
    const url = `http://127.0.0.1:${this.#service?.port ?? 0}/ready`;
    const answer = await fetch(url, { headers: { Connection: 'close' } });
    const { reasons, warnings } = (await answer.json()) as Record<'reasons' | 'warnings', readonly string[]>;
    return { status: answer.status, reasons, warnings };
  }

  /** The reasons of the decisions about an appointment, in their order. */
  reasons(appointmentId: string): readonly string[] {
    return this.events.flatMap((event) =>
      event.type === 'decision' && event.appointmentId === appointmentId ? [event.reason] : [],
    );
  }

  #environment(): Readonly<Record<string, string>> {
    const { google, uschedule } = this.#studio;
    const { baseUrl, alias, applicationKey, username, password } = uschedule.connection;
    return {
      PORT: '0',
      STORE_URL: `sqlite:${join(this.#directory, 'store.db')}`,
      ADMIN_TOKEN: 'the-admin-token',
      GOOGLE_SERVICE_ACCOUNT_JSON: google.serviceAccountKey(),
      GOOGLE_API_ROOT_URL: google.rootUrl,
      USCHEDULE_BASE_URL: baseUrl,
      USCHEDULE_ALIAS: alias,
      USCHEDULE_APP_KEY: applicationKey,
      USCHEDULE_USERNAME: username,
      USCHEDULE_PASSWORD: password,
      LOG_LEVEL: 'debug',
      ...this.#options.environment,
    };
  }

  #file(): Group {
    const { bays = minimalFile.bays, uschedule, google, rules } = this.#options;
    return {
      ...minimalFile,
      bays,
      uschedule: { pollSeconds: WHEN_TOLD, ...uschedule },
      google: { sweepSeconds: WHEN_TOLD, quotaPerMinute: 1e6, ...google },
      retry: { baseMs: 20, maxMs: 500 },
      rules: { echoWindowSeconds: 0.2, ...rules },
    };
  }
}
