import { parseProxy } from '@loft/sync-http/proxies';
import { readServiceAccountKey } from '@loft/sync-google/key';
import { pino, type DestinationStream, type Logger } from 'pino';
import type { ServiceSettings } from '../config/service-settings.js';
import { logOutput } from './log-output.js';
import { secretBlotter } from './redaction.js';

/** Maps our levels to the severities of Google Cloud's log viewer. */
const SEVERITY: Readonly<Record<string, string>> = {
  trace: 'DEBUG',
  debug: 'DEBUG',
  info: 'INFO',
  warn: 'WARNING',
  error: 'ERROR',
  fatal: 'CRITICAL',
};

/** User name and password of a proxy, as written and as sent. */
function secretsOfProxy(address: string | undefined): readonly string[] {
  const url = address === undefined ? null : parseProxy(address);
  if (url === null || url.username === '') return [];
  const { username, password } = url;
  const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const sent = Buffer.from(login).toString('base64');
  return [`${username}:${password}`, login, sent, password, decodeURIComponent(password)];
}

/** All secrets of the settings. */
export function secretsOf(settings: ServiceSettings): readonly string[] {
  const { credentials } = settings.google;
  const password = settings.store.kind === 'mongo' ? /:\/\/[^/@]*:(?<password>[^@]+)@/.exec(settings.store.url) : null;
  const key = credentials.kind === 'key' ? readServiceAccountKey(credentials.json) : null;
  const secrets = [
    ...settings.admins.map(({ token }) => token),
    ...settings.signals.flatMap(({ secret, url }) => [secret, url]),
    settings.webhookSecret,
    settings.push?.channelSecret,
    settings.uschedule?.appKey,
    settings.uschedule?.login.kind === 'password' ? settings.uschedule.login.password : null,
    ...Object.values(settings.adapterVariables),
    key?.ok ? key.val.privateKey : null,
    password?.groups?.['password'],
    ...secretsOfProxy(settings.proxies.https),
    ...secretsOfProxy(settings.proxies.http),
  ];
  return secrets.filter((secret) => typeof secret === 'string');
}

/**
 * Creates the service's log: one JSON object a line.
 *
 * @param destination default: standard output
 */
export function createLogger(
  settings: Pick<ServiceSettings, 'logLevel'>,
  secrets: readonly string[],
  destination?: DestinationStream,
): Logger {
  const options = {
    level: settings.logLevel,
    base: { service: 'loft-sync' },
    messageKey: 'message',
    timestamp: (): string => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (level: string) => ({ level, severity: SEVERITY[level] ?? 'DEFAULT' }) },
    hooks: { streamWrite: secretBlotter(secrets) },
  };
  return pino(options, destination ?? logOutput());
}
