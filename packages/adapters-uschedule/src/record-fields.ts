/** A JSON object of the other side, of which nothing is known but that it is one. */
export type JsonRecord = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An own field; JSON may bring a `__proto__` or hide one. */
export function field(record: JsonRecord, name: string): unknown {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

/** Is there a field of this name, whatever it holds? */
export function hasField(record: JsonRecord, name: string): boolean {
  return Object.hasOwn(record, name) && record[name] !== undefined;
}

/**
 * An id, sent as a number or as text. null for anything else: also 0, which stands for "none", and a number so
 * large that JSON has rounded it, since a rounded id is somebody else's.
 */
export function readId(value: unknown): string | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value > 0 ? String(value) : null;
  if (typeof value !== 'string') return null;
  const id = value.trim();
  return /^[\w.:-]{1,100}$/.test(id) && !/^0+$/.test(id) ? id : null;
}

/** A whole number that may be sent as text; null for anything else. */
export function readInteger(value: unknown): number | null {
  if (typeof value === 'string' && /^\d{1,15}$/.test(value.trim())) return Number(value);
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : null;
}

/** Text, made well-formed; anything else is no text. */
export function readText(value: unknown): string {
  return typeof value === 'string' ? value.replace(/\p{Surrogate}/gu, '\uFFFD') : '';
}

/** An id as requests carry it: a number where it is one. */
export function wireId(id: string): number | string {
  return /^[1-9]\d*$/.test(id) && Number.isSafeInteger(Number(id)) ? Number(id) : id;
}
