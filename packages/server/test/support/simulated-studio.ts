import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HOUR } from '@loft/sync-core';
import { startGoogleSimulator, type EventResource, type GoogleSimulator } from '@loft/sync-google/simulator';
import { startUScheduleSimulator, type UScheduleSimulator } from '@loft/sync-uschedule/simulator';
import { signHint } from '#src/http/hint-signature.js';
import { PublicAddress } from './public-address.js';
import { minimalFile } from './settings-fixture.js';
import { ServiceProcess } from './service-process.js';
import { waitFor } from './wait-for.js';

/** Intervals so long that no test sees a second round. */
export const NEVER_AGAIN = { uschedule: { pollSeconds: 1e6 }, google: { sweepSeconds: 1e6 } };
const EVERY_SECOND = { uschedule: { pollSeconds: 1 }, google: { sweepSeconds: 1 } };

interface Intervals {
  readonly uschedule: { readonly pollSeconds: number };
  readonly google: { readonly sweepSeconds: number };
}

export interface StudioOptions {
  readonly intervals?: Intervals;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Both simulators on real ports, a directory, and the settings of a service on them. */
export class SimulatedStudio {
  readonly google: GoogleSimulator;
  readonly uschedule: UScheduleSimulator;
  readonly bays = minimalFile.bays;
  readonly environment: Readonly<Record<string, string>>;
  readonly directory: string;
  readonly #address: PublicAddress;
  readonly #processes: ServiceProcess[] = [];

  private constructor(
    google: GoogleSimulator,
    uschedule: UScheduleSimulator,
    address: PublicAddress,
    directory: string,
    environment: Readonly<Record<string, string>>,
  ) {
    this.google = google;
    this.uschedule = uschedule;
    this.#address = address;
    this.directory = directory;
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
    const google = await startGoogleSimulator({ calendars: minimalFile.bays.map(({ calendarId }) => calendarId) });
    const uschedule = await startUScheduleSimulator();
    const address = await PublicAddress.open();
    const file = { ...minimalFile, ...(options.intervals ?? EVERY_SECOND) };
    await writeFile(join(directory, 'settings.json'), JSON.stringify(file));
    return new SimulatedStudio(google, uschedule, address, directory, options.environment ?? {});
  }

  /** Ends every process and everything else. */
  async close(): Promise<void> {
    for (const service of this.#processes) if (service.ending === null) await service.stop('SIGKILL');
    await this.#address.close();
    await this.uschedule.close();
    await this.google.close();
    await rm(this.directory, { recursive: true, force: true });
  }

  /** Runs a command of the program. */
  run(command: readonly string[], change: Readonly<Record<string, string>> = {}): ServiceProcess {
    const service = new ServiceProcess(command, { ...this.environment, ...change });
    this.#processes.push(service);
    return service;
  }

  /** Starts the service and waits until it is ready. */
  async serve(change: Readonly<Record<string, string>> = {}): Promise<ServiceProcess> {
    const service = this.run(['serve'], change);
    this.#address.target = await service.listening();
    await waitFor('the service to be ready', async () => (await fetch(`${this.url}/ready`)).ok);
    return service;
  }

  /** The address of the service. */
  get url(): string {
    return this.#address.url;
  }

  /** Sends a signed hint and answers the status. */
  async hint(appointmentId: string): Promise<number> {
    const body = JSON.stringify({ appointmentId });
    const timestamp = String(Math.floor(Date.now() / 1000));
    const signature = signHint('the-webhook-secret', timestamp, body);
    const headers = { 'X-Loft-Timestamp': timestamp, 'X-Loft-Signature': signature };
    return (await fetch(`${this.url}/webhook/uschedule`, { method: 'POST', headers, body })).status;
  }

  /** An answer of `/admin` or `/metrics`. */
  async admin(path: string): Promise<string> {
    const answer = await fetch(`${this.url}${path}`, { headers: { Authorization: 'Bearer the-admin-token' } });
    return answer.text();
  }

  /** The value of a sample in `/metrics`; null when it is not there. */
  async metric(sample: string): Promise<number | null> {
    const line = (await this.admin('/metrics')).split('\n').find((it) => it.startsWith(`${sample} `));
    return line === undefined ? null : Number(line.slice(sample.length + 1));
  }

  /** Books the first bay, so many hours from now. */
  book(hours: number, customerName = 'Ana R.', unit = 5523): string {
    return this.uschedule.book({ unit, start: this.hour(hours), customerName });
  }

  /** The full hour so many hours from now. */
  hour(hours: number): number {
    return (Math.floor(Date.now() / HOUR) + hours) * HOUR;
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

  /** How often the service has listed the bookings so far. */
  get polls(): number {
    return this.uschedule.calls.filter(({ method }) => method === 'getapiappointments').length;
  }

  /** Waits until the service has polled so many times more. */
  async morePolls(times: number): Promise<void> {
    const from = this.polls;
    await waitFor(`${times} more polls`, () => this.polls >= from + times);
  }
}
