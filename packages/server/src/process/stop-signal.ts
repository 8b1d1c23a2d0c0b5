const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/**
 * Settles when the process is asked to end. Somebody who asks a second time does not want to wait: the process then
 * ends at once.
 */
export function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let asked = false;
    for (const signal of SIGNALS) {
      process.on(signal, () => {
        if (asked) process.exit(1);
        asked = true;
        resolve(signal);
      });
    }
  });
}
