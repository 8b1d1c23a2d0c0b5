import { createServer } from 'node:net';

/** Secrets of this run's made-up studio. */
export const WEBHOOK_SECRET = 'bench-webhook-secret';
export const CHANNEL_SECRET = 'bench-channel-secret';
export const ADMIN_TOKEN = 'bench-admin-token';
/** Feeds run at the start and on request only. */
const WHEN_TOLD = 1e6;

export async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/**
 * The settings file for a studio of the simulators.
 *
 * @param {import('./simulators.mjs').Simulators} simulators
 * @param {Record<string, object>} [groups]
 */
export function settingsFile({ calendarIds, units }, groups = {}) {
  const bays = calendarIds.map((calendarId, index) => {
    return { bay: String(index + 1), name: `Bay ${index + 1}`, resourceUnitId: units[index], calendarId };
  });
  return JSON.stringify({
    timeZone: 'America/Phoenix',
    bays,
    ...groups,
    uschedule: { pollSeconds: WHEN_TOLD, ...groups['uschedule'] },
    // A deletion counts at once, because the grace period is a delay without work.
    google: { sweepSeconds: WHEN_TOLD, deleteGraceSeconds: 0, ...groups['google'] },
  });
}

/**
 * The environment of the service. `push` false: no watch channels.
 *
 * @param {import('./simulators.mjs').Simulators} simulators
 * @param {{ port: number, store: string, push?: boolean }} options
 */
export function environment({ googleRootUrl, serviceAccountKey, uschedule }, { port, store, push = true }) {
  return {
    PORT: String(port),
    STORE_URL: store,
    ...(push && { PUBLIC_URL: `http://127.0.0.1:${port}`, GOOGLE_CHANNEL_SECRET: CHANNEL_SECRET }),
    ADMIN_TOKEN,
    GOOGLE_SERVICE_ACCOUNT_JSON: serviceAccountKey,
    GOOGLE_API_ROOT_URL: googleRootUrl,
    USCHEDULE_BASE_URL: uschedule.baseUrl,
    USCHEDULE_ALIAS: uschedule.alias,
    USCHEDULE_APP_KEY: uschedule.applicationKey,
    USCHEDULE_USERNAME: uschedule.username,
    USCHEDULE_PASSWORD: uschedule.password,
    USCHEDULE_WEBHOOK_SECRET: WEBHOOK_SECRET,
  };
}
