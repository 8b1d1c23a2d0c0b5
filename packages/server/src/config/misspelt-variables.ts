import { closestName } from './closest-name.js';
import type { ConfigurationFault } from './configuration-fault.js';
import { VARIABLES } from './variables.js';

/** The prefixes of the service's variables. */
const OURS = /^(?:USCHEDULE|LOFT_SYNC)_/;

/** Variables of other programs with names similar to the service's. */
const OTHERS: ReadonlySet<string> = new Set(['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'ALL_PROXY', 'FTP_PROXY']);

/** Maximum of wrong, missing or additional letters in a name. */
const MAXIMUM_EDITS = 2;

/** A variable with a similar name, and the name that was probably meant. */
export interface MisspeltVariable {
  readonly written: string;
  /** null if no name is similar. */
  readonly meant: string | null;
}

function isNear(written: string, meant: string): boolean {
  return (
    Math.abs(written.length - meant.length) <= MAXIMUM_EDITS && closestName(written, [meant], MAXIMUM_EDITS) !== null
  );
}

/** Finds variables whose names look like misspelt names of the service's variables. Reads names only, never values. */
export function misspeltVariables(source: Readonly<Record<string, string | undefined>>): readonly MisspeltVariable[] {
  const names: readonly string[] = VARIABLES;
  const isSet = (name: string): boolean => (source[name] ?? '').trim() !== '';
  return Object.keys(source).flatMap((written): readonly MisspeltVariable[] => {
    // The operator chooses the names of the secrets of signals.
    if (written.includes('SIGNAL')) return [];
    if (names.includes(written) || OTHERS.has(written.toUpperCase()) || !isSet(written)) return [];
    if (OURS.test(written)) return [{ written, meant: closestName(written, names) }];
    // Short names are similar by chance.
    const meant = names.find((name) => name.length >= 8 && !isSet(name) && isNear(written, name));
    return meant === undefined ? [] : [{ written, meant }];
  });
}

/** The fault of a misspelt variable. */
export function misspeltFault({ written, meant }: MisspeltVariable): ConfigurationFault {
  const remedy = meant === null ? 'Remove it.' : `Did you mean ${meant}?`;
  return { source: 'environment', where: written, problem: 'is not a variable of this service', remedy };
}
