/**
 * How many writes go to the server in one command. FerretDB 1.x opens a connection to its own database for each update in
 * a command, has 100 of them, and waits for ever for one more.
 */
const BATCH = 50;

/** Hands over the items in batches, one after another. */
export async function inBatches<T>(
  items: readonly T[],
  work: (batch: readonly T[]) => Promise<void>,
  size: number = BATCH,
): Promise<void> {
  for (let start = 0; start < items.length; start += size) await work(items.slice(start, start + size));
}
