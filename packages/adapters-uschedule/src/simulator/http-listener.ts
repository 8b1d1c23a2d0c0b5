import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { ApiAnswer, ApiBody } from './api-answer.js';

/** A parsed request. */
export interface ApiRequest {
  readonly http: string;
  readonly path: string;
  /** null: the body is not a JSON object. */
  readonly body: ApiBody | null;
  readonly header: (name: string) => string | undefined;
}

/** The outcome of a request: an answer, no answer, or a dropped connection. */
export type ApiOutcome = ApiAnswer | 'hang' | 'drop';

const LONGEST_BODY = 1_000_000;

/** An HTTP server on loopback. */
export async function listen(port: number, handle: (request: ApiRequest) => Promise<ApiOutcome>): Promise<Server> {
  const server = createServer((request, response) => {
    serve(request, response, handle).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return server;
}

export async function closeServer(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  handle: (request: ApiRequest) => Promise<ApiOutcome>,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const http = request.method ?? 'GET';
  const text = await textOf(request);
  const outcome = await handle({
    http,
    path: url.pathname,
    body: http === 'GET' ? Object.fromEntries(url.searchParams) : objectIn(text),
    header: (name) => {
      const value = request.headers[name];
      return typeof value === 'string' ? value : undefined;
    },
  });
  if (outcome === 'hang') return;
  if (outcome === 'drop') {
    response.destroy();
    return;
  }
  const isText = typeof outcome.body === 'string';
  response.writeHead(outcome.status, {
    'Content-Type': isText ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8',
    ...outcome.headers,
  });
  response.end(isText ? outcome.body : JSON.stringify(outcome.body));
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > LONGEST_BODY) throw new Error('the body is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function objectIn(text: string): ApiBody | null {
  if (text === '') return {};
  try {
    const json: unknown = JSON.parse(text);
    return isObject(json) ? json : null;
  } catch {
    return null;
  }
}

function isObject(json: unknown): json is ApiBody {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}
