import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { Environment } from '../../config/environment.js';

/**
 * The result of a request. Commands that only talk to a service load neither the core nor a validator, to start
 * quickly. This type replaces the core's `Result`.
 */
export type Reply<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: string };

/** A JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** The client of `/admin` of a running service. Every error is one sentence. */
export interface AdminClient {
  get(path: string): Promise<Reply<JsonObject>>;
  /** The answer must say that the request is accepted, or be a report that the caller checks. */
  post(path: string, options?: PostOptions): Promise<Reply<JsonObject>>;
  /**
   * The instants of all answers so far, as text in the studio's time zone. Empty if the service does not send these
   * texts.
   */
  readonly clock: ReadonlyMap<string, string>;
}

/** Options of a request that changes something. */
export interface PostOptions {
  readonly body?: JsonObject;
  readonly timeoutMs?: number;
  /** The service answers when it is done, with a report. */
  readonly isReport?: true;
}

const TIMEOUT_MS = 15_000;

function failed(error: string): { readonly ok: false; readonly error: string } {
  return { ok: false, error };
}

interface RawAnswer {
  readonly status: number;
  readonly text: string;
}

function send(url: URL, method: string, token: string, body: string | null, timeoutMs: number): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const headers = {
      Authorization: `Bearer ${token}`,
      Connection: 'close',
      Prefer: 'clock',
      ...(body !== null && { 'Content-Type': 'application/json', 'Content-Length': String(Buffer.byteLength(body)) }),
    };
    const answered = (response: IncomingMessage): void => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      response.on('error', reject);
    };
    const start = async (): Promise<void> => {
      // TLS is loaded only for an https address.
      const request = url.protocol === 'https:' ? (await import('node:https')).request : httpRequest;
      const sent = request(url, { method, headers }, answered);
      // A timer, because an AbortSignal loads code that nothing else needs here.
      const timer = setTimeout(() => sent.destroy(new Error('timeout')), timeoutMs);
      sent.on('error', reject);
      sent.on('close', () => clearTimeout(timer));
      sent.end(body ?? undefined);
    };
    start().catch(reject);
  });
}

function parsed(text: string): JsonObject | null {
  if (!text.startsWith('{')) return null;
  try {
    return JSON.parse(text) as JsonObject;
  } catch {
    return null;
  }
}

function explain(status: number, body: JsonObject | null, address: string): string {
  if (status === 401)
    return `${address} does not accept this ADMIN_TOKEN. Use the one that the service was started with.`;
  const errorText = typeof body?.['error'] === 'string' ? body['error'] : null;
  if (status === 404 && errorText?.startsWith('There is nothing at /admin/status')) {
    return `${address} has its /admin switched off: start the service with ADMIN_TOKEN set.`;
  }
  return errorText ?? `${address} answered ${status} in an unknown form. Check LOFT_SYNC_URL.`;
}

/** @returns the token for a running service: `ADMIN_TOKEN`, else the first of `ADMIN_TOKENS` */
function tokenOf(environment: Environment): string | undefined {
  const [first] = (environment.ADMIN_TOKENS ?? '').split(',');
  const ofFirst = first?.split(':').slice(2).join(':').trim();
  return environment.ADMIN_TOKEN ?? (ofFirst === '' ? undefined : ofFirst);
}

/** Creates a client for the service at `LOFT_SYNC_URL`, or at `PORT` of this machine, with `ADMIN_TOKEN`. */
export function adminClient(environment: Environment): Reply<AdminClient> {
  const address = environment.LOFT_SYNC_URL ?? `http://127.0.0.1:${environment.PORT ?? '8080'}`;
  const token = tokenOf(environment);
  if (token === undefined) return failed('Set ADMIN_TOKEN to the token the service was started with.');
  if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol)) {
    if (environment.LOFT_SYNC_URL === undefined) return failed('PORT is not a port. Write a number from 0 to 65535.');
    return failed('LOFT_SYNC_URL is not a valid address. Write it like http://127.0.0.1:8080.');
  }

  const clock = new Map<string, string>();
  const call: (
    method: string,
    path: string,
    body: string | null,
    timeoutMs: number,
  ) => Promise<Reply<JsonObject>> = async (method, path, body, timeoutMs) => {
    try {
      const answer = await send(new URL(path, address), method, token, body, timeoutMs);
      const json = parsed(answer.text);
      if (answer.status < 200 || answer.status > 299) return failed(explain(answer.status, json, address));
      if (json === null) return failed(explain(answer.status, json, address));
      const { clock: texts, ...value } = json;
      for (const [instant, text] of Object.entries(texts ?? {})) clock.set(instant, String(text));
      return { ok: true, value };
    } catch {
      return failed(`No service answers at ${address}. Start it, or set LOFT_SYNC_URL to its address.`);
    }
  };
  return {
    ok: true,
    value: {
      clock,
      get: (path) => call('GET', path, null, TIMEOUT_MS),
      post: async (path, { body, timeoutMs, isReport } = {}) => {
        const text = body === undefined ? null : JSON.stringify(body);
        const answer = await call('POST', path, text, timeoutMs ?? TIMEOUT_MS);
        // Another program at this address may answer anything.
        const isUnknown = answer.ok && isReport !== true && answer.value['status'] !== 'accepted';
        return isUnknown ? failed(explain(200, null, address)) : answer;
      },
    },
  };
}
