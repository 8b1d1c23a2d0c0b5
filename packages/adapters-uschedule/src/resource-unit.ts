import { field, isRecord, readInteger, readText } from './record-fields.js';

/** A unit that can be booked, as `resourceunits` names it. */
export interface ResourceUnit {
  readonly resourceUnitId: number;
  /** Name for people: `"Golf Simulator - Bay 1"`. */
  readonly description: string;
}

/** @returns null if the answer is not a list of units */
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

/** @returns the units that offer the service, by an answer of `availableemployeeresources`; null if it has another form */
export function readUnitsOfService(answer: unknown): readonly number[] | null {
  const resources = isRecord(answer) ? field(answer, 'AvailableResources') : null;
  if (!Array.isArray(resources)) return null;
  const found: number[] = [];
  for (const resource of resources as readonly unknown[]) {
    const units = isRecord(resource) ? field(resource, 'Units') : null;
    if (!Array.isArray(units)) return null;
    for (const unit of units as readonly unknown[]) {
      const id = isRecord(unit) ? readInteger(field(unit, 'ResourceUnitID') ?? field(unit, 'Id')) : readInteger(unit);
      if (id === null) return null;
      found.push(id);
    }
  }
  return found;
}
