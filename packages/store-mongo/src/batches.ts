/**
 * Maximum number of writes in one command. FerretDB 1.x opens a connection to its own database for each update of a
 * command. It has 100 connections, and a command that needs more never ends.
 */
const BATCH = 50;

/** Yields the items in batches. */
export async function inBatches<T>(
  items: readonly T[],
  work: (batch: readonly T[]) => Promise<void>,
  size: number = BATCH,
): Promise<void> {
  for (let start = 0; start < items.length; start += size) await work(items.slice(start, start + size));
}
