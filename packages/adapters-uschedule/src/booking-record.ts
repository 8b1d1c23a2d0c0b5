import { type Booking, DAY, type Instant, MINUTE, type TimeZones } from '@loft/sync-core';
import type {
  BookingStatus,
  OptionalField,
  MissingKind,
  UnreadableBooking,
  StatusTrust,
} from '@loft/sync-core/adapters';
import { readTerms } from './booking-terms.js';
import { type NoteFields, missingKindOf } from './note-fields.js';
import { field, hasField, isRecord, type JsonRecord, readId, readInteger, readText } from './record-fields.js';
import { parseTime, parseWallTime, wholeSecond } from './uschedule-time.js';

/** Settings for reading records. */
export interface RecordRules {
  readonly timeZone: string;
  readonly timeZones: TimeZones;
  readonly status: StatusTrust;
  /** Length of a booking whose record names no end. */
  readonly serviceLengthMinutes: number;
  /** Which field holds the notes; the same one for all records of a deployment. */
  readonly noteFields: NoteFields;
}

export type ReadRecord =
  | { readonly ok: true; readonly booking: Booking }
  /** `isDead`: its status says that the booking is cancelled, so its unit and time are not needed. */
  | { readonly ok: false; readonly unreadable: UnreadableBooking; readonly isDead: boolean };

/** Maximum of a unit id. A larger number is not a unit id. */
const LARGEST_UNIT = 2 ** 31 - 1;

/** `StatusID`s (docs/uschedule.md#methods); 0 (not set) and 11 (tentative) do not say whether the booking is live. */
const ACTIVE = 1;
const DEAD_WHERE_TRUSTED: readonly (number | null)[] = [2, 9, 10];
const DEAD_ALWAYS: readonly (number | null)[] = [9, 10];

const NO_RECORD: UnreadableBooking = { appointmentId: null, problem: 'the record is not an object' };
const NO_ID: UnreadableBooking = { appointmentId: null, problem: 'AppointmentID is missing or no id' };

/**
 * Reads one appointment record of any form. It never throws. A record whose id, unit, start or end cannot be read is
 * reported as unreadable, so that nothing is concluded from it. Every other field may be missing.
 */
export function readBookingRecord(record: unknown, rules: RecordRules): ReadRecord {
  if (!isRecord(record)) return { ok: false, unreadable: NO_RECORD, isDead: false };
  const appointmentId = idOf(record);
  if (appointmentId === null) return { ok: false, unreadable: NO_ID, isDead: false };
  const status = statusOf(readInteger(field(record, 'StatusID')), rules.status);
  const unreadable = (problem: string, more: Pick<UnreadableBooking, 'withoutUnit'> = {}): ReadRecord => ({
    ok: false,
    unreadable: { appointmentId, problem, ...more },
    isDead: status === 'dead',
  });
  const unit = field(record, 'ResourceUnitID') ?? '';
  if (unit === '') return unreadable('ResourceUnitID is missing or no unit', { withoutUnit: true });
  const resourceUnitId = readInteger(unit);
  if (resourceUnitId === null || resourceUnitId <= 0 || resourceUnitId > LARGEST_UNIT) {
    return unreadable('ResourceUnitID is missing or no unit');
  }
  const start = wholeSecond(parseTime(field(record, 'StartTime'), rules.timeZone, rules.timeZones));
  if (start === null) return unreadable('StartTime is missing or no time');
  const wall = wallTimesOf(record, start, rules);
  const end = wall && isInGap(start, wall.start, rules) ? start + wall.end - wall.start : endOf(record, start, rules);
  if (end === null) return unreadable('EndTime is no time');
  if (end <= start) return unreadable('EndTime is not after StartTime');
  const { notes, missingKind: kind, otherText } = rules.noteFields.read(record);
  const { terms, details } = readTerms(record);
  const missing = missingIn(record, kind, rules.status);
  return {
    ok: true,
    booking: {
      appointmentId,
      status,
      resourceUnitId,
      start,
      end,
      customerName: readText(field(record, 'CustomerName')),
      notes,
      customerId: readId(field(record, 'CustomerID')),
      createdAt: parseTime(field(record, 'CreatedDate'), rules.timeZone, rules.timeZones),
      ...(missing ? { missing } : {}),
      ...(terms ? { terms } : {}),
      ...(details ? { details } : {}),
      ...(otherText === '' ? {} : { otherText }),
      ...(wall ? { wall } : {}),
    },
  };
}

