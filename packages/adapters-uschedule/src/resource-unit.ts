import { field, isRecord, readInteger, readText } from './record-fields.js';

/** A unit that can be booked, as `resourceunits` names it. */
export interface ResourceUnit {
  readonly resourceUnitId: number;
  /** For people: `"Golf Simulator - Bay 1"`. */
  readonly description: string;
}

/** null when the answer is not a list of units. */
export function readResourceUnits(answer: unknown): readonly ResourceUnit[] | null {
  if (!Array.isArray(answer)) return null;
  const units: ResourceUnit[] = [];
  for (const unit of answer as readonly unknown[]) {
    const resourceUnitId = isRecord(unit) ? readInteger(field(unit, 'Id')) : null;
    if (!isRecord(unit) || resourceUnitId === null) return null;
    units.push({ resourceUnitId, description: readText(field(unit, 'Description')) });
  }
  return units;
}
