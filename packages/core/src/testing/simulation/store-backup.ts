import { MemoryData } from '../../store/memory-data.js';

/** Returns all current data of a store. Stored values are never changed, only replaced. */
export function backupOf(data: MemoryData): MemoryData {
  const backup = new MemoryData();
  restore(backup, data);
  return backup;
}

/** Replaces the data of the store by a backup. Null: empties the store. */
export function restore(data: MemoryData, backup: MemoryData | null): void {
  const source = backup ?? new MemoryData();
  for (const [name, table] of Object.entries(source)) {
    const held: unknown = data[name as keyof MemoryData];
    if (!(held instanceof Map) || !(table instanceof Map)) continue;
    held.clear();
    for (const [key, value] of table) held.set(key, value);
  }
  data.lastFence = source.lastFence;
}
