/** What a value must look like; `text?` may also be null. A list has the shape of its items. */
export type Shape = 'text' | 'text?' | 'number' | 'boolean' | readonly [Shape] | OrNull | Fields;

interface Fields {
  readonly [name: string]: Shape;
}

/** A shape that may also be null. */
class OrNull {
  readonly shape: Shape;

  constructor(shape: Shape) {
    this.shape = shape;
  }
}

/** This, or null. */
export function orNull(shape: Shape): Shape {
  return new OrNull(shape);
}

/**
 * Whether an answer looks as it must, for commands that only print it. To load zod would take longer than all else that
 * they do. Fields that the shape does not name may be there.
 */
export function fits(value: unknown, shape: Shape): boolean {
  if (shape === 'text') return typeof value === 'string';
  if (shape === 'text?') return value === null || typeof value === 'string';
  if (typeof shape === 'string') return typeof value === shape;
  if (shape instanceof OrNull) return value === null || fits(value, shape.shape);
  if (Array.isArray(shape)) {
    const [item] = shape as readonly [Shape];
    return Array.isArray(value) && value.every((entry) => fits(entry, item));
  }
  if (typeof value !== 'object' || value === null) return false;
  const fields: Readonly<Partial<Record<string, unknown>>> = { ...value };
  return Object.entries(shape).every(([name, inner]) => fits(fields[name], inner));
}
