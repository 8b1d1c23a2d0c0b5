/** A JSON object from USchedule with unknown fields. */
export type JsonRecord = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads an own property: JSON may contain a `__proto__`. */
export function field(record: JsonRecord, name: string): unknown {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

/** Does the object have this field, with any value? */
export function hasField(record: JsonRecord, name: string): boolean {
  return Object.hasOwn(record, name) && record[name] !== undefined;
}

/**
 * Reads an id, sent as a number or as text.
 *
 * @returns null for anything else: also for 0, which means "none", and for a number that JSON has rounded, because a
 *   rounded id belongs to another appointment
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

/** Reads a text and makes it well-formed Unicode. */
export function readText(value: unknown): string {
  return typeof value === 'string' ? value.replace(/\p{Surrogate}/gu, '\uFFFD') : '';
}

/** An id as requests carry it: a number where it is one. */
export function wireId(id: string): number | string {
  return /^[1-9]\d*$/.test(id) && Number.isSafeInteger(Number(id)) ? Number(id) : id;
}
