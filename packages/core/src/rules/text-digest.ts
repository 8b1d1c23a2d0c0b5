import { normaliseText } from '../domain/content.js';
import { fnv1a } from '../domain/fnv1a.js';

/**
 * Digest of a text that we write to an event, kept in its private properties: a text that matches its digest is ours
 * (docs/decision-table.md#whose-text). FNV-1a of the normalised text, twice with different seeds.
 */
export function textDigest(text: string): string {
  const normal = normaliseText(text);
  return fnv1a(normal, 0x811c9dc5) + fnv1a(normal, 0x01234567);
}
