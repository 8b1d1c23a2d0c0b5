import { Err, Ok, type Result } from '@loft/sync-core/result';
import type { GoogleCredentials } from '@loft/sync-google';
import { readServiceAccountKey } from '@loft/sync-google/key';
import type { UScheduleLogin } from '@loft/sync-uschedule';
import { GOOGLE_KEYS_URL, type TickIdentity } from '../http/google-identity.js';
import { withoutTrailingSlash } from './addresses.js';
import type { ConfigurationFault } from './configuration-fault.js';
import { misspeltFault } from './misspelt-variables.js';
import { adminsOf } from './read-admins.js';
import type { Environment } from './environment.js';
import { environmentSchema } from './environment-schema.js';
import type { PushAccess, ServiceSettings, UScheduleAccess } from './service-settings.js';
import type { FileText } from './read-settings-file.js';

/** The settings that come from the environment alone. */
export interface EnvironmentSettings extends Pick<
  ServiceSettings,
  | 'port'
  | 'logLevel'
  | 'store'
  | 'google'
  | 'push'
  | 'admins'
  | 'webhookSecret'
  | 'tickIdentity'
  | 'trustedProxies'
  | 'proxies'
  | 'tracing'
> {
  /** null: another adapter reads the bookings. */
  readonly uschedule: Pick<UScheduleAccess, 'baseUrl' | 'alias' | 'appKey' | 'login'> | null;
}

function faultOf(where: string, problem: string, remedy: string): ConfigurationFault {
  return { source: 'environment', where, problem, remedy };
}

function loginOf(environment: Environment): Result<UScheduleLogin, readonly ConfigurationFault[]> {
  const { USCHEDULE_USERNAME: username, USCHEDULE_PASSWORD: password, USCHEDULE_IMPERSONATE: person } = environment;
  if (username !== undefined && password !== undefined) return Ok({ kind: 'password', username, password });
  if (username !== undefined) {
    return Err([faultOf('USCHEDULE_PASSWORD', 'is missing', 'USCHEDULE_USERNAME is set, and needs its password.')]);
  }
  if (password !== undefined) {
    return Err([faultOf('USCHEDULE_USERNAME', 'is missing', 'USCHEDULE_PASSWORD is set, and needs its user name.')]);
  }
  if (person !== undefined) return Ok({ kind: 'impersonate', username: person });
  const remedy = 'Set it and USCHEDULE_PASSWORD, or set USCHEDULE_IMPERSONATE to the user the service acts as.';
  return Err([faultOf('USCHEDULE_USERNAME', 'is missing', remedy)]);
}

function pushOf(environment: Environment): Result<PushAccess | null, readonly ConfigurationFault[]> {
  const { PUBLIC_URL: publicUrl, GOOGLE_CHANNEL_SECRET: channelSecret } = environment;
  if (publicUrl === undefined) return Ok(null);
  if (channelSecret === undefined) {
    const remedy = 'PUBLIC_URL is set: set this to a long random text, from which the tokens of the channels are made.';
    return Err([faultOf('GOOGLE_CHANNEL_SECRET', 'is missing', remedy)]);
  }
  return Ok({ address: `${withoutTrailingSlash(publicUrl)}/webhook/gcal`, channelSecret });
}

/** Whether traces are on: only if a variable names an exporter or an endpoint. */
function wantsTraces(environment: Environment): boolean {
  if (environment.OTEL_SDK_DISABLED?.toLowerCase() === 'true') return false;
  const exporter = environment.OTEL_TRACES_EXPORTER;
  if (exporter !== undefined) return exporter !== 'none';
  return (environment.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? environment.OTEL_EXPORTER_OTLP_ENDPOINT) !== undefined;
}

function tickIdentityOf(environment: Environment): Result<TickIdentity | null, readonly ConfigurationFault[]> {
  const { TICK_AUDIENCE: audience, TICK_SERVICE_ACCOUNT: serviceAccount, GOOGLE_KEYS_URL: keysUrl } = environment;
  if (audience !== undefined && serviceAccount !== undefined) {
    return Ok({ audience, serviceAccount, keysUrl: keysUrl ?? GOOGLE_KEYS_URL });
  }
  if (audience !== undefined) {
    const remedy = 'TICK_AUDIENCE is set: set this to the service account that the scheduler runs as.';
    return Err([faultOf('TICK_SERVICE_ACCOUNT', 'is missing', remedy)]);
  }
  if (serviceAccount !== undefined) {
    const remedy = "TICK_SERVICE_ACCOUNT is set: set this to the audience of the scheduler's tokens.";
    return Err([faultOf('TICK_AUDIENCE', 'is missing', remedy)]);
  }
  return Ok(null);
}

