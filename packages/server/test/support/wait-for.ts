import { setTimeout as pause } from 'node:timers/promises';
import type { SkippingClock } from './skipping-clock.js';

/** Interval between two looks at a condition. */
const LOOK_MS = 20;
/** Interval while waits are skipped: nothing else takes time then. */
const SKIPPING_LOOK_MS = 3;
/** A process that computed less than this in one interval has no work, so the service waits for a timer. */
const IDLE_MS = 1;
/** The longest wait that is skipped: the grace of a deletion, with some to spare. Polls that never come stay away. */
const LONGEST_SKIP_MS = 15_000;

/** Clocks of services in this process whose waits are skipped while a test waits. */
const skipped = new Set<SkippingClock>();

/** Lets `waitFor` skip the waits on a clock, until the answer is called. */
export function skipWaitsOf(clock: SkippingClock): () => void {
  skipped.add(clock);
  return () => skipped.delete(clock);
}

/** Pauses, and puts the clocks forward to their next timer if the process was idle meanwhile. */
async function pauseSkipping(): Promise<void> {
  const before = performance.eventLoopUtilization();
  await pause(SKIPPING_LOOK_MS);
  const { active } = performance.eventLoopUtilization(before);
  if (active < IDLE_MS) for (const clock of skipped) clock.skip(LONGEST_SKIP_MS);
}

/**
 * Waits for a condition; fails, saying what it waited for, when it does not hold in time. The time is for a machine that
 * is busy with other things: a condition holds within seconds on a machine at rest.
 */
export async function waitFor(
  what: string,
  holds: () => boolean | Promise<boolean>,
  withinMs = 120_000,
): Promise<void> {
  const until = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() >= until) throw new Error(`waited ${withinMs} ms in vain for ${what}`);
    await (skipped.size > 0 ? pauseSkipping() : pause(LOOK_MS));
  }
}
