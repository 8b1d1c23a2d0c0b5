import type { Instant } from './instant.js';

/**
 * What both sides must agree on: time, bay and the text we write. Compared as instants and normalised text
 * (docs/decision-table.md#words), never as the strings either side happens to send.
 */
export interface Content {
  readonly start: Instant;
  readonly end: Instant;
  /** The bay's short name; null for a unit that has no route. */
  readonly bay: string | null;
  readonly title: string;
  readonly description: string;
}

/** How two contents differ. */
export interface ContentDifference {
  readonly time: boolean;
  readonly bay: boolean;
  readonly text: boolean;
}

/** Anything that `normaliseText` may change: all but plain words with single blanks and line feeds between them. */
const UNUSUAL = /[^\n\x20-\x7e]| {2}| \n|\n |^[ \n]|[ \n]$/;

/** Line ends, runs of blanks and outer space are the calendar's to change; they make no difference. */
export function normaliseText(text: string): string {
  if (!UNUSUAL.test(text)) return text;
  return text
    .normalize('NFC')
    .replace(/\r\n?/g, '\n')
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .trim();
}

/** Both say the same, as texts are compared here: see `normaliseText`. */
export function sameText(a: string, b: string): boolean {
  return a === b || normaliseText(a) === normaliseText(b);
}

/** Both texts of two contents say the same. */
export function sameTexts(
  a: Pick<Content, 'title' | 'description'>,
  b: Pick<Content, 'title' | 'description'>,
): boolean {
  return sameText(a.title, b.title) && sameText(a.description, b.description);
}

/** In what two contents differ: times as instants, texts as `normaliseText` has them. */
export function compareContent(a: Content, b: Content): ContentDifference {
  return {
    time: a.start !== b.start || a.end !== b.end,
    bay: a.bay !== b.bay,
    text: !sameTexts(a, b),
  };
}

/** Two contents agree in time, bay and text. */
export function sameContent(a: Content, b: Content): boolean {
  const { time, bay, text } = compareContent(a, b);
  return !time && !bay && !text;
}
