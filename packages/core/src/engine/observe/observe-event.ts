import { copiesOf, type CopyRecord } from '../../domain/event-record.js';
import { type BookingEventMap, refOf } from '../../domain/booking-event-map.js';
import type { CalendarEvent } from '../../domain/calendar-event.js';
import type { SyncError } from '../../domain/sync-error.js';
import { isSamePlace } from '../../domain/task.js';
import type { SyncStore } from '../../ports/sync-store.js';
import { Err, Ok, type Result } from '../../result.js';
import { appointmentOfEventId, derivedEventId, otherDerivedId } from '../../rules/event-marks.js';
import { isActiveEvent, isActiveFor } from '../../rules/rules.js';
import { mayBeMovedBack } from '../../rules/own-write.js';
import type { EventReading, Situation } from '../../rules/situation.js';
import { copyOf } from '../act/copies-of-event.js';
import type { EngineParts } from '../engine-parts.js';
import {
  findInReadable,
  isAbsent,
  listedSinceSync,
  readAt,
  readEvent,
  readOnce,
  searchInClosed,
} from './event-reader.js';

export async function observeEvent(situation: Situation, parts: EngineParts): Promise<Result<Situation, SyncError>> {
  const { reread, map, event } = situation;
  const ref = reread?.event ?? (map ? refOf(map) : event?.event);
  if (!ref) return Ok(situation);
  const copies: CalendarEvent[] = [];
  const onListed = (listed: CalendarEvent): void => {
    if (listed.eventId !== ref.eventId && isActiveFor(listed, situation.appointmentId)) copies.push(listed);
  };
  const reading = await readEvent(ref, { ...parts, onListed });
  if (reading.err) return reading;
  if (map && copies.length > 0) {
    // A copy that no sync has listed yet may replace a deleted mirror (docs/decision-table.md#row-13a).
    const at = parts.clock.now();
    const known = await parts.store.putEventRecords(copies.map((copy) => copyOf(map.uscheduleAppointmentId, copy, at)));
    if (known.err) return known;
  }
  if (map && isDeletedMirror(reading.val, map)) {
    const searched = await searchInClosed(reading.val, situation.taskCreatedAt ?? reading.val.at, map, parts);
    return searched.err ? searched : withEvent(situation, searched.val);
  }
  if (!map || !mayBeMovedBack(reading.val.event, map, parts.rules)) return withEvent(situation, reading.val);
  const trace = await readTrace(map, parts);
  return trace.err ? trace : withEvent(situation, { ...reading.val, ...(trace.val && { trace: trace.val }) });
}

/** Reads the mirror's id in the calendar to which an interrupted write was to move it. */
async function readTrace(
  { intent, googleEventId }: BookingEventMap,
  { calendars, rules }: EngineParts,
): Promise<Result<CalendarEvent | null, SyncError>> {
  const target = rules.routing.ofBay(intent?.bay ?? '');
  if (!target) return Ok(null);
  const read = await calendars.getEvent(target.calendarId, googleEventId);
  return read.err && isAbsent(read.val) ? Ok(null) : read;
}

function withEvent({ reread, ...situation }: Situation, event: EventReading): Result<Situation, SyncError> {
  return Ok({ ...situation, ...(reread ? { reread: { ...reread, event: null } } : {}), event });
}

function isDeletedMirror({ event }: EventReading, { status, googleEventId }: BookingEventMap): boolean {
  return status === 'ACTIVE' && event.state === 'gone' && event.eventId === googleEventId;
}

export async function observeDerived(situation: Situation, parts: EngineParts): Promise<Result<Situation, SyncError>> {
  const { appointmentId, event, booking, map } = situation;
  const home = event?.event.calendarId ?? calendarOf(booking, parts);
  if (home === null) return Ok({ ...situation, derived: null });
  if (event !== undefined) {
    const eventId = map ? otherDerivedId(map.googleEventId, appointmentId) : derivedEventId(appointmentId);
    const read = map && event.proven ? readOnce : readEvent;
    const reading = await read({ calendarId: home, eventId }, parts);
    return reading.err ? reading : Ok({ ...situation, derived: reading.val });
  }
  const eventId = derivedEventId(appointmentId);
  // The insert itself shows whether the id is taken in the booking's own calendar.
  const open = parts.circuits.announce({
    system: parts.systems.calendars,
    calendarId: home,
    writes: true,
    target: eventId,
  });
  if (open) return Err(open);
  const at = parts.clock.now();
  // An unreadable calendar delays only its own bay. A duplicate in it is removed when it can be read
  // (docs/decision-table.md#row-25).
  const found = await findInReadable({ calendarId: home, eventId }, parts);
  return Ok({ ...situation, derived: found && { at, event: found, proven: true } });
}