/** Checks for faults that are certain to fail. Google's library reads the file later. */
function credentialsFileFaults(file: FileText | null): readonly ConfigurationFault[] {
  const where = 'GOOGLE_APPLICATION_CREDENTIALS';
  const remedy = 'Set it to the path of a credentials file, or leave it out.';
  if (file === null) return [];
  if ('unreadable' in file) return [faultOf(where, `names a file that ${file.unreadable}`, remedy)];
  let content: unknown;
  try {
    content = JSON.parse(file.text);
  } catch {
    return [faultOf(where, 'names a file that is not JSON', remedy)];
  }
  const isServiceAccount =
    typeof content === 'object' && content !== null && 'type' in content && content.type === 'service_account';
  const key = isServiceAccount ? readServiceAccountKey(file.text) : null;
  if (key?.err) return [faultOf(where, `names a file that is not the key of a service account: ${key.val}`, remedy)];
  return [];
}

/** The service's own adapters that are not used. Their variables are not required. */
export interface ReplacedAdapters {
  readonly bookings: boolean;
  readonly calendars: boolean;
}

/** Placeholders for USchedule's settings where another adapter is used. They are never read. */
const NO_USCHEDULE = {
  USCHEDULE_BASE_URL: 'https://unused.invalid',
  USCHEDULE_ALIAS: 'unused',
  USCHEDULE_APP_KEY: 'x',
};

/**
 * Validates the whole environment.
 *
 * @param credentialsFile content of the file of `GOOGLE_APPLICATION_CREDENTIALS`; null if it was not read
 */
export function readEnvironmentSettings(
  environment: Environment,
  credentialsFile: FileText | null,
  replaces: ReplacedAdapters = { bookings: false, calendars: false },
): Result<EnvironmentSettings, readonly ConfigurationFault[]> {
  const given = replaces.bookings ? { ...environment, ...NO_USCHEDULE } : environment;
  // Compiling a parser costs more than the one parse.
  const checked = environmentSchema.safeParse(given, { jitless: true });
  const login = replaces.bookings ? Ok(null) : loginOf(environment);
  const push = pushOf(environment);
  const tick = tickIdentityOf(environment);
  const admins = adminsOf(environment);
  const { GOOGLE_SERVICE_ACCOUNT_JSON: keyText, GOOGLE_APPLICATION_CREDENTIALS: keyFile } = environment;
  const usesFile = keyText === undefined && keyFile !== undefined && !replaces.calendars;
  const fileFaults = usesFile ? credentialsFileFaults(credentialsFile) : [];
  const misspelt = (environment.misspelt?.() ?? []).map(misspeltFault);
  if (
    !checked.success ||
    login.err ||
    push.err ||
    tick.err ||
    admins.err ||
    fileFaults.length > 0 ||
    misspelt.length > 0
  ) {
    const single = (checked.error?.issues ?? []).map((issue) => {
      const [problem = '', remedy = ''] = issue.message.split('\n');
      return faultOf(String(issue.path[0]), problem, remedy);
    });
    return Err([
      ...misspelt,
      ...single,
      ...(login.err ? login.val : []),
      ...(push.err ? push.val : []),
      ...(tick.err ? tick.val : []),
      ...(admins.err ? admins.val : []),
      ...fileFaults,
    ]);
  }
  const settings = checked.data;
  let credentials: GoogleCredentials = { kind: 'platform' };
  if (keyText !== undefined) credentials = { kind: 'key', json: keyText };
  else if (keyFile !== undefined) credentials = { kind: 'key-file', path: keyFile };
  return Ok({
    port: settings.PORT,
    logLevel: settings.LOG_LEVEL,
    store: settings.STORE_URL,
    google: { credentials, apiRootUrl: settings.GOOGLE_API_ROOT_URL ?? null },
    push: push.val,
    admins: admins.val,
    webhookSecret: settings.USCHEDULE_WEBHOOK_SECRET ?? null,
    tickIdentity: tick.val,
    trustedProxies: settings.TRUSTED_PROXIES,
    proxies: { https: settings.HTTPS_PROXY, http: settings.HTTP_PROXY, no: settings.NO_PROXY },
    tracing: wantsTraces(environment),
    uschedule: login.val && {
      baseUrl: withoutTrailingSlash(settings.USCHEDULE_BASE_URL),
      alias: settings.USCHEDULE_ALIAS,
      appKey: settings.USCHEDULE_APP_KEY,
      login: login.val,
    },
  });
}
