import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { environment, freePort, settingsFile } from './service-settings.mjs';
import { startedProcess } from './started-process.mjs';

const BARE_KOA = fileURLToPath(new URL('bare-koa.mjs', import.meta.url));
const PACKAGES = fileURLToPath(new URL('../../packages/server/bin/loft-sync.js', import.meta.url));
const BUNDLE = fileURLToPath(new URL('../../scripts/bundle.mjs', import.meta.url));

/** Both systems at addresses without a server, because their answers are not measured. */
function withoutServers() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = {
    type: 'service_account',
    client_email: 'bench@example.com',
    private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    token_uri: 'http://127.0.0.1:9/token',
  };
  return {
    calendarIds: ['bay-1@group.calendar.google.com', 'bay-2@group.calendar.google.com'],
    units: [5523, 5524],
    googleRootUrl: 'http://127.0.0.1:9',
    serviceAccountKey: JSON.stringify(key),
    uschedule: {
      baseUrl: 'http://127.0.0.1:9',
      alias: 'bench',
      applicationKey: 'bench-application-key',
      username: 'bench@example.com',
      password: 'bench-password',
    },
  };
}

/**
 * The programs to compare: the service from its packages and from a new production bundle, on any store, and a bare
 * Koa process.
 */
export async function startable() {
  const directory = await mkdtemp(join(tmpdir(), 'loft-sync-bench-'));
  const bundle = join(directory, 'bundle');
  await promisify(execFile)(process.execPath, [BUNDLE, '--out', bundle]);
  const systems = withoutServers();
  const settings = join(directory, 'settings.json');
  await writeFile(settings, settingsFile(systems));
  const programs = { packages: PACKAGES, bundle: join(bundle, 'loft-sync.js') };
  const PATH = process.env['PATH'] ?? '';
  return {
    bareKoa: async () => startedProcess([BARE_KOA], { PATH, PORT: String(await freePort()) }),
    /** @param {keyof typeof programs} from @param {string} store Its address, or `sqlite` for a new file. */
    service: async (from, store) => {
      const port = await freePort();
      const address = store === 'sqlite' ? `sqlite:${join(directory, `${from}.db`)}` : store;
      const variables = environment(systems, { port, store: address, push: false });
      return startedProcess([programs[from], 'serve'], {
        PATH,
        ...variables,
        LOFT_SYNC_CONFIG: settings,
        LOG_LEVEL: 'silent',
      });
    },
    close: () => rm(directory, { recursive: true, force: true }),
  };
}
