import { type BookingEventMap, refOf } from '../../domain/booking-event-map.js';
import { editsOf } from '../../domain/event-record.js';
import { DAY } from '../../domain/instant.js';
import type { SyncError } from '../../domain/sync-error.js';
import { type Result, Ok } from '../../result.js';
import { isContested } from '../../rules/decide-mirroring.js';
import type { ObservationTarget, Verdict } from '../../rules/decision.js';
import { derivedEventId } from '../../rules/event-marks.js';
import { futureMirrors, overlapping } from '../../rules/observed-maps.js';
import { replacedBy } from '../../rules/rebook-marker.js';
import { isActiveFor } from '../../rules/rules.js';
import type { Situation, EventReading, Original } from '../../rules/situation.js';
import { isOtherCustomer } from '../../rules/successor.js';
import type { EngineParts } from '../engine-parts.js';
import { readEvent } from './event-reader.js';
import {
  observeBooking,
  observeExistence,
  observeOldBooking,
  observeReschedule,
  observeSuccessor,
  existenceOf,
  readExisting,
} from './observe-booking.js';
import {
  observeCopies,
  observeDerived,
  observeEvent,
  observeMirror,
  observeOthers,
  calendarOf,
} from './observe-event.js';
import { observeRemovals } from './removals.js';

/** Reads one thing without deciding. Returns the situation with the reading. */
export type Observe = (situation: Situation, parts: EngineParts) => Promise<Result<Situation, SyncError>>;

const OBSERVERS: Readonly<Record<Exclude<ObservationTarget, 'successor'>, Observe>> = {
  booking: observeBooking,
  event: observeEvent,
  reschedule: observeReschedule,
  'old-booking': observeOldBooking,
  existence: observeExistence,
  derived: observeDerived,
  original: observeOriginal,
  contest: observeContest,
  edits: observeEdits,
  mirrors: observeMirrors,
  copies: observeCopies,
  mirror: observeMirror,
  others: observeOthers,
  'marked-for': observeMarkedFor,
  'own-existence': observeOwnExistence,
  'slot-holder': observeSlotHolder,
  'slot-holder-event': observeSlotHolderEvent,
  removals: observeRemovals,
};

/** Reads what `decide` requests. */
export function observe(
  verdict: Extract<Verdict, { kind: 'observe' }>,
  situation: Situation,
  parts: EngineParts,
): Promise<Result<Situation, SyncError>> {
  if (verdict.target === 'successor') return observeSuccessor(situation, verdict.successor, parts);
  return OBSERVERS[verdict.target](situation, parts);
}

/** The original's map names its event. If that event has the marks of this appointment now, it is the mirror. */
async function observeOriginal(situation: Situation, parts: EngineParts): Promise<Result<Situation, SyncError>> {
  const { appointmentId } = situation;
  const booking = situation.booking?.booking ?? null;
  const id = booking && replacedBy(booking);
  if (booking === null || id === null) return Ok({ ...situation, original: null });
  const map = await parts.store.getMap(id);
  if (map.err) return map;
  const original: Original = { appointmentId: id, map: map.val };
  if (map.val?.status === 'ACTIVE' && map.val.intent?.kind === 'reschedule') return Ok({ ...situation, original });
  const event = await handedOver(appointmentId, id, map.val, situation, parts);
  if (event.err) return event;
  // The reschedule of the original may have stored this appointment's map concurrently.
  const own = await parts.store.getMap(appointmentId);
  if (own.err) return own;
  const extended = { ...situation, map: own.val, event: event.val ?? situation.event };
  if (map.val && map.val.status !== 'ACTIVE') return Ok({ ...extended, original });
  const read = await readExisting(id, parts);
  if (read.err) return read;
  const { existence } = read.val;
  const isOfOther = isOtherCustomer(read.val.booking, booking);
  const deadLetter = await parts.store.getDeadLetter(id);
  if (deadLetter.err) return deadLetter;
  const isGivenUp = deadLetter.val !== null;
  return Ok({ ...extended, original: { ...original, existence, isOfOther, isGivenUp } });
}

