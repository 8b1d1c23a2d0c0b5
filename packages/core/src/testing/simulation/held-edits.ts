import type { EditRecord } from '../../domain/event-record.js';
import type { MemoryData } from '../../store/memory-data.js';
import { MemoryStore } from '../../store/memory-store.js';
import type { SimulationWorld } from './simulation-world.js';

/** Edits that the guard of people's edits holds (docs/decision-table.md#row-21d). */
export function heldEdits({ eventRecords }: MemoryData): readonly EditRecord[] {
  return [...eventRecords.values()].filter((record) => record.kind === 'edit').filter(({ state }) => state === 'held');
}

/** A person decides about a held edit: it is carried out, or its event is put back. A hint wakes the engine up. */
export async function decideHeldEdit(
  edit: EditRecord,
  state: 'released' | 'reverted',
  { data, shared, clock }: SimulationWorld,
): Promise<void> {
  const { appointmentId } = edit;
  const map = data.maps.get(appointmentId);
  const event = map ? { calendarId: map.googleCalendarId, eventId: map.googleEventId } : null;
  const store = new MemoryStore({ shared, data });
  await store.putEventRecords([{ ...edit, state }]);
  await store.addTasks([{ appointmentId, dueAt: clock.now(), trigger: 'replay', event }], clock.now());
}
