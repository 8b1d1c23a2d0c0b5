import { MemoryData } from '../../store/memory-data.js';

/** All that a store holds, as it is now. What it holds is never changed, only replaced. */
export function backupOf(data: MemoryData): MemoryData {
  const backup = new MemoryData();
  restore(backup, data);
  return backup;
}

/** Puts a backup into the place of what the store holds; null: the store is empty. */
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
