import type { SqlRow } from './database.js';
import { UnreadableRow } from './store-error.js';

// Reads a column with a type check. The error names the column.

export function text(row: SqlRow, column: string): string {
  const value = row[column];
  return typeof value === 'string' ? value : unreadable(column, 'a text', value);
}

export function textOrNull(row: SqlRow, column: string): string | null {
  return row[column] === null ? null : text(row, column);
}

export function number(row: SqlRow, column: string): number {
  const value = row[column];
  return typeof value === 'number' ? value : unreadable(column, 'a number', value);
}

export function numberOrNull(row: SqlRow, column: string): number | null {
  return row[column] === null ? null : number(row, column);
}

export function flag(row: SqlRow, column: string): boolean {
  return number(row, column) !== 0;
}

export function oneOf<T extends string>(row: SqlRow, column: string, values: readonly T[]): T {
  const value = row[column];
  const allowed: readonly unknown[] = values;
  return allowed.includes(value) ? (value as T) : unreadable(column, `one of ${values.join(', ')}`, value);
}

/** Parses an object that was stored as JSON, and checks that it has at least these fields. */
export function json<T extends object>(row: SqlRow, column: string, fields: readonly (keyof T & string)[]): T {
  const written = text(row, column);
  let value: unknown;
  try {
    value = JSON.parse(written);
  } catch {
    return unreadable(column, 'JSON', written);
  }
  if (typeof value === 'object' && value !== null && fields.every((field) => field in value)) return value as T;
  return unreadable(column, `an object with ${fields.join(', ')}`, written);
}

function unreadable(column: string, expected: string, value: unknown): never {
  throw new UnreadableRow(`column ${column} should hold ${expected}, but holds ${JSON.stringify(value) ?? 'nothing'}`);
}
