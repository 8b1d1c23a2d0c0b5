import type { SyncError, SyncErrorKind } from '../domain/sync-error.js';
import type { Result } from '../result.js';

/** The error that a contract suite throws if an implementation violates its contract. */
class ContractViolation extends Error {
  override readonly name = 'ContractViolation';
}

/** Throws unless `condition` is true. */
export function assertTrue(condition: boolean, message: string): asserts condition {
  if (!condition) throw new ContractViolation(message);
}

/** Compares plain data deeply. An undefined field equals an absent one. */
export function assertEqual<T>(actual: T, expected: T, message: string): void {
  if (!sameData(actual, expected)) {
    throw new ContractViolation(`${message}: expected ${show(expected)}, but got ${show(actual)}`);
  }
}

/** Throws unless the result is Ok. Returns its value. */
export function assertOk<T>(result: Result<T, SyncError>, message = 'expected Ok'): T {
  if (result.ok) return result.val;
  throw new ContractViolation(`${message}, but got the error ${show(result.val)}`);
}

/** Throws unless the result is an Err of this kind. Returns the error. */
export function assertErr(
  result: Result<unknown, SyncError>,
  kind: SyncErrorKind,
  message = `expected an error of kind ${kind}`,
): SyncError {
  if (result.ok) throw new ContractViolation(`${message}, but got Ok with ${show(result.val)}`);
  if (result.val.kind !== kind) throw new ContractViolation(`${message}, but got ${show(result.val)}`);
  return result.val;
}

function sameData(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const left = new Map(presentFields(a));
  const right = presentFields(b);
  return (
    left.size === right.length && right.every(([name, value]) => left.has(name) && sameData(left.get(name), value))
  );
}

function presentFields(value: object): [string, unknown][] {
  return Object.entries(value).filter(([, field]) => field !== undefined);
}

const SHOWN_CHARACTERS = 2000;

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}
