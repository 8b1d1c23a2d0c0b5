import type { Content } from '../domain/content.js';
import { type EventTemplates, fieldsOf, plainText } from './event-text.js';

import { leadingMarker } from './rebook-marker.js';

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
  const cut = plainText(notes.slice(marker.length));
  if (marker === '' || cut.length < SHORTEST_CUT) return notes;
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
