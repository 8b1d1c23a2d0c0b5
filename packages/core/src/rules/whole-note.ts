import type { Content } from '../domain/content.js';
import { type EventTemplates, fieldsOf, plainText } from './event-text.js';

import { leadingMarker } from './rebook-marker.js';

/** No booking system is known to cut notes shorter than this. */
const SHORTEST_CUT = 100;
/** White space that may go with what is cut off. */
const TRIMMED = 2;

/** Where the whole note may be known from; null: from nowhere. */
export interface KnownNote {
  /** The note as it was read and completed before. */
  readonly notes: string | null;
  /** Contents that both sides last agreed on, of this booking and of the one whose place it took. */
  readonly bases: readonly (Content | null)[];
}

/**
 * A rebooking puts a marker before the note, and some booking systems cut notes off: the end of a long note is lost in the
 * new record then, as much as the marker takes. Answers the note with that end, where it is known.
 */
export function wholeNote(notes: string, known: KnownNote, templates: EventTemplates): string {
  const marker = leadingMarker(notes);
  const cut = plainText(notes.slice(marker.length));
  if (marker === '' || cut.length < SHORTEST_CUT) return notes;
  const before = known.notes === null ? '' : plainText(known.notes.slice(leadingMarker(known.notes).length));
  const wholes = [
    before.startsWith(cut) ? before : cut,
    ...known.bases.map((base) => endFrom(cut, noteShownIn(base, templates))),
  ];
  const isWhole = ({ length }: string): boolean =>
    length > cut.length && length <= cut.length + marker.length + TRIMMED;
  const whole = wholes.find(isWhole);
  return whole === undefined ? notes : marker + whole;
}

/** A text from where the words last occur in it; the words alone where they do not. */
function endFrom(words: string, text: string): string {
  const at = text.lastIndexOf(words);
  return at < 0 ? words : text.slice(at);
}

/** A text of the event that ends in the note; '' where none is known to. */
function noteShownIn(base: Content | null, { description }: EventTemplates): string {
  const endsInNote = fieldsOf(description).at(-1) === 'notes' && /\}(?:\]\])?$/.test(description);
  return base !== null && endsInNote ? base.description : '';
}
