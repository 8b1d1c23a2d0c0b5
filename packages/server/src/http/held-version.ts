import { createHash } from 'node:crypto';
import type { HeldEdit } from '@loft/sync-core';

/** Names a list of held edits: another edit, or the same one with another outcome, gives another version. */
export function heldVersion(edits: readonly HeldEdit[]): string {
  const lines = edits.map(({ appointmentId, start, to, would }) => JSON.stringify([appointmentId, would, start, to]));
  return createHash('sha256').update(lines.toSorted().join('\n')).digest('base64url').slice(0, 16);
}