export function calendarOf(booking: Situation['booking'], parts: EngineParts): string | null {
  return (booking?.booking && parts.rules.routed(booking.booking)?.bay.calendarId) ?? null;
}

export async function observeCopies(situation: Situation, parts: EngineParts): Promise<Result<Situation, SyncError>> {
  const { map } = situation;
  const records = await parts.store.listEventRecords({ kind: 'copy' });
  if (records.err) return records;
  const recorded = copiesOf(records.val);
  const ids = await idsOf(situation, recorded, parts.store);
  if (ids.err) return ids;
  const copies: EventReading[] = [];
  for (const record of recorded) {
    if (!ids.val.includes(record.appointmentId) || record.eventId === map?.googleEventId) continue;
    const reading = await readEvent(record, parts);
    if (reading.err) return reading;
    if (ids.val.some((id) => isActiveFor(reading.val.event, id))) copies.push(reading.val);
  }
  const listed = map ? await listedSinceSync(map, parts, ids.val) : Ok([]);
  if (listed.err) return listed;
  const back = listed.val.find(({ event }) => event.eventId === map?.googleEventId);
  const observedIds = new Set([...copies, ...(back ? [back] : [])].map(({ event }) => event.eventId));
  const others = listed.val.filter(({ event }) => !observedIds.has(event.eventId));
  return Ok({ ...situation, event: back ?? situation.event, copies: [...copies, ...others] });
}

/**
 * Returns the present id of the appointment and its earlier ones: a copy keeps the marks that its original had when it was made, and
 * the booking may have got another id since.
 */
async function idsOf(
  { appointmentId, map }: Situation,
  copies: readonly CopyRecord[],
  store: Pick<SyncStore, 'getMap'>,
): Promise<Result<readonly string[], SyncError>> {
  const first = map && appointmentOfEventId(map.googleEventId);
  const ids = new Set([appointmentId]);
  for (const id of new Set([...(first ? [first] : []), ...copies.map((copy) => copy.appointmentId)])) {
    const chain = new Set<string>();
    for (let next: string | null = id; next !== null && !chain.has(next) && !ids.has(next);) {
      chain.add(next);
      const found: Result<BookingEventMap | null, SyncError> = await store.getMap(next);
      if (found.err) return found;
      next = found.val?.supersededBy ?? null;
      if (next !== null && ids.has(next)) for (const earlier of chain) ids.add(earlier);
    }
  }
  return Ok([...ids]);
}

export async function observeMirror(situation: Situation, parts: EngineParts): Promise<Result<Situation, SyncError>> {
  if (!situation.map) return Ok(situation);
  const mirror = await readEvent(refOf(situation.map), parts);
  return mirror.err ? mirror : Ok({ ...situation, mirror: mirror.val });
}

/**
 * Reads the events beside the mirror again, each by its id in the calendar where it was observed: lists may be older than the
 * reading of the mirror.
 */
export async function observeOthers(situation: Situation, parts: EngineParts): Promise<Result<Situation, SyncError>> {
  const { map, event, others = [] } = situation;
  const again: EventReading[] = [];
  for (const other of others) {
    const reading = await readAt(other.event, parts);
    if (reading.err) return reading;
    again.push(reading.val);
  }
  const left = again.filter((reading) => isActiveEvent(reading.event));
  if (event === undefined || event.event.eventId === map?.googleEventId) return Ok({ ...situation, others: left });
  const index = others.findIndex((other) => isSamePlace(other.event, event.event));
  const seen = again[index];
  const reading = seen ? Ok(seen) : await readAt(event.event, parts);
  return reading.err ? reading : Ok({ ...situation, event: reading.val, others: left });
}
