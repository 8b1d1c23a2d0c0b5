import type { CancelTimer, Clock } from '../ports/clock.js';

/** Resolves when all have settled, or when none has settled for `patienceMs`. */
export function settledOrStalled(
  waitedFor: readonly Promise<unknown>[],
  clock: Clock,
  patienceMs: number,
): Promise<void> {
  return new Promise((resolve) => {
    let left = waitedFor.length;
    let cancelTimer: CancelTimer = () => undefined;
    const progress = (): void => {
      cancelTimer();
      if (left === 0) resolve();
      else cancelTimer = clock.setTimer(patienceMs, resolve);
    };
    for (const one of waitedFor) {
      void one.finally(() => {
        left--;
        progress();
      });
    }
    progress();
  });
}