/** @returns the original's event, if it has this appointment's marks */
async function handedOver(
  appointmentId: string,
  originalId: string,
  map: BookingEventMap | null,
  { booking, event }: Situation,
  parts: EngineParts,
): Promise<Result<EventReading | null, SyncError>> {
  const home = map?.googleCalendarId ?? calendarOf(booking, parts);
  if (event !== undefined || home === null) return Ok(null);
  const eventId = map?.googleEventId ?? derivedEventId(originalId);
  const reading = await readEvent({ calendarId: home, eventId }, parts);
  if (reading.err) return reading;
  return Ok(isActiveFor(reading.val.event, appointmentId) ? reading.val : null);
}

async function observeMarkedFor(situation: Situation, parts: EngineParts): Promise<Result<Situation, SyncError>> {
  const appointmentId = situation.event?.event.marks.appointmentId ?? situation.appointmentId;
  const existence = await existenceOf(appointmentId, parts);
  if (existence.err) return existence;
  const map = await parts.store.getMap(appointmentId);
  if (map.err) return map;
  return Ok({ ...situation, markedFor: { appointmentId, map: map.val, existence: existence.val } });
}

async function observeOwnExistence(situation: Situation, parts: EngineParts): Promise<Result<Situation, SyncError>> {
  const { booking, markedFor } = situation;
  if (!booking?.booking || !markedFor) return Ok(situation);
  const own = await parts.statuses.existence(booking.booking);
  return own.err ? own : Ok({ ...situation, markedFor: { ...markedFor, own: own.val } });
}

async function observeEdits(situation: Situation, parts: EngineParts): Promise<Result<Situation, SyncError>> {
  const edits = await parts.store.listEventRecords({ kind: 'edit' });
  return edits.map((records) => ({ ...situation, edits: editsOf(records) }));
}

async function observeMirrors(situation: Situation, parts: EngineParts): Promise<Result<Situation, SyncError>> {
  // Each poll reads the maps of the window, so a store may have cached them. Few maps are later than the window.
  const window = parts.windowAt(situation.now);
  const near = await parts.store.listMaps({ period: window });
  if (near.err) return near;
  const far = await parts.store.listMaps({ period: { from: window.to, to: Number.MAX_SAFE_INTEGER } });
  if (far.err) return far;
  return Ok({ ...situation, mirrors: futureMirrors([...near.val, ...far.val], situation.now) });
}

async function observeContest(situation: Situation, parts: EngineParts): Promise<Result<Situation, SyncError>> {
  const intents = await parts.store.listMaps({ withIntent: true });
  if (intents.err) return intents;
  const contested = isContested(intents.val, situation, parts.rules);
  // An intent that ended between the first read of the map and now has left a map.
  const map = await parts.store.getMap(situation.appointmentId);
  return map.err ? map : Ok({ ...situation, contested, map: map.val });
}

/** Other edits may have progressed since this task started. */
async function observeSlotHolder(situation: Situation, parts: EngineParts): Promise<Result<Situation, SyncError>> {
  const { appointmentId, event } = situation;
  const bay = event && parts.rules.routing.ofCalendar(event.event.calendarId)?.bay;
  const { start, end } = event?.event ?? { start: null, end: null };
  if (!bay || start === null || end === null) return Ok({ ...situation, slotHolder: null });
  const maps = await parts.store.listMaps({ status: 'ACTIVE', bay, period: { from: start - DAY, to: end } });
  if (maps.err) return maps;
  const map = overlapping(maps.val, appointmentId, { start, end });
  return observeEdits({ ...situation, slotHolder: map && { map } }, parts);
}

async function observeSlotHolderEvent(situation: Situation, parts: EngineParts): Promise<Result<Situation, SyncError>> {
  const { slotHolder } = situation;
  if (!slotHolder) return Ok(situation);
  const reading = await readEvent(refOf(slotHolder.map), parts);
  return reading.map(({ event }) => ({ ...situation, slotHolder: { ...slotHolder, event } }));
}
