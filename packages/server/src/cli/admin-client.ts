import { request as requestHttp } from 'node:http';
import { Err, Ok, type Result } from '@loft/sync-core/result';
import type { Environment } from '../config/environment.js';

/** `/admin` of a running service. Every error is one sentence for a person. */
export interface AdminClient {
  get(path: string): Promise<Result<unknown, string>>;
  post(path: string): Promise<Result<unknown, string>>;
}

const TIMEOUT_MS = 15_000;

function errorIn(body: unknown): string | null {
  return typeof body === 'object' && body !== null && 'error' in body ? String(body.error) : null;
}

function explain(status: number, body: unknown, address: string): string {
  if (status === 401) return `${address} does not accept this ADMIN_TOKEN.`;
  const said = errorIn(body);
  if (status === 404 && said?.startsWith('There is nothing at')) {
    return `${address} has its /admin switched off: start the service with ADMIN_TOKEN set.`;
  }
  return said ?? `${address} answered ${status}, and not as this service does. Is LOFT_SYNC_URL right?`;
}

/** One request by Node's plain client: to load `fetch` takes longer than all else that such a command does. */
async function ask(
  url: URL,
  method: string,
  token: string,
): Promise<{ readonly status: number; readonly text: string }> {
  const request = url.protocol === 'https:' ? (await import('node:https')).request : requestHttp;
  return new Promise((resolve, reject) => {
    const headers = { Authorization: `Bearer ${token}`, Connection: 'close' };
    const sent = request(url, { method, headers, signal: AbortSignal.timeout(TIMEOUT_MS) }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (chunk: string) => (text += chunk));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
      answer.on('error', reject);
    });
    sent.on('error', reject);
    sent.end();
  });
}

/** Reaches the service at `LOFT_SYNC_URL`, or on this machine at `PORT`, with `ADMIN_TOKEN`. */
export function adminClient(environment: Environment): Result<AdminClient, string> {
  const address = environment.LOFT_SYNC_URL ?? `http://127.0.0.1:${environment.PORT ?? '8080'}`;
  const token = environment.ADMIN_TOKEN;
  if (token === undefined) return Err('Set ADMIN_TOKEN to the token the service was started with.');
  if (!URL.canParse(address)) {
    if (environment.LOFT_SYNC_URL === undefined) return Err('PORT is not a port. Write a number from 0 to 65535.');
    return Err('LOFT_SYNC_URL is not an address. Write it like http://127.0.0.1:8080.');
  }

  const call = async (method: string, path: string): Promise<Result<unknown, string>> => {
    try {
      const { status, text } = await ask(new URL(path, address), method, token);
      const body: unknown = text.startsWith('{') ? JSON.parse(text) : null;
      return status >= 200 && status < 300 ? Ok(body) : Err(explain(status, body, address));
    } catch {
      return Err(`No service answers at ${address}. Is it running? LOFT_SYNC_URL says where to look.`);
    }
  };
  return Ok({ get: (path) => call('GET', path), post: (path) => call('POST', path) });
}
