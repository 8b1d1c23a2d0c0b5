/** The streams of a command: `out` for results, `err` for errors and progress. */
export interface Output {
  out(text: string): void;
  err(text: string): void;
  /** Width of the terminal in columns, for wrapped text; undefined if unknown. */
  readonly columns?: number;
  /** Whether colours may be used in `out`. Default: no. */
  readonly colours?: boolean;
  /** Shows the progress of long work in place of the previous progress; null clears it. */
  progress?(line: string | null): void;
}

/** Whether colours and a progress line may be used: only on a terminal, and not if the environment disables them. */
function isForPeople(stream: NodeJS.WriteStream, environment: NodeJS.ProcessEnv): boolean {
  const { NO_COLOR = '', TERM = '' } = environment;
  return stream.isTTY && NO_COLOR === '' && TERM !== 'dumb';
}

/** The output on the terminal of this process. */
export function terminalOutput(
  stdout: NodeJS.WriteStream,
  stderr: NodeJS.WriteStream,
  environment: NodeJS.ProcessEnv,
): Output {
  let shown = false;
  const wipe = (): void => {
    if (shown) stderr.write('\r\u001b[2K');
    shown = false;
  };
  return {
    out: (text) => {
      wipe();
      stdout.write(`${text}\n`);
    },
    err: (text) => {
      wipe();
      stderr.write(`${text}\n`);
    },
    colours: isForPeople(stdout, environment),
    ...(stdout.isTTY && { columns: stdout.columns }),
    ...(isForPeople(stderr, environment) && {
      progress: (line: string | null): void => {
        wipe();
        if (line === null) return;
        stderr.write(line.slice(0, Math.max(10, stderr.columns - 1)));
        shown = true;
      },
    }),
  };
}
