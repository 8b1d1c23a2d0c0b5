import type { Bay } from '@loft/sync-core';
import type { ActivityItem } from './activity.js';

const HEAD = ['time', 'kind', 'appointment', 'customer', 'bay', 'what happened', 'reason'];

/**
 * Writes a cell of a CSV file (RFC 4180). A text that a spreadsheet would execute as a formula gets an apostrophe in
 * front.
 */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n']/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Writes activity as a CSV file, with times in UTC. */
export function activityCsv(items: readonly ActivityItem[], bays: readonly Pick<Bay, 'bay' | 'name'>[]): string {
  const rows = items.map(({ at, kind, appointmentId, customerName, bay, steps, reason }) => [
    new Date(at).toISOString(),
    kind,
    appointmentId,
    customerName ?? '',
    bays.find((one) => one.bay === bay)?.name ?? bay ?? '',
    steps.join(' → '),
    reason ?? '',
  ]);
  return [HEAD, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}
