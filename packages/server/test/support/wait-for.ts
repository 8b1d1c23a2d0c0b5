import { waitUntil } from '#src/process/wait-until.js';

/**
 * Waits for a condition; fails, saying what it waited for, when it does not hold in time. The time is for a machine that
 * is busy with other things: a condition holds within seconds on a machine at rest.
 */
export async function waitFor(
  what: string,
  holds: () => boolean | Promise<boolean>,
  withinMs = 120_000,
): Promise<void> {
  if (!(await waitUntil(holds, withinMs, 20))) throw new Error(`waited ${withinMs} ms in vain for ${what}`);
}
