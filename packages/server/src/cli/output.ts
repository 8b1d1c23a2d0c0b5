/** The streams of a command: `out` for results, `err` for errors and progress. */
export interface Output {
  out(text: string): void;
  err(text: string): void;
  /** Width of the terminal in columns, for wrapped text; undefined if unknown. */
  readonly columns?: number | undefined;
  /** Whether colours may be used in `out`. Default: no. */
  readonly colours?: boolean;
  /** Shows the progress of long work in place of the previous progress; null clears it. Undefined: not on a terminal. */
  readonly progress?: ((line: string | null) => void) | undefined;
}

/** Whether colours and a progress line may be used: only on a terminal, and not if the environment disables them. */
function isForPeople(stream: NodeJS.WriteStream, environment: NodeJS.ProcessEnv): boolean {
  const { NO_COLOR = '', TERM = '' } = environment;
  return stream.isTTY && NO_COLOR === '' && TERM !== 'dumb';
}

/** The output on the terminal of this process. Node creates each stream when it is first used; most runs of the service use none. */
export function terminalOutput(
  streams: Pick<NodeJS.Process, 'stdout' | 'stderr'>,
  environment: NodeJS.ProcessEnv,
): Output {
  let shown = false;
  const wipe = (): void => {
    if (shown) streams.stderr.write('\r\u001b[2K');
    shown = false;
  };
  const progress = (line: string | null): void => {
    wipe();
    if (line === null) return;
    streams.stderr.write(line.slice(0, Math.max(10, streams.stderr.columns - 1)));
    shown = true;
  };
  return {
    out: (text) => {
      wipe();
      streams.stdout.write(`${text}\n`);
    },
    err: (text) => {
      wipe();
      streams.stderr.write(`${text}\n`);
    },
    get colours() {
      return isForPeople(streams.stdout, environment);
    },
    get columns() {
      return streams.stdout.isTTY ? streams.stdout.columns : undefined;
    },
    get progress() {
      return isForPeople(streams.stderr, environment) ? progress : undefined;
    },
  };
}
