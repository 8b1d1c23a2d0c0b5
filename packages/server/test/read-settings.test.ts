import { expect } from 'chai';
import { DEFAULT_SETTINGS } from '@loft/sync-core';
import { describeFaults, type ConfigurationFault } from '#src/config/configuration-fault.js';
import { readEnvironment } from '#src/config/environment.js';
import { readSettings } from '#src/config/read-settings.js';
import type { ServiceSettings } from '#src/config/service-settings.js';
import { minimalEnvironment, minimalFile, privateKey, serviceAccountJson } from './support/settings-fixture.js';

type Env = Readonly<Record<string, string>>;

function settingsOf(environment: Env = minimalEnvironment, file: unknown = minimalFile): ServiceSettings {
  const result = readSettings(readEnvironment(environment), { text: JSON.stringify(file) });
  if (result.err) throw new Error(describeFaults(result.val, 'settings.json'));
  return result.val;
}

function faultsOf(environment: Env, file: unknown = minimalFile): readonly ConfigurationFault[] {
  const text = typeof file === 'string' ? file : JSON.stringify(file);
  const result = readSettings(readEnvironment(environment), { text });
  return result.err ? result.val : [];
}

function placesOf(environment: Env, file: unknown = minimalFile): readonly string[] {
  return faultsOf(environment, file).map(({ where }) => where);
}

