import { misspeltVariables, type MisspeltVariable } from './misspelt-variables.js';
import { VARIABLES, type Variable } from './variables.js';

/** The environment as the service sees it: a variable that is empty or blank is not set. */
export type Environment = Readonly<Partial<Record<Variable, string>>> & {
  /** Any other variable, by a name that the settings file gives (`signals[].secretEnv`). */
  readonly otherVariable?: (name: string) => string | undefined;
  /** Finds variables whose names look like misspelt names of ours. */
  readonly misspelt?: () => readonly MisspeltVariable[];
  /** For the adapters that the settings file names; the service itself reads none of them. */
  readonly [name: `ADAPTER_${string}`]: string | undefined;
};

/** The variables for adapters of another's making. */
export function adapterVariables(environment: Environment): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]: readonly [string, unknown]) =>
      isAdapterVariable(name) && typeof value === 'string' ? [[name, value]] : [],
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
  return {
    ...environment,
    otherVariable: (name) => source[name]?.trim(),
    misspelt: () => misspeltVariables(source),
  };
}

/** Where the settings file is. */
export function settingsFilePath(environment: Environment): string {
  return environment.LOFT_SYNC_CONFIG ?? './loft-sync.config.json';
}
