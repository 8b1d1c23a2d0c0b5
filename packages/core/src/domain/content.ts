import type { Instant } from './instant.js';

/** Place of an appointment: time and bay, without name and note. Events and the journal contain no more of the content. */
export interface Slot {
  readonly start: Instant;
  readonly end: Instant;
  /** The short name of the bay. Null if the place is in no bay. */
  readonly bay: string | null;
}

/**
 * The content on which both sides must agree: time, bay and text. Times are compared as instants and texts after
 * normalization (docs/decision-table.md#words), never as the strings of one side.
 */
export interface Content {
  readonly start: Instant;
  readonly end: Instant;
  /** The short name of the bay. Null for a unit without a route. */
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

/** Matches every text that `normaliseText` may change: all but words separated by single blanks and line feeds. */
const UNUSUAL = /[^\n\x20-\x7e]| {2}| \n|\n |^[ \n]|[ \n]$/;

/** Normalizes line ends, runs of blanks and outer space. The calendar may change these, so they count as equal. */
export function normaliseText(text: string): string {
  if (!UNUSUAL.test(text)) return text;
  return text
    .normalize('NFC')
    .replace(/\r\n?/g, '\n')
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .trim();
}

/** Compares two texts after `normaliseText`. */
export function sameText(a: string, b: string): boolean {
  return a === b || normaliseText(a) === normaliseText(b);
}

/** Compares both texts of two contents. */
export function sameTexts(
  a: Pick<Content, 'title' | 'description'>,
  b: Pick<Content, 'title' | 'description'>,
): boolean {
  return sameText(a.title, b.title) && sameText(a.description, b.description);
}

/** Returns the differences of two contents: times as instants, texts after `normaliseText`. */
export function compareContent(a: Content, b: Content): ContentDifference {
  return {
    time: a.start !== b.start || a.end !== b.end,
    bay: a.bay !== b.bay,
    text: !sameTexts(a, b),
  };
}

/** Are two contents equal in time, bay and text? */
export function sameContent(a: Content, b: Content): boolean {
  const { time, bay, text } = compareContent(a, b);
  return !time && !bay && !text;
}
