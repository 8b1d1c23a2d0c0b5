import type { Booking, OptionalField } from '../domain/booking.js';
import type { CalendarEvent } from '../domain/calendar-event.js';
import type { Content } from '../domain/content.js';
import { sameBooking } from '../domain/same-booking.js';
import { namesField, fieldsOf, plainText, type EventTemplates } from './event-text.js';
import { leadingMarker } from './rebook-marker.js';

/**
 * Completes a reading of a booking whose record lacks fields, with earlier known values
 * (docs/decision-table.md#missing-is-not-empty). Pure.
 */

/** Number of consecutive polls with null notes in an otherwise complete record that prove that the notes are empty. */
const NULL_NOTES_POLLS = 2;

/** Minimum number of records that have lost their notes. A single record does not prove a fault of the list. */
const LOST_MINIMUM = 2;

/** The known state of an appointment before a reading. */
export interface PreviousBooking {
  /** The latest completed reading of this process. Null if there is none. */
  readonly reading: Booking | null;
  /** Number of consecutive polls, up to now, with a record that is complete except for null notes. */
  readonly nullNotes: number;
  /** Content of the last agreement of both sides. Null if the appointment has no map. */
  readonly base: Content | null;
  /** Content of the last agreement about the appointment that this one replaces. Null if there is none. */
  readonly originalBase: Content | null;
  /** The base was stored after `reading` was made. */
  readonly isBaseNewer: boolean;
}

/** The circumstances of a reading. */
export interface ReadingContext {
  readonly templates: EventTemplates;
  /** Only records of a poll count as evidence of empty notes. */
  readonly isPoll: boolean;
  /** Most records of this list have lost their notes (see `areNotesLost`). */
  readonly areNotesLost: boolean;
}

/** A completed reading. */
export interface CompletedBooking {
  readonly booking: Booking;
  /** As in `PreviousBooking`, including this reading. */
  readonly nullNotes: number;
}

/**
 * Is a record complete, and equal to the latest reading? Then that reading is also the result of `completeBooking`, whatever
 * else is known.
 */
export function isSameReading(read: Booking, reading: Booking | null): reading is Booking {
  return reading !== null && !read.missing && sameBooking(read, reading);
}

/**
 * Must the map be read to complete a record? Our own write may have changed the length since the latest reading. Otherwise
 * only if that reading lacks fields, or if there is none of a booking whose note may have been cut by a marker.
 */
export function needsBase({ missing, notes }: Booking, latest: Booking | null): boolean {
  if (!missing) return latest === null && leadingMarker(notes) !== '';
  return missing.end !== undefined || latest === null || Object.keys(latest.missing ?? {}).length > 0;
}

/**
 * Replaces omitted fields with known values. A name and a length are never removed. A reading without changes returns the
 * same object as the latest one.
 */
export function completeBooking(read: Booking, previous: PreviousBooking, context: ReadingContext): CompletedBooking {
  const { reading } = previous;
  if (isSameReading(read, reading)) return { booking: reading, nullNotes: context.isPoll ? 0 : previous.nullNotes };
  const { booking, nullNotes } = completed(read, previous, context);
  return { booking: reading && sameBooking(booking, reading) ? reading : booking, nullNotes };
}

