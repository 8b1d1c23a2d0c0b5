import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MemoryStore, systemClock } from '@loft/sync-core';
import { MemoryBookings, MemoryCalendars } from '@loft/sync-core/testing';
import { loadSettings, readEnvironment, readSettings, startService, type Environment } from '@loft/sync-server';
import { expect } from 'chai';
import { configCheck } from '#src/cli/config-check.js';
import { doctor } from '#src/cli/doctor.js';
import { plan } from '#src/cli/plan.js';
import { minimalEnvironment, minimalFile } from './support/settings-fixture.js';
import { waitFor } from './support/wait-for.js';

const MODULE = fileURLToPath(new URL('support/other-adapters.js', import.meta.url));
const bays = [
  { ...minimalFile.bays[0], resourceUnitId: 'north' },
  { ...minimalFile.bays[1], resourceUnitId: 'south' },
];

describe('a settings file that names other adapters', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'loft-sync-adapters-'));
  });
  after(() => rm(folder, { recursive: true }));

  async function environmentFor(adapters: object, variables: object = {}): Promise<Environment> {
    const path = join(folder, 'loft-sync.config.json');
    await writeFile(path, JSON.stringify({ ...minimalFile, bays, adapters }));
    return readEnvironment({
      LOFT_SYNC_CONFIG: path,
      STORE_URL: 'memory:',
      PORT: '0',
      LOG_LEVEL: 'silent',
      ...variables,
    });
  }

  interface Ended {
    readonly code: number;
    readonly out: string;
    readonly err: string;
  }

  async function run(
    command: (output: {
      out: (text: string) => void;
      err: (text: string) => void;
      colours: boolean;
    }) => Promise<number>,
  ): Promise<Ended> {
    const lines = { out: '', err: '' };
    const code = await command({
      out: (text) => void (lines.out += `${text}\n`),
      err: (text) => void (lines.err += `${text}\n`),
      colours: false,
    });
    return { code, ...lines };
  }

  const both = { bookings: MODULE, calendars: MODULE };

  it('requires no setting of USchedule, and shows the adapters in config check', async () => {
    const environment = await environmentFor(both);
    const { code, out } = await run((output) => configCheck(environment, output, false));
    expect(code).to.equal(0);
    expect(out).to.match(/Bookings +\S+other-adapters\.js, polled every 60 s/);
    expect(out).to.match(/Calendars +\S+other-adapters\.js/);
    const json = await run((output) => configCheck(environment, output, true));
    expect(JSON.parse(json.out)).to.deep.include({ adapters: { bookings: MODULE, calendars: MODULE } });
  });

  it('makes doctor read bookings, units and calendars of these systems', async () => {
    const environment = await environmentFor(both);
    const { code, out } = await run((output) => doctor(environment, output, false));
    expect(code, out).to.equal(0);
    for (const line of [
      'club: reading',
      'club: Bay 1',
      'club: Bay 2',
      'wall-calendar: Bay 1',
      'wall-calendar: Bay 2',
    ]) {
      expect(out).to.include(`ok    ${line}`);
    }
  });

  it('makes plan use these systems', async () => {
    const environment = await environmentFor(both);
    const { code, out } = await run((output) => plan(environment, output, { emptyStore: true, exitCode: true }));
    expect(code, out).to.equal(2);
    expect(out).to.include('Ana R.');
  });

  it('runs the whole service on these systems, with their names in the metrics', async () => {
    const environment = await environmentFor(both, { ADMIN_TOKEN: 'admin' });
    const settings = (await loadSettings(environment)).unwrap();
    const service = (await startService(settings, { hostname: '127.0.0.1' })).unwrap();
    try {
      await waitFor('a map', async () => (await service.store.listMaps({})).unwrap().length === 1);
      const address = `http://127.0.0.1:${service.port}/metrics`;
      const text = await (await fetch(address, { headers: { authorization: 'Bearer admin' } })).text();
      expect(text).to.match(/loft_sync_api_calls_total\{[^}]*system="club"/);
      expect(text).to.match(/loft_sync_api_calls_total\{[^}]*system="wall-calendar"/);
    } finally {
      await service.stop();
    }
  });

  it('stops although the store cannot be closed', async () => {
    const settings = (await loadSettings(await environmentFor(both))).unwrap();
    const service = (await startService(settings, { hostname: '127.0.0.1' })).unwrap();
    const close = service.store.close.bind(service.store);
    service.store.close = () => Promise.reject(new Error('the disk is gone'));
    await service.stop();
    await close();
  });

  it('reports faults of the adapters together with all other faults', async () => {
    const schema = await environmentFor({
      bookings: { module: MODULE, settings: { refuse: 5 } },
      calendars: 'no-such-package',
    });
    const { code, err } = await run((output) => configCheck(schema, output, false));
    expect(code).to.equal(78);
    expect(err).to.include('adapters.bookings.settings.refuse is wrong or missing. The adapter says: "refuse" must be');
    expect(err).to.include('adapters.calendars cannot be loaded: ');
    expect(err).to.not.include('USCHEDULE');

    const wrong = fileURLToPath(new URL('support/wait-for.js', import.meta.url));
    const other = await environmentFor({ bookings: wrong });
    const found = await run((output) => configCheck(other, output, false));
    expect(found.err).to.include(`adapters.bookings is "${wrong}", which exports no createBookingSystem`);
  });

  it('reports in one sentence that a factory throws, without a value of its variables', async () => {
    const adapters = { bookings: { module: MODULE, settings: { refuse: true } }, calendars: MODULE };
    const environment = await environmentFor(adapters, { ADAPTER_KEY: 'a-secret-key' });
    const settings = (await loadSettings(environment)).unwrap();
    const started = await startService(settings, { hostname: '127.0.0.1' });
    expect(started.val).to.match(/^The adapter ".*other-adapters\.js" cannot be created: no account for/);
    expect(started.val).to.not.include('a-secret-key');
    const examined = await run((output) => doctor(environment, output, false));
    expect(examined.code).to.equal(1);
    expect(examined.err).to.include('cannot be created').and.not.include('a-secret-key');
  });

  it('is refused by readSettings, which loads no module', () => {
    const file = { text: JSON.stringify({ ...minimalFile, adapters: { bookings: 'x' } }) };
    const read = readSettings(readEnvironment(minimalEnvironment), file);
    expect(read.err && read.val.map(({ where }) => where)).to.deep.equal(['adapters.bookings']);
  });
});

