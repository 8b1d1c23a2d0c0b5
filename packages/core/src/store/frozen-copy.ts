/** Returns a deeply frozen copy. Undefined fields are left out, as in every store that serializes its values. */
export function frozenCopy<T>(value: T): T {
  // The copy has the shape of T, but the compiler cannot follow a walk over unknown fields.
  return copy(value) as T;
}

function copy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return Object.freeze(value.map(copy));
  // A spread keeps the hidden class of the source. Objects built field by field would not share one.
  const fields: Record<string, unknown> = { ...value };
  for (const name in fields) {
    const field = fields[name];
    if (field === undefined) delete fields[name];
    else if (typeof field === 'object') fields[name] = copy(field);
  }
  return Object.freeze(fields);
}
