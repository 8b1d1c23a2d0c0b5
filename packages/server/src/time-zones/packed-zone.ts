import { MINUTE, type Instant } from '@loft/sync-core/time-zones';
import type { ZoneRules } from './zone-rules.js';

/**
 * Parses a zone in moment-timezone's packed form: name, abbreviations, offsets, indices and the durations between
 * changes, each in minutes to the base 60, offsets positive west of Greenwich.
 *
 * @returns null if the text has another form
 */
export function unpackZone(packed: string): ZoneRules | null {
  const [, , offsetsText, indicesText, lengthsText = ''] = packed.split('|');
  if (offsetsText === undefined || indicesText === undefined) return null;
  const zoneOffsets = offsetsText.split(' ').map((text) => -Math.round(fromBase60(text) * MINUTE));
  const offsets = indicesText.split('').map((index) => zoneOffsets[fromBase60(index)] ?? Number.NaN);
  const [first, ...after] = offsets;
  const changes: Instant[] = [];
  for (const length of lengthsText === '' ? [] : lengthsText.split(' ')) {
    changes.push(Math.round((changes.at(-1) ?? 0) + fromBase60(length) * MINUTE));
  }
  const readable =
    first !== undefined && changes.length === after.length && [...offsets, ...changes].every(Number.isFinite);
  return readable ? { first, changes, offsets: after, afterwards: null } : null;
}

const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWX';

function fromBase60(text: string): number {
  const [whole = '', fraction = ''] = text.replace(/^-/, '').split('.');
  let value = 0;
  for (const digit of whole) value = value * 60 + digitOf(digit);
  let unit = 1;
  for (const digit of fraction) {
    unit /= 60;
    value += digitOf(digit) * unit;
  }
  return text.startsWith('-') ? -value : value;
}

function digitOf(digit: string): number {
  const value = DIGITS.indexOf(digit);
  return value < 0 ? Number.NaN : value;
}