function withEnvironment(change: Readonly<Record<string, string | undefined>>): Env {
  const merged = Object.entries({ ...minimalEnvironment, ...change });
  return Object.fromEntries(merged.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

describe('readSettings', () => {
  describe('with the identity of a scheduler', () => {
    const both = { TICK_AUDIENCE: 'https://sync.example.com', TICK_SERVICE_ACCOUNT: 'tick@p.iam.gserviceaccount.com' };

    it('reads the audience and the service account, and uses Google’s keys', () => {
      expect(settingsOf({ ...minimalEnvironment, ...both }).tickIdentity).to.deep.equal({
        audience: 'https://sync.example.com',
        serviceAccount: 'tick@p.iam.gserviceaccount.com',
        keysUrl: 'https://www.googleapis.com/oauth2/v3/certs',
      });
      expect(settingsOf().tickIdentity).to.equal(null);
    });

    it('refuses one without the other, and an invalid account', () => {
      expect(placesOf(withEnvironment({ ...both, TICK_AUDIENCE: undefined }))).to.deep.equal(['TICK_AUDIENCE']);
      expect(placesOf(withEnvironment({ ...both, TICK_SERVICE_ACCOUNT: undefined }))).to.deep.equal([
        'TICK_SERVICE_ACCOUNT',
      ]);
      expect(placesOf(withEnvironment({ ...both, TICK_SERVICE_ACCOUNT: 'tick' }))).to.deep.equal([
        'TICK_SERVICE_ACCOUNT',
      ]);
    });

    it('reads the number of trusted proxies', () => {
      expect(settingsOf().trustedProxies).to.equal(0);
      expect(settingsOf({ ...minimalEnvironment, TRUSTED_PROXIES: '1' }).trustedProxies).to.equal(1);
      expect(placesOf(withEnvironment({ TRUSTED_PROXIES: 'yes' }))).to.deep.equal(['TRUSTED_PROXIES']);
    });
  });

  describe('with the variables of OpenTelemetry', () => {
    const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' };
    const wanted = (change: Env): boolean => settingsOf({ ...minimalEnvironment, ...change }).tracing;

    it('switches traces on if an endpoint or an exporter is named', () => {
      expect(wanted(endpoint)).to.equal(true);
      expect(wanted({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://127.0.0.1:4318/v1/traces' })).to.equal(true);
      expect(wanted({ OTEL_TRACES_EXPORTER: 'console' })).to.equal(true);
    });

    it('leaves traces off if nothing is named or the SDK is disabled', () => {
      expect(wanted({})).to.equal(false);
      expect(wanted({ OTEL_SERVICE_NAME: 'loft' })).to.equal(false);
      expect(wanted({ ...endpoint, OTEL_SDK_DISABLED: 'TRUE' })).to.equal(false);
      expect(wanted({ ...endpoint, OTEL_TRACES_EXPORTER: 'none' })).to.equal(false);
    });
  });

  describe('with the required settings only', () => {
    it('fills in the defaults of docs/operating-contract.md#settings', () => {
      const settings = settingsOf();
      expect(settings.port).to.equal(8080);
      expect(settings.logLevel).to.equal('info');
      expect(settings.store).to.deep.equal({ kind: 'sqlite', path: './data/loft-sync.db' });
      expect(settings.push).to.equal(null);
      expect(settings.admins).to.deep.equal([]);
      expect(settings.webhookSecret).to.equal(null);
      expect(settings.callTimeoutMs).to.equal(15_000);
      expect(settings.leaseMs).to.equal(30_000);
      expect(settings.google).to.deep.equal({ credentials: { kind: 'platform' }, apiRootUrl: null });
      expect(settings.uschedule).to.deep.equal({
        baseUrl: 'https://clients.example.com',
        alias: 'loftgolf',
        appKey: 'an-application-key',
        login: { kind: 'impersonate', username: 'sync@example.com' },
        locationId: 1,
        serviceId: 11,
        serviceLengthMinutes: 60,
      });
    });

    it('passes exactly the settings of core to the engine', () => {
      expect(settingsOf().sync).to.deep.equal({ ...minimalFile, ...DEFAULT_SETTINGS });
    });
  });

  describe('with everything set', () => {
    it('reads every setting', () => {
      const environment = withEnvironment({
        PORT: '0',
        STORE_URL: 'mongodb+srv://user:pass@cluster.example.com/loft',
        PUBLIC_URL: 'https://sync.example.com/',
        ADMIN_TOKEN: 'admin-token',
        GOOGLE_SERVICE_ACCOUNT_JSON: serviceAccountJson,
        GOOGLE_API_ROOT_URL: 'http://127.0.0.1:9000',
        GOOGLE_CHANNEL_SECRET: 'channel-secret',
        USCHEDULE_USERNAME: 'bot',
        USCHEDULE_PASSWORD: 'a password',
        USCHEDULE_WEBHOOK_SECRET: 'webhook-secret',
        LOG_LEVEL: 'debug',
      });
      const file = {
        ...minimalFile,
        uschedule: {
          ...DEFAULT_SETTINGS.uschedule,
          locationId: 2,
          serviceId: 12,
          serviceLengthMinutes: 30,
          pollSeconds: 0.5,
        },
        google: { ...DEFAULT_SETTINGS.google, cancel: 'mark', title: '{bayName}: {customerName}', sweepSeconds: 1.5 },
        rules: { ...DEFAULT_SETTINGS.rules, massChangeLimit: 0 },
        retry: { ...DEFAULT_SETTINGS.retry, callTimeoutSeconds: 2.5 },
        replicas: { leaseSeconds: 5 },
      };
      const settings = settingsOf(environment, file);
      expect(settings.port).to.equal(0);
      expect(settings.store).to.deep.equal({ kind: 'mongo', url: environment['STORE_URL'] });
      expect(settings.push).to.deep.equal({
        address: 'https://sync.example.com/webhook/gcal',
        channelSecret: 'channel-secret',
      });
      expect(settings.uschedule?.login).to.deep.equal({ kind: 'password', username: 'bot', password: 'a password' });
      expect(settings.uschedule?.serviceLengthMinutes).to.equal(30);
      expect(settings.google.credentials).to.deep.equal({ kind: 'key', json: serviceAccountJson });
      expect(settings.callTimeoutMs).to.equal(2500);
      expect(settings.leaseMs).to.equal(5000);
      expect(settings.sync.uschedule.pollSeconds).to.equal(0.5);
      expect(settings.sync.google.cancel).to.equal('mark');
      expect(settings.sync.rules.massChangeLimit).to.equal(0);
    });
  });

  describe('with nothing at all', () => {
    it('names all missing settings of environment and file at once', () => {
      const result = readSettings({}, { unreadable: 'does not exist' });
      expect(result.err && result.val.map(({ source, where }) => `${source} ${where}`)).to.deep.equal([
        'environment USCHEDULE_BASE_URL',
        'environment USCHEDULE_ALIAS',
        'environment USCHEDULE_APP_KEY',
        'environment USCHEDULE_USERNAME',
        'file ',
      ]);
    });

    it('names the fault, its place and the remedy in one message', () => {
      const result = readSettings({}, { unreadable: 'does not exist' });
      const message = describeFaults(result.err ? result.val : [], './loft-sync.config.json');
      expect(message).to.contain('5 settings are missing or wrong');
      expect(message).to.contain('USCHEDULE_APP_KEY is missing. Set it to the application key');
      expect(message).to.contain('In the settings file ./loft-sync.config.json:\n  - The file does not exist. Copy');
    });
  });

  describe('with faults everywhere', () => {
    it('names all faults, and no others', () => {
      const environment = withEnvironment({
        PORT: '99999',
        STORE_URL: 'postgres://here',
        PUBLIC_URL: 'http://sync.example.com',
        GOOGLE_API_ROOT_URL: 'not an address',
        GOOGLE_SERVICE_ACCOUNT_JSON: '{"client_email": 5}',
        USCHEDULE_BASE_URL: 'ftp://clients.example.com',
        USCHEDULE_ALIAS: 'a/b',
        USCHEDULE_APP_KEY: undefined,
        USCHEDULE_IMPERSONATE: undefined,
        USCHEDULE_PASSWORD: 'alone',
        LOG_LEVEL: 'loud',
      });
      const file = {
        timeZone: 'America/Nowhere',
        bays: [
          { bay: '1', name: 'Bay 1', resourceUnitId: 5523, calendarId: 'one' },
          { bay: '1', name: '', resourceUnitId: 5523, calendarId: 'one', colour: 'red' },
          { bay: 3, name: 'Bay 3', resourceUnitId: 1.5 },
        ],
        uschedule: { pollSeconds: 0, pollSecond: 5, status: 'maybe', serviceId: '11' },
        google: { title: '{customerName} {phone}', sweepSeconds: -1, quotaPerMinute: 59, quotaBurst: 60 },
        rules: { massChangeLimit: 2, conflict: 'first' },
        retry: { baseMs: 100, maxMs: 50, callTimeoutSeconds: 'soon' },
        colour: 'blue',
      };
      expect(placesOf(environment, file)).to.have.members([
        'PORT',
        'STORE_URL',
        'PUBLIC_URL',
        'GOOGLE_API_ROOT_URL',
        'GOOGLE_SERVICE_ACCOUNT_JSON',
        'USCHEDULE_BASE_URL',
        'USCHEDULE_ALIAS',
        'USCHEDULE_APP_KEY',
        'LOG_LEVEL',
        'USCHEDULE_USERNAME',
        'GOOGLE_CHANNEL_SECRET',
        'timeZone',
        'bays[1].name',
        'bays[1].colour',
        'bays[2].bay',
        'bays[2].resourceUnitId',
        'bays[2].calendarId',
        'uschedule.pollSeconds',
        'uschedule.status',
        'uschedule.serviceId',
        'uschedule.pollSecond',
        'google.title',
        'google.sweepSeconds',
        'google.quotaPerMinute',
        'rules.massChangeLimit',
        'rules.conflict',
        'retry.callTimeoutSeconds',
        'colour',
        'bays[1].bay',
        'bays[1].resourceUnitId',
        'bays[1].calendarId',
        'retry.maxMs',
        'google.quotaBurst',
      ]);
    });
  });

  it('makes a lease at least twice as long as the call timeout', () => {
    expect(settingsOf(minimalEnvironment, { ...minimalFile, retry: { callTimeoutSeconds: 40 } }).leaseMs).to.equal(
      80_000,
    );
  });

  describe('with a wrong setting in the file', () => {
    const cases: readonly [string, unknown, string][] = [
      [
        'a misspelt name, with the one that was meant',
        { ...minimalFile, uschedule: { pollSecond: 5 } },
        'uschedule.pollSecond is not a setting. Did you mean "pollSeconds"?',
      ],
      [
        'a burst that is no part of the quota',
        { ...minimalFile, google: { quotaBurst: 600 } },
        'google.quotaBurst is 600, not less than google.quotaPerMinute (600).',
      ],
      [
        'a lease that a call may outlast',
        { ...minimalFile, replicas: { leaseSeconds: 15 } },
        'replicas.leaseSeconds is 15, not more than retry.callTimeoutSeconds (15).',
      ],
      ['a lease of no time', { ...minimalFile, replicas: { leaseSeconds: 0 } }, 'replicas.leaseSeconds is 0.'],
      [
        'an unknown template field',
        { ...minimalFile, google: { title: '{customer}' } },
        'google.title names an unknown field: {customer}.',
      ],
      ['a time zone that there is not', { ...minimalFile, timeZone: 'Mars/Base' }, 'timeZone is "Mars/Base".'],
      [
        'a wait that no timer can hold',
        { ...minimalFile, retry: { callTimeoutSeconds: 1e9 } },
        'retry.callTimeoutSeconds is 1000000000. It must be at most 600 seconds.',
      ],
      [
        'a day that no calendar has',
        { ...minimalFile, uschedule: { futureDays: 1e9 } },
        'uschedule.futureDays is 1000000000. It must be at most 3650 days.',
      ],
      [
        'a grace without an end',
        { ...minimalFile, google: { deleteGraceSeconds: 1e15 } },
        'google.deleteGraceSeconds is 1000000000000000. It must be at most 31536000 seconds.',
      ],
      [
        'a unit below 1',
        { ...minimalFile, bays: [{ ...minimalFile.bays[0], resourceUnitId: -1 }] },
        'bays[0].resourceUnitId is -1. It must be the id of the unit in the booking system, a whole number from 1 or a text.',
      ],
      ['no bays', { ...minimalFile, bays: [] }, 'bays is []. It must be a list with one entry for each bay'],
      ['a list where a group belongs', { ...minimalFile, retry: [] }, 'retry is []. It must be a group of settings'],
      ['a file that holds no group', [], 'The file is []. It must be a group of settings in braces.'],
      [
        'two bays on one calendar',
        { ...minimalFile, bays: minimalFile.bays.map((bay) => ({ ...bay, calendarId: 'same' })) },
        'bays[1].calendarId is the same as bays[0].calendarId ("same"). Give every bay its own calendar.',
      ],
      [
        'two bays on one calendar whose ids differ in capitals',
        {
          ...minimalFile,
          bays: minimalFile.bays.map((bay, nth) => ({ ...bay, calendarId: nth === 0 ? 'same' : 'Same' })),
        },
        'bays[1].calendarId is the same as bays[0].calendarId ("Same"). Give every bay its own calendar.',
      ],
    ];
    for (const [what, file, sentence] of cases) {
      it(`reports ${what}`, () => {
        const message = describeFaults(faultsOf(minimalEnvironment, file), 'settings.json');
        expect(message).to.contain('1 setting is missing or wrong');
        expect(message).to.contain(sentence);
      });
    }
  });

  it('distinguishes capitals in the calendar ids of another calendar system than Google', () => {
    const bays = minimalFile.bays.map((bay, nth) => ({ ...bay, calendarId: nth === 0 ? '/cal/same/' : '/cal/Same/' }));
    const file = { ...minimalFile, bays };
    expect(placesOf(minimalEnvironment, file)).to.deep.equal(['bays[1].calendarId']);
    // The adapter itself was not loaded.
    const adapters = { calendars: 'a-caldav-adapter' };
    expect(placesOf(minimalEnvironment, { ...file, adapters })).to.deep.equal(['adapters.calendars']);
  });

  describe('with a file that is not JSON', () => {
    it('says where it is invalid, and why', () => {
      const message = describeFaults(
        faultsOf(minimalEnvironment, '{\n  "timeZone": "UTC",\n  "bays": [],\n}'),
        'settings.json',
      );
      expect(message).to.contain('at line 4, column 1, there is a comma too many before }');
    });

    it('names the faults of the environment too', () => {
      expect(placesOf({}, '{')).to.include.members(['USCHEDULE_APP_KEY', '']);
    });
  });

  describe('with a wrong variable', () => {
    const secretKey = JSON.stringify({ type: 'service_account', client_email: 'a@b', private_key: 'TOP-SECRET-TEXT' });

    it('never repeats the variable’s value', () => {
      const environment = withEnvironment({
        GOOGLE_SERVICE_ACCOUNT_JSON: secretKey,
        STORE_URL: 'mongo://user:TOP-SECRET-TEXT@host',
        USCHEDULE_BASE_URL: 'https://user:TOP-SECRET-TEXT@host',
        LOG_LEVEL: 'TOP-SECRET-TEXT',
      });
      const message = describeFaults(faultsOf(environment), 'settings.json');
      expect(message).to.contain('GOOGLE_SERVICE_ACCOUNT_JSON');
      expect(message).not.to.contain('TOP-SECRET-TEXT');
    });

    it('accepts only a MongoDB address that the driver can read', () => {
      const good = [
        'mongodb://localhost',
        'mongodb://u:p%40ss@a.example:27017,b.example:27018/loft?replicaSet=rs0&tls=true',
        'mongodb://[::1]:27017/loft',
        'mongodb://%2Ftmp%2Fmongodb-27017.sock/loft',
        'mongodb+srv://u:p@cluster.example.net/?retryWrites=true',
        'mongodb://a:k==@a.example:10255/?ssl=true&replicaSet=g&retryWrites=false&appName=@a@',
      ];
      for (const url of good)
        expect(settingsOf(withEnvironment({ STORE_URL: url })).store).to.deep.equal({ kind: 'mongo', url });
      const bad = [
        'mongodb://',
        'mongodb://u:p%zz@host/loft',
        'mongodb://u:50%@host/loft',
        'mongodb://u:p@ss@host/loft',
        'mongodb://u:p/w@host/loft',
        'mongodb://host:port/loft',
        'mongodb://host:99999/loft',
        'mongodb://u:p:w@host/loft',
        'mongodb://u:p#w@host/loft',
        'mongodb://:p@host/loft',
        'mongodb+srv://a.example.net,b.example.net/loft',
        'mongodb+srv://cluster.example.net:27017/loft',
      ];
      for (const url of bad) expect(placesOf(withEnvironment({ STORE_URL: url })), url).to.deep.equal(['STORE_URL']);
    });

    it('says what is wrong with a service account key', () => {
      const message = describeFaults(faultsOf(withEnvironment({ GOOGLE_SERVICE_ACCOUNT_JSON: secretKey })), 'f');
      expect(message).to.contain('is not the key of a service account: its "private_key" is not');
    });

    it('treats a blank variable as not set', () => {
      expect(placesOf(withEnvironment({ USCHEDULE_APP_KEY: '  ' }))).to.deep.equal(['USCHEDULE_APP_KEY']);
      expect(settingsOf(withEnvironment({ ADMIN_TOKEN: '' })).admins).to.deep.equal([]);
    });

    it('requires user and password together', () => {
      const half = { USCHEDULE_IMPERSONATE: undefined, USCHEDULE_USERNAME: 'bot' };
      expect(placesOf(withEnvironment(half))).to.deep.equal(['USCHEDULE_PASSWORD']);
    });
  });

  describe('with a public address', () => {
    it('requires the secret of the channel tokens', () => {
      const environment = withEnvironment({ PUBLIC_URL: 'https://sync.example.com' });
      expect(placesOf(environment)).to.deep.equal(['GOOGLE_CHANNEL_SECRET']);
    });

    for (const address of ['http://127.0.0.1:8080', 'http://localhost:8080', 'http://[::1]:8080']) {
      it(`accepts plain http for this machine itself: ${address}`, () => {
        const environment = withEnvironment({ PUBLIC_URL: address, GOOGLE_CHANNEL_SECRET: 'channel-secret' });
        expect(settingsOf(environment).push?.address).to.equal(`${address}/webhook/gcal`);
      });
    }

    for (const address of ['http://sync.example.com', 'http://127.0.0.1.example.com', 'http://10.0.0.1']) {
      it(`requires https elsewhere: ${address}`, () => {
        const environment = withEnvironment({ PUBLIC_URL: address, GOOGLE_CHANNEL_SECRET: 'channel-secret' });
        expect(placesOf(environment)).to.deep.equal(['PUBLIC_URL']);
      });
    }
  });

  describe('with a file of credentials', () => {
    const environment = readEnvironment(withEnvironment({ GOOGLE_APPLICATION_CREDENTIALS: '/keys/google.json' }));
    const file = { text: JSON.stringify(minimalFile) };

    it('passes its path on', () => {
      const result = readSettings(environment, file, { text: serviceAccountJson });
      expect(result.ok && result.val.google.credentials).to.deep.equal({ kind: 'key-file', path: '/keys/google.json' });
    });

    it('reports that the file does not exist', () => {
      const result = readSettings(environment, file, { unreadable: 'does not exist' });
      expect(result.err && result.val[0]?.problem).to.equal('names a file that does not exist');
    });

    it('reports that the file is no key, without quoting it', () => {
      const broken = serviceAccountJson.replace('BEGIN PRIVATE', 'BEGIN PRIVAT');
      const result = readSettings(environment, file, { text: broken });
      const problem = (result.err && result.val[0]?.problem) || '';
      expect(problem).to.contain('not the key of a service account');
      expect(problem).not.to.contain(privateKey.slice(40, 60));
    });
  });
});
