import { type Booking, Err, Ok, type Result, type SyncError } from '@loft/sync-core';
import { jsonOf, payloadOf, unexpected } from './answer-error.js';
import { idOf, readBookingRecord, type RecordRules } from './booking-record.js';
import { failure } from './failure.js';
import { field, isRecord, type JsonRecord } from './record-fields.js';
import type { Secrets } from './secrets.js';
import type { HttpAnswer } from './transport.js';

const METHOD = 'getappointment';

/**
 * Reads the answer of `getappointment`. `not-found` proves that a booking is gone. Only these answers are `not-found`: no
 * body, `null`, `{}`, a record in which every field is empty, and a cancelled record without a unit or time. A record without its id, and an object that is not a
 * record, such as an error under status 200, are `transient`.
 */
export function readAppointment(
  appointmentId: string,
  answer: HttpAnswer,
  rules: RecordRules,
  secrets: Secrets,
): Result<Booking, SyncError> {
  if (answer.text.trim() === '') return Err(missing(appointmentId, answer));
  const json = jsonOf(METHOD, answer, secrets);
  if (!json.ok) return json;
  if (json.val === null) return Err(missing(appointmentId, answer));
  if (!isRecord(json.val)) return Err(unexpected(METHOD, 'the answer is no record', answer, secrets));
  if (hasNoId(json.val)) {
    return isEmptyRecord(json.val)
      ? Err(missing(appointmentId, answer))
      : Err(unexpected(METHOD, 'the answer is no appointment record', answer, secrets));
  }
  const details = { status: answer.status, payload: payloadOf(answer, secrets) };
  const id = idOf(json.val);
  if (id !== null && id !== appointmentId) {
    return Err(failure('invalid', METHOD, `asked for appointment ${appointmentId}, answered with ${id}`, details));
  }
  rules.noteFields.learnFrom([json.val]);
  const read = readBookingRecord(json.val, rules);
  if (read.ok) return Ok(read.booking);
  if (read.isDead) return Err(missing(appointmentId, answer));
  return Err(failure('invalid', METHOD, `appointment ${appointmentId}: ${read.unreadable.problem}`, details));
}

const THERE_IS_NONE = /\bnot (be )?found\b|\bno such\b|\bdo(es not|esn['’]?t) exist\b|\bunknown (appointment|id)\b/i;

/** Detects an unknown appointment by the text of the answer: some deployments send another 4xx than 404. */
export function saysThereIsNone({ kind, reason }: SyncError): boolean {
  return kind === 'refused' && THERE_IS_NONE.test(reason ?? '');
}

function hasNoId(record: JsonRecord): boolean {
  const id = field(record, 'AppointmentID') ?? field(record, 'Id') ?? 0;
  return id === 0 || id === '';
}

/** The fields of a record (docs/uschedule.md#methods). */
const FIELDS = [
  'AppointmentID',
  'Id',
  'CustomerID',
  'CustomerName',
  'StatusID',
  'StartTime',
  'EndTime',
  'ResourceUnitID',
  'ResourceName',
  'Description',
  'Note',
  'CreatedDate',
];

/** Is every field of the record "not set"? An empty object is such a record, too. */
function isEmptyRecord(record: JsonRecord): boolean {
  const names = Object.keys(record);
  const present = FIELDS.filter((name) => names.includes(name));
  return names.length === 0 || (present.length > 0 && present.every((name) => isNotSet(field(record, name))));
}

function isNotSet(value: unknown): boolean {
  return value === null || value === 0 || value === '' || (typeof value === 'string' && value.startsWith('0001-01-01'));
}

function missing(appointmentId: string, answer: HttpAnswer): SyncError {
  return failure('not-found', METHOD, `there is no appointment ${appointmentId}`, { status: answer.status });
}
