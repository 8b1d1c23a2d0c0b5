/** The variables of docs/operating-contract.md#settings; no other is looked at. */
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
  // OpenTelemetry's SDK reads its variables itself; these say whether there are traces at all.
  'OTEL_SDK_DISABLED',
  'OTEL_TRACES_EXPORTER',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
] as const;

/** The name of a variable that the service reads. */
export type Variable = (typeof VARIABLES)[number];

/** The environment as the service sees it: a variable that is empty or blank is not set. */
export type Environment = Readonly<Partial<Record<Variable, string>>> & {
  /** For the adapters that the settings file names; the service itself reads none of them. */
  readonly [name: `ADAPTER_${string}`]: string | undefined;
};

/** The variables for adapters of another's making. */
export function adapterVariables(environment: Environment): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]: readonly [string, string | undefined]) =>
      isAdapterVariable(name) && value !== undefined ? [[name, value]] : [],
    ),
  );
}

function isAdapterVariable(name: string): name is `ADAPTER_${string}` {
  return name.startsWith('ADAPTER_');
}

/** Picks our variables out of an environment. `process.env` is handed to this function and to nothing else. */
export function readEnvironment(source: Readonly<Record<string, string | undefined>>): Environment {
  const environment: Partial<Record<Variable, string>> & Record<`ADAPTER_${string}`, string> = {};
  for (const name of VARIABLES) {
    // The variables of proxies are commonly written in small letters, too.
    const given = source[name] ?? (name.endsWith('_PROXY') ? source[name.toLowerCase()] : undefined);
    const value = given?.trim();
    if (value) environment[name] = value;
  }
  for (const [name, value] of Object.entries(source)) {
    if (isAdapterVariable(name) && value?.trim()) environment[name] = value.trim();
  }
  return environment;
}

/** Where the settings file is. */
export function settingsFilePath(environment: Environment): string {
  return environment.LOFT_SYNC_CONFIG ?? './loft-sync.config.json';
}
