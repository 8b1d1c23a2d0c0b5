import type { Logger } from 'pino';

/** Whatever nobody has caught is a bug: it is logged as one line, and the process ends with 1 to be started again. */
export function crashOnBug(log: Logger): void {
  const crash = (error: unknown): void => {
    const problem = error instanceof Error ? (error.stack ?? error.message) : String(error);
    log.fatal({ problem }, 'the service met a bug and ends');
    process.exit(1);
  };
  process.on('uncaughtException', crash);
  process.on('unhandledRejection', crash);
}
