import { field, isRecord, readId } from './record-fields.js';

/**
 * Reads the id in the answer to a write.
 *
 * @returns null if the answer has none (text such as `Ok`, no id, id 0); `unreadable` if the value is not an id
 */
export function newIdIn(text: string): string | null {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isRecord(json)) return null;
  const value = field(json, 'Id') ?? field(json, 'AppointmentID') ?? 0;
  return value === 0 || value === '' ? null : (readId(value) ?? 'unreadable');
}
