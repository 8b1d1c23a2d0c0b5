import type { MirrorFlags } from '../domain/booking-event-map.js';
import type { CalendarEvent } from '../domain/calendar-event.js';
import { sameText } from '../domain/content.js';
import { textDigest } from './event-marks.js';

/** A text of an event. */
export type TextField = 'title' | 'description';

/** Both texts of an event, or of a booking. */
export type Texts = Readonly<Record<TextField, string>>;

/**
 * Did we write this text (docs/decision-table.md#whose-text)? It matches its digest, or equals the text that we would write
 * now. Without a digest it is ours if it shows the content of the last agreement, or is empty.
 *
 * @param wanted the text that we would write now
 * @param base content of the last agreement; null if there is none
 */
export function isOurText(field: TextField, event: CalendarEvent, wanted: Texts, base: Texts | null): boolean {
  const text = event[field];
  if (sameText(text, wanted[field])) return true;
  const digest = field === 'title' ? event.marks.titleDigest : event.marks.descriptionDigest;
  if (digest !== null) return digest === textDigest(text);
  return sameText(text, '') || (base !== null && sameText(text, base[field]));
}

/** Returns our texts of the event that differ from the booking now: they are still to be written. */
export function ownTextsOf(event: CalendarEvent, wanted: Texts): Partial<Texts> {
  const isOutdated = (field: TextField): boolean =>
    !sameText(event[field], wanted[field]) && isOurText(field, event, wanted, null);
  return {
    ...(isOutdated('title') ? { title: event.title } : {}),
    ...(isOutdated('description') ? { description: event.description } : {}),
  };
}

/** Returns which texts of the event a user wrote. */
export function flagsOf(event: CalendarEvent, wanted: Texts, base: Texts | null): MirrorFlags | undefined {
  const flags: MirrorFlags = {
    ...(isOurText('title', event, wanted, base) ? {} : { ownTitle: true as const }),
    ...(isOurText('description', event, wanted, base) ? {} : { ownDescription: true as const }),
  };
  return Object.keys(flags).length > 0 ? flags : undefined;
}
