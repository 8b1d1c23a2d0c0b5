import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

/** The answer. `cut` ends the connection; `open` begins an answer and never ends it. */
export type HttpAnswer =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers: Record<string, string>;
      readonly body: string;
    }
  | { readonly kind: 'cut' }
  | { readonly kind: 'open'; readonly withHeaders: boolean };

export interface HttpRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

const LARGEST_BODY = 1024 * 1024;

async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_BODY) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function send(response: ServerResponse, answer: HttpAnswer): void {
  if (answer.kind === 'cut') {
    response.destroy();
  } else if (answer.kind === 'open') {
    if (answer.withHeaders) response.writeHead(200, { 'content-type': 'application/json' }).write('{"kind":');
  } else {
    response.writeHead(answer.status, answer.headers).end(answer.body);
  }
}

/** A server on loopback. `close` ends every connection, also those that wait for an answer. */
export class HttpServer {
  readonly #server: Server;
  #connections = 0;

  constructor(handle: (request: HttpRequest) => Promise<HttpAnswer>) {
    this.#server = createServer((request, response) => {
      void this.#serve(request, response, handle);
    });
    // Longer than any client keeps an idle connection, so that the server never closes one that is about to be used.
    this.#server.keepAliveTimeout = 60_000;
    this.#server.on('connection', () => {
      this.#connections += 1;
    });
  }

  /** Connections accepted so far. */
  get connections(): number {
    return this.#connections;
  }

  /** Listens on loopback. @returns the port */
  async listen(port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
    const address = this.#server.address();
    if (typeof address !== 'object' || address === null) throw new Error('the server does not listen');
    return address.port;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }

  async #serve(
    request: IncomingMessage,
    response: ServerResponse,
    handle: (request: HttpRequest) => Promise<HttpAnswer>,
  ): Promise<void> {
    const body = await readBody(request).catch(() => null);
    if (body === null) {
      // The client closed the connection early, or sends without end.
      response.destroy();
      return;
    }
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    send(response, await handle({ method: request.method ?? 'GET', url, headers: request.headers, body }));
  }
}
