import type { Booking } from '../domain/booking.js';

/**
 * A booking made in place of another one says so in its note, so that a crash between the two calls finds the new
 * booking instead of making a second one (docs/decision-table.md#writes-that-survive-a-crash-at-any-point, rebook).
 * The marker is short and comes first: some booking systems cut notes off at a few hundred characters.
 */
const MARKER = /\[loft:([^\]\s]+)\]\s*/g;
/** How earlier versions wrote it, at the end of the note. */
const FORMER_MARKER = /\s*\[loft-sync replaces ([^\]\s]+)\]/g;

/** The note of a booking that is made in place of another one. */
export function withMarker(notes: string, replacedId: string): string {
  return `[loft:${replacedId}] ${withoutMarker(notes)}`.trim();
}

/** The marker at the beginning of a note, with the space after it; '' where there is none. */
export function leadingMarker(notes: string): string {
  return /^\[loft:[^\]\s]+\]\s*/.exec(notes)?.[0] ?? '';
}

/** The note as a person wrote it. */
export function withoutMarker(notes: string): string {
  if (!notes.includes('[loft')) return notes.trim();
  return notes.replace(MARKER, '').replace(FORMER_MARKER, '').trim();
}

/** The appointment in whose place a note says its booking was made; null: the note has no marker. */
export function replacedAppointment(notes: string): string | null {
  return firstIn(notes, MARKER) ?? [...notes.matchAll(FORMER_MARKER)].at(-1)?.[1] ?? null;
}

/** The same of a booking, whichever text of its record the note came back in. */
export function replacedBy({ notes, otherText }: Pick<Booking, 'notes' | 'otherText'>): string | null {
  return replacedAppointment(notes) ?? replacedAppointment(otherText ?? '');
}

function firstIn(text: string, marker: RegExp): string | null {
  return [...text.matchAll(marker)][0]?.[1] ?? null;
}
