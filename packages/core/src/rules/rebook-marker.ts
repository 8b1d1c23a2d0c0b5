import type { Booking } from '../domain/booking.js';

/**
 * The note of a booking that replaces another one contains a marker, so that a crash between the two calls finds the new
 * booking instead of making a second one (docs/decision-table.md#writes-that-survive-a-crash-at-any-point, rebook). The
 * marker is short and at the start, because some booking systems cut notes at a few hundred characters.
 */
const MARKER = /\[loft:([^\]\s]+)\]\s*/g;
/** The marker of earlier versions, at the end of the note. */
const FORMER_MARKER = /\s*\[loft-sync replaces ([^\]\s]+)\]/g;

/** Returns the note of a booking that replaces another one. */
export function withMarker(notes: string, replacedId: string): string {
  return `[loft:${replacedId}] ${withoutMarker(notes)}`.trim();
}

/** Returns the marker at the start of a note, with the space after it, or '' without a marker. */
export function leadingMarker(notes: string): string {
  return /^\[loft:[^\]\s]+\]\s*/.exec(notes)?.[0] ?? '';
}

/** Returns the note as a person wrote it. */
export function withoutMarker(notes: string): string {
  if (!notes.includes('[loft')) return notes.trim();
  return notes.replace(MARKER, '').replace(FORMER_MARKER, '').trim();
}

/** Returns the appointment that a note's marker names. Null if the note has no marker. */
export function replacedAppointment(notes: string): string | null {
  if (!notes.includes('[loft')) return null;
  return firstIn(notes, MARKER) ?? [...notes.matchAll(FORMER_MARKER)].at(-1)?.[1] ?? null;
}

/** Returns the same for a booking, from whichever text of its record contains the note. */
export function replacedBy({ notes, otherText }: Pick<Booking, 'notes' | 'otherText'>): string | null {
  return replacedAppointment(notes) ?? replacedAppointment(otherText ?? '');
}

function firstIn(text: string, marker: RegExp): string | null {
  return [...text.matchAll(marker)][0]?.[1] ?? null;
}
