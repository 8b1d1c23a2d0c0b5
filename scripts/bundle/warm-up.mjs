import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const COLLECT = new URL('collect-code-cache.mjs', import.meta.url).href;
/** Addresses without a server: the run only loads the code. */
const NOWHERE = 'http://127.0.0.1:9';
/** Timeout of one run. */
const TIMEOUT_MS = 60_000;

/** Complete settings with addresses without a server. @param {string} directory */
async function environment(directory) {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = {
    type: 'service_account',
    client_email: 'bundle@example.com',
    private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    token_uri: `${NOWHERE}/token`,
  };
  const settings = join(directory, 'settings.json');
  const bays = [{ bay: '1', name: 'Bay 1', resourceUnitId: 1, calendarId: 'bay-1@group.calendar.google.com' }];
  await writeFile(settings, JSON.stringify({ timeZone: 'America/Phoenix', bays }));
  return {
    PATH: process.env['PATH'] ?? '',
    PORT: '0',
    LOFT_SYNC_CONFIG: settings,
    STORE_URL: `sqlite:${join(directory, 'store.db')}`,
    ADMIN_TOKEN: 'bundle',
    LOFT_SYNC_URL: NOWHERE,
    GOOGLE_SERVICE_ACCOUNT_JSON: JSON.stringify(key),
    GOOGLE_API_ROOT_URL: NOWHERE,
    USCHEDULE_BASE_URL: NOWHERE,
    USCHEDULE_ALIAS: 'bundle',
    USCHEDULE_APP_KEY: 'bundle',
    USCHEDULE_IMPERSONATE: 'bundle',
  };
}

/** @param {string} program @param {readonly string[]} command @param {number} ended Its exit code. @param {Record<string, string>} env */
async function run(program, command, ended, env) {
  const child = spawn(process.execPath, ['--import', COLLECT, program, ...command], {
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: TIMEOUT_MS,
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output += text;
    if (/"message":"started"/.test(output)) child.kill('SIGTERM');
  });
  const [code] = await once(child, 'close');
  if (code !== ended) throw new Error(`${program} ${command.join(' ')} ended with ${code} instead of ${ended}`);
}

/** Runs the commands whose start time matters, and stores V8's compiled code of them. @param {string} program */
export async function warmUp(program) {
  const directory = await mkdtemp(join(tmpdir(), 'loft-sync-warm-up-'));
  try {
    const env = await environment(directory);
    // Without a service the first two exit with 1.
    await run(program, ['status'], 1, env);
    await run(program, ['explain', '1'], 1, env);
    await run(program, ['serve'], 0, env);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

export const LOADER = fileURLToPath(new URL('loader.cjs', import.meta.url));
