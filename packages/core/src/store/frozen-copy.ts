/**
 * A deep copy that nobody can change. Fields that are undefined are left out, as they would be by every store that
 * writes its values down.
 */
export function frozenCopy<T>(value: T): T {
  // What is rebuilt has the shape of T, but the compiler cannot follow that through a walk over unknown fields.
  return copy(value) as T;
}

function copy(value: unknown): unknown {
  if (Array.isArray(value)) return Object.freeze(value.map(copy));
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.freeze(Object.fromEntries(fields.map(([name, field]) => [name, copy(field)])));
}
