import { pino, type DestinationStream } from 'pino';

/** Delay after which a line is written at the latest. */
const GATHER_MS = 20;
/** Number of bytes that are written at once. */
const ENOUGH_BYTES = 8192;

/**
 * The standard output for log lines. Lines of a busy moment share one write, which costs more than making them. The end of the
 * process writes the lines that wait, except a kill that it cannot handle.
 */
export function logOutput(): DestinationStream & { readonly flushSync: () => void } {
  const stream = pino.destination({ dest: 1, sync: false, minLength: ENOUGH_BYTES });
  let timer: NodeJS.Timeout | undefined;
  return {
    write: (line) => {
      stream.write(line);
      timer ??= setTimeout(() => {
        timer = undefined;
        stream.flush();
      }, GATHER_MS).unref();
    },
    flushSync: () => stream.flushSync(),
  };
}
