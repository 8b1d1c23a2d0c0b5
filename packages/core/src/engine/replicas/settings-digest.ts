import { fnv1a } from '../../domain/fnv1a.js';
import type { SyncSettings } from '../../rules/settings.js';

/** Returns a digest of the settings. It does not depend on the order of the bays and of the fields. */
export function settingsDigest({ bays, ...groups }: SyncSettings): string {
  const ordered = { ...groups, bays: bays.toSorted((a, b) => (a.bay < b.bay ? -1 : 1)) };
  return fnv1a(JSON.stringify(ordered, sortedFields), 0x811c9dc5);
}

function sortedFields(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
