import { type BookingEventMap, refOf } from '../../domain/booking-event-map.js';
import { editsOf, copiesOf } from '../../domain/event-record.js';
import type { Instant } from '../../domain/instant.js';
import type { SyncError } from '../../domain/sync-error.js';
import type { ClaimedTask, EventRef } from '../../domain/task.js';
import { Ok, type Result } from '../../result.js';
import { mustReadAgain } from '../../rules/booking-side.js';
import { keepsWaitingUntil } from '../../rules/decide-slot-wait.js';
import { eventsToRecord, otherEvents, pickEvent } from '../../rules/observed-events.js';
import type { EventReading, Situation } from '../../rules/situation.js';
import { copyId, copyOf } from '../act/copies-of-event.js';
import type { EngineParts } from '../engine-parts.js';
import { isAbsent, readEvent } from '../observe/event-reader.js';
import type { Observation } from '../queue/appointment-state.js';

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
  if (!record || record.waitsFor === null || record.state !== 'seen') return null;
  const all = await store.listEventRecords({ kind: 'edit' });
  return all.ok ? keepsWaitingUntil(record, editsOf(all.val), clock.now()) : null;
}

/** Returns the situation of the first round of a task: its map and the observations before it. */
export async function firstSituation(
  task: ClaimedTask,
  map: BookingEventMap | null,
  observation: Observation | null,
  parts: EngineParts,
): Promise<Result<Situation, SyncError>> {
  const events = await withEventOfTask(task, map, observation?.events ?? [], parts);
  if (events.err) return events;
  const asked = await isAskedFor(task, map, parts);
  if (asked.err) return asked;
  const situation = startOf(task, map, observation, { events: events.val, isAsked: asked.val }, parts);
  const recorded = await recordCopies(situation, events.val, parts);
  return recorded.err ? recorded : Ok(situation);
}

function startOf(
  task: ClaimedTask,
  map: BookingEventMap | null,
  observation: Observation | null,
  { events, isAsked }: { readonly events: readonly EventReading[]; readonly isAsked: boolean },
  { clock, windowAt, accounts, markedEvents, rules }: EngineParts,
): Situation {
  const now = clock.now();
  const { appointmentId } = task;
  const observed = observation?.booking ?? undefined;
  const isDropped = observed !== undefined && map !== null && mustReadAgain(observed, map, now, rules);
  const booking = isDropped ? undefined : observed;
  // The task was triggered by an event that this process has not observed: an earlier process or another replica has.
  // The same without a map, if a list has shown an event of this appointment: another map, of its former id, names the event.
  const known = task.event ?? (map === null ? markedEvents.eventOf(appointmentId) : null);
  const unseen = known !== null && !events.some(({ event }) => event.eventId === known.eventId);
  const mustReread = observation === null || observation.mustReread || unseen || task.claims > 1 || isAsked;
  const picked = pickEvent(appointmentId, map, events, booking !== undefined);
  const ref = picked ? { calendarId: picked.event.calendarId, eventId: picked.event.eventId } : known;
  const at = map ? refOf(map) : ref;
  return {
    appointmentId,
    now,
    historyBefore: windowAt(now).from,
    map,
    booking,
    event: picked,
    listed: observation?.events ?? [],
    others: otherEvents(appointmentId, map, picked, events),
    refusal: null,
    missingFromList: observation?.missingFromList ?? false,
    retried: task.claims > 1,
    accounts: accounts.addresses,
    taskCreatedAt: task.createdAt,
    replayed: task.trigger === 'replay' || isAsked,
    // Not observed, but with a place: Node 20 is slow with a field that a spread adds, and many tasks observe these two.
    contested: undefined,
    edits: undefined,
    ...(mustReread && at ? { reread: { event: at, booking: booking === undefined } } : {}),
    // A row that needs no booking would not read it again.
    ...(isDropped && !(mustReread && at) ? { reread: { event: null, booking: true } } : {}),
  };
}

/**
 * Did a person ask to undo a change, or to replay an edit? The stored request shows it, because another trigger
 * may have replaced the task's own.
 */
async function isAskedFor(
  { appointmentId }: ClaimedTask,
  map: BookingEventMap | null,
  { store }: EngineParts,
): Promise<Result<boolean, SyncError>> {
  if (map?.status !== 'ACTIVE') return Ok(false);
  const edits = await store.listEventRecords({ kind: 'edit', appointmentId });
  return edits.map((records) => editsOf(records).some(({ state }) => state === 'undo' || state === 'replay'));
}

/**
 * The events that were observed for a task. If the task names another event than the map's, or than those that were
 * observed, it is read by its id: nothing else leads to it again. An event of the same id in another calendar than the
 * map's is another event as well.
 */
async function withEventOfTask(
  task: ClaimedTask,
  map: BookingEventMap | null,
  observed: readonly EventReading[],
  parts: EngineParts,
): Promise<Result<readonly EventReading[], SyncError>> {
  const { event } = task;
  if (!map) return withCandidates(task, observed, parts);
  if (!event) return Ok(observed);
  if (event.eventId === map.googleEventId) return withOtherCalendar(event, map, observed, parts);
  return withRead([event], observed, parts);
}

/**
 * Without a map the mirror is selected among all events with the marks of the appointment. The observation of an earlier
 * attempt is lost, but its candidates are recorded, or a list has shown one under an id of ours: those that were not observed
 * again are read.
 */
async function withCandidates(
  { appointmentId, event }: ClaimedTask,
  observed: readonly EventReading[],
  parts: EngineParts,
): Promise<Result<readonly EventReading[], SyncError>> {
  if (!event && observed.length === 0) return Ok(observed);
  const records = await parts.store.listEventRecords({ kind: 'copy', appointmentId });
  if (records.err) return records;
  const listed = parts.markedEvents.eventOf(appointmentId);
  const others = [...(listed && listed.eventId !== event?.eventId ? [listed] : []), ...copiesOf(records.val)];
  if (observed.length === 0 && others.length === 0) return Ok(observed);
  return withRead(event ? [event, ...others] : others, observed, parts);
}

/** Reads the events that were not observed. */
async function withRead(
  refs: readonly EventRef[],
  observed: readonly EventReading[],
  parts: EngineParts,
): Promise<Result<readonly EventReading[], SyncError>> {
  const readings = [...observed];
  for (const { calendarId, eventId } of refs) {
    if (readings.some(({ event }) => event.eventId === eventId)) continue;
    const reading = await readEvent({ calendarId, eventId }, parts);
    if (reading.err) return reading;
    readings.push(reading.val);
  }
  return Ok(readings);
}

/** Reads the id of the map's event in the other calendar where it was observed: it was moved there, or is another event. */
async function withOtherCalendar(
  { calendarId, eventId }: EventRef,
  map: BookingEventMap,
  observed: readonly EventReading[],
  { calendars, clock, rules }: EngineParts,
): Promise<Result<readonly EventReading[], SyncError>> {
  const isAtHome = calendarId === map.googleCalendarId || rules.routing.ofCalendar(calendarId) === null;
  if (isAtHome || observed.some(({ event }) => event.calendarId === calendarId && event.eventId === eventId))
    return Ok(observed);
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
