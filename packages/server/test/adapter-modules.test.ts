import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, type BookingSystem } from '@loft/sync-core';
import { createHttpClient } from '@loft/sync-http';
import { loadSettings, readEnvironment, startService } from '@loft/sync-server';
import { expect } from 'chai';
import { loadAdapters } from '#src/adapters/load-adapters.js';
import { makeBookings, tryToMake } from '#src/adapters/make-adapters.js';
import type { ServiceSettings } from '#src/config/service-settings.js';
import { minimalEnvironment, minimalFile } from './support/settings-fixture.js';

/** Modules of authors who make mistakes. */
const FACTORY = 'export const createBookingSystem = ';
const SCHEMA = `${FACTORY}() => ({}); export const settingsSchema = `;

describe('an adapter module with a mistake', () => {
  let folder: string;
  let modules = 0;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'loft-sync-modules-'));
  });
  after(() => rm(folder, { recursive: true }));

  async function written(source: string): Promise<string> {
    const name = `adapter-${modules++}.mjs`;
    await writeFile(join(folder, name), source);
    return name;
  }

  async function faultOf(source: string): Promise<string> {
    const names = { bookings: { module: `./${await written(source)}`, settings: {} } };
    const loaded = await loadAdapters(names, join(folder, 'file.json'), 200);
    if (loaded.ok) return 'no fault';
    return loaded.val.map(({ where, problem, remedy }) => `${where} ${problem}. ${remedy}`).join('\n');
  }

  async function settingsWith(
    source: string,
    variables: object = {},
    callTimeoutSeconds = 0.1,
  ): Promise<ServiceSettings> {
    const path = join(folder, 'file.json');
    const adapters = { bookings: `./${await written(source)}` };
    await writeFile(path, JSON.stringify({ ...minimalFile, adapters, retry: { callTimeoutSeconds } }));
    const environment = {
      ...minimalEnvironment,
      LOFT_SYNC_CONFIG: path,
      STORE_URL: 'memory:',
      PORT: '0',
      LOG_LEVEL: 'silent',
      ...variables,
    };
    return (await loadSettings(readEnvironment(environment))).unwrap();
  }

  for (const [mistake, source, fault] of [
    ['throws an object without a text', 'throw Object.create(null);', /^adapters\.bookings cannot be loaded: a value/],
    ['never ends loading', 'await new Promise(() => {});', /which was not loaded within 0\.2 s\. A top-level await/],
    ['has a schema that throws', `${SCHEMA}{ safeParse() { throw new Error('broken'); } };`, /failed: Error: broken\./],
    ['has a schema without safeParse', `${SCHEMA}{ parse() {} };`, /settingsSchema without the method safeParse\. Exp/],
    ['has a schema of null', `${SCHEMA}null;`, /^adapters\.bookings has a settingsSchema that failed: TypeError/],
    ['has an asynchronous schema', `${SCHEMA}{ async safeParse() {} };`, /that answers no "success"\. Export a zod/],
    ['refuses without issues', `${SCHEMA}{ safeParse: () => ({ success: false }) };`, /that failed: TypeError/],
    [
      'refuses with an empty list of issues',
      `${SCHEMA}{ safeParse: () => ({ success: false, error: { issues: [] } }) };`,
      /^adapters\.bookings\.settings is wrong\. The adapter gives no reason\.$/,
    ],
    [
      'refuses with an issue without a path',
      `${SCHEMA}{ safeParse: () => ({ success: false, error: { issues: [{ message: 'no address' }] } }) };`,
      /^adapters\.bookings\.settings is wrong or missing\. The adapter says: no address\.$/,
    ],
  ] as const) {
    it(`that ${mistake} is a fault of the settings`, async () => {
      expect(await faultOf(source)).to.match(fault);
    });
  }

  for (const [mistake, source, reason] of [
    ['throws an object without a text', `${FACTORY}() => { throw Object.create(null); };`, 'a value without a text'],
    ['answers nothing', `${FACTORY}() => undefined;`, 'its factory answered undefined, not an adapter'],
    ['never answers', `${FACTORY}() => new Promise(() => {});`, 'its factory did not answer within 100 ms'],
    ['rejects', `${FACTORY}() => Promise.reject(new Error('no account'));`, 'created: no account'],
  ] as const) {
    it(`whose factory ${mistake} stops the start with one sentence`, async () => {
      const started = await startService(await settingsWith(source), { hostname: '127.0.0.1' });
      expect(started.val).to.match(/^The adapter "\.\/adapter-\d+\.mjs" cannot be created: /);
      expect(started.val).to.include(reason);
    });
  }

  it('without any method of the port stops the start, with the names of the methods', async () => {
    const started = await startService(await settingsWith(`${FACTORY}() => Object.freeze({});`), {});
    expect(started.val).to.include('bookings has no method listBookings, getBooking, listFreeSlots');
  });

  it('leaves no store open after a failed start', async () => {
    const path = join(folder, 'open.db');
    // SQLite creates this file when the store is opened, and deletes it when the last connection is closed.
    const opened = `${path}-wal`;
    const late = `import { existsSync } from 'node:fs';
      ${FACTORY}async () => {
        while (!existsSync(${JSON.stringify(opened)})) await new Promise((resolve) => setTimeout(resolve, 5));
      };`;
    const settings = await settingsWith(late, { STORE_URL: `sqlite:${path}` }, 60);
    const started = await startService(settings, { hostname: '127.0.0.1' });
    expect(started.val).to.include('its factory answered undefined');
    expect(existsSync(opened)).to.equal(false);
  });

  it('that answers no Result, throws or is frozen is called safely', async () => {
    const port = `{
      system: 'club',
      isAppointmentId: (text) => text === 'R-1',
      listBookings: async () => undefined,
      getBooking() { throw new Error('broken'); },
      listFreeSlots: () => new Promise(() => {}),
    }`;
    const settings = await settingsWith(`${FACTORY}() => Object.freeze(${port});`);
    const http = createHttpClient();
    const bookings: BookingSystem = await makeBookings(settings, systemClock(), http);
    const listed = await bookings.listBookings({ from: 0, to: 1 });
    expect(listed.err && listed.val.message).to.match(/^club\.listBookings answered no Result/);
    const got = await bookings.getBooking('R-1');
    expect(got.err && got.val.message).to.match(/^club\.getBooking threw Error: broken/);
    expect(['R-1', 'other'].map((text) => bookings.isAppointmentId?.(text))).to.deep.equal([true, false]);
    await http.close();
  });

  it('is one sentence for doctor and plan', async () => {
    const http = createHttpClient();
    const made = await tryToMake(await settingsWith(`${FACTORY}() => 5;`), systemClock(), http);
    expect(made.err && made.val).to.include('its factory answered 5, not an adapter');
    await http.close();
  });
});
