const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** A signal within this time after the first one, in ms, counts as the same request. */
const SAME_WISH_MS = 1000;

/**
 * Resolves when the process receives a stop signal.
 *
 * Ctrl-C in a terminal signals the whole process group, and npm forwards the signal to its child once more. So a repeat
 * within a second is ignored. A later repeat ends the process at once, with exit code 1.
 */
export function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let askedAt: number | null = null;
    for (const signal of SIGNALS) {
      process.on(signal, () => {
        const now = performance.now();
        if (askedAt !== null && now - askedAt > SAME_WISH_MS) process.exit(1);
        askedAt ??= now;
        resolve(signal);
      });
    }
  });
}
