import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { requireRadicale, startRadicale } from '../../../scripts/radicale.mjs';
import { answeringService, CLIENT_COMMANDS } from './support/answering-service.js';
import { processorTimes } from './support/processor-time.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const run = promisify(execFile);

/** The first installation of the CalDAV server takes a minute. */
const INSTALL_TIMEOUT_MS = 15 * 60_000;

const PACKAGES = ['core', 'http', 'adapters-google', 'adapters-uschedule', 'store-sqlite', 'store-mongo', 'server'];

const TEN_LINES = `
const bays = [{ bay: '1', name: 'Bay 1', resourceUnitId: 5523, calendarId: 'bay-1' }];
const settings = { ...DEFAULT_SETTINGS, timeZone: 'America/Phoenix', bays };
const clock = new VirtualClock();
const bookings = new MemoryBookings({ clock });
const calendars = new MemoryCalendars({ clock, calendars: ['bay-1'] });
const engine = createSyncEngine({ bookings, calendars, store: new MemoryStore(), clock, settings }).unwrap();
bookings.user.book({ unit: 5523, start: clock.now() + 24 * HOUR, customerName: 'Ana R.' });
await engine.start();
await clock.advance(2 * MINUTE);
console.log(calendars.events('bay-1').map(({ title }) => title).join());
`;

const ESM = `
import { createSyncEngine, DEFAULT_SETTINGS, HOUR, MemoryStore, MINUTE } from '@loft/sync-core';
import { MemoryBookings, MemoryCalendars, VirtualClock } from '@loft/sync-core/testing';
${TEN_LINES}
await engine.stop();
`;

const COMMON_JS = `
async function main(): Promise<void> {
const { createSyncEngine, DEFAULT_SETTINGS, HOUR, MemoryStore, MINUTE } = await import('@loft/sync-core');
const { MemoryBookings, MemoryCalendars, VirtualClock } = await import('@loft/sync-core/testing');
${TEN_LINES}
await engine.stop();
}
void main();
`;

/** The same sync through the real adapters, over HTTP, into a database. */
const ADAPTERS = `
import { createSyncEngine, completeSettings, HOUR, systemClock } from '@loft/sync-core';
import { createGoogleCalendarSystem } from '@loft/sync-google';
import { startGoogleSimulator } from '@loft/sync-google/simulator';
import { openSqliteStore } from '@loft/sync-store-sqlite';
import { createUScheduleBookingSystem } from '@loft/sync-uschedule';
import { startUScheduleSimulator } from '@loft/sync-uschedule/simulator';

const timeZone = 'America/Phoenix';
const bays = [{ bay: '1', name: 'Bay 1', resourceUnitId: 5523, calendarId: 'bay-1@calendar.example' }];
const google = await startGoogleSimulator({ calendars: ['bay-1@calendar.example'] });
const uschedule = await startUScheduleSimulator({ timeZone });
const { baseUrl, alias, applicationKey, username, password } = uschedule.connection;
const login = { kind: 'password', username, password } as const;
const bookings = createUScheduleBookingSystem({ baseUrl, alias, applicationKey, login, timeZone });
const credentials = { kind: 'key', json: google.serviceAccountKey() } as const;
const calendars = createGoogleCalendarSystem({ rootUrl: google.rootUrl, credentials, timeZone });
const store = await openSqliteStore('store.db');
if (store.err) throw new Error(store.val.message);
const clock = systemClock();
const settings = completeSettings({ timeZone, bays });
const engine = createSyncEngine({ bookings, calendars, store: store.val, clock, settings }).unwrap();
const start = Math.ceil(Date.now() / HOUR) * HOUR + 24 * HOUR;
uschedule.book({ unit: 5523, start, customerName: 'Ana R.' });
await engine.start();
await engine.tick();
console.log(google.events('bay-1@calendar.example').map(({ summary }) => summary).join());
await engine.stop();
await store.val.close();
await uschedule.close();
await google.close();
`;

/** The store for several processes and the service: their entry points, and their error messages. */
const HOSTS = `
import { openMongoStore } from '@loft/sync-store-mongo';
import { loadSettings, readEnvironment } from '@loft/sync-server';

const store = await openMongoStore('no address');
console.log(store.err ? store.val.kind : 'open');
const settings = await loadSettings(readEnvironment({ LOFT_SYNC_CONFIG: 'nothing.json' }));
console.log(settings.err ? settings.val.split('\\n')[0] : 'complete');
`;

const PROGRAMS = { 'sync.mts': ESM, 'sync.cts': COMMON_JS, 'adapters.mts': ADAPTERS, 'hosts.mts': HOSTS };

const TSCONFIG = {
  compilerOptions: {
    target: 'ES2023',
    lib: ['ES2023'],
    module: 'NodeNext',
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    verbatimModuleSyntax: false,
    // Declarations are checked too: ours, and the declarations of libraries that ours import.
    skipLibCheck: false,
    types: ['node'],
    typeRoots: [join(ROOT, 'node_modules/@types')],
  },
  files: Object.keys(PROGRAMS),
  include: ['examples/**/*.ts'],
};

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
}

