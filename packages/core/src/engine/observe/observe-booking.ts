import type { Booking } from '../../domain/booking.js';
import type { BookingEventMap } from '../../domain/booking-event-map.js';
import type { Instant } from '../../domain/instant.js';
import type { SyncError, SyncSystem } from '../../domain/sync-error.js';
import { Err, Ok, type Result } from '../../result.js';
import { asConfirmed, mustBeListedAt } from '../../rules/booking-side.js';
import type { LivenessVerdict } from '../../rules/liveness.js';
import { mayBeSuccessor, searchedFor } from '../../rules/successor.js';
import type { BookingReading, Existence, Rebooking, Situation } from '../../rules/situation.js';
import type { EngineParts } from '../engine-parts.js';

export async function observeBooking(situation: Situation, parts: EngineParts): Promise<Result<Situation, SyncError>> {
  const { reread, ...rest } = situation;
  const reading = await readBooking(situation.appointmentId, mustBeListedAt(situation), parts);
  if (reading.err) return reading;
  const left = reread && { ...reread, booking: false };
  const isConfirmed = parts.mirrorAtOnce.has(situation.appointmentId);
  const booking = isConfirmed ? asConfirmed(reading.val) : reading.val;
  return Ok({ ...rest, ...(left ? { reread: left } : {}), booking });
}

export async function observeReschedule(
  situation: Situation,
  parts: EngineParts,
): Promise<Result<Situation, SyncError>> {
  const read = await observeBooking(situation, parts);
  if (read.err) return read;
  const intent = situation.map?.intent ?? null;
  if (intent === null || intent.successor !== null) return Ok({ ...read.val, inSlot: [] });
  const now = parts.clock.now();
  const list = await parts.bookings.listBookings(searchedFor(intent, now, parts.windowAt(now), parts.rules));
  if (list.err) return list;
  const inSlot = list.val.bookings.filter((booking) => mayBeSuccessor(booking, situation.appointmentId, intent));
  return Ok({ ...read.val, inSlot });
}

export async function observeSuccessor(
  situation: Situation,
  appointmentId: string,
  parts: EngineParts,
): Promise<Result<Situation, SyncError>> {
  const read = await readExisting(appointmentId, parts);
  if (read.err) return read;
  const { existence, booking } = read.val;
  const start = situation.map?.intent?.start;
  // The new booking was made by us. Where records by their id are minutes old it is not found, and both bookings would remain.
  const listed = booking || start === undefined ? Ok(false) : await isListed(appointmentId, start, parts);
  if (listed.err) return listed;
  if (listed.val) return Err(contradiction(parts.systems.bookings, appointmentId));
  return Ok(withRebooking(situation, { successor: existence }));
}

export async function observeOldBooking(
  situation: Situation,
  parts: EngineParts,
): Promise<Result<Situation, SyncError>> {
  const old = await existenceOf(situation.appointmentId, parts);
  return old.err ? old : Ok(withRebooking(situation, { old: old.val }));
}

function withRebooking(situation: Situation, change: Partial<Rebooking>): Situation {
  return { ...situation, rebooking: { ...(situation.rebooking ?? { phase: 'resumed' }), ...change } };
}

export async function observeExistence(
  situation: Situation,
  parts: EngineParts,
): Promise<Result<Situation, SyncError>> {
  const { booking, refused } = situation;
  if (!booking?.booking || !refused) return Ok(situation);
  const existence = await parts.statuses.existence(booking.booking);
  return existence.err ? existence : Ok({ ...situation, refused: { ...refused, existence: existence.val } });
}

/** Reads a booking by its id, and resolves whether it exists. */
export async function existenceOf(appointmentId: string, parts: EngineParts): Promise<Result<Existence, SyncError>> {
  const read = await readExisting(appointmentId, parts);
  return read.map(({ existence }) => existence);
}

/** The same, with the record. */
export async function readExisting(
  appointmentId: string,
  parts: EngineParts,
): Promise<Result<{ readonly existence: Existence; readonly booking: Booking | null }, SyncError>> {
  const read = await parts.bookings.getBooking(appointmentId);
  if (read.ok) {
    const existence = await parts.statuses.existence(read.val);
    return existence.map((it) => ({ existence: it, booking: read.val }));
  }
  if (read.val.kind === 'not-found') return Ok({ existence: 'gone', booking: null });
  // An unreadable record may be readable later, and then two bookings must not remain.
  return read.val.kind === 'invalid' ? Err({ ...read.val, kind: 'transient' }) : read;
}

/**
 * Reads one booking by its id, and resolves its status. "Not found" proves a cancellation only if the list does not contain
 * the booking either: a faulty API answers 404, or nothing at all, to every request.
 */
