/**
 * A deep copy that nobody can change. Fields that are undefined are left out, as they would be by every store that
 * writes its values down.
 */
export function frozenCopy<T>(value: T): T {
  // What is rebuilt has the shape of T, but the compiler cannot follow that through a walk over unknown fields.
  return copy(value) as T;
}

function copy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return Object.freeze(value.map(copy));
  // A spread keeps what its source has in common with others of its kind; objects built field by field would not.
  const fields: Record<string, unknown> = { ...value };
  for (const name in fields) {
    const field = fields[name];
    if (field === undefined) delete fields[name];
    else if (typeof field === 'object') fields[name] = copy(field);
  }
  return Object.freeze(fields);
}
