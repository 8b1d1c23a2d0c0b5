import type { Bay, UnitId } from '../domain/bay.js';

/** The one place that knows which unit, bay and calendar belong together (specification, "Routing"). */
export interface Routing {
  readonly bays: readonly Bay[];
  /** null: the unit is not one of our bays. */
  ofUnit(resourceUnitId: UnitId): Bay | null;
  /** null: the calendar is not one of ours. */
  ofCalendar(calendarId: string): Bay | null;
  /** null: no bay of that short name. */
  ofBay(bay: string): Bay | null;
}

export function createRouting(bays: readonly Bay[]): Routing {
  const byUnit = new Map(bays.map((bay) => [String(bay.resourceUnitId), bay]));
  const byCalendar = new Map(bays.map((bay) => [bay.calendarId, bay]));
  const byName = new Map(bays.map((bay) => [bay.bay, bay]));
  return {
    bays,
    ofUnit: (resourceUnitId) => byUnit.get(String(resourceUnitId)) ?? null,
    ofCalendar: (calendarId) => byCalendar.get(calendarId) ?? null,
    ofBay: (bay) => byName.get(bay) ?? null,
  };
}
