import { field, isRecord, readId } from './record-fields.js';

/**
 * The id that the answer to a write names; null when it names none (text such as `Ok`, no id, id 0), `unreadable`
 * when it names something that is no id.
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
