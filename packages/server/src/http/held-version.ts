import { createHash } from 'node:crypto';
import type { HeldEdit } from '@loft/sync-core';

/** Computes the version of a list of held edits. It changes with every edit and with every outcome. */
export function heldVersion(edits: readonly HeldEdit[]): string {
  const lines = edits.map(({ appointmentId, start, to, would }) => JSON.stringify([appointmentId, would, start, to]));
  return createHash('sha256').update(lines.toSorted().join('\n')).digest('base64url').slice(0, 16);
}