describe('the published packages', function () {
  this.timeout(600_000);
  let project: string;
  let compilerFaults = 'not compiled';

  before(async () => {
    project = await mkdtemp(join(tmpdir(), 'loft-sync-consumer-'));
    const folders = PACKAGES.flatMap((name) => ['--workspace', `packages/${name}`]);
    const packing = await run('npm', ['pack', '--json', '--pack-destination', project, ...folders], {
      cwd: ROOT,
      maxBuffer: 2 ** 26,
    });
    const packed = JSON.parse(packing.stdout) as readonly { readonly name: string; readonly filename: string }[];
    const dependencies = Object.fromEntries(packed.map(({ name, filename }) => [name, `file:${filename}`]));
    const examples = JSON.parse(await readFile(join(ROOT, 'examples/package.json'), 'utf8')) as Manifest;
    const others = Object.entries(examples.dependencies).filter(([name]) => !name.startsWith('@loft/'));
    Object.assign(dependencies, Object.fromEntries(others));
    await cp(join(ROOT, 'examples/src'), join(project, 'examples'), { recursive: true });
    const manifest = { name: 'consumer', private: true, type: 'module', dependencies };
    await writeFile(join(project, 'package.json'), JSON.stringify(manifest));
    await writeFile(join(project, 'tsconfig.json'), JSON.stringify(TSCONFIG));
    for (const [name, source] of Object.entries(PROGRAMS)) await writeFile(join(project, name), source);
    const quiet = ['--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'];
    await run('npm', ['install', ...quiet], { cwd: project });
    // All programs at once: reading the declarations takes most of the time.
    const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
    compilerFaults = await run(process.execPath, [compiler, '-p', project]).then(
      ({ stdout }) => stdout,
      (error: unknown) => (error as { readonly stdout?: string }).stdout || (error as Error).message,
    );
  });
  after(() => rm(project, { recursive: true, force: true }));

  /** The output of a program of the consumer. */
  async function outputOf(name: string, variables: Readonly<Record<string, string>> = {}): Promise<string> {
    const built = name.replace(/ts$/, 'js');
    const options = { cwd: project, env: { ...process.env, ...variables }, timeout: 120_000 };
    return (await run(process.execPath, [built], options)).stdout.trim();
  }

  it('type-check with strict settings, their own declarations too', () => {
    // The two libraries of the CalDAV example have faulty declarations.
    const faults = compilerFaults.split('\n').filter((line) => !/node_modules\/(?:ical\.js|tsdav)\//.test(line));
    expect(faults.join('\n')).to.equal('');
  });

  it('sync one booking in ten lines, as modules', async () => {
    expect(TEN_LINES.trim().split('\n')).to.have.length(10);
    expect(await outputOf('sync.mts')).to.equal('Ana R.');
  });

  it('sync one booking from CommonJS, too', async () => {
    expect(await outputOf('sync.cts')).to.equal('Ana R.');
    expect(await readFile(join(project, 'sync.cjs'), 'utf8')).to.contain("import('@loft/sync-core')");
  });

  it('sync one booking through the adapters and into a database', async () => {
    expect(await outputOf('adapters.mts')).to.equal('Ana R.');
  });

  it('export the service and its store for a program that embeds them', async () => {
    expect(await outputOf('hosts.mts')).to.equal('invalid\nThe service cannot start: 5 settings are missing or wrong.');
  });

  it('run the program of docs/embedding.md', async () => {
    expect((await outputOf('examples/embed-engine.ts')).split('\n')).to.have.length(2);
  });

  it('run the service with the booking system that the settings file names', async () => {
    expect(await outputOf('examples/club-service.ts')).to.match(/^North shows loft\d+: Ana R\.\nReservation \d+ is in/);
  });

  it('run the service with CalDAV calendars that the settings file names', async function () {
    this.timeout(INSTALL_TIMEOUT_MS);
    const log = (message: string): void => void process.stderr.write(`${message}\n`);
    const radicale = requireRadicale(await startRadicale({ log }), () => this.skip());
    try {
      for (const name of ['bay-1', 'bay-2']) await radicale.createCalendar(name);
      const { home, username, password } = radicale.account;
      const variables = { CALDAV_HOME: home, CALDAV_USERNAME: username, CALDAV_PASSWORD: password };
      expect(await outputOf('examples/caldav-service.ts', variables)).to.match(
        /^Bay 1 shows (loft\d+): Ana R\.\nBay 2 shows \1g1: Ana R\.\nBooking \d+ is canceled\n/,
      );
    } finally {
      await radicale.stop();
    }
  });

  it('contain the command loft-sync', async () => {
    const command = join(project, 'node_modules/.bin/loft-sync');
    const { version } = JSON.parse(await readFile(join(ROOT, 'packages/server/package.json'), 'utf8')) as {
      readonly version: string;
    };
    expect((await run(command, ['version'], { cwd: project })).stdout.trim()).to.equal(version);
    const checked = await run(command, ['config', 'check'], { cwd: project }).catch((error: unknown) => error);
    expect(checked).to.deep.include({ code: 78 });
    // A command whose code is not in the one file.
    const help = await run(command, ['simulate', '--steps', '1000', '--json'], { cwd: project });
    expect(JSON.parse(help.stdout)).to.have.property('seed');
  });

  it('run every command that only asks a service in little more processor time than bare Node', async () => {
    const program = join(project, 'node_modules/@loft/sync-server/bin/loft-sync.js');
    const commands = CLIENT_COMMANDS.map((command) => [command.join(' '), [program, ...command]] as const);
    const service = await answeringService();
    const variables = { ADMIN_TOKEN: 'any', LOFT_SYNC_URL: service.url };
    const runs: Readonly<Record<string, readonly string[]>> = {
      bare: ['--eval', '0'],
      ...Object.fromEntries(commands),
    };
    const { bare = 0, ...times } = await processorTimes(runs, variables, { rounds: 7, limit: 5 }).finally(
      service.close,
    );
    // About 2 on an idle machine, more on a busy one. The service itself takes 7.
    expect(Math.max(...Object.values(times)) / bare, JSON.stringify({ bare, ...times })).to.be.lessThan(5);
  });
});
