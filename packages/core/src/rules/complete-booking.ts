import type { Booking, OptionalField } from '../domain/booking.js';
import type { Content } from '../domain/content.js';
import { sameData } from '../domain/same-data.js';
import { type EventTemplates, namesField } from './event-text.js';
import { wholeNote } from './whole-note.js';

/**
 * Completes a reading of a booking whose record lacks fields: what a record does not say is taken from what was known
 * before (docs/decision-table.md#missing-is-not-empty). Pure.
 */

/** Polls in a row with null notes in an otherwise whole record that mean: the notes are empty. */
const NULL_NOTES_POLLS = 2;

/** A field that one record alone has lost is no fault of the whole list. */
const LOST_MINIMUM = 2;

/** What is known of an appointment before a reading. */
export interface KnownBooking {
  /** The latest completed reading in this process; null: there is none. */
  readonly reading: Booking | null;
  /** Polls in a row, up to now, whose record was whole but for notes that were null. */
  readonly nullNotes: number;
  /** Content that both sides last agreed on; null: the appointment has no map. */
  readonly base: Content | null;
  /** The same of the appointment in whose place this one was booked; not given: of none. */
  readonly originalBase?: Content | null;
  /** The base was stored after `reading` was made. */
  readonly isBaseNewer: boolean;
}

/** How a reading was made. */
export interface ReadingContext {
  readonly templates: EventTemplates;
  /** Only records of a poll count towards empty notes. */
  readonly isPoll: boolean;
  /** The notes of most records of this list are lost (see `areNotesLost`). */
  readonly areNotesLost: boolean;
}

/** A completed reading. */
export interface CompletedBooking {
  readonly booking: Booking;
  /** As in `KnownBooking`, this reading included. */
  readonly nullNotes: number;
}

/**
 * Puts what is known in the place of what the record does not say. A name and a length are never taken away. A reading that
 * says nothing new is the same object as the latest one.
 */
export function completeBooking(read: Booking, known: KnownBooking, context: ReadingContext): CompletedBooking {
  const { reading } = known;
  if (reading && !read.missing && sameData(read, reading))
    return { booking: reading, nullNotes: context.isPoll ? 0 : known.nullNotes };
  const { booking, nullNotes } = completed(read, known, context);
  return { booking: sameData(booking, reading) ? (reading ?? booking) : booking, nullNotes };
}

function completed(record: Booking, known: KnownBooking, context: ReadingContext): CompletedBooking {
  const knownNote = { notes: known.reading?.notes ?? null, bases: [known.base, known.originalBase ?? null] };
  const notes = wholeNote(record.notes, knownNote, context.templates);
  const read = notes === record.notes ? record : { ...record, notes };
  const nullNotes = context.isPoll ? countNullNotes(read, known, context.areNotesLost) : known.nullNotes;
  const facts = withEarlierFacts(read, known.reading);
  if (!read.missing) return { booking: facts, nullNotes };
  const texts = completeTexts(read, known, nullNotes >= NULL_NOTES_POLLS);
  const length = read.missing.end ? knownLength(known) : null;
  const end = length === null ? read.end : read.start + length;
  const missing = { ...texts.missing, ...(read.missing.end && length === null ? { end: read.missing.end } : {}) };
  const keptText = textToKeep(texts.missing, known.base, context.templates);
  return {
    booking: {
      ...facts,
      customerName: texts.customerName,
      notes: texts.notes,
      end,
      missing,
      ...(keptText ? { keptText } : {}),
    },
    nullNotes,
  };
}

/**
 * Have more than half of the records that had notes lost them? Then the booking system is out of order, and no null
 * says anything.
 */
export function areNotesLost(bookings: readonly Booking[], knownOf: (appointmentId: string) => KnownBooking): boolean {
  const lost = bookings.filter((booking) => booking.missing?.notes && hadNotes(knownOf(booking.appointmentId))).length;
  if (lost < LOST_MINIMUM) return false;
  const kept = bookings.filter((booking) => !booking.missing?.notes && booking.notes !== '').length;
  return lost > kept;
}

function hadNotes({ reading, base }: KnownBooking): boolean {
  if (reading && !reading.missing?.notes) return reading.notes !== '';
  return base !== null && base.description !== '';
}

/** Polls in a row with null notes: 0 as soon as the notes are there, or another field is missing too. */
function countNullNotes({ missing }: Booking, { nullNotes }: KnownBooking, areLost: boolean): number {
  if (missing?.notes !== 'null') return 0;
  const isOtherwiseWhole = !missing.customerName && !missing.end;
  return isOtherwiseWhole && !areLost ? nullNotes + 1 : 0;
}

type Texts = Pick<Booking, 'customerName' | 'notes'> & {
  readonly missing: Partial<Record<OptionalField, 'absent' | 'null'>>;
};

function completeTexts(read: Booking, { reading }: KnownBooking, areNotesEmpty: boolean): Texts {
  const { end: _end, ...missing } = { ...read.missing };
  let { customerName, notes } = read;
  if (missing.notes === 'null' && areNotesEmpty) {
    delete missing.notes;
  } else if (missing.notes && reading && !reading.missing?.notes) {
    ({ notes } = reading);
    delete missing.notes;
  }
  if (missing.customerName && reading && !reading.missing?.customerName) {
    ({ customerName } = reading);
    delete missing.customerName;
  }
  return { customerName, notes, missing };
}

/** Length of the visit in milliseconds, by whichever is newer: the base or the latest reading. null: not known. */
function knownLength({ reading, base, isBaseNewer }: KnownBooking): number | null {
  const ofReading = reading && !reading.missing?.end ? reading.end - reading.start : null;
  const ofBase = base ? base.end - base.start : null;
  return isBaseNewer ? (ofBase ?? ofReading) : (ofReading ?? ofBase);
}

/** A text that is made of a missing field stays as both sides last agreed on. */
function textToKeep(
  missing: Texts['missing'],
  base: Content | null,
  templates: EventTemplates,
): Booking['keptText'] | null {
  if (base === null) return null;
  const fields = (['customerName', 'notes'] as const).filter((field) => missing[field]);
  const isMadeOfMissing = (template: string): boolean => fields.some((field) => namesField(template, field));
  const kept = {
    ...(isMadeOfMissing(templates.title) ? { title: base.title } : {}),
    ...(isMadeOfMissing(templates.description) ? { description: base.description } : {}),
  };
  return 'title' in kept || 'description' in kept ? kept : null;
}

/** Facts that some records of the same appointment have and others lack, and that no record takes back. */
function withEarlierFacts(read: Booking, earlier: Booking | null): Booking {
  if (earlier === null) return read;
  const terms = earlier.terms || read.terms ? { ...earlier.terms, ...read.terms } : null;
  const details = earlier.details || read.details ? { ...earlier.details, ...read.details } : null;
  return {
    ...read,
    customerId: read.customerId ?? earlier.customerId,
    createdAt: read.createdAt ?? earlier.createdAt,
    ...(terms ? { terms } : {}),
    ...(details ? { details } : {}),
  };
}
