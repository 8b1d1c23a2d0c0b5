/** The variables of docs/operating-contract.md#settings. The service reads no others. */
export const VARIABLES = [
  'PORT',
  'LOFT_SYNC_CONFIG',
  'LOFT_SYNC_URL',
  'STORE_URL',
  'PUBLIC_URL',
  'ADMIN_TOKEN',
  'ADMIN_TOKENS',
  'GOOGLE_SERVICE_ACCOUNT_JSON',
  'GOOGLE_APPLICATION_CREDENTIALS',
  'GOOGLE_API_ROOT_URL',
  'GOOGLE_CHANNEL_SECRET',
  'USCHEDULE_BASE_URL',
  'USCHEDULE_ALIAS',
  'USCHEDULE_APP_KEY',
  'USCHEDULE_USERNAME',
  'USCHEDULE_PASSWORD',
  'USCHEDULE_IMPERSONATE',
  'USCHEDULE_WEBHOOK_SECRET',
  'TICK_AUDIENCE',
  'TICK_SERVICE_ACCOUNT',
  'GOOGLE_KEYS_URL',
  'TRUSTED_PROXIES',
  'HTTPS_PROXY',
  'HTTP_PROXY',
  'NO_PROXY',
  'LOG_LEVEL',
  'TZDIR',
  // OpenTelemetry's SDK reads its variables itself; these switch traces on or off.
  'OTEL_SDK_DISABLED',
  'OTEL_TRACES_EXPORTER',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
] as const;

/** The name of a variable that the service reads. */
export type Variable = (typeof VARIABLES)[number];
