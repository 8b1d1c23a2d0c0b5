import { type BookingEventMap, refOf } from '../domain/booking-event-map.js';
import type { EditRecord } from '../domain/event-record.js';
import type { Instant } from '../domain/instant.js';
import { isSamePlace, type ClaimedTask, type EventRef } from '../domain/task.js';
import { mustReadAgain } from './booking-side.js';
import { otherEvents, pickEvent } from './observed-events.js';
import type { Rules } from './rules.js';
import type { BookingReading, EventReading, Observation, Situation } from './situation.js';

/**
 * Returns the id under which the work continues before anything is decided. Null: under its own. A booking that is certainly
 * live again keeps its id.
 */
export function supersederOf(
  map: BookingEventMap | null,
  booking: BookingReading | null,
  { trust }: Rules,
): string | null {
  const isRevived = trust === 'trusted' && booking?.status === 'live';
  return isRevived ? null : (map?.supersededBy ?? null);
}

/** What is known of an appointment at the start of its task. */
export interface FirstFacts {
  readonly task: Pick<ClaimedTask, 'appointmentId' | 'claims' | 'createdAt' | 'event' | 'trigger'>;
  readonly now: Instant;
  readonly historyBefore: Instant;
  readonly accounts: readonly string[];
  readonly map: BookingEventMap | null;
  /** Null if nothing was observed since the last task. */
  readonly observation: Observation | null;
  /** The observed events, and those that were read for the task. */
  readonly events: readonly EventReading[];
  /** Without a map: the event that a list has shown under an id of ours with the marks of the appointment. */
  readonly listed: EventRef | null;
  /** A person asked to undo a change, or to replay an edit. */
  readonly isRequested: boolean;
  /** The held edit that a person has released or reverted. */
  readonly decided?: EditRecord | undefined;
}

/** Returns the situation of the first round of a task. */
export function firstSituation(facts: FirstFacts, rules: Rules): Situation {
  const { task, now, map, observation, events, isRequested, decided } = facts;
  const { appointmentId } = task;
  const observed = observation?.booking ?? undefined;
  const isDropped = observed !== undefined && map !== null && mustReadAgain(observed, map, now, rules);
  const booking = isDropped ? undefined : observed;
  // The task was triggered by an event that this process has not observed: an earlier process or another replica has.
  // The same if a list has shown an event of this appointment: another map, of its former id, names the event.
  const known = task.event ?? facts.listed;
  const unseen = known !== null && !events.some(({ event }) => event.eventId === known.eventId);
  const mustReread = observation === null || observation.mustReread || unseen || task.claims > 1 || isRequested;
  const picked = pickEvent(appointmentId, map, events, booking !== undefined);
  const ref = picked ? { calendarId: picked.event.calendarId, eventId: picked.event.eventId } : known;
  const at = map ? refOf(map) : ref;
  return {
    appointmentId,
    now,
    historyBefore: facts.historyBefore,
    map,
    booking,
    event: picked,
    listed: observation?.events ?? [],
    others: otherEvents(appointmentId, map, picked, events),
    refusal: null,
    missingFromList: observation?.missingFromList ?? false,
    retried: task.claims > 1,
    accounts: facts.accounts,
    taskCreatedAt: task.createdAt,
    replayed: task.trigger === 'replay' || isRequested,
    // Not observed, but with a place: Node 20 is slow with a field that a spread adds, and many tasks observe these two.
    contested: undefined,
    edits: undefined,
    ...(decided && { decided }),
    ...(mustReread && at ? { reread: { event: at, booking: booking === undefined } } : {}),
    // A row that needs no booking would not read it again.
    ...(isDropped && !(mustReread && at) ? { reread: { event: null, booking: true } } : {}),
  };
}

/** Did a person ask to undo a change, or to replay an edit? Another trigger may have replaced that of the task. */
export function isRequested(edits: readonly EditRecord[]): boolean {
  return edits.some(({ state }) => state === 'undo' || state === 'replay');
}

/** Returns the edit that a person has released or reverted, if that is not executed yet. */
export function decidedOf(edits: readonly EditRecord[]): EditRecord | undefined {
  return edits.find(({ state }) => state === 'released' || state === 'reverted');
}

/**
 * Returns the events that are read before an appointment without a map is decided. Its mirror is selected among all events
 * with its marks. The observation of an earlier attempt is lost, but its candidates are recorded, or a list has shown one
 * under an id of ours.
 */
export function candidatesToRead(
  ofTask: EventRef | null,
  listed: EventRef | null,
  recorded: readonly EventRef[],
  observed: readonly EventReading[],
): readonly EventRef[] {
  const others = [...(listed && listed.eventId !== ofTask?.eventId ? [listed] : []), ...recorded];
  if (observed.length === 0 && others.length === 0) return [];
  return unobserved(ofTask ? [ofTask, ...others] : others, observed);
}

/** Returns the first place of each event that was not observed. */
export function unobserved(refs: readonly EventRef[], observed: readonly EventReading[]): readonly EventRef[] {
  const ids = new Set(observed.map(({ event }) => event.eventId));
  return refs.filter(({ eventId }) => !ids.has(eventId) && ids.add(eventId));
}

/**
 * Was the map's event reported at a place that is not observed, in the calendar of another bay? It was moved there, or is
 * another event.
 */
export function isElsewhere(
  at: EventRef,
  { googleCalendarId }: BookingEventMap,
  observed: readonly EventReading[],
  { routing }: Rules,
): boolean {
  if (at.calendarId === googleCalendarId || routing.ofCalendar(at.calendarId) === null) return false;
  return !observed.some(({ event }) => isSamePlace(event, at));
}
