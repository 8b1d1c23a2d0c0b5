import { closestName } from './closest-name.js';
import type { ConfigurationFault } from './configuration-fault.js';
import { VARIABLES } from './variables.js';

/** Every variable that begins with one of these is meant for the service. */
const OURS = /^(?:USCHEDULE|LOFT_SYNC)_/;

/** Variables of other programs whose names are near one of ours. */
const OTHERS: ReadonlySet<string> = new Set(['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'ALL_PROXY', 'FTP_PROXY']);

/** How many letters of a name may be wrong, missing or too many. */
const MAXIMUM_EDITS = 2;

/** A variable whose name is near one of ours, and the one that was probably meant. */
export interface MisspeltVariable {
  readonly written: string;
  /** null where none is near. */
  readonly meant: string | null;
}

function isNear(written: string, meant: string): boolean {
  return (
    Math.abs(written.length - meant.length) <= MAXIMUM_EDITS && closestName(written, [meant], MAXIMUM_EDITS) !== null
  );
}

/** Finds variables whose names look like misspelt names of ours. Looks at names only, never at values. */
export function misspeltVariables(source: Readonly<Record<string, string | undefined>>): readonly MisspeltVariable[] {
  const known: readonly string[] = VARIABLES;
  const isSet = (name: string): boolean => (source[name] ?? '').trim() !== '';
  return Object.keys(source).flatMap((written): readonly MisspeltVariable[] => {
    // The names of secrets of signals are the operator's own choice.
    if (written.includes('SIGNAL')) return [];
    if (known.includes(written) || OTHERS.has(written.toUpperCase()) || !isSet(written)) return [];
    if (OURS.test(written)) return [{ written, meant: closestName(written, known) }];
    // Short names are near each other by chance.
    const meant = known.find((name) => name.length >= 8 && !isSet(name) && isNear(written, name));
    return meant === undefined ? [] : [{ written, meant }];
  });
}

/** The fault of a misspelt variable. */
export function misspeltFault({ written, meant }: MisspeltVariable): ConfigurationFault {
  const remedy = meant === null ? 'Remove it.' : `Did you mean ${meant}?`;
  return { source: 'environment', where: written, problem: 'is not a variable of this service', remedy };
}
