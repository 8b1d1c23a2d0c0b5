import { misspeltVariables, type MisspeltVariable } from './misspelt-variables.js';
import { VARIABLES, type Variable } from './variables.js';

/** The environment of the service. A variable that is empty or blank counts as not set. */
export type Environment = Readonly<Partial<Record<Variable, string>>> & {
  /** Any other variable whose name the settings file gives (`signals[].secretEnv`). */
  readonly otherVariable?: (name: string) => string | undefined;
  /** Finds variables whose names look like misspelt names of the service's variables. */
  readonly misspelt?: () => readonly MisspeltVariable[];
  /** For the adapters that the settings file names; the service reads none of them. */
  readonly [name: `ADAPTER_${string}`]: string | undefined;
};

/** The variables for adapters from other sources. */
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

/** Selects the service's variables. `process.env` is passed to this function only. */
export function readEnvironment(source: Readonly<Record<string, string | undefined>>): Environment {
  const environment: Partial<Record<Variable, string>> & Record<`ADAPTER_${string}`, string> = {};
  for (const name of VARIABLES) {
    // The proxy variables are commonly written in lower case, too.
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

/** @returns the path of the settings file */
export function settingsFilePath(environment: Environment): string {
  return environment.LOFT_SYNC_CONFIG ?? './loft-sync.config.json';
}
