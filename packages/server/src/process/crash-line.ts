import type { Logger } from 'pino';

/** Logs an uncaught error, which is a bug, as one line. The process ends with exit code 1, to be restarted. */
export function crashOnBug(log: Logger): void {
  const crash = (error: unknown): void => {
    const problem = error instanceof Error ? (error.stack ?? error.message) : String(error);
    log.fatal({ problem }, 'uncaught error: the process ends');
    process.exit(1);
  };
  process.on('uncaughtException', crash);
  process.on('unhandledRejection', crash);
}
