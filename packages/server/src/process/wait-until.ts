import { setTimeout as pause } from 'node:timers/promises';

/** Polls a condition until it holds. @returns false if it did not hold within the maximum time in ms */
export async function waitUntil(
  holds: () => boolean | Promise<boolean>,
  withinMs: number,
  everyMs = 10,
): Promise<boolean> {
  const until = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() >= until) return false;
    await pause(everyMs);
  }
  return true;
}
