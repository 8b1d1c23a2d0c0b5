import type { BookingEventMap } from '../../domain/booking-event-map.js';
import { isMarkedFor, isActiveEvent } from '../../rules/rules.js';
import type { Situation } from '../../rules/situation.js';
import type { EngineParts } from '../engine-parts.js';
import { readEvent } from '../observe/event-reader.js';

/**
 * The next copy of a canceled booking's event that shows the booking's time, as the situation to decide about
 * (docs/decision-table.md#row-23). Known copies alone are read. One that cannot be read keeps its record: it is listed.
 *
 * @returns null if there is none
 */
export async function nextCopy(
  map: BookingEventMap | null,
  situation: Situation,
  parts: EngineParts,
): Promise<Situation | null> {
  if (map?.status !== 'CANCELED') return null;
  const { appointmentId } = situation;
  const records = await parts.store.listEventRecords({ kind: 'copy', appointmentId });
  if (records.err) return null;
  for (const record of records.val) {
    if (record.kind !== 'copy' || record.eventId === map.googleEventId) continue;
    if (record.start !== map.base.start || record.end !== map.base.end) continue;
    const reading = await readEvent(record, parts);
    if (reading.err) continue;
    const { event } = reading.val;
    if (isActiveEvent(event) && isMarkedFor(event, appointmentId)) return { ...situation, map, event: reading.val };
    await parts.store.deleteEventRecords([record]);
  }
  return null;
}
