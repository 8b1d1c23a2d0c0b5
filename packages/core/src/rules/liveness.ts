import type { Booking } from '../domain/booking.js';
import { MINUTE, type Instant } from '../domain/instant.js';
import type { LivenessRecord } from '../domain/liveness-record.js';
import { cancelledRecord, currentRecord, isRecordedDead } from './reused-id.js';
import type { BookingSettings } from './settings.js';
import type { Competitor } from './slot-claims.js';
import type { Life } from './situation.js';

/**
 * Decides whether a record is a live booking if its status is hidden (`status: "blind"`; docs/uschedule.md, "What the live
 * service does"). Pure: the arguments contain all evidence, and the result contains the new state.
 */

/**
 * The evidence of the current availability about the record's own slot. `free`: a free slot starts within the record's time.
 * `unseen`: nothing was read, or a unit that has never shown a slot has shown none again.
 */
export type SlotReading = 'free' | 'not-free' | 'unseen';

/**
 * docs/decision-table.md#guards, "Blind": a free slot that starts within the record's time is evidence against it, for any
 * distance between the starts of slots.
 */
export function readingOf({ start, end }: Booking, free: readonly Instant[]): SlotReading {
  return free.some((slot) => slot >= start && slot < end) ? 'free' : 'not-free';
}

export interface LivenessEvidence {
  readonly now: Instant;
  readonly booking: Booking;
  /** The stored record. Null if there is none. */
  readonly record: LivenessRecord | null;
  /** The booking has an event of ours. */
  readonly mirrored: boolean;
  /** Another record occupies (part of) its slot. Null if none does. */
  readonly lostTo: Competitor | null;
  readonly slot: SlotReading;
  /** Time of a start with an empty store: a visit in progress at that time stays `unknown`. Null if there was none. */
  readonly emptyStartAt: Instant | null;
}

export interface LivenessVerdict {
  readonly status: Life;
  /** End of the checkout. Only while a checkout may be in progress (docs/decision-table.md#row-1a). */
  readonly heldUntil?: Instant;
  /** The record to store. The same object as given if there is no change. */
  readonly record: LivenessRecord | null;
}

type HoldSettings = Pick<BookingSettings, 'holdMinutes' | 'urgentMinutes' | 'urgentMinAgeMinutes'>;

type LivenessSettings = HoldSettings & Pick<BookingSettings, 'cancelConfirmations'>;

export function inferLiveness(given: LivenessEvidence, settings: LivenessSettings): LivenessVerdict {
  const { booking, mirrored } = given;
  // docs/uschedule.md#lesson-5: dead is final, for any later reading of the slot.
  if (isRecordedDead(booking, given.record)) return { status: 'dead', record: cancelledRecord(booking, given) };
  const evidence = { ...given, record: currentRecord(given) };
  const readings = deadReadings(evidence);
  // Lessons 1, 3 and 2: cancelled by its own status; a newer record has its slot; or enough consecutive readings of a lost
  // slot.
  const dead = booking.status === 'dead' || evidence.lostTo === 'newer' || readings >= settings.cancelConfirmations;
  const record = remember(evidence, readings, dead);
  if (dead) return { status: 'dead', record };
  if (mirrored) return { status: 'live', record };
  return { ...statusOfCandidate(evidence, readings, settings), record };
}

/** A record that has no event yet. */
function statusOfCandidate(
  evidence: LivenessEvidence,
  readings: number,
  settings: LivenessSettings,
): Pick<LivenessVerdict, 'status' | 'heldUntil'> {
  const { booking, record, now, slot } = evidence;
  if (readings > 0 || booking.end <= now) return { status: 'unknown' };
  const until = heldUntil(booking, record, now, settings);
  if (now < until) return { status: 'unknown', heldUntil: until };
  // docs/uschedule.md#lesson-4: door and screen automations depend on the event of a booking that starts soon.
  if (isUrgent(booking, now, settings)) return { status: wasUnderWay(evidence, settings) ? 'unknown' : 'live' };
  return { status: slot === 'not-free' ? 'live' : 'unknown' };
}

function isUrgent({ start }: Booking, now: Instant, { urgentMinutes }: HoldSettings): boolean {
  return start - now <= urgentMinutes * MINUTE;
}

/**
 * With an empty store, a visit in progress may have been cancelled long ago: neither its status nor availability shows it. A
 * young record was created for a visit that starts soon.
 */
function wasUnderWay({ booking, emptyStartAt }: LivenessEvidence, { urgentMinutes }: HoldSettings): boolean {
  if (emptyStartAt === null || booking.start > emptyStartAt) return false;
  const { createdAt, start } = booking;
  return createdAt === null ? true : createdAt < start - urgentMinutes * MINUTE;
}

/**
 * docs/uschedule.md#lesson-4: a record is created at the start of its checkout, which may be abandoned. Returns the end of
 * its wait: `holdMinutes`, or, if the booking starts within `urgentMinutes` by then, `urgentMinAgeMinutes`. A record without
 * a creation time, or with one in the future, counts from its first observation: the booking system may write creation times in
 * another zone than assumed.
 */
export function heldUntil(
  { createdAt, start }: Booking,
  record: LivenessRecord | null,
  now: Instant,
  { holdMinutes, urgentMinutes, urgentMinAgeMinutes }: HoldSettings,
): Instant {
  const bornAt = Math.min((isKnownAge(createdAt, now) ? createdAt : record?.updatedAt) ?? now, now);
  const urgentAt = Math.max(bornAt + urgentMinAgeMinutes * MINUTE, start - urgentMinutes * MINUTE);
  return Math.min(bornAt + holdMinutes * MINUTE, urgentAt);
}

/** Maximum deviation of the booking system's clock. */
const CLOCK_SLACK_MS: number = MINUTE;

/** Is the creation time not in the future? */
function isKnownAge(createdAt: Instant | null, now: Instant): createdAt is Instant {
  return createdAt !== null && createdAt <= now + CLOCK_SLACK_MS;
}

/**
 * docs/uschedule.md#lesson-2: counts consecutive readings of the slot as free. Listed free slots are in the future. For a
 * visit in progress, a free slot in the rest of it counts, and no free slot is no evidence. Past visits and missing readings
 * are no evidence. If another record has moved there, that record occupies the slot.
 */
function deadReadings({ booking, now, record, slot, lostTo }: LivenessEvidence): number {
  const before = record?.end === booking.end ? record.freeReadings : 0;
  if (lostTo === 'moved') return before + 1;
  if (slot === 'unseen' || booking.end <= now) return before;
  if (slot === 'free') return before + 1;
  return booking.start <= now ? before : 0;
}

function remember(evidence: LivenessEvidence, readings: number, dead: boolean): LivenessRecord | null {
  const { booking, now, record, mirrored } = evidence;
  const before = record ?? { freeReadings: 0, dead: false, end: booking.end };
  const isSilent = !isKnownAge(booking.createdAt, now) && !mirrored;
  const isNew = record === null && isSilent && booking.end > now;
  if (!isNew && before.freeReadings === readings && before.dead === dead && before.end === booking.end) return record;
  // The age of a record without a creation time counts from here.
  const updatedAt = isSilent ? (record?.updatedAt ?? now) : now;
  const createdAt = dead ? (booking.createdAt ?? undefined) : record?.createdAt;
  return {
    appointmentId: booking.appointmentId,
    freeReadings: readings,
    dead,
    end: booking.end,
    updatedAt,
    ...(createdAt === undefined ? {} : { createdAt }),
  };
}
