import { normaliseText } from '../domain/content.js';

/**
 * Digest of a text that we write to an event, kept in its private properties: a text that matches its digest is ours
 * (docs/decision-table.md#whose-text). FNV-1a of the normalised text, twice with different seeds.
 */
export function textDigest(text: string): string {
  const normal = normaliseText(text);
  return fnv1a(normal, 0x811c9dc5) + fnv1a(normal, 0x01234567);
}

/** FNV-1a over UTF-16 code units, as eight hex digits. */
export function fnv1a(text: string, seed: number): string {
  let hash = seed;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, '0');
}
