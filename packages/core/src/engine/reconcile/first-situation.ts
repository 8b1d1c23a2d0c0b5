import type { BookingEventMap } from '../../domain/booking-event-map.js';
import { editsOf, copiesOf } from '../../domain/event-record.js';
import type { Instant } from '../../domain/instant.js';
import type { SyncError } from '../../domain/sync-error.js';
import type { ClaimedTask, EventRef } from '../../domain/task.js';
import { Ok, type Result } from '../../result.js';
import { keepsWaitingUntil, waitsForSlot } from '../../rules/decide-slot-wait.js';
import {
  candidatesToRead,
  decidedOf,
  firstSituation,
  isElsewhere,
  isRequested,
  unobserved,
} from '../../rules/first-situation.js';
import { eventsToRecord } from '../../rules/observed-events.js';
import type { EventReading, Observation, Situation } from '../../rules/situation.js';
import { copyId, copyOf } from '../act/copies-of-event.js';
import type { EngineParts } from '../engine-parts.js';
import { isAbsent, readEvent } from '../observe/event-reader.js';

/**
 * Does an edit that waits for a slot keep waiting (docs/decision-table.md#taken-slots)? Only for tasks without new
 * observations.
 *
 * @returns when to check again; null if the edit has to be decided
 */
export async function stillWaitsUntil(
  { appointmentId }: ClaimedTask,
  { store, clock }: Pick<EngineParts, 'store' | 'clock'>,
): Promise<Instant | null> {
  const own = await store.listEventRecords({ kind: 'edit', appointmentId });
  const [record] = own.ok ? editsOf(own.val) : [];
  if (!record || !waitsForSlot(record)) return null;
  const all = await store.listEventRecords({ kind: 'edit' });
  return all.ok ? keepsWaitingUntil(record, editsOf(all.val), clock.now()) : null;
}

/** Reads what is needed for the first round of a task, and returns its situation. */
export async function observeFirst(
  task: ClaimedTask,
  map: BookingEventMap | null,
  observation: Observation | null,
  parts: EngineParts,
): Promise<Result<Situation, SyncError>> {
  const { appointmentId } = task;
  const { store, clock, windowAt, accounts, markedEvents, rules } = parts;
  const listed = map ? null : markedEvents.eventOf(appointmentId);
  const events = await eventsOfTask(task, map, listed, observation?.events ?? [], parts);
  if (events.err) return events;
  // The stored request of a person: another trigger may have replaced the task's own.
  const edits = map?.status === 'ACTIVE' ? await store.listEventRecords({ kind: 'edit', appointmentId }) : Ok([]);
  if (edits.err) return edits;
  const now = clock.now();
  const situation = firstSituation(
    {
      task,
      now,
      historyBefore: windowAt(now).from,
      accounts: accounts.addresses,
      map,
      observation,
      events: events.val,
      listed,
      isRequested: isRequested(editsOf(edits.val)),
      decided: decidedOf(editsOf(edits.val)),
    },
    rules,
  );
  const recorded = await recordCopies(situation, events.val, parts);
  return recorded.err ? recorded : Ok(situation);
}

/**
 * Returns the events that were observed for a task. If the task names another event than the map's, or than those that were
 * observed, it is read by its id: nothing else leads to it again.
 */
async function eventsOfTask(
  { appointmentId, event }: ClaimedTask,
  map: BookingEventMap | null,
  listed: EventRef | null,
  observed: readonly EventReading[],
  parts: EngineParts,
): Promise<Result<readonly EventReading[], SyncError>> {
  if (map && event?.eventId === map.googleEventId)
    return isElsewhere(event, map, observed, parts.rules) ? withOtherCalendar(event, observed, parts) : Ok(observed);
  if (map) return withRead(unobserved(event ? [event] : [], observed), observed, parts);
  if (!event && observed.length === 0) return Ok(observed);
  const records = await parts.store.listEventRecords({ kind: 'copy', appointmentId });
  if (records.err) return records;
  return withRead(candidatesToRead(event, listed, copiesOf(records.val), observed), observed, parts);
}

async function withRead(
  refs: readonly EventRef[],
  observed: readonly EventReading[],
  parts: EngineParts,
): Promise<Result<readonly EventReading[], SyncError>> {
  const readings = [...observed];
  for (const { calendarId, eventId } of refs) {
    const reading = await readEvent({ calendarId, eventId }, parts);
    if (reading.err) return reading;
    readings.push(reading.val);
  }
  return Ok(readings);
}

/** Reads the id of the map's event in the other calendar where it was observed. */
async function withOtherCalendar(
  { calendarId, eventId }: EventRef,
  observed: readonly EventReading[],
  { calendars, clock }: EngineParts,
): Promise<Result<readonly EventReading[], SyncError>> {
  const at = clock.now();
  const event = await calendars.getEvent(calendarId, eventId);
  if (event.err) return isAbsent(event.val) ? Ok(observed) : event;
  return Ok([...observed, { at, event: event.val, proven: false }]);
}

/** Records the observed copies and candidates, and reports the copies that are new. */
async function recordCopies(
  situation: Situation,
  events: readonly EventReading[],
  { clock, emit, store }: EngineParts,
): Promise<Result<void, SyncError>> {
  const { mirrorId, copies, candidates } = eventsToRecord(situation, events);
  if (copies.length + candidates.length === 0) return Ok.EMPTY;
  const { appointmentId } = situation;
  const at = clock.now();
  const records = await store.listEventRecords({ kind: 'copy', appointmentId });
  if (records.err) return records;
  const recordedIds = new Set(copiesOf(records.val).flatMap(({ id, isCandidate }) => (isCandidate ? [] : [id])));
  for (const copy of copies) {
    if (recordedIds.has(copyId(copy))) continue;
    const detail = `event ${copy.eventId} of ${copy.calendarId} is a copy of ${mirrorId}`;
    emit({ type: 'decision', at, appointmentId, reason: 'copy', quiet: true, detail });
  }
  return store.putEventRecords([
    ...copies.map((event) => copyOf(appointmentId, event, at)),
    ...candidates.map((event) => ({ ...copyOf(appointmentId, event, at), isCandidate: true as const })),
  ]);
}