describe('a unit id that is not a number', () => {
  it('is a fault if the booking system is USchedule', () => {
    const file = { text: JSON.stringify({ ...minimalFile, bays }) };
    const read = readSettings(readEnvironment(minimalEnvironment), file);
    expect(read.err && read.val.map(({ where }) => where)).to.deep.equal([
      'bays[0].resourceUnitId',
      'bays[1].resourceUnitId',
    ]);
  });
});

describe('startService with ports of the host', () => {
  it('runs on these ports, and leaves the store open for its owner', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'loft-sync-host-'));
    const path = join(folder, 'file.json');
    await writeFile(path, JSON.stringify({ ...minimalFile, bays, uschedule: { pollSeconds: 0.1 } }));
    const environment = readEnvironment({ LOFT_SYNC_CONFIG: path, PORT: '0', LOG_LEVEL: 'silent' });
    const settings = (await loadSettings(environment, { bookings: true, calendars: true })).unwrap();
    const clock = systemClock();
    const bookings = new MemoryBookings({ clock, units: ['north', 'south'] });
    const calendars = new MemoryCalendars({ clock, calendars: bays.map(({ calendarId }) => calendarId ?? '') });
    const store = new MemoryStore();
    const service = (await startService(settings, { hostname: '127.0.0.1', bookings, calendars, store })).unwrap();
    bookings.user.book({ unit: 'south', start: clock.now() + 30 * 3_600_000, customerName: 'Ana R.' });
    await waitFor('an event', () => calendars.events(bays[1]?.calendarId ?? '').length === 1);
    await service.stop();
    expect((await store.ping()).ok).to.equal(true);
    expect((await store.listMaps({})).unwrap()).to.have.length(1);
    await rm(folder, { recursive: true });
  });
});
