import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { environment, freePort, settingsFile } from './service-settings.mjs';
import { startedProcess } from './started-process.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const BARE_KOA = fileURLToPath(new URL('bare-koa.mjs', import.meta.url));

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
 *
 * @param {string} [root] The folder of the built repository.
 */
export async function startable(root = ROOT) {
  const directory = await mkdtemp(join(tmpdir(), 'loft-sync-bench-'));
  const bundle = join(directory, 'bundle');
  await promisify(execFile)(process.execPath, [join(root, 'scripts/bundle.mjs'), '--out', bundle], { cwd: root });
  const systems = withoutServers();
  const settings = join(directory, 'settings.json');
  // An earlier build may not know the setting.
  await writeFile(settings, settingsFile(systems, { google: { deleteGraceSeconds: undefined } }));
  const node = process.execPath;
  const programs = {
    packages: join(root, 'packages/server/bin/loft-sync.js'),
    bundle: join(bundle, 'loft-sync.js'),
  };
  const commands = {
    packages: [node, programs.packages, 'serve'],
    bundle: [node, programs.bundle, 'serve'],
    'npm start': ['npm', 'start'],
  };
  const PATH = process.env['PATH'] ?? '';
  return {
    /** The files that Node runs. */
    programs,
    bareKoa: async () => startedProcess([node, BARE_KOA], { PATH, PORT: String(await freePort()) }),
    /**
     * Waits for the end of the start, or only for /health.
     *
     * @param {keyof typeof commands} from @param {string} store Its address, or `sqlite` for a file of its own.
     * @param {string} [path]
     */
    service: async (from, store, path = '/health?started=1') => {
      const port = await freePort();
      const address = store === 'sqlite' ? `sqlite:${join(directory, `${from}.db`)}` : store;
      const variables = environment(systems, { port, store: address, push: false });
      const own = {
        PATH,
        HOME: directory,
        npm_config_update_notifier: 'false',
        LOFT_SYNC_CONFIG: settings,
        LOG_LEVEL: 'silent',
      };
      return startedProcess(commands[from], { ...variables, ...own }, { path, cwd: root });
    },
    close: () => rm(directory, { recursive: true, force: true }),
  };
}