/**
 * The fields that a record lacks (docs/decision-table.md#missing-is-not-empty). With a blind status, a missing status is
 * not reported.
 *
 * @returns null if no field is missing
 */
function missingIn(record: JsonRecord, notes: MissingKind | null, trust: StatusTrust): Booking['missing'] | null {
  const kinds: readonly (readonly [OptionalField, MissingKind | null])[] = [
    ['customerName', missingName(record)],
    ['end', missingEnd(record)],
    ['notes', notes],
    ['status', trust === 'blind' ? null : missingStatus(record)],
  ];
  const missing = kinds.filter(([, kind]) => kind !== null);
  return missing.length === 0 ? null : Object.fromEntries(missing);
}

/** A customer has a name: a blank one is missing, too. */
function missingName(record: JsonRecord): MissingKind | null {
  return (
    missingKindOf(record, 'CustomerName') ?? (readText(field(record, 'CustomerName')).trim() === '' ? 'null' : null)
  );
}

function missingEnd(record: JsonRecord): MissingKind | null {
  const kind = missingKindOf(record, 'EndTime');
  return field(record, 'EndTime') === '' ? 'null' : kind;
}

/** 0 means "not set". */
function missingStatus(record: JsonRecord): MissingKind | null {
  const status = readInteger(field(record, 'StatusID'));
  if (status !== null && status !== 0) return null;
  return hasField(record, 'StatusID') ? 'null' : 'absent';
}

/** The list keys a record by `AppointmentID`, `getappointment` by `Id`: a number, sometimes sent as text. */
export function idOf(record: JsonRecord): string | null {
  const id = readId(field(record, 'AppointmentID') ?? field(record, 'Id'));
  return id !== null && /^\d+$/.test(id) ? id : null;
}

function statusOf(statusId: number | null, trust: StatusTrust): BookingStatus {
  if (trust === 'blind') return DEAD_ALWAYS.includes(statusId) ? 'dead' : 'unknown';
  if (statusId === ACTIVE) return 'live';
  return DEAD_WHERE_TRUSTED.includes(statusId) ? 'dead' : 'unknown';
}

/**
 * The wall times of a record that is within a day of a change to summer time. On such a night, two records can have the
 * same instants for different wall times.
 *
 * @returns null on all other days, and if the record has offsets
 */
function wallTimesOf(
  record: JsonRecord,
  start: Instant,
  { timeZone, timeZones, serviceLengthMinutes }: RecordRules,
): NonNullable<Booking['wall']> | null {
  if (timeZones.offsetAt(start - DAY, timeZone) >= timeZones.offsetAt(start + DAY, timeZone)) return null;
  const from = wholeSecond(parseWallTime(field(record, 'StartTime')));
  if (from === null) return null;
  const value = field(record, 'EndTime') ?? '';
  const to = value === '' ? from + serviceLengthMinutes * MINUTE : wholeSecond(parseWallTime(value));
  return to === null ? null : { start: from, end: to };
}

/**
 * Is the start a wall time that clocks skip? Then it is moved forward by the length of the gap, and the booking keeps its
 * length (docs/decision-table.md, RFC 5545). If only the end is such a wall time, the end alone is moved.
 */
function isInGap(start: Instant, wallStart: number, { timeZone, timeZones }: RecordRules): boolean {
  return start + timeZones.offsetAt(start, timeZone) !== wallStart;
}

function endOf(record: JsonRecord, start: Instant, rules: RecordRules): Instant | null {
  const value = field(record, 'EndTime') ?? '';
  if (value === '') return start + rules.serviceLengthMinutes * MINUTE;
  const end = wholeSecond(parseTime(value, rules.timeZone, rules.timeZones));
  if (end === null || end > start) return end;
  // In the hour that occurs twice, an end before the start is the second occurrence.
  return wholeSecond(parseTime(value, rules.timeZone, rules.timeZones, 'later'));
}
