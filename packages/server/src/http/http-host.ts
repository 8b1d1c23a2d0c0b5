import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Err, Ok, type Result } from '@loft/sync-core/result';

/** A request handler: a Koa application, without Koa's types in the published declarations. */
export interface Application {
  callback(): RequestListener;
  emit(event: 'error', error: Error): boolean;
}

export interface ListenOptions {
  /** 0: any free port. */
  readonly port: number;
  /** Default: all interfaces. */
  readonly hostname?: string;
  /** Time limit for a request's headers, in milliseconds. Default: ten seconds. */
  readonly headersTimeoutMs?: number;
}

/** A listening application. */
export interface HttpHost {
  readonly port: number;
  /** Accepts no more connections, and lets running requests finish within `graceMs`. */
  close(graceMs: number): Promise<void>;
}

/** A listening server without an application. */
export interface OpenHost extends HttpHost {
  /** Passes requests to the application from now on. */
  mount(app: Application): void;
}

/** Interval in which Node checks the time limits of connections. */
const CHECK_EVERY_MS = 1000;

const WHY_NOT: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program uses it. Stop that program, or set PORT to another port',
  EACCES: 'this user may not use it',
  EADDRNOTAVAIL: 'this machine does not have that address',
};

function closeServer(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });
}

/** Answers until the application is mounted: the process is alive; retry in a second. */
function answerEarly({ method, url = '' }: IncomingMessage, response: ServerResponse): void {
  const isAlive = (method === 'GET' || method === 'HEAD') && url === '/health';
  response.writeHead(isAlive ? 200 : 503, {
    'Content-Type': 'application/json; charset=utf-8',
    ...(isAlive ? {} : { 'Retry-After': '1' }),
  });
  response.end(
    JSON.stringify(isAlive ? { status: 'ok' } : { error: 'The service is starting. Try again in a second.' }),
  );
}

/**
 * Listens, and answers `/health` before the application is mounted; all other requests are answered 503 with
 * `Retry-After` until then (docs/operating-contract.md#http). The error is one sentence for the operator.
 *
 * Time limits: 10 s for a request's headers, 30 s for the whole request, and at most one second more, because Node
 * checks connections in intervals (its default of 30 s would turn a limit of 10 s into 40 s). An idle connection is
 * kept for 65 s, longer than a load balancer keeps it, so that the service never closes a connection that the balancer
 * is about to use.
 */
export function openHost(options: ListenOptions): Promise<Result<OpenHost, string>> {
  let answer: RequestListener = answerEarly;
  let report: (error: Error) => void = () => {};
  const server = createServer(
    {
      headersTimeout: options.headersTimeoutMs ?? 10_000,
      requestTimeout: 30_000,
      keepAliveTimeout: 65_000,
      connectionsCheckingInterval: CHECK_EVERY_MS,
    },
    (request, response) => answer(request, response),
  );
  return new Promise((resolve) => {
    server.on('error', (error: NodeJS.ErrnoException) => {
      if (server.listening) report(error);
      const why = WHY_NOT[error.code ?? ''] ?? error.message;
      resolve(Err(`Cannot listen on port ${options.port}: ${why}.`));
    });
    server.listen(options.port, options.hostname, () => {
      const { port } = server.address() as AddressInfo;
      const mount = (app: Application): void => {
        report = (error) => app.emit('error', error);
        answer = app.callback();
      };
      resolve(Ok({ port, mount, close: (graceMs) => closeServer(server, graceMs) }));
    });
  });
}

/** Mounts an application on a new server and listens. The error is one sentence for the operator. */
export async function listen(app: Application, options: ListenOptions): Promise<Result<HttpHost, string>> {
  const opened = await openHost(options);
  if (opened.ok) opened.val.mount(app);
  return opened;
}
