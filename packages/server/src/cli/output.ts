/** Where a command writes: words for people to `out`, complaints to `err`. */
export interface Output {
  out(text: string): void;
  err(text: string): void;
  /** Width of the terminal in columns, for text that is wrapped; unknown without it. */
  readonly columns?: number;
  /** Colours may be used in `out`; not without it. */
  readonly colours?: boolean;
  /** Shows how far long work is, in the place of what it showed before; null wipes it away. */
  progress?(line: string | null): void;
}

/** Colours and moving lines are for people at a terminal: not for files and pipes, nor for who does not want them. */
function isForPeople(stream: NodeJS.WriteStream, environment: NodeJS.ProcessEnv): boolean {
  const { NO_COLOR = '', TERM = '' } = environment;
  return stream.isTTY && NO_COLOR === '' && TERM !== 'dumb';
}

/** The terminal a command was called from. */
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
