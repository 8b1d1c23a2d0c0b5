import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Err, Ok, SECOND, type Result } from '@loft/sync-core';
import type Koa from 'koa';

export interface ListenOptions {
  /** 0: any free port. */
  readonly port: number;
  /** All interfaces without it. */
  readonly hostname?: string;
}

/** An application that listens. */
export interface HttpHost {
  readonly port: number;
  /** Takes no more connections; lets those under way finish until `graceMs` have passed. */
  close(graceMs: number): Promise<void>;
}

const WHY_NOT: Readonly<Record<string, string>> = {
  EADDRINUSE: 'it is in use by another program. End that, or set PORT to another one',
  EACCES: 'this user may not use it',
  EADDRNOTAVAIL: 'this machine has no such address',
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

/**
 * Mounts an application on a server of its own and listens. The error is one sentence for a person.
 *
 * Time limits: 10 s for a request's headers, 30 s for all of it. An idle connection is kept for 65 s, longer than a
 * load balancer in front of us does, so that it is never us who close one it is about to use.
 */
export function listen(app: Koa, options: ListenOptions): Promise<Result<HttpHost, string>> {
  const handler = app.callback();
  const server = createServer(
    { headersTimeout: 10 * SECOND, requestTimeout: 30 * SECOND, keepAliveTimeout: 65 * SECOND },
    (request, response) => void handler(request, response),
  );
  return new Promise((resolve) => {
    server.on('error', (error: NodeJS.ErrnoException) => {
      if (server.listening) app.emit('error', error);
      const why = WHY_NOT[error.code ?? ''] ?? error.message;
      resolve(Err(`Cannot listen on port ${options.port}: ${why}.`));
    });
    server.listen(options.port, options.hostname, () => {
      const { port } = server.address() as AddressInfo;
      resolve(Ok({ port, close: (graceMs) => closeServer(server, graceMs) }));
    });
  });
}
