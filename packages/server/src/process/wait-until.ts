import { setTimeout as pause } from 'node:timers/promises';

/** Looks again and again until a condition holds. false: it did not within so many milliseconds. */
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