function completed(record: Booking, previous: PreviousBooking, context: ReadingContext): CompletedBooking {
  const previousNote = {
    notes: previous.reading?.notes ?? null,
    bases: [previous.base, previous.originalBase],
  };
  const notes = wholeNote(record.notes, previousNote, context.templates);
  const read = notes === record.notes ? record : { ...record, notes };
  const nullNotes = context.isPoll ? countNullNotes(read, previous, context.areNotesLost) : previous.nullNotes;
  const facts = withEarlierFacts(read, previous.reading);
  if (!read.missing) return { booking: facts, nullNotes };
  const texts = completeTexts(read, previous, nullNotes >= NULL_NOTES_POLLS);
  const length = read.missing.end ? previousLength(previous) : null;
  const end = length === null ? read.end : read.start + length;
  const missing = { ...texts.missing, ...(read.missing.end && length === null ? { end: read.missing.end } : {}) };
  const keptText = textToKeep(texts.missing, previous.base, context.templates);
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
 * Completes a reading from its adopted event. After a loss of the store no other source has the missing fields. The event
 * keeps its length, and each text that uses a missing field.
 */
export function completeByEvent(
  booking: Booking,
  { start, end, title, description }: Pick<CalendarEvent, 'start' | 'end' | 'title' | 'description'>,
  templates: EventTemplates,
): Booking {
  const { missing } = booking;
  if (!missing) return booking;
  const length = start !== null && end !== null && end > start ? end - start : null;
  const keptText = booking.keptText ?? textToKeep(missing, { title, description }, templates);
  return {
    ...booking,
    ...(missing.end && length !== null ? { end: booking.start + length } : {}),
    ...(keptText ? { keptText } : {}),
  };
}

/** Have more than half of the records with notes lost them? Then the booking system is faulty, and null is no evidence. */
export function areNotesLost(bookings: readonly Booking[], previousOf: (booking: Booking) => PreviousBooking): boolean {
  const lost = bookings.filter((booking) => booking.missing?.notes && hadNotes(previousOf(booking))).length;
  if (lost < LOST_MINIMUM) return false;
  const complete = bookings.filter((booking) => !booking.missing?.notes && booking.notes !== '').length;
  return lost > complete;
}

function hadNotes({ reading, base }: PreviousBooking): boolean {
  if (reading && !reading.missing?.notes) return reading.notes !== '';
  return base !== null && base.description !== '';
}

/** Returns the number of consecutive polls with null notes: 0 if the record has notes, or if another field is missing too. */
function countNullNotes({ missing }: Booking, { nullNotes }: PreviousBooking, areLost: boolean): number {
  if (missing?.notes !== 'null') return 0;
  const isOtherwiseWhole = !missing.customerName && !missing.end;
  return isOtherwiseWhole && !areLost ? nullNotes + 1 : 0;
}

type Texts = Pick<Booking, 'customerName' | 'notes'> & {
  readonly missing: Partial<Record<OptionalField, 'absent' | 'null'>>;
};

function completeTexts(read: Booking, { reading }: PreviousBooking, areNotesEmpty: boolean): Texts {
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

/**
 * Returns the length of the visit in milliseconds, from the newer of base and latest reading. Null if unknown. A base with
 * the usual length is no evidence, because that length may be a placeholder.
 */
function previousLength({ reading, base, isBaseNewer }: PreviousBooking): number | null {
  const usual = reading?.missing?.end ? reading.end - reading.start : null;
  const ofReading = reading && usual === null ? reading.end - reading.start : null;
  const ofBase = base && base.end - base.start !== usual ? base.end - base.start : null;
  return isBaseNewer ? (ofBase ?? ofReading) : (ofReading ?? ofBase);
}

/** A text that uses a missing field keeps the value of the last agreement. */
function textToKeep(
  missing: Texts['missing'],
  base: Pick<Content, 'title' | 'description'> | null,
  templates: EventTemplates,
): Booking['keptText'] | null {
  if (base === null) return null;
  const fields = (['customerName', 'notes'] as const).filter((field) => missing[field]);
  const isMadeOfMissing = (template: string): boolean => fields.some((field) => namesField(template, field));
  const texts = {
    ...(isMadeOfMissing(templates.title) ? { title: base.title } : {}),
    ...(isMadeOfMissing(templates.description) ? { description: base.description } : {}),
  };
  return 'title' in texts || 'description' in texts ? texts : null;
}

/** Facts that some records of an appointment have and others lack. No record removes them. */
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

/** No known booking system cuts notes shorter than this. */
const SHORTEST_CUT = 100;
/** White space that may be lost with the cut. */
const TRIMMED = 2;

/** The known full note. Null if there is none. */
export interface PreviousNote {
  /** The note of the previous completed reading. */
  readonly notes: string | null;
  /** Contents of the last agreement, of this booking and of the one that it replaced. */
  readonly bases: readonly (Content | null)[];
}

/**
 * Restores the end of a note that a booking system cut off. A rebooking puts a marker before the note, so the end of a long
 * note is lost in the new record, by the length of the marker. The end is added again if it is known.
 */
export function wholeNote(notes: string, previous: PreviousNote, templates: EventTemplates): string {
  const marker = leadingMarker(notes);
  if (marker === '') return notes;
  const cut = plainText(notes.slice(marker.length));
  if (cut.length < SHORTEST_CUT) return notes;
  const before = previous.notes === null ? '' : plainText(previous.notes.slice(leadingMarker(previous.notes).length));
  const wholes = [
    before.startsWith(cut) ? before : cut,
    ...previous.bases.map((base) => endFrom(cut, noteShownIn(base, templates))),
  ];
  const isWhole = ({ length }: string): boolean =>
    length > cut.length && length <= cut.length + marker.length + TRIMMED;
  const whole = wholes.find(isWhole);
  return whole === undefined ? notes : marker + whole;
}

/** Returns a text from the last occurrence of the words. Without an occurrence, the words alone. */
function endFrom(words: string, text: string): string {
  const at = text.lastIndexOf(words);
  return at < 0 ? words : text.slice(at);
}

/** Returns a text of the event that ends with the note, or '' if none is known. */
function noteShownIn(base: Content | null, { description }: EventTemplates): string {
  const endsInNote = fieldsOf(description).at(-1) === 'notes' && /\}(?:\]\])?$/.test(description);
  return base !== null && endsInNote ? base.description : '';
}
