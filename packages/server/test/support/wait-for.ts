import { setTimeout as pause } from 'node:timers/promises';
import type { SkippingClock } from './skipping-clock.js';

/** Interval between two checks of a condition. */
const LOOK_MS = 20;
/** Interval while delays are skipped. */
const SKIPPING_LOOK_MS = 3;
/** A process with less processor time than this in one interval is idle: the service waits for a timer. */
const IDLE_MS = 1;
/** The longest delay that is skipped: slightly more than the grace of a deletion, and less than the interval of disabled polls. */
const LONGEST_SKIP_MS = 15_000;

/** Clocks of services in this process whose delays are skipped while a test waits. */
const skipped = new Set<SkippingClock>();

/** Makes `waitFor` skip the delays on a clock, until the returned function is called. */
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
 * Waits for a condition, and fails with its description after the timeout. The timeout is for a busy machine: on an idle one
 * a condition holds within seconds.
 */
export async function waitFor(
  what: string,
  holds: () => boolean | Promise<boolean>,
  withinMs = 120_000,
): Promise<void> {
  const until = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() >= until) throw new Error(`waited ${withinMs} ms for ${what}, which did not happen`);
    await (skipped.size > 0 ? pauseSkipping() : pause(LOOK_MS));
  }
}
