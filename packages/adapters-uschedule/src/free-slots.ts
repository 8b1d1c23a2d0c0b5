import type { Instant, TimeZones } from '@loft/sync-core';
import { isSameUnit, type UnitId } from '@loft/sync-core/adapters';
import { field, isRecord, readInteger } from './record-fields.js';
import { parseTime, wholeSecond } from './uschedule-time.js';

/**
 * Reads the starts of the free slots in an answer of `getavailability`. An incomplete list would be false evidence
 * (docs/uschedule.md#lesson-2). Slots of another unit are ignored.
 *
 * @returns null if any part of the answer cannot be read
 */
export function readFreeSlots(
  answer: unknown,
  resourceUnitId: UnitId,
  zone: string,
  timeZones: TimeZones,
): readonly Instant[] | null {
  if (!Array.isArray(answer)) return null;
  const starts: Instant[] = [];
  for (const slot of answer as readonly unknown[]) {
    if (!isRecord(slot)) return null;
    const start = wholeSecond(parseTime(field(slot, 'StartTime'), zone, timeZones));
    if (start === null) return null;
    const unit = field(slot, 'ResourceUnitID') ?? resourceUnitId;
    if (isSameUnit(readInteger(unit) ?? '', resourceUnitId)) starts.push(start);
  }
  return starts;
}