async function readBooking(
  appointmentId: string,
  listedAt: Instant | null,
  parts: EngineParts,
): Promise<Result<BookingReading, SyncError>> {
  const { bookings, clock, statuses } = parts;
  const at = clock.now();
  const read = await bookings.getBooking(appointmentId);
  if (read.ok) {
    const resolved = await statuses.read(read.val);
    return resolved.err ? resolved : Ok({ at, booking: read.val, ...resolved.val });
  }
  if (read.val.kind !== 'not-found') return read;
  const listed = listedAt === null ? Ok(false) : await isListed(appointmentId, listedAt, parts);
  if (listed.err) return listed;
  return listed.val
    ? Err(contradiction(read.val.system, appointmentId))
    : Ok({ at, booking: null, status: 'dead', sure: true });
}

/** Does the list show the booking, at any time of the window or at its last known start? A customer may have moved it. */
async function isListed(
  appointmentId: string,
  lastStart: Instant,
  { bookings, clock, windowAt }: EngineParts,
): Promise<Result<boolean, SyncError>> {
  const window = windowAt(clock.now());
  const period = { from: Math.min(window.from, lastStart), to: Math.max(window.to, lastStart + 1) };
  const list = await bookings.listBookings(period);
  if (list.err) return list;
  return Ok([...list.val.bookings, ...list.val.unreadable].some((it) => it.appointmentId === appointmentId));
}

function contradiction(system: SyncSystem, appointmentId: string): SyncError {
  const message = `appointment ${appointmentId} is not found by its id, though it is listed`;
  return { kind: 'transient', system, method: 'getBooking', message };
}

/** The known status of an appointment. */
export type ResolvedStatus = Omit<BookingReading, 'at' | 'booking'>;

/** The statuses of the records of one list. */
export interface ListedStatuses {
  of(booking: Booking): ResolvedStatus;
  /**
   * Stores the state that must survive a restart, and deletes records that ended before `historyBefore`.
   *
   * @param exceptFor appointments whose cancellation a guard holds back: nothing is stored about it
   */
  remember(exceptFor: ReadonlySet<string>, historyBefore: Instant): Promise<Result<void, SyncError>>;
  /** Number of slots of mirrored bookings that were read this time, and number of free ones among them. */
  readonly slots: { readonly read: number; readonly free: number };
  /** Faults that make the service not ready. */
  readonly warnings: readonly string[];
  /** Warnings that do not affect readiness. */
  readonly notes: readonly string[];
}

/** Resolves the status of a booking: from its record if the status is trusted, by `rules/liveness.ts` if it is blind. */
export interface StatusResolver {
  /** Returns the status of a record that was read by its id. */
  read(booking: Booking): Promise<Result<ResolvedStatus, SyncError>>;
  /**
   * Returns whether a booking exists after a creation or cancellation without a clear answer: a repeated cancellation is
   * refused as well.
   */
  existence(booking: Booking): Promise<Result<Existence, SyncError>>;
  /** Records that we have cancelled a booking without a map, because no map contains the cancellation. */
  noteCanceled(appointmentId: string, end: Instant): Promise<Result<void, SyncError>>;
  /** Resolves all records of one poll, with the maps of the same window. */
  list(
    bookings: readonly Booking[],
    maps: readonly BookingEventMap[],
    now: Instant,
  ): Promise<Result<ListedStatuses, SyncError>>;
}

/** Returns the status that the evidence of blind mode gives. */
export function resolvedStatus({ status, heldUntil: until }: LivenessVerdict, isIdReused: boolean): ResolvedStatus {
  return {
    status,
    sure: status === 'dead',
    ...(until === undefined ? {} : { heldUntil: until }),
    ...(isIdReused ? { idReused: true } : {}),
  };
}

/** Takes the status from the record. A dead booking is certain only if it was read by its id. */
export const trustStatus: StatusResolver = {
  read: async ({ status }) => Ok({ status, sure: true }),
  existence: async ({ status }) => Ok(status === 'dead' ? 'gone' : 'exists'),
  noteCanceled: async () => Ok.EMPTY,
  list: async (bookings) => {
    return Ok({
      of: ({ status }) => ({ status, sure: false }),
      remember: async () => Ok.EMPTY,
      slots: { read: 0, free: 0 },
      ...aboutStatus(bookings),
    });
  },
};

/** Maximum number of records without a status that one warning names. */
const NAMED_WITHOUT_STATUS = 5;

function aboutStatus(bookings: readonly Booking[]): Pick<ListedStatuses, 'warnings' | 'notes'> {
  if (bookings.length > 0 && bookings.every(({ status }) => status === 'unknown')) {
    const hidden = 'no record has a status: this deployment hides it, set uschedule.status to "blind"';
    return { warnings: [hidden], notes: [] };
  }
  const silent = bookings.filter(({ missing }) => missing?.status).map(({ appointmentId }) => appointmentId);
  if (silent.length === 0) return { warnings: [], notes: [] };
  const named = silent.slice(0, NAMED_WITHOUT_STATUS).join(', ');
  const more = silent.length > NAMED_WITHOUT_STATUS ? ` and ${silent.length - NAMED_WITHOUT_STATUS} more` : '';
  const note = `appointment ${named}${more}: the record has no status, though others have; nothing is concluded from it`;
  return { warnings: [], notes: [note] };
}
